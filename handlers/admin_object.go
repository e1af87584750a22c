package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/handlers/views"
)

// openObject shows the object that was chosen in a list, or the settings from the start.
func (h *Handlers) openObject(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	state := p.state
	if state.Screen == views.AdminAtStart {
		state.Kind = p.Value
	}
	state.Screen, state.Slug = views.AdminAtObject, p.Value
	return h.objectView(ctx, p.actor, state, "")
}

func (h *Handlers) objectView(ctx context.Context, actor string, state views.AdminState, notice string) (slack.ModalViewRequest, error) {
	object, err := h.flows.AdminShow(ctx, actor, state.Kind, state.Slug)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state.Seen, state.Draft = object.Revision, ""
	shown := views.AdminObject{
		State: state, Title: object.Title, Active: object.Active, MayEdit: object.MayEdit && state.Kind != config.KindActionChain,
		WhyNot: object.WhyNot, WrittenBy: object.WrittenBy, WrittenAt: object.WrittenAt, Origin: object.Origin, Waiting: object.Waiting, Notice: notice,
		CanDisable: object.MayDisable || !object.Active && views.AdminSwitched(state.Kind) && object.Keys == nil,
		Lines:      h.shownValues(ctx, state.Kind, object.Values),
	}
	if len(object.Environment) > 0 {
		shown.Lines = append(shown.Lines, [2]string{"Admins of the environment", views.AdminText(strings.Join(object.Environment, ", "))})
	}
	if object.Directory != nil {
		shown.Lines = append(views.AdminDirectoryState(*object.Directory), shown.Lines...)
	}
	switch state.Kind {
	case config.KindApprovalChain:
		shown.Steps = stepsIn(object.Values["steps"])
	case config.KindEntitlement:
		var role flows.Role
		role, err = h.role(ctx, actor)
		shown.HasWorkflow = role.Admin || role.Owner
	case config.KindPerson:
		shown.Resettable, err = h.resettable(ctx, actor, state.Slug)
	}
	return views.AdminObjectModal(shown), err
}

// shownValues are what an object holds, with the words of the forms.
func (h *Handlers) shownValues(ctx context.Context, kind string, values map[string]any) [][2]string {
	fields := views.AdminFields(kind, roomIn(kind, values))
	var lines [][2]string
	for _, field := range fields {
		if text := h.shownValue(ctx, field, unfolded(kind, values)); text != "" && !field.Fixed {
			lines = append(lines, [2]string{field.Label, views.AdminValue(field, text)})
		}
	}
	return lines
}

// shownValue writes what a field holds for people to read.
func (h *Handlers) shownValue(ctx context.Context, field views.AdminField, values map[string]any) string {
	value := valueAt(values, field.Key)
	switch field.As {
	case views.AsFlags:
		return flagWords(field, values)
	case views.AsChoice:
		at := slices.IndexFunc(field.Choices, func(c [2]string) bool { return c[0] == textOf(value) })
		if at >= 0 {
			return field.Choices[at][1]
		}
	case views.AsOne, views.AsMany:
		var names []string
		for _, row := range h.named(ctx, field.Of, textsOf(value)) {
			names = append(names, row.Title)
		}
		return strings.Join(names, ", ")
	case views.AsYAML:
		return strings.ReplaceAll(config.Lines(value), "\n", " · ")
	case views.AsWords:
		return strings.Join(textsOf(value), ", ")
	}
	return textOf(value)
}

// flagWords are the words of the flags that are set.
func flagWords(field views.AdminField, values map[string]any) string {
	var words []string
	for _, choice := range field.Choices {
		if isSet(valueAt(values, choice[0])) {
			words = append(words, choice[1])
		}
	}
	return strings.Join(words, "; ")
}

// workflowsOf leads from an entitlement to its workflows.
func (h *Handlers) workflowsOf(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	e, err := db.EntitlementBySlug(ctx, h.store, p.Value)
	if errors.Is(err, db.ErrNotFound) {
		err = &flows.Error{Text: "There is no such entitlement any more. Open the list anew."}
	}
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.entitlementView(ctx, p.actor, e.ID, "", "", "")
}
