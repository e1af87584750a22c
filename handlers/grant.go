package handlers

import (
	"context"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerGrants is the journey of what one holds: extend it, give it back; and, for owners, managers and admins,
// end somebody else's.
func (h *Handlers) registerGrants(router *bot.Router) {
	router.Action(views.ActionGrantExtend, func(ctx context.Context, action bot.Action) error {
		return h.openExtend(ctx, action.By, action.TriggerID, action.Value)
	})
	router.Submission(views.CallbackExtend, h.submitExtend)
	router.Action(views.ActionGrantReturn, func(ctx context.Context, action bot.Action) error {
		return h.giveBack(ctx, action.By, action.Value)
	})
	router.Submission(views.CallbackRevoke, h.submitRevoke)
	router.Action(views.ActionRequestCancel, h.openCancel)
	router.Submission(views.CallbackCancel, h.submitCancel)
}

// openExtend asks for how much longer, and why: the extension is a request of its own.
func (h *Handlers) openExtend(ctx context.Context, by bot.Person, trigger, name string) error {
	_, grant, err := h.grantNamed(ctx, by, name)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, trigger, views.ExtendModal(grant, *grant.Entitlement))
	return err
}

func (h *Handlers) submitExtend(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, grant, err := h.grantNamed(ctx, submission.By, submission.View.PrivateMetadata)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	more, err := db.ParseDuration(submission.State.Value(views.FieldDuration, views.FieldDuration))
	if err != nil {
		return fieldError(&flows.Error{Text: "Choose a duration."}, views.FieldDuration)
	}
	_, err = h.flows.Request(ctx, flows.Ask{
		By: actor, For: grant.SubjectID, Reason: submission.State.Value(views.FieldReason, views.FieldReason),
		Submission: "view:" + submission.View.ID,
		Items:      []flows.AskItem{{EntitlementID: grant.EntitlementID, Duration: more, Extends: grant.ID}},
	})
	if refusal, ok := flows.Refusal(err); ok && refusal.Field == flows.FieldDuration {
		return fieldError(err, views.FieldDuration)
	}
	return fieldError(err, views.FieldReason)
}

// giveBack ends one's own access now. The button asks for confirmation before it is pressed; a command names what it
// means.
func (h *Handlers) giveBack(ctx context.Context, by bot.Person, name string) error {
	actor, grant, err := h.grantNamed(ctx, by, name)
	if err != nil {
		return err
	}
	return h.flows.Return(ctx, grant.ID, actor)
}

// openRevoke asks why somebody's access is to end now.
func (h *Handlers) openRevoke(ctx context.Context, by bot.Person, trigger, name string) error {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return err
	}
	grant, err := h.flows.FindGrantToRevoke(ctx, actor, name)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, trigger, views.RevokeModal(grant))
	return err
}

func (h *Handlers) submitRevoke(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	return fieldError(h.flows.Revoke(ctx, submission.View.PrivateMetadata, actor, reason), views.FieldReason)
}

// openCancel asks whether to take a request back.
func (h *Handlers) openCancel(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	sheet, err := h.flows.SheetFor(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.CancelModal(sheet))
	return err
}

func (h *Handlers) submitCancel(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	return said(h.flows.Cancel(ctx, submission.View.PrivateMetadata, actor))
}

// said shows a refusal in place of a modal that has no input to show it at.
func said(err error) (bot.ViewAnswer, error) {
	if refusal, ok := flows.Refusal(err); ok {
		modal := views.MessageModal("Not done", refusal.Text)
		return bot.ViewAnswer{Update: &modal}, nil
	}
	return bot.ViewAnswer{}, err
}

// grantNamed finds the live grant that a person means by its id, its request's id or an entitlement's name.
func (h *Handlers) grantNamed(ctx context.Context, by bot.Person, name string) (string, db.Grant, error) {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return "", db.Grant{}, err
	}
	grant, err := h.flows.FindOwnGrant(ctx, actor, name)
	return actor, grant, err
}
