package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers/views"
)

// registerAdminForms is changing an object: what is typed becomes a draft, and nothing else before it is saved.
func (h *Handlers) registerAdminForms(router *bot.Router) {
	router.Action(views.ActionAdminNew, h.inAdmin(h.newObject))
	router.Action(views.ActionAdminEdit, h.inAdmin(h.editObject))
	router.Action(views.ActionAdminMore, h.inAdmin(h.moreOfForm))
	router.Action(views.ActionAdminRule, h.inAdmin(h.moreOfForm))
	router.Action(views.ActionAdminEmergency, h.inAdmin(h.moreOfForm))
	router.Submission(views.CallbackAdminForm, h.submitAdminForm)
	router.Action(views.ActionAdminStepAdd, h.inAdmin(h.addStep))
	router.Action(views.ActionAdminStep, h.inAdmin(h.changeStep))
	router.Submission(views.CallbackAdminSteps, h.submitAdminSteps)
	router.Submission(views.CallbackAdminStep, h.submitAdminStep)
	router.Action(views.ActionAdminDisable, h.inAdmin(h.disableObject))
	router.Action(views.ActionAdminEnable, h.inAdmin(h.enableObject))
	router.Action(views.ActionAdminFresh, h.inAdmin(h.compareFresh))
	router.Submission(views.CallbackAdminSave, h.submitAdminSave)
}

// editor is the screen on which a kind of object is changed.
func editor(kind string) string {
	if kind == config.KindApprovalChain {
		return views.AdminAtSteps
	}
	return views.AdminAtForm
}

// newObject begins an object of the kind that the list shows.
func (h *Handlers) newObject(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	state := p.state
	state.Slug, state.Seen, state.Screen = "", 0, editor(state.Kind)
	role, err := h.role(ctx, p.actor)
	if err == nil && (!role.Admin || !views.AdminMade(state.Kind)) {
		err = &flows.Error{Text: "Only admins can add something here."}
	}
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.beginDraft(ctx, p.actor, state, map[string]any{})
}

// editObject begins a draft of the object that is shown, as it is stored now.
func (h *Handlers) editObject(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	state, values, err := h.mayWrite(ctx, p)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state.Screen = editor(state.Kind)
	return h.beginDraft(ctx, p.actor, state, values)
}

// mayWrite reads the object that is shown, for somebody who may change it.
func (h *Handlers) mayWrite(ctx context.Context, p adminPress) (views.AdminState, map[string]any, error) {
	object, err := h.flows.AdminShow(ctx, p.actor, p.state.Kind, p.state.Slug)
	if err == nil && !object.MayEdit {
		err = &flows.Error{Text: object.WhyNot}
	}
	state := p.state
	state.Seen = object.Revision
	return state, object.Values, err
}

func (h *Handlers) formView(ctx context.Context, actor string, state views.AdminState, notice string) (slack.ModalViewRequest, error) {
	draft, err := h.draft(ctx, actor, state)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	room := roomIn(state.Kind, draft.Content)
	form := h.filled(ctx, state, views.AdminFields(state.Kind, room), unfolded(state.Kind, draft.Content))
	form.Room, form.Notice = room, notice
	if state.Slug != "" {
		object, err := h.flows.AdminShow(ctx, actor, state.Kind, state.Slug)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		form.Only = object.Keys
	}
	return views.AdminFormModal(form), nil
}

// filled fills the fields of a form with what a draft holds.
func (h *Handlers) filled(ctx context.Context, state views.AdminState, fields []views.AdminField, values map[string]any) views.AdminForm {
	form := views.AdminForm{State: state, Typed: map[string]string{}, Chosen: map[string][]views.AdminRow{}, Flags: map[string]bool{}}
	for _, field := range fields {
		value := valueAt(values, field.Key)
		switch field.As {
		case views.AsOne, views.AsMany:
			form.Chosen[field.Key] = h.named(ctx, field.Of, textsOf(value))
		case views.AsFlags:
			for _, choice := range field.Choices {
				form.Flags[choice[0]] = isSet(valueAt(values, choice[0]))
			}
		case views.AsYAML:
			form.Typed[field.Key] = config.Lines(value)
		default:
			form.Typed[field.Key] = h.shownTyped(field, value)
		}
		if !views.AdminFits(form.Typed[field.Key]) {
			continue // it is longer than a form takes: the configuration file changes it
		}
		form.Fields = append(form.Fields, field)
	}
	return form
}

func (h *Handlers) shownTyped(field views.AdminField, value any) string {
	text := textOf(value)
	switch {
	case field.As == views.AsWords:
		return joined(textsOf(value))
	case field.Key == "step.need" && text == "":
		return "1"
	}
	return text
}

// moreOfForm draws the form with room for more, or for less; what was typed stays.
func (h *Handlers) moreOfForm(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	draft, err := h.draft(ctx, p.actor, p.state)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	values, err := typedInto(draft, p.state, p.Action.State)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	switch {
	case p.ActionID == views.ActionAdminRule:
		rules, _ := values["approval"].([]any)
		values["approval"] = append(rules, map[string]any{})
	case p.ActionID == views.ActionAdminEmergency && p.Value == "on":
		values["emergency"] = map[string]any{}
	case p.ActionID == views.ActionAdminEmergency:
		delete(values, "emergency")
	}
	draft.Content = values
	if err := h.keepDraft(ctx, draft); err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.adminView(ctx, p.actor, p.state, "")
}

// submitAdminForm keeps what was typed and shows what it changes; what is wrong is said at its field.
func (h *Handlers) submitAdminForm(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, state, err := h.adminSubmission(ctx, submission)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	draft, err := h.draft(ctx, actor, state)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	if draft.Content, err = typedInto(draft, state, submission.State); err == nil {
		_, err = h.flows.AdminPreview(ctx, actor, editOf(draft))
	}
	return h.reviewOrMend(ctx, actor, state, draft, submission, err)
}
