package bot

import (
	"context"
	"time"
)

const (
	// maxAck is the size at which Slack begins to ignore an acknowledgement, with some room left.
	maxAck = 20_000
	// ackTimeout is how long an acknowledgement may wait for a socket.
	ackTimeout = 5 * time.Second
	// ackHeadStart is the time an acknowledgement gets before the call that relies on it.
	ackHeadStart = 200 * time.Millisecond
	// slotShare is the part of AckAfter that a delivery may wait for a free slot.
	slotShare = 0.8
)

// link is the way back to Slack for one delivery: its acknowledgement and the Web API.
type link interface {
	door
	ack(ctx context.Context, envelopeID string, payload any) error
}

type result struct {
	reply reply
	err   error
}

// deliver handles one envelope from reading to the last word about it, and logs one line.
func (r *Router) deliver(ctx context.Context, sent envelope, via link) {
	start := time.Now()
	made, err := r.read(sent)
	if err != nil {
		r.log.WarnContext(ctx, "slack delivery unreadable", "envelope", sent.ID, "kind", sent.Kind, "error", kindOf(err))
		r.acknowledge(ctx, sent, nil, via)
		return
	}
	log := r.log.With("kind", string(made.where.Kind), "name", made.where.Name, "envelope", sent.ID)
	if made.run == nil {
		r.acknowledge(ctx, sent, nil, via)
		log.WarnContext(ctx, "slack delivery", "outcome", "unknown")
		return
	}
	if !r.slot(ctx) {
		log.ErrorContext(ctx, "slack delivery", "outcome", "overloaded", "duration", time.Since(start))
		return // unacknowledged: the person sees it failed, an event comes again
	}
	defer func() { <-r.slots }()
	outcome, late, err := r.handle(ctx, sent, made, via, start)
	r.report(ctx, log, made, outcome, late, err, time.Since(start))
}

// read is task with a net below it: what a payload of an unknown shape does to a decoder must not end the
// process.
func (r *Router) read(sent envelope) (made *task, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			made, err = nil, &panicked{cause: cause}
		}
	}()
	return r.task(sent)
}

func (r *Router) slot(ctx context.Context) bool {
	select {
	case r.slots <- struct{}{}:
		return true
	default:
	}
	timer := time.NewTimer(time.Duration(float64(r.options.AckAfter) * slotShare))
	defer timer.Stop()
	select {
	case r.slots <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// handle runs the handler and acknowledges: when it is ready, or when the time is up.
func (r *Router) handle(ctx context.Context, sent envelope, made *task, via link, start time.Time) (string, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, r.options.HandlerDeadline)
	defer cancel()
	ready := make(chan result, 1)
	go func() { ready <- r.run(ctx, made) }()
	timer := time.NewTimer(time.Until(start.Add(r.options.AckAfter)))
	defer timer.Stop()
	select {
	case got := <-ready:
		return r.settle(ctx, sent, made, got, false, via)
	case <-timer.C:
	}
	r.acknowledge(ctx, sent, made.late, via)
	return r.settle(ctx, sent, made, <-ready, true, via)
}
