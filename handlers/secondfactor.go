package handlers

import (
	"context"
	"errors"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
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
	router.Action(views.ActionFactorReset, h.inAdmin(h.resetFactor))
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

// resettable says whether there is a second factor that an actor can take away from a person.
func (h *Handlers) resettable(ctx context.Context, actor, email string) (bool, error) {
	role, err := h.role(ctx, actor)
	if err != nil || !role.Admin {
		return false, err
	}
	p, err := db.PersonByEmail(ctx, h.store, email)
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	factor, err := h.flows.FactorOf(ctx, p.ID)
	return factor.Enrolled, err
}

// resetFactor takes the second factor of the person who is shown away.
func (h *Handlers) resetFactor(ctx context.Context, press adminPress) (slack.ModalViewRequest, error) {
	p, err := db.PersonByEmail(ctx, h.store, press.state.Slug)
	if errors.Is(err, db.ErrNotFound) {
		err = &flows.Error{Text: "There is no such person any more. Open the list anew."}
	}
	if err == nil {
		err = h.flows.ResetFactor(ctx, press.actor, p.ID)
	}
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.objectView(ctx, press.actor, press.state, p.Name+" has no second factor any more, and is told so.")
}
