package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerReview is the journey of deciding: Approve, at once or with what the step asks for besides, Deny with a
// reason, Change… the duration, and the menu of what can be done before.
func (h *Handlers) registerReview(router *bot.Router) {
	router.Action(views.ActionRequestApprove, h.approve)
	router.Submission(views.CallbackApprove, h.submitApprove)
	router.Action(views.ActionRequestDeny, h.openDeny)
	router.Submission(views.CallbackDeny, h.submitDeny)
	router.Action(views.ActionRequestChange, h.openChange)
	router.Submission(views.CallbackChange, h.submitChange)
	router.Action(views.ActionRequestMore, h.more)
	router.Submission(views.CallbackHandOver, h.submitHandOver)
}

// approve decides at once where the step asks for nothing besides; otherwise the form's submission does.
func (h *Handlers) approve(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	asks, err := h.flows.ApprovalAsks(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	if !asks.Comment && !asks.StepUp {
		return h.flows.Approve(ctx, action.Value, actor, flows.Consent{})
	}
	return h.openApprove(ctx, action, actor, asks)
}

// openDeny asks for the reason; the submission decides.
func (h *Handlers) openDeny(ctx context.Context, action bot.Action) error {
	sheet, err := h.deskFor(ctx, action.By, action.Value)
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

// openChange offers the durations that the entitlement allows, and to approve in one go.
func (h *Handlers) openChange(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	asks, err := h.flows.ApprovalAsks(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	sheet, err := h.sheetOf(ctx, action.Value)
	if err != nil {
		return err
	}
	byCode := asks.StepUp && asks.Factor == flows.FactorCode
	modal := views.ChangeModal(action.Value, sheet, views.Consent{Code: byCode}, byCode || !asks.StepUp)
	_, err = h.slack.OpenView(ctx, action.TriggerID, modal)
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
	step, consent := submission.View.PrivateMetadata, consentOf(submission.State)
	if len(submission.State.Values(views.FieldAtOnce, views.FieldAtOnce)) > 0 {
		return inputError(h.flows.ApproveFor(ctx, step, actor, to, consent), submission.View, views.FieldDuration)
	}
	return fieldError(h.flows.ChangeDuration(ctx, step, actor, to, consent.Comment), views.FieldDuration)
}

// deskFor reads the request of a step, for somebody who may decide on it now.
func (h *Handlers) deskFor(ctx context.Context, by bot.Person, stepID string) (db.Sheet, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return db.Sheet{}, err
	}
	if err := h.flows.MayDecide(ctx, stepID, actor); err != nil {
		return db.Sheet{}, err
	}
	return h.sheetOf(ctx, stepID)
}

func (h *Handlers) sheetOf(ctx context.Context, stepID string) (db.Sheet, error) {
	step, err := db.StepByID(ctx, h.store, stepID)
	if err != nil {
		return db.Sheet{}, err
	}
	return db.ReadSheet(ctx, h.store, step.RequestID)
}

// fieldOf are the inputs of the forms of whoever decides, by what a refusal calls them.
var fieldOf = map[string]string{
	flows.FieldComment: views.FieldComment, flows.FieldCode: views.FieldCode, flows.FieldTo: views.FieldPerson,
	flows.FieldReason: views.FieldReason, flows.FieldDuration: views.FieldDuration,
}

// inputError shows a refusal at the input of a form that it is about, where the form has that one, else at another.
func inputError(err error, form slack.View, otherwise string) (bot.ViewAnswer, error) {
	refusal, ok := flows.Refusal(err)
	if !ok {
		return bot.ViewAnswer{}, err
	}
	for _, block := range form.Blocks.BlockSet {
		if input, is := block.(*slack.InputBlock); is && input.BlockID == fieldOf[refusal.Field] {
			return fieldError(err, input.BlockID)
		}
	}
	return fieldError(err, otherwise)
}

// fieldError shows a refusal at a modal's field.
func fieldError(err error, block string) (bot.ViewAnswer, error) {
	if refusal, ok := flows.Refusal(err); ok {
		return bot.ViewAnswer{Errors: map[string]string{block: refusal.Text}}, nil
	}
	return bot.ViewAnswer{}, err
}
