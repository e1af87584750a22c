package handlers

import (
	"context"
	"errors"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerAdmin is the journey of who administers: find an object of the configuration, look at it, change it, see what
// the change does, save it. One modal changes its content throughout; where it stands is its metadata, and what is
// being written is a draft, a row.
func (h *Handlers) registerAdmin(router *bot.Router) {
	router.Action(views.ActionAdminStart, h.inAdmin(func(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
		return h.adminView(ctx, p.actor, views.AdminState{}, "")
	}))
	router.Action(views.ActionAdminList, h.inAdmin(h.openList))
	router.Action(views.ActionAdminPage+"_before", h.inAdmin(h.turnPage))
	router.Action(views.ActionAdminPage+"_after", h.inAdmin(h.turnPage))
	router.Submission(views.CallbackAdminSearch, h.submitAdminSearch)
	router.Action(views.ActionAdminOpen, h.inAdmin(h.openObject))
	router.Action(views.ActionAdminBack, h.inAdmin(h.adminBack))
	router.Action(views.ActionAdminSystem, h.inAdmin(h.openScreen(views.AdminAtSystem)))
	router.Action(views.ActionAdminDirectory, h.inAdmin(h.openScreen(views.AdminAtDirectory)))
	router.Action(views.ActionAdminLonely, h.inAdmin(h.openScreen(views.AdminAtLonely)))
	router.Action(views.ActionAdminGroup, h.inAdmin(h.openGroup))
	router.Action(views.ActionAdminWorkflows, h.inWorkflow(h.workflowsOf))
	h.registerAdminForms(router)
	h.registerAdminChoices(router)
}

// adminPress is something pressed or chosen in the administration.
type adminPress struct {
	bot.Action

	actor string
	state views.AdminState
}

// inAdmin answers a press with what the modal shows next. A refusal is shown there too, with a way back.
func (h *Handlers) inAdmin(do func(context.Context, adminPress) (slack.ModalViewRequest, error)) bot.ActionHandler {
	return func(ctx context.Context, action bot.Action) error {
		actor, err := h.actor(ctx, action.By)
		if err != nil {
			return err
		}
		p, inModal := adminPress{Action: action, actor: actor}, action.View != nil && action.View.Type == slack.VTModal
		if inModal {
			if p.state, err = views.ReadAdminState(*action.View); err != nil {
				return err
			}
		}
		view, err := do(ctx, p)
		if refusal, ok := flows.Refusal(err); ok && inModal {
			view, err = views.AdminNotice(refusedAt(p.state), "Not done", refusal.Text), nil
		}
		if err != nil {
			return err
		}
		return h.showModal(ctx, action, view)
	}
}

// refusedAt is where a refusal stands: Back leads to what was shown before it, and from a second one to the start.
func refusedAt(state views.AdminState) views.AdminState {
	if state.Notice {
		return views.AdminState{Screen: views.AdminAtSystem} // Back leads to the start
	}
	state.Notice = true
	return state
}

// openAdmin answers /access admin with the modal of the administration.
func (h *Handlers) openAdmin(ctx context.Context, by bot.Person, trigger string) error {
	actor, err := h.actor(ctx, by)
	if err != nil {
		return err
	}
	view, err := h.adminView(ctx, actor, views.AdminState{}, "")
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, trigger, view)
	return err
}

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
	role, p, err := h.role(ctx, actor)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if !role.Any() {
		return slack.ModalViewRequest{}, &flows.Error{Text: "Only admins, auditors and the owners of access can administer. An operator names admins in USHER_ADMINS or under admins: in the configuration."}
	}
	start := views.AdminStart{Admin: role.Admin, Auditor: role.Auditor, Owner: role.Owner}
	start.System, err = h.system(ctx, p)
	return views.AdminStartModal(start, h.flows.Now()), err
}

func (h *Handlers) role(ctx context.Context, actor string) (flows.Role, db.Person, error) {
	p, err := db.PersonByID(ctx, h.store, actor)
	if err != nil {
		return flows.Role{}, p, err
	}
	role, err := h.flows.RoleOf(ctx, h.store, p)
	return role, p, err
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

// openList shows the first page of a kind of object.
func (h *Handlers) openList(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	return h.listView(ctx, p.actor, views.AdminState{Screen: views.AdminAtList, Kind: p.Value})
}

// turnPage shows another page of the list that stands in front.
func (h *Handlers) turnPage(ctx context.Context, p adminPress) (slack.ModalViewRequest, error) {
	page, err := strconv.Atoi(p.Value)
	if err != nil || page < 0 {
		return slack.ModalViewRequest{}, errors.New("a page has no number")
	}
	p.state.Page = page
	return h.adminView(ctx, p.actor, p.state, "")
}

func (h *Handlers) listView(ctx context.Context, actor string, state views.AdminState) (slack.ModalViewRequest, error) {
	found, err := h.flows.AdminList(ctx, actor, state.Kind, state.Text, state.Page)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	role, _, err := h.role(ctx, actor)
	state.Page = found.Page
	list := views.AdminList{State: state, Pages: found.Pages, Total: found.Total, MayAdd: role.Admin && views.AdminMade(state.Kind)}
	for _, row := range found.Rows {
		list.Rows = append(list.Rows, views.AdminRow(row))
	}
	return views.AdminListModal(list), err
}

// submitAdminSearch looks for what was typed in a list.
func (h *Handlers) submitAdminSearch(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, state, err := h.adminSubmission(ctx, submission)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	state.Text, state.Page = submission.State.Value(state.SearchBlock(), views.FieldAdminSearch), 0
	view, err := h.adminView(ctx, actor, state, "")
	return bot.ViewAnswer{Update: &view}, err
}

// adminSubmission reads who submitted a modal of the administration, and where it stood.
func (h *Handlers) adminSubmission(ctx context.Context, submission bot.Submission) (string, views.AdminState, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return "", views.AdminState{}, err
	}
	state, err := views.ReadAdminState(submission.View)
	return actor, state, err
}
