package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// adminView draws the screen that a state stands for. Notice is a sentence above it.
func (h *Handlers) adminView(ctx context.Context, actor string, state views.AdminState, notice string) (slack.ModalViewRequest, error) {
	state.Notice = false
	switch state.Screen {
	case views.AdminAtList:
		return h.listView(ctx, actor, state)
	case views.AdminAtObject:
		return h.objectView(ctx, actor, state, notice)
	case views.AdminAtForm:
		return h.formView(ctx, actor, state, notice)
	case views.AdminAtSteps:
		return h.stepsView(ctx, actor, state, notice)
	case views.AdminAtStep:
		return h.stepView(ctx, actor, state)
	case views.AdminAtReview:
		return h.reviewView(ctx, actor, state, "")
	case views.AdminAtDirectory:
		return h.directoryView(ctx, actor, state)
	case views.AdminAtLonely, views.AdminAtGroup:
		return h.directoryPeopleView(ctx, actor, state)
	case views.AdminAtSystem:
		return h.systemView(ctx, actor)
	}
	return h.startView(ctx, actor)
}

// startView is the table of contents, for whoever has a role.
func (h *Handlers) startView(ctx context.Context, actor string) (slack.ModalViewRequest, error) {
	role, err := h.role(ctx, actor)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if !role.Any() {
		return slack.ModalViewRequest{}, &flows.Error{Text: "Only admins, auditors and the owners of access can administer. An operator names admins in USHER_ADMINS or under admins: in the configuration."}
	}
	return views.AdminStartModal(views.AdminStart(role)), nil
}

func (h *Handlers) role(ctx context.Context, actor string) (flows.Role, error) {
	p, err := db.PersonByID(ctx, h.store, actor)
	if err != nil {
		return flows.Role{}, err
	}
	return h.flows.RoleOf(ctx, h.store, p)
}

func (h *Handlers) systemView(ctx context.Context, actor string) (slack.ModalViewRequest, error) {
	p, err := db.PersonByID(ctx, h.store, actor)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state, err := h.system(ctx, p)
	if err == nil && state == nil {
		err = &flows.Error{Text: "Only admins can see the state of the system."}
	}
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return views.AdminSystemModal(*state, h.flows.Now()), nil
}

func (h *Handlers) openScreen(screen string) func(context.Context, adminPress) (slack.ModalViewRequest, error) {
	return func(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
		return h.adminView(ctx, p.actor, views.AdminState{Screen: screen}, "")
	}
}

// adminBack leads one screen up, or from a notice to what it stands in place of.
func (h *Handlers) adminBack(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	state := p.state
	if !state.Notice {
		state = above(state)
	}
	return h.adminView(ctx, p.actor, state, "")
}

// above is the screen from which one came to another.
func above(state views.AdminState) views.AdminState {
	switch state.Screen {
	case views.AdminAtReview:
		if state.Off {
			state.Screen, state.Off = views.AdminAtObject, false
			return state
		}
		state.Screen = editor(state.Kind)
		return state
	case views.AdminAtStep:
		state.Screen = views.AdminAtSteps
		return state
	case views.AdminAtForm, views.AdminAtSteps:
		if state.Screen, state.Draft = views.AdminAtObject, ""; state.Slug == "" {
			state.Screen = views.AdminAtList
		}
		return state
	case views.AdminAtObject:
		if views.AdminListed(state.Kind) {
			return views.AdminState{Screen: views.AdminAtList, Kind: state.Kind, Text: state.Text, Page: state.Page}
		}
	case views.AdminAtLonely, views.AdminAtGroup:
		return views.AdminState{Screen: views.AdminAtDirectory}
	}
	return views.AdminState{}
}
