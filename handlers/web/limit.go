package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// mostLimits is how many callers a generation remembers.
const mostLimits = 4096

// limits bounds how often each of many callers may call, in bounded memory: the callers that were there most lately are
// remembered, at least mostLimits and at most twice as many.
type limits struct {
	every rate.Limit // calls a second
	burst int

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

func newLimits(every rate.Limit, burst int) *limits {
	return &limits{every: every, burst: burst, young: map[string]*rate.Limiter{}}
}

// allow counts a call, and says whether it may go on.
func (l *limits) allow(caller string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter, known := l.young[caller]
	if !known {
		if limiter, known = l.old[caller]; !known {
			limiter = rate.NewLimiter(l.every, l.burst)
		}
		if len(l.young) >= mostLimits {
			l.young, l.old = map[string]*rate.Limiter{}, l.young
		}
		l.young[caller] = limiter
	}
	return limiter.AllowN(now, 1)
}
