package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
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

// adminSubmission reads who submitted a modal of the administration, and where it stood.
func (h *Handlers) adminSubmission(ctx context.Context, submission bot.Submission) (string, views.AdminState, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return "", views.AdminState{}, err
	}
	state, err := views.ReadAdminState(submission.View)
	return actor, state, err
}
