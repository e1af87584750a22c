package handlers

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers/views"
)

// compareFresh puts a draft on top of what is stored now: what was typed stays, and the review shows what it would undo.
func (h *Handlers) compareFresh(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	state, _, err := h.mayWrite(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if !state.Off {
		draft, err := h.draft(ctx, p.actor, state)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		draft.Revision = state.Seen
		if err := h.keepDraft(ctx, draft); err != nil {
			return slack.ModalViewRequest{}, err
		}
	}
	return h.reviewView(ctx, p.actor, state, "")
}

// submitAdminSave saves what was reviewed. What stands against it is said in the review, and what was typed stays.
func (h *Handlers) submitAdminSave(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, state, err := h.adminSubmission(ctx, submission)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	edit, err := h.reviewed(ctx, actor, state)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	if state.Off {
		edit.Submission = submission.View.ID + ":" + submission.View.Hash
	}
	edit.Reason = strings.TrimSpace(submission.State.Value(state.ReasonBlock(), views.FieldAdminReason))
	result, err := h.flows.AdminSave(ctx, actor, edit)
	if refusal, ok := flows.Refusal(err); ok {
		if refusal.Field == flows.FieldReason {
			return bot.ViewAnswer{Errors: map[string]string{state.ReasonBlock(): refusal.Text}}, nil
		}
		view, err := h.reviewView(ctx, actor, state, refusal.Text)
		return bot.ViewAnswer{Update: &view}, err
	}
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	if err := db.DropConfigDraft(ctx, h.store, state.Draft, actor); err != nil {
		return bot.ViewAnswer{}, err
	}
	view, err := h.savedView(ctx, actor, state, edit, result)
	return bot.ViewAnswer{Update: &view}, err
}

// savedView says what became of an edit: the object as it is now, or the request that it waits for.
func (h *Handlers) savedView(ctx context.Context, actor string, state views.AdminState, edit flows.AdminEdit, result flows.AdminResult) (slack.ModalViewRequest, error) {
	state.Screen, state.Draft, state.Off = views.AdminAtObject, "", false
	if state.Slug == "" {
		if state.Slug = textOf(edit.Values["slug"]); state.Kind == config.KindPerson {
			state.Slug = strings.ToLower(textOf(edit.Values["email"]))
		}
	}
	if result.RequestID == "" {
		return h.objectView(ctx, actor, state, "Saved")
	}
	if edit.Slug == "" {
		state = above(state)
	}
	state.Notice = true
	return views.AdminNotice(state, "Sent for approval", "It takes effect once it is approved: request "+result.RequestID+". You are told."), nil
}
