package handlers

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerWorkflow is the journey of who writes what is done: find a workflow or an entitlement, write, see the plan,
// make it clear, test, publish, link. One modal changes its content throughout; where it stands is its metadata.
func (h *Handlers) registerWorkflow(router *bot.Router) {
	router.Action(views.ActionWorkflowList, h.inWorkflow(h.workflowList))
	router.Submission(views.CallbackWorkflowSearch, h.submitWorkflowSearch)
	router.Action(views.ActionWorkflowPage+"_before", h.inWorkflow(h.workflowList))
	router.Action(views.ActionWorkflowPage+"_after", h.inWorkflow(h.workflowList))
	router.Suggestion(views.ActionWorkflowEntitlement, h.suggestOwn)
	router.Action(views.ActionWorkflowEntitlement, h.inWorkflow(h.openEntitlement))
	router.Action(views.ActionWorkflowBack, h.inWorkflow(h.workflowBack))
	h.registerWorkflowLinks(router)
	h.registerWorkflowWords(router)
	h.registerWorkflowPlan(router)
	h.registerWorkflowFix(router)
	h.registerWorkflowTest(router)
	h.registerWorkflowVersions(router)
}

// pressed is something pressed or chosen on the way through the workflows.
type pressed struct {
	bot.Action

	actor string
	state views.WorkflowState
}

// inWorkflow answers a press with the modal that it leads to: in place of the one in which it stands, or as a new one
// where it stands in a message. A refusal is shown there too.
func (h *Handlers) inWorkflow(do func(context.Context, pressed) (slack.ModalViewRequest, error)) bot.ActionHandler {
	return func(ctx context.Context, action bot.Action) error {
		actor, err := h.actor(ctx, action.By)
		if err != nil {
			return err
		}
		p := pressed{Action: action, actor: actor}
		if action.View != nil {
			if p.state, err = views.ReadWorkflowState(*action.View); err != nil {
				return err
			}
		}
		view, err := do(ctx, p)
		if refusal, ok := flows.Refusal(err); ok && action.View != nil {
			view, err = views.WorkflowNotice(afterRefusal(p), "Not done", refusal.Text), nil
		}
		if err != nil {
			return err
		}
		return h.showModal(ctx, action, view)
	}
}

// afterRefusal makes Back lead to the workflow's plan, or away from it where that is what was refused.
func afterRefusal(p pressed) views.WorkflowState {
	state := p.state
	state.Inner = true
	if p.ActionID == views.ActionWorkflowBack {
		state.Chain = ""
	}
	return state
}

// workflowList shows a page of the workflows.
func (h *Handlers) workflowList(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	state := views.WorkflowState{Text: p.state.Text}
	if page, err := strconv.Atoi(p.Value); err == nil && page > 0 && p.View != nil {
		state.Page = page
	}
	return h.listWorkflows(ctx, p.actor, state)
}

func (h *Handlers) listWorkflows(ctx context.Context, actor string, state views.WorkflowState) (slack.ModalViewRequest, error) {
	found, total, err := h.flows.Workflows(ctx, actor, state.Text, int64(state.Page)*views.WorkflowsPage, views.WorkflowsPage)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	rows := make([]views.Workflow, 0, len(found))
	for _, one := range found {
		rows = append(rows, views.Workflow(one))
	}
	return views.WorkflowList(state, rows, total), nil
}

func (h *Handlers) submitWorkflowSearch(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	typed := submission.State.Value(views.FieldWorkflowSearch, views.FieldWorkflowSearch)
	view, err := h.listWorkflows(ctx, actor, views.WorkflowState{Text: typed})
	return bot.ViewAnswer{Update: &view}, err
}

// suggestOwn offers the entitlements whose workflows a person may choose.
func (h *Handlers) suggestOwn(ctx context.Context, suggestion bot.Suggestion) (bot.Choices, error) {
	actor, err := h.actor(ctx, suggestion.By)
	if err != nil {
		return bot.Choices{}, err
	}
	found, err := h.flows.OwnEntitlements(ctx, actor, suggestion.Typed)
	return bot.Choices{Options: views.EntitlementOptions(found)}, err
}

func (h *Handlers) openEntitlement(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	return h.entitlementView(ctx, p.actor, p.Selected, "", "", "")
}

// workflowBack leads from a workflow's form to its plan, and from there to where the person came from.
func (h *Handlers) workflowBack(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	state := p.state
	switch {
	case state.Chain != "" && state.Inner:
		return h.planView(ctx, p.actor, state, "")
	case state.From == views.FromEntitlement && state.Entitlement != "":
		return h.entitlementView(ctx, p.actor, state.Entitlement, "", "", "")
	}
	return h.listWorkflows(ctx, p.actor, views.WorkflowState{Text: state.Text, Page: state.Page})
}
