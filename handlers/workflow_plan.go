package handlers

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerWorkflowPlan is what a workflow's words became, and from there its publication.
func (h *Handlers) registerWorkflowPlan(router *bot.Router) {
	router.Action(views.ActionWorkflowOpen, h.inWorkflow(h.openWorkflow))
	router.Action(views.ActionWorkflowOption, h.inWorkflow(h.chooseWords))
	router.Action(views.ActionWorkflowPublish, h.inWorkflow(h.publishWorkflow))
}

// openWorkflow shows a workflow that stands in the list or at an entitlement.
func (h *Handlers) openWorkflow(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	state := views.WorkflowState{Chain: p.Value, Text: p.state.Text, Page: p.state.Page}
	if p.state.Entitlement != "" {
		state.Entitlement, state.From = p.state.Entitlement, views.FromEntitlement
	}
	return h.planView(ctx, p.actor, state, "")
}

// planView shows the newest version of a workflow.
func (h *Handlers) planView(ctx context.Context, actor string, state views.WorkflowState, notice string) (slack.ModalViewRequest, error) {
	sheet, err := h.flows.ReadWorkflow(ctx, actor, state.Chain, state.Entitlement)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	plan := views.WorkflowPlan{
		Workflow: views.Workflow(sheet.Workflow), For: forWhat(sheet.For), Warnings: sheet.Warnings, Clear: sheet.Clear,
		MayEdit: sheet.MayEdit, Notice: notice,
		State: views.WorkflowState{
			Entitlement: state.Entitlement, Chain: sheet.Chain.ID, Number: sheet.Newest.Number, Text: state.Text, Page: state.Page, From: state.From,
		},
	}
	for _, step := range sheet.Steps {
		shown := views.WorkflowStep{WorkflowStep: step.WorkflowStep, Plan: step.Plan, Problems: step.Problems}
		for _, script := range step.Scripts {
			shown.Code = append(shown.Code, flows.ScriptLine(script))
		}
		plan.Steps = append(plan.Steps, shown)
	}
	return views.WorkflowPlanModal(plan), nil
}

// edit is who changes which version of which workflow.
func (p pressed) edit() flows.Edit {
	return flows.Edit{By: p.actor, ChainID: p.state.Chain, Number: p.state.Number}
}

// chooseWords takes one of the readings that were offered for an unclear step.
func (h *Handlers) chooseWords(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	number, choice, _ := strings.Cut(p.Selected, ".")
	step, err := strconv.Atoi(number)
	if err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("read the chosen step: %w", err)
	}
	at, err := strconv.Atoi(choice)
	if err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("read the chosen words: %w", err)
	}
	if _, err := h.flows.ChooseWords(ctx, p.edit(), step, at); err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.planView(ctx, p.actor, p.state, "")
}

// publishWorkflow publishes the version that the person saw.
func (h *Handlers) publishWorkflow(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	if err := h.flows.PublishWorkflow(ctx, p.edit()); err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.planView(ctx, p.actor, p.state, fmt.Sprintf("Version %d is published", p.state.Number))
}
