package handlers

import (
	"context"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// purposeEdited tells an admin that an owner edited what is his. Its ref is the number of the audit event. A stored name.
const purposeEdited = "edited"

// edited tells the admins of an edit of the configuration that nobody else looked at.
func (r *recorder) edited(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	return r.tellEach(ctx, facts.Tell, db.Message{Key: "edited:" + seq(event), Position: event.Seq, Purpose: purposeEdited, Ref: seq(event)})
}

func (o *Outbox) drawEdited(ctx context.Context, message db.Message) (views.Message, error) {
	event, err := o.event(ctx, message.Ref)
	if err != nil {
		return views.Message{}, err
	}
	facts, err := event.Facts()
	if err != nil {
		return views.Message{}, err
	}
	names, err := o.names(ctx, event)
	return views.Edited(event, facts, names), err
}
