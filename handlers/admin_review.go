package handlers

import (
	"context"

	"github.com/slack-go/slack"

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
	if err := h.reviewChanges(ctx, actor, &review, edit); err != nil {
		return slack.ModalViewRequest{}, err
	}
	if state.Kind == config.KindApprovalChain && !state.Off {
		if err := h.reviewChain(ctx, actor, &review, object, edit); err != nil {
			return slack.ModalViewRequest{}, err
		}
	}
	if state.Kind == config.KindBirthright {
		if err := h.reviewRule(ctx, actor, &review, edit); err != nil {
			return slack.ModalViewRequest{}, err
		}
	}
	settings, err := db.ReadSettings(ctx, h.store)
	review.Eyes = settings.FourEyes != ""
	return views.AdminReviewModal(review), err
}

// reviewChanges adds what an edit changes, or why it cannot be saved.
func (h *Handlers) reviewChanges(ctx context.Context, actor string, review *views.AdminReview, edit flows.AdminEdit) error {
	changes, err := h.flows.AdminPreview(ctx, actor, edit)
	refusal, refused := flows.Refusal(err)
	if err != nil && !refused {
		return err
	}
	if refused && review.Problem == "" {
		review.Problem = refusal.Text
	}
	if !review.Off {
		review.Changes, review.Differs = changesShown(edit.Kind, changes), len(changes) > 0
	}
	return nil
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
