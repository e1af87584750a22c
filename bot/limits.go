package bot

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// defaultRetryAfter is obeyed when Slack limits us and does not say for how long.
const defaultRetryAfter = 10 * time.Second

// maxKnownChannels bounds the memory of the per-channel budgets.
const maxKnownChannels = 2000

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
