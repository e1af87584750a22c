package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
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
	made, err := r.task(sent)
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

// run calls the handler and, when it failed, has the error put into words.
func (r *Router) run(ctx context.Context, made *task) result {
	got, err := r.guarded(ctx, made)
	if err == nil || errors.Is(err, errDuplicate) {
		return result{reply: got, err: err}
	}
	words := r.words(ctx, made, err)
	if words == "" || made.tell == nil {
		return result{err: err}
	}
	return result{reply: made.tell(words), err: err}
}

func (r *Router) guarded(ctx context.Context, made *task) (got reply, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			got, err = reply{}, &panicked{cause: cause, stack: debug.Stack()}
		}
	}()
	return made.run(ctx)
}

// words asks OnError what to say. A command and a modal need an answer, whatever happens there.
func (r *Router) words(ctx context.Context, made *task, failure error) (text string) {
	if made.where.Kind == SurfaceCommand || made.where.Kind == SurfaceSubmission {
		defer func() {
			if text == "" {
				text = neutralSentence(made.where.Reference)
			}
		}()
	}
	defer func() {
		if cause := recover(); cause != nil {
			r.log.ErrorContext(ctx, "slack error function panicked", "cause", fmt.Sprint(cause))
		}
	}()
	where := made.where
	where.words = &text
	// The handler's time may be what is over.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.options.AckAfter)
	defer cancel()
	r.onError(ctx, made.by, where, failure)
	return text
}

// settle acknowledges unless that is done, and says what did not fit into the acknowledgement.
func (r *Router) settle(ctx context.Context, sent envelope, made *task, got result, late bool, via link) (string, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout+callTimeout)
	defer cancel()
	if got.err != nil && made.again && !errors.Is(got.err, errDuplicate) && !late {
		return r.outcome(got.err), late, got.err // unacknowledged, so that Slack sends it again
	}
	follow := got.reply.after
	switch {
	case late:
		follow = both(got.reply.otherwise, follow)
	case got.reply.payload != nil && !(sent.AcceptsPayload && fits(sent.ID, got.reply.payload)):
		r.acknowledge(ctx, sent, got.reply.instead, via)
		follow = both(got.reply.otherwise, follow)
	default:
		r.acknowledge(ctx, sent, got.reply.payload, via)
	}
	if follow != nil {
		if err := afterAck(ctx, follow, via); err != nil {
			r.log.WarnContext(ctx, "slack follow-up not delivered", "envelope", sent.ID, "error", err)
		}
	}
	return r.outcome(got.err), late, got.err
}

// afterAck gives the acknowledgement a head start: both change the same view.
func afterAck(ctx context.Context, follow func(context.Context, door) error, via link) error {
	if err := sleep(ctx, ackHeadStart); err != nil {
		return err
	}
	return follow(ctx, via)
}

func both(first, second func(context.Context, door) error) func(context.Context, door) error {
	if first == nil {
		return second
	}
	if second == nil {
		return first
	}
	return func(ctx context.Context, slackSide door) error {
		return errors.Join(first(ctx, slackSide), second(ctx, slackSide))
	}
}

func fits(envelopeID string, payload any) bool {
	encoded, err := json.Marshal(payload)
	return err == nil && len(encoded)+len(envelopeID)+40 < maxAck
}

func (r *Router) acknowledge(ctx context.Context, sent envelope, payload any, via link) {
	if sent.ID == "" {
		return
	}
	if !sent.AcceptsPayload {
		payload = nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
	defer cancel()
	if err := via.ack(ctx, sent.ID, payload); err != nil {
		r.log.WarnContext(ctx, "slack delivery not acknowledged", "envelope", sent.ID, "error", err)
	}
}

func (r *Router) outcome(err error) string {
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, errDuplicate):
		return "duplicate"
	case r.expected(err):
		return "refused"
	}
	return "failed"
}

func (r *Router) report(ctx context.Context, log *slog.Logger, made *task, outcome string, late bool, err error, took time.Duration) {
	facts := []any{"outcome", outcome, "duration", took, "late", late}
	if outcome != "failed" {
		log.InfoContext(ctx, "slack delivery", facts...)
		return
	}
	facts = append(facts, "reference", made.where.Reference, "error", err)
	if crash, ok := errors.AsType[*panicked](err); ok {
		facts = append(facts, "stack", string(crash.stack))
	}
	log.ErrorContext(ctx, "slack delivery", facts...)
}

// panicked is a handler's panic as an error.
type panicked struct {
	cause any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.cause) }

// kindOf keeps the content of an unreadable payload out of the log.
func kindOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return fmt.Sprintf("%T", err)
		}
		err = inner
	}
}
