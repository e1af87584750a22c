package bot

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// defaultRetryAfter is obeyed when Slack limits us and does not say for how long.
const defaultRetryAfter = 10 * time.Second

// maxKnownChannels bounds the memory of the per-channel budgets.
const maxKnownChannels = 2000

// perMinute are Slack's tiers by method (docs.slack.dev, rate limits): calls per minute of one app in
// one workspace. Methods that are not here get the third tier.
var perMinute = map[string]int{
	"apps.connections.open": 50, // the brake, not this, keeps sockets calm
	"auth.test":             600, "chat.getPermalink": 600,
	"chat.postMessage":   200,
	"chat.postEphemeral": 100, "views.open": 100, "views.push": 100, "views.update": 100,
	"views.publish": 100, "users.info": 100, "files.getUploadURLExternal": 100,
	"files.completeUploadExternal": 100,
	"users.list":                   20, "conversations.list": 20, "usergroups.list": 20, "usergroups.users.list": 20,
}

// tierThree is what other methods get, elsewhere what addresses that are not methods get: uploads and
// response addresses have no tier.
const (
	tierThree = 50
	elsewhere = 600
)

// repeatable are the methods that may be called twice without harm: reads, and writes that only
// say what shall be.
var repeatable = map[string]bool{
	"auth.test": true, "bots.info": true, "blocks.validate": true, "chat.getPermalink": true,
	"conversations.history": true, "conversations.replies": true, "conversations.list": true,
	"conversations.info": true, "conversations.open": true, "conversations.join": true, "users.info": true, "users.list": true,
	"users.lookupByEmail": true, "usergroups.list": true, "usergroups.users.list": true,
	"chat.update": true, "views.publish": true, "files.getUploadURLExternal": true,
}

// limits keeps us under Slack's rates, so that calls wait here rather than be refused there.
type limits struct {
	mu       sync.Mutex
	methods  map[string]*rate.Limiter
	channels map[string]*rate.Limiter
	paused   map[string]time.Time
}

func newLimits() *limits {
	return &limits{
		methods:  map[string]*rate.Limiter{},
		channels: map[string]*rate.Limiter{},
		paused:   map[string]time.Time{},
	}
}

// method waits for a turn to call the method. It gives up at once with *RateLimited when the turn
// would come later than longest or the context's deadline.
func (l *limits) method(ctx context.Context, name string, longest time.Duration) error {
	if pause := l.pauseLeft(name); pause > 0 {
		if err := wait(ctx, name, pause, longest); err != nil {
			return err
		}
	}
	return l.take(ctx, name, l.methodBudget(name), longest)
}

// channel waits for a turn to post into the channel: about one message a second.
func (l *limits) channel(ctx context.Context, id string, longest time.Duration) error {
	return l.take(ctx, id, l.channelBudget(id), longest)
}

// pause holds back all calls of the method, as Slack asked with Retry-After.
func (l *limits) pause(name string, length time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(length); until.After(l.paused[name]) {
		l.paused[name] = until
	}
}

func (l *limits) pauseLeft(name string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Until(l.paused[name])
}

func (l *limits) take(ctx context.Context, name string, budget *rate.Limiter, longest time.Duration) error {
	turn := budget.Reserve()
	if err := wait(ctx, name, turn.Delay(), longest); err != nil {
		turn.Cancel()
		return err
	}
	return nil
}

func (l *limits) methodBudget(name string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	budget, ok := l.methods[name]
	if !ok {
		calls := callsPerMinute(name)
		budget = rate.NewLimiter(rate.Every(time.Minute/time.Duration(calls)), min(60, calls/4))
		l.methods[name] = budget
	}
	return budget
}

func callsPerMinute(name string) int {
	if calls, known := perMinute[name]; known {
		return calls
	}
	if strings.HasPrefix(name, "https://") {
		return elsewhere
	}
	return tierThree
}

func (l *limits) channelBudget(id string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	budget, ok := l.channels[id]
	if !ok {
		if len(l.channels) >= maxKnownChannels {
			clear(l.channels)
		}
		budget = rate.NewLimiter(rate.Every(time.Second), 3)
		l.channels[id] = budget
	}
	return budget
}

// wait sleeps for length unless that is longer than the caller can wait.
func wait(ctx context.Context, name string, length, longest time.Duration) error {
	if length <= 0 {
		return ctx.Err()
	}
	deadline, bounded := ctx.Deadline()
	if length > longest || (bounded && time.Until(deadline) < length) {
		return &RateLimited{Method: name, RetryAfter: length}
	}
	return sleep(ctx, length)
}

func sleep(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
