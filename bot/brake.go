package bot

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// tempo are the times that sockets live by.
type tempo struct {
	// stagger is the time between opening one socket and the next, so that they are not recycled together.
	stagger time.Duration
	// steady is how long a socket must have been open for its end to count as routine.
	steady time.Duration
	// shortest and longest bound the wait before a socket that does not hold is opened again.
	shortest, longest time.Duration
	// ping is how long a socket may be without a ping from Slack.
	ping time.Duration
	// grace is how long handlers may go on after the end was asked for.
	grace time.Duration
}

func normalTempo() tempo {
	return tempo{
		stagger: 2 * time.Second, steady: 10 * time.Second,
		shortest: time.Second, longest: 2 * time.Minute,
		ping: 30 * time.Second, grace: 8 * time.Second,
	}
}

// brake holds back apps.connections.open. slack-go reconnects at once whatever the reason for a
// disconnect, which on too_many_websockets and link_disabled made thousands of calls a second. A
// socket that was steady is reopened at once; one that was not waits longer each time.
type brake struct {
	gate  *gate
	tempo tempo
	log   *slog.Logger

	mu       sync.Mutex
	opened   bool
	useful   bool
	greeted  time.Time
	failures int
}

// Do implements the client interface of slack-go for the calls that open a socket.
func (b *brake) Do(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	if pause := b.pause(); pause > 0 {
		b.log.WarnContext(ctx, "slack socket does not hold", "pause", pause)
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
	answer, err := b.gate.Do(request)
	if limited, ok := errors.AsType[*RateLimited](err); ok {
		return nil, &slack.RateLimitedError{RetryAfter: limited.RetryAfter}
	}
	return answer, err
}

// pause is how long to wait before opening again, given how the last connection went.
func (b *brake) pause() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	held := !b.greeted.IsZero() && (b.useful || time.Since(b.greeted) >= b.tempo.steady)
	first := !b.opened
	b.opened, b.useful, b.greeted = true, false, time.Time{}
	if first || held {
		b.failures = 0
		return 0
	}
	b.failures++
	pause := min(b.tempo.longest, b.tempo.shortest<<min(b.failures-1, 20))
	return pause/2 + rand.N(pause)
}

// hello notes that the socket was greeted.
func (b *brake) hello() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.greeted = time.Now()
}

// delivered notes that the socket carried something.
func (b *brake) delivered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.useful = true
}
