package handlers

import (
	"math/rand/v2"
	"sync"
	"time"
)

// How lanes that wait for Slack's limits are spread. A few come back as soon as Slack takes more; of hundreds, as when
// everybody of a department leaves at once, each attempt would be in vain and cost the database as much as a message.
const (
	fewLanes    = 50
	longestTurn = time.Minute
)

// crowd counts the lanes that were told to wait within a second.
type crowd struct {
	mu     sync.Mutex
	second time.Time
	before int // in the second before
	now    int
}

// spread notes that a lane was told to wait, and says for how long more so that about two of a crowd come back each second.
func (c *crowd) spread(at time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if since := at.Sub(c.second); since >= 2*time.Second {
		c.second, c.before, c.now = at, 0, 0
	} else if since >= time.Second {
		c.second, c.before, c.now = at, c.now, 0
	}
	c.now++
	more := max(c.before, c.now) - fewLanes
	if more <= 0 {
		return 0
	}
	return rand.N(min(time.Duration(more)*time.Second/2, longestTurn)) //nolint:gosec // it spreads, and guards nothing
}
