package slack

import (
	"sync"
	"time"
)

// Clock is the workspace's time: it runs with real time, plus what [Clock.Advance] added. Message timestamps,
// trigger expiry, response URLs and the redelivery of events follow it; rate limits and acknowledgement deadlines
// follow real time, as the app's own timers do. The zero value is not usable, see [NewClock].
type Clock struct {
	mu     sync.Mutex
	offset time.Duration
	hooks  []func()
	timers map[*clockTimer]bool
}

type clockTimer struct {
	at   time.Time
	run  func()
	real *time.Timer
}

// NewClock returns a clock that shows the present time.
func NewClock() *Clock { return &Clock{timers: map[*clockTimer]bool{}} }

// Now is the workspace's present time in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return time.Now().UTC().Add(c.offset) }

// Offset is how far the clock has been moved ahead of real time.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Advance moves the clock forward by d, runs everything that has come due, then the [Clock.OnAdvance] hooks.
// A negative d is ignored: Slack's time never runs backwards.
func (c *Clock) Advance(d time.Duration) {
	if d <= 0 {
		return
	}
	c.mu.Lock()
	c.offset += d
	now := c.now()
	var due []*clockTimer
	for t := range c.timers {
		if t.at.After(now) {
			t.real.Reset(t.at.Sub(now))
			continue
		}
		t.real.Stop()
		delete(c.timers, t)
		due = append(due, t)
	}
	hooks := append([]func(){}, c.hooks...)
	c.mu.Unlock()
	for _, t := range due {
		t.run()
	}
	for _, hook := range hooks {
		hook()
	}
}

// OnAdvance registers a function that runs after every [Clock.Advance].
func (c *Clock) OnAdvance(hook func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hooks = append(c.hooks, hook)
}

// at runs the function once the clock shows the time, or soon when that has passed.
func (c *Clock) at(when time.Time, run func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &clockTimer{at: when, run: run}
	t.real = time.AfterFunc(when.Sub(c.now()), func() {
		if c.take(t) {
			run()
		}
	})
	c.timers[t] = true
}

// take claims a timer for its one run.
func (c *Clock) take(t *clockTimer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	waiting := c.timers[t]
	delete(c.timers, t)
	return waiting
}
