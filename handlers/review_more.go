package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// more does what was chosen in the menu of an open step.
func (h *Handlers) more(ctx context.Context, action bot.Action) error {
	verb, step := views.ReadMore(action.Selected)
	switch verb {
	case views.MoreQuestion:
		return h.openDeskModal(ctx, action, step, views.QuestionModal)
	case views.MoreHandOver:
		return h.openHandOver(ctx, action, step)
	case views.MoreWhy:
		return h.openWhy(ctx, action, step)
	}
	return &flows.Error{Text: "This choice does not exist any more. Nothing was changed."}
}

// openHandOver asks to whom. An admin may hand over what somebody else does not get to.
func (h *Handlers) openHandOver(ctx context.Context, action bot.Action, step string) error {
	p, err := h.me(ctx, action.By)
	if err != nil {
		return err
	}
	admin, err := h.flows.IsAdmin(ctx, h.store, p)
	if err != nil {
		return err
	}
	if !admin {
		return h.openDeskModal(ctx, action, step, views.HandOverModal)
	}
	sheet, err := h.sheetOf(ctx, step)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.HandOverModal(step, sheet))
	return err
}

func (h *Handlers) submitHandOver(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	to, err := h.people.person(ctx, bot.Person{UserID: submission.State.Value(views.FieldPerson, views.FieldPerson)})
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	return inputError(h.flows.HandOver(ctx, submission.View.PrivateMetadata, actor, to.ID, reason), submission.View, views.FieldPerson)
}

// openDeskModal opens a form about a step for somebody who may decide on it now.
func (h *Handlers) openDeskModal(ctx context.Context, action bot.Action, step string, modal func(string, db.Sheet) slack.ModalViewRequest) error {
	sheet, err := h.deskFor(ctx, action.By, step)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, modal(step, sheet))
	return err
}
