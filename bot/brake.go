package bot

import (
	"math/rand/v2"
	"time"
)

// tempo are the times that sockets live by.
type tempo struct {
	// stagger is the time between opening one socket and the next, so that they are not recycled together.
	stagger time.Duration
	// hello is how long a new socket may take to greet.
	hello time.Duration
	// steady is how long a socket must have been open for its end to count as routine.
	steady time.Duration
	// shortest and longest bound the wait before a socket that does not hold is opened again.
	shortest, longest time.Duration
	// silence is how long a socket may be without a ping or frame from Slack before it counts as dead.
	silence time.Duration
	// farewell is how long a replaced socket is still listened to; Slack warns ten seconds ahead.
	farewell time.Duration
	// grace is how long handlers may go on after the end was asked for.
	grace time.Duration
}

func normalTempo() tempo {
	return tempo{
		stagger: 2 * time.Second, hello: 10 * time.Second, steady: 10 * time.Second,
		shortest: time.Second, longest: 30 * time.Second,
		silence: 30 * time.Second, farewell: 30 * time.Second, grace: 8 * time.Second,
	}
}

// brake says how long to wait before a socket is opened again. One that held is replaced at once; one that
// did not (too_many_websockets, link_disabled, no network) waits longer each time. Reconnecting at
// once whatever the reason makes thousands of calls a second.
type brake struct {
	tempo    tempo
	failures int
}

// pause is the wait after a socket that held or not.
func (b *brake) pause(held bool) time.Duration {
	if held {
		b.failures = 0
		return 0
	}
	b.failures++
	pause := min(b.tempo.longest, b.tempo.shortest<<min(b.failures-1, 20))
	return pause/2 + rand.N(pause) //nolint:gosec // jitter needs no secrecy
}
