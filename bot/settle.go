package bot

import (
	"context"
	"encoding/json"
	"errors"
)

// settle acknowledges unless that is done, and says what did not fit into the acknowledgement.
func (r *Router) settle(ctx context.Context, sent envelope, made *task, got result, late bool, via link) (string, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout+callTimeout)
	defer cancel()
	if got.err != nil && made.again && !errors.Is(got.err, errDuplicate) && !late {
		return r.outcome(got.err), late, got.err // unacknowledged, so that Slack sends it again
	}
	said := !late && r.answer(ctx, sent, got.reply, via)
	if follow := got.reply.follow; follow != nil && (!said || got.reply.always) {
		if err := afterAck(ctx, follow, via); err != nil {
			r.log.WarnContext(ctx, "slack follow-up not delivered", "envelope", sent.ID, "error", err)
		}
	}
	return r.outcome(got.err), late, got.err
}

// answer acknowledges and reports whether that said all there is to say.
func (r *Router) answer(ctx context.Context, sent envelope, reply reply, via link) bool {
	if reply.payload != nil && !(sent.AcceptsPayload && fits(sent.ID, reply.payload)) {
		r.acknowledge(ctx, sent, reply.instead, via)
		return false
	}
	r.acknowledge(ctx, sent, reply.payload, via)
	return true
}

// afterAck gives the acknowledgement a head start: both change the same view.
func afterAck(ctx context.Context, follow func(context.Context, door) error, via link) error {
	if err := sleep(ctx, ackHeadStart); err != nil {
		return err
	}
	return follow(ctx, via)
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
