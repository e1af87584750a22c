package handlers

import (
	"context"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// purposeFactor is what somebody is told of his second factor, also of what he did himself: it may have been somebody
// else. Its ref is the number of the audit event. A stored name.
const purposeFactor = "factor"

func (r *recorder) factor(ctx context.Context, event db.AuditEvent) error {
	return r.tellEach(ctx, []string{event.Subject}, db.Message{
		Key: "factor:" + seq(event), Position: event.Seq, Purpose: purposeFactor, Ref: seq(event),
	})
}

func (o *Outbox) drawFactor(ctx context.Context, message db.Message) (views.Message, error) {
	event, err := o.event(ctx, message.Ref)
	if err != nil {
		return views.Message{}, err
	}
	names, err := o.names(ctx, event)
	if err != nil {
		return views.Message{}, err
	}
	return views.FactorTold(event, names), nil
}
