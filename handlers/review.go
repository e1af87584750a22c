package handlers

import (
	"context"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerReview is the journey of deciding: Approve at once, Deny with a reason, Change… the duration.
func (h *Handlers) registerReview(router *bot.Router) {
	router.Action(views.ActionRequestApprove, h.approve)
	router.Action(views.ActionRequestDeny, h.openDeny)
	router.Submission(views.CallbackDeny, h.submitDeny)
	router.Action(views.ActionRequestChange, h.openChange)
	router.Submission(views.CallbackChange, h.submitChange)
}

func (h *Handlers) approve(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	return h.flows.Approve(ctx, action.Value, actor, flows.Consent{})
}

// openDeny asks for the reason; the submission decides.
func (h *Handlers) openDeny(ctx context.Context, action bot.Action) error {
	sheet, err := h.deskFor(ctx, action)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.DenyModal(action.Value, sheet))
	return err
}

func (h *Handlers) submitDeny(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	return fieldError(h.flows.Deny(ctx, submission.View.PrivateMetadata, actor, reason), views.FieldReason)
}

// openChange offers the durations that the entitlement allows.
func (h *Handlers) openChange(ctx context.Context, action bot.Action) error {
	sheet, err := h.deskFor(ctx, action)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.ChangeModal(action.Value, sheet))
	return err
}

func (h *Handlers) submitChange(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	to, err := db.ParseDuration(submission.State.Value(views.FieldDuration, views.FieldDuration))
	if err != nil {
		return fieldError(&flows.Error{Text: "Choose a duration.", Field: flows.FieldDuration}, views.FieldDuration)
	}
	comment := submission.State.Value(views.FieldComment, views.FieldComment)
	return fieldError(h.flows.ChangeDuration(ctx, submission.View.PrivateMetadata, actor, to, comment), views.FieldDuration)
}

// deskFor reads the request that a button is about, for somebody who may decide on it now.
func (h *Handlers) deskFor(ctx context.Context, action bot.Action) (db.Sheet, error) {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return db.Sheet{}, err
	}
	if err := h.flows.MayDecide(ctx, action.Value, actor); err != nil {
		return db.Sheet{}, err
	}
	step, err := db.StepByID(ctx, h.store, action.Value)
	if err != nil {
		return db.Sheet{}, err
	}
	return db.ReadSheet(ctx, h.store, step.RequestID)
}

// fieldError shows a refusal at a modal's field.
func fieldError(err error, block string) (bot.ViewAnswer, error) {
	if refusal, ok := flows.Refusal(err); ok {
		return bot.ViewAnswer{Errors: map[string]string{block: refusal.Text}}, nil
	}
	return bot.ViewAnswer{}, err
}
