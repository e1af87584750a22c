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

// disableObject asks once more before an object becomes inactive.
func (h *Handlers) disableObject(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	state, _, err := h.mayWrite(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state.Screen, state.Off = views.AdminAtReview, true
	return h.reviewView(ctx, p.actor, state, "")
}

// enableObject asks once more before an object becomes active again, as it was.
func (h *Handlers) enableObject(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	state, values, err := h.mayWrite(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state.Screen = views.AdminAtReview
	return h.beginDraft(ctx, p.actor, state, values)
}

// reviewed is what a review is about.
func (h *Handlers) reviewed(ctx context.Context, actor string, state views.AdminState) (flows.AdminEdit, error) {
	if state.Off {
		return flows.AdminEdit{Kind: state.Kind, Slug: state.Slug, Revision: state.Seen}, nil
	}
	draft, err := h.draft(ctx, actor, state)
	return editOf(draft), err
}

// reviewView shows what an edit does before it is saved. Problem is why it could not be saved just now.
func (h *Handlers) reviewView(ctx context.Context, actor string, state views.AdminState, problem string) (slack.ModalViewRequest, error) {
	edit, err := h.reviewed(ctx, actor, state)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	review := views.AdminReview{State: state, Title: titleIn(edit.Values), New: state.Slug == "", Off: state.Off, Problem: problem}
	var object flows.AdminObject
	if !review.New {
		if object, err = h.flows.AdminShow(ctx, actor, state.Kind, state.Slug); err != nil {
			return slack.ModalViewRequest{}, err
		}
		review.Title, review.On, review.Fresh = object.Title, !object.Active && !state.Off, object.Revision != edit.Revision
	}
	changes, err := h.flows.AdminPreview(ctx, actor, edit)
	if refusal, ok := flows.Refusal(err); ok && problem == "" {
		review.Problem = refusal.Text
	} else if err != nil && !ok {
		return slack.ModalViewRequest{}, err
	}
	if !state.Off {
		review.Changes, review.Differs = changesShown(state.Kind, changes), len(changes) > 0
	}
	if state.Kind == config.KindApprovalChain && !state.Off {
		if err := h.reviewChain(ctx, actor, &review, object, edit); err != nil {
			return slack.ModalViewRequest{}, err
		}
	}
	settings, err := db.ReadSettings(ctx, h.store)
	review.Eyes = settings.FourEyes != ""
	return views.AdminReviewModal(review), err
}

func titleIn(values map[string]any) string {
	for _, key := range []string{"name", "email", "slug"} {
		if text := textOf(values[key]); text != "" {
			return text
		}
	}
	return "new"
}

// changesShown are changes with the words of the forms. What an approval chain's steps become is shown in words.
func changesShown(kind string, changes []config.FieldChange) []views.AdminChange {
	shown := make([]views.AdminChange, 0, len(changes))
	for _, change := range changes {
		if kind != config.KindApprovalChain || change.Key != "steps" {
			shown = append(shown, views.AdminChange{Label: views.AdminLabel(kind, change.Key), Old: change.Old, New: change.New})
		}
	}
	return shown
}

// reviewChain adds the steps before and after, and what the requests of the last months would meet.
func (h *Handlers) reviewChain(ctx context.Context, actor string, review *views.AdminReview, object flows.AdminObject, edit flows.AdminEdit) error {
	review.Old, review.Steps = stepsIn(object.Values["steps"]), stepsIn(edit.Values["steps"])
	for _, one := range flows.Differences(views.StepLines(review.Old), views.StepLines(review.Steps)) {
		review.Lines = append(review.Lines, views.Difference(one))
	}
	if review.New {
		return nil
	}
	result, err := h.flows.Replay(ctx, actor, edit.Slug, review.Steps)
	if _, refused := flows.Refusal(err); refused {
		return nil // what is wrong with the steps is said already
	}
	if err != nil {
		return err
	}
	replay := views.AdminReplay{
		Days: flows.ReplayDays, Requests: result.Requests, Of: result.Of, Now: views.AdminCount(result.Now), New: views.AdminCount(result.New),
	}
	for _, one := range result.Sample {
		replay.Sample = append(replay.Sample, one.Entitlement+" for "+one.Subject+" ("+one.RequestID+"): too few people for "+one.Step)
	}
	review.Replay = &replay
	return nil
}

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
