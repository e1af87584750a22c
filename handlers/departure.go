package handlers

import (
	"context"
	"errors"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// registerDeparture is the journey of whoever finds that a departure was a mistake.
func (h *Handlers) registerDeparture(router *bot.Router) {
	router.Action(views.ActionDepartureUndo, h.openDepartureUndo)
	router.Submission(views.CallbackDepartureUndo, h.submitDepartureUndo)
}

// openDepartureUndo asks why who may undo a departure. Whether he still may is asked again when he answers.
func (h *Handlers) openDepartureUndo(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	if err := h.flows.MayUndoDeparture(ctx, action.Value, actor); err != nil {
		return err
	}
	departure, err := db.DepartureByID(ctx, h.store, action.Value)
	if err != nil {
		return err
	}
	left, err := db.PersonByID(ctx, h.store, departure.PersonID)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.DepartureUndoModal(departure, left))
	return err
}

func (h *Handlers) submitDepartureUndo(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	return fieldError(h.flows.UndoDeparture(ctx, submission.View.PrivateMetadata, actor, reason), views.FieldReason)
}

// leaver draws the card of a departure anew when something that it ends, which belongs to another request, has moved.
func (r *recorder) leaver(ctx context.Context, event db.AuditEvent, _ db.Details, _ db.Request) error {
	switch event.Action {
	case "grant.ended", "action_flow.failed", "action_flow.retried", "script.retried", "script.done_by_hand", "script.skipped":
	default:
		return nil
	}
	p, err := personLabelled(ctx, r, event.Subject)
	if errors.Is(err, db.ErrNotFound) || err == nil && p.LeftAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	departure, err := db.LastDepartureOf(ctx, r, p.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err == nil && departure.Status == db.DepartureOpen {
		r.stale = append(r.stale, db.Stale{Key: "card:" + departure.RequestID})
	}
	return err
}
