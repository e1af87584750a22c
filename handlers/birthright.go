package handlers

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// purposeMoved is what somebody and his manager are told when rules give him access or no longer do: one message for each time.
// Its ref is the person, its position the number of the audit event. A stored name.
const purposeMoved = "access_changed"

// registerBirthright is the journey of whoever wants to keep what no rule gives any more.
func (h *Handlers) registerBirthright(router *bot.Router) {
	router.Action(views.ActionBirthrightKeep, h.openKeep)
	router.Submission(views.CallbackBirthrightKeep, h.submitKeep)
}

// openKeep asks why who may ask to keep an access. Whether he still may is asked again when he answers.
func (h *Handlers) openKeep(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	grant, err := h.flows.MayKeepAccess(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.KeepModal(grant))
	return err
}

func (h *Handlers) submitKeep(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	_, err = h.flows.KeepAccess(ctx, submission.View.PrivateMetadata, actor, reason)
	return fieldError(err, views.FieldReason)
}

// tellMoved tells somebody, and his manager, what rules give him and take from him.
func (r *recorder) tellMoved(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	p, err := personLabelled(ctx, r, event.Subject)
	if err != nil {
		return err
	}
	for _, label := range append([]string{event.Subject}, facts.Tell...) {
		reader, err := personLabelled(ctx, r, label)
		if err != nil {
			return err
		}
		if !reachable(reader) {
			continue
		}
		r.want(db.Message{
			Key: purposeMoved + ":" + seq(event) + ":" + reader.ID, Lane: personLane(reader.ID), Position: event.Seq, Purpose: purposeMoved,
			Ref: p.ID, PersonID: reader.ID,
		})
	}
	return nil
}

// moved draws anew what somebody was told of access that no rule gives any more when something becomes of it.
func (r *recorder) moved(ctx context.Context, event db.AuditEvent, facts db.Details, _ db.Request) error {
	switch event.Action {
	case "birthright.kept", "birthright.moved", "grant.ended", "grant.expired", "request.lapsed", "request.cancelled", "flow.denied":
	case "request.created":
		if facts.Extends == "" {
			return nil
		}
	default:
		return nil
	}
	p, err := personLabelled(ctx, r, event.Subject)
	if err == nil {
		r.redraw(purposeMoved, "", p.ID)
	}
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	return err
}

func (o *Outbox) drawMoved(ctx context.Context, message db.Message) (views.Message, error) {
	event, err := db.AuditEventBySeq(ctx, o.store, message.Position)
	if err != nil {
		return views.Message{}, err
	}
	facts, err := event.Facts()
	if err != nil {
		return views.Message{}, err
	}
	of, err := db.PersonByID(ctx, o.store, message.Ref)
	if err != nil {
		return views.Message{}, err
	}
	moved := views.Moved{Of: &of, Self: of.ID == message.PersonID, Gained: names(facts.After)}
	for _, id := range facts.Grants {
		grant, err := db.GrantByID(ctx, o.store, id)
		if err != nil {
			return views.Message{}, err
		}
		asked, err := db.AsksToExtend(ctx, o.store, grant)
		if err != nil {
			return views.Message{}, err
		}
		moved.Losses = append(moved.Losses, views.Loss{Grant: grant, Asked: asked})
	}
	return views.MovedNote(moved), nil
}

// names reads a list of texts out of an event's details.
func names(value any) []string {
	list, _ := value.([]any)
	texts := make([]string, 0, len(list))
	for _, one := range list {
		texts = append(texts, fmt.Sprint(one))
	}
	return texts
}
