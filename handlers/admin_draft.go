package handlers

import (
	"context"
	"errors"
	"maps"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers/views"
)

func (h *Handlers) beginDraft(ctx context.Context, actor string, state views.AdminState, values map[string]any) (slack.ModalViewRequest, error) {
	state.Draft = db.NewID("dft")
	draft := db.ConfigDraft{
		ID: state.Draft, PersonID: actor, Kind: state.Kind, Slug: state.Slug, Revision: state.Seen, Content: values, UpdatedAt: h.flows.Now(),
	}
	if err := db.SaveConfigDraft(ctx, h.store, draft); err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.adminView(ctx, actor, state, "")
}

// draft reads what a person is writing.
func (h *Handlers) draft(ctx context.Context, actor string, state views.AdminState) (db.ConfigDraft, error) {
	draft, err := db.ConfigDraftOf(ctx, h.store, state.Draft, actor)
	if errors.Is(err, db.ErrNotFound) {
		err = &flows.Error{Text: "What was begun here is saved or forgotten by now. Open the object anew."}
	}
	return draft, err
}

func (h *Handlers) keepDraft(ctx context.Context, draft db.ConfigDraft) error {
	draft.UpdatedAt = h.flows.Now()
	return db.SaveConfigDraft(ctx, h.store, draft)
}

// typedInto is what a draft holds with what stands in its form now.
func typedInto(draft db.ConfigDraft, state views.AdminState, typed bot.State) (map[string]any, error) {
	values := maps.Clone(unfolded(draft.Kind, draft.Content))
	if values == nil {
		values = map[string]any{}
	}
	// A form may be one change of its shape ahead of the draft, so that it is read with all the room there can be.
	room := roomIn(draft.Kind, draft.Content)
	room.Step = draft.Kind == config.KindSeparation
	if err := takeTyped(values, state, views.AdminFields(draft.Kind, room), typed); err != nil {
		return nil, err
	}
	if step, is := values["step"].(map[string]any); is && draft.Kind == config.KindSeparation {
		values["step"] = foldedStep(step)
	}
	if draft.Kind == config.KindSeparation && values["effect"] != db.SeparationAsks {
		delete(values, "step")
	}
	if adjust, is := values["adjust"].(map[string]any); is && len(textsOf(adjust["on"])) == 0 && textOf(adjust["run"]) == "" {
		delete(values, "adjust")
	}
	return values, nil
}

// outrun says whether somebody else wrote the object since a draft of it was begun: then the review compares the two.
func (h *Handlers) outrun(ctx context.Context, actor string, draft db.ConfigDraft) bool {
	object, err := h.flows.AdminShow(ctx, actor, draft.Kind, draft.Slug)
	return err == nil && draft.Slug != "" && object.Revision != draft.Revision
}

// editOf is a draft as an edit.
func editOf(draft db.ConfigDraft) flows.AdminEdit {
	values := draft.Content
	if draft.Kind != config.KindPerson { // of people an empty text says that there is none
		values = pruned(values)
	}
	return flows.AdminEdit{Kind: draft.Kind, Slug: draft.Slug, Revision: draft.Revision, Values: values, Submission: draft.ID}
}
