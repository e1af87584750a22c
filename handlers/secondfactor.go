package handlers

import (
	"context"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/handlers/views"
)

// registerFactor is the journey of a second factor: set an authenticator app up with a first code, and remove it with
// another.
func (h *Handlers) registerFactor(router *bot.Router) {
	router.Action(views.ActionFactorSetUp, h.openFactor)
	router.Submission(views.CallbackFactorSetUp, h.withCode(h.flows.ConfirmFactor))
	router.Action(views.ActionFactorRemove, func(ctx context.Context, action bot.Action) error {
		if _, err := h.actor(ctx, action.By); err != nil {
			return err
		}
		_, err := h.slack.OpenView(ctx, action.TriggerID, views.FactorRemoveModal())
		return err
	})
	router.Submission(views.CallbackFactorRemove, h.withCode(h.flows.DropFactor))
}

// openFactor shows a new secret. It stands in this modal only.
func (h *Handlers) openFactor(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	secret, uri, err := h.flows.BeginFactor(ctx, actor)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.FactorSetUpModal(secret, uri))
	return err
}

func (h *Handlers) withCode(do func(ctx context.Context, personID, code string) error) bot.SubmissionHandler {
	return func(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
		actor, err := h.actor(ctx, submission.By)
		if err != nil {
			return bot.ViewAnswer{}, err
		}
		return fieldError(do(ctx, actor, submission.State.Value(views.FieldCode, views.FieldCode)), views.FieldCode)
	}
}
