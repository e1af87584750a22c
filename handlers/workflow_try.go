package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerWorkflowTest is finding out what a workflow would do for a person.
func (h *Handlers) registerWorkflowTest(router *bot.Router) {
	router.Action(views.ActionWorkflowTest, h.inWorkflow(h.openTest))
	router.Action(views.ActionWorkflowPerson, h.inWorkflow(h.testWorkflow))
}

// openTest asks for whom a workflow is to be tested.
func (h *Handlers) openTest(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	test, err := h.testOf(ctx, p)
	return views.WorkflowTestModal(test), err
}

// testOf is a test of the version that the person saw, before anything was found out.
func (h *Handlers) testOf(ctx context.Context, p pressed) (views.WorkflowTest, error) {
	sheet, err := h.flows.ReadWorkflow(ctx, p.actor, p.state.Chain, p.state.Entitlement)
	state := p.state
	state.Inner = true
	return views.WorkflowTest{State: state, Chain: sheet.Chain, Version: sheet.Newest, For: forWhat(sheet.For)}, err
}

// testWorkflow says at once that it is at work, reads at the providers, and then shows what was found.
func (h *Handlers) testWorkflow(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	shown, err := h.testOf(ctx, p)
	if err != nil || p.Selected == "" {
		return views.WorkflowTestModal(shown), err
	}
	subject, err := h.people.person(ctx, bot.Person{UserID: p.Selected})
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	shown.Subject, shown.Busy = &subject, true
	if err := h.showModal(ctx, p.Action, views.WorkflowTestModal(shown)); err != nil {
		return slack.ModalViewRequest{}, err
	}
	test, err := h.flows.TestWorkflow(ctx, p.edit(), p.state.Entitlement, subject.ID)
	shown.Busy = false
	if refusal, ok := flows.Refusal(err); ok {
		shown.Failure = refusal.Text
		return views.WorkflowTestModal(shown), nil
	}
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	shown.Version, shown.Passed = test.Version, test.Passed
	for _, tried := range test.Tried {
		shown.Lines = append(shown.Lines, views.TestLine{Plan: tried.Plan, Found: tried.Found, State: tried.State})
	}
	return views.WorkflowTestModal(shown), nil
}
