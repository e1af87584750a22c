package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/workflow"
	"github.com/usherhq/usher/handlers/views"
)

// registerWorkflowWords is writing a workflow in plain English.
func (h *Handlers) registerWorkflowWords(router *bot.Router) {
	router.Action(views.ActionWorkflowEdit, h.inWorkflow(h.editWorkflow))
	router.Action(views.ActionWorkflowDraft, h.inWorkflow(h.draftWorkflow))
	router.Submission(views.CallbackWorkflowWords, h.submitWorkflowWords)
}

// firstStep is what stands below the template line of a new workflow.
const firstStep = "\n1. "

// newWorkflow begins a workflow of a kind for an entitlement.
func (h *Handlers) newWorkflow(kind string) func(context.Context, pressed) (slack.ModalViewRequest, error) {
	return func(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
		links, err := h.flows.WorkflowLinks(ctx, p.actor, p.Value)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		return views.WorkflowWordsModal(views.WorkflowWords{
			State: views.WorkflowState{Entitlement: links.Entitlement.ID, Kind: kind, From: views.FromEntitlement},
			For:   &links.Entitlement, Text: workflow.Line(kind) + firstStep, CanDraft: h.flows.CanDraft(),
		}), nil
	}
}

// editWorkflow shows the words of a workflow's newest version.
func (h *Handlers) editWorkflow(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	sheet, err := h.flows.ReadWorkflow(ctx, p.actor, p.state.Chain, p.state.Entitlement)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	if !sheet.MayEdit {
		return slack.ModalViewRequest{}, &flows.Error{Text: "It is also used by access that others own, so only an admin can change it."}
	}
	state := p.state
	state.Number, state.Kind, state.Inner = sheet.Newest.Number, sheet.Chain.Kind, true
	if state.Entitlement == "" {
		state.Entitlement = sheet.For.ID // what its words are about, also where it was opened from the list
	}
	words := views.WorkflowWords{
		State: state, For: forWhat(sheet.For), Name: sheet.Chain.Title(), Text: sheet.Newest.Text,
		CanDraft: h.flows.CanDraft() && sheet.For.ID != "",
	}
	if words.Text == "" {
		words.Text, words.Notice = workflow.Line(sheet.Chain.Kind)+firstStep, "It was written as scripts. What you write here takes their place"
	}
	if !views.FitsWords(words.Text) {
		return slack.ModalViewRequest{}, &flows.Error{Text: "This workflow is longer than a form of Slack takes. Change it in the configuration file."}
	}
	return views.WorkflowWordsModal(words), nil
}

func forWhat(e db.Entitlement) *db.Entitlement {
	if e.ID == "" {
		return nil
	}
	return &e
}

// draftWorkflow lets a model make a draft of what was typed. It goes into the field, and nowhere else.
func (h *Handlers) draftWorkflow(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	words := views.WorkflowWords{
		State: p.state, CanDraft: true,
		Name: p.Action.State.Value(views.FieldWorkflowName, views.FieldWorkflowName),
		Text: p.Action.State.Value(p.state.StepsBlock(), views.FieldWorkflowSteps),
	}
	busy := words
	busy.Drafting = true
	if err := h.showModal(ctx, p.Action, views.WorkflowWordsModal(busy)); err != nil {
		return slack.ModalViewRequest{}, err
	}
	text, err := h.flows.DraftWorkflow(ctx, p.actor, p.state.Kind, p.state.Entitlement, words.Text)
	if refusal, ok := flows.Refusal(err); ok {
		words.Notice = refusal.Text
		return views.WorkflowWordsModal(words), nil
	}
	words.Text = text
	words.State.Round++
	return views.WorkflowWordsModal(words), err
}

// submitWorkflowWords saves the words; the modal becomes the plan that they make.
func (h *Handlers) submitWorkflowWords(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	state, err := views.ReadWorkflowState(submission.View)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	version, err := h.flows.WriteWorkflow(ctx, flows.Words{
		Edit: flows.Edit{By: actor, ChainID: state.Chain, Number: state.Number}, EntitlementID: state.Entitlement, Kind: state.Kind,
		Name: submission.State.Value(views.FieldWorkflowName, views.FieldWorkflowName),
		Text: submission.State.Value(state.StepsBlock(), views.FieldWorkflowSteps),
	})
	if refusal, ok := flows.Refusal(err); ok {
		block := state.StepsBlock()
		if refusal.Field == flows.FieldName {
			block = views.FieldWorkflowName
		}
		return fieldError(err, block)
	}
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	state.Chain = version.ChainID
	view, err := h.planView(ctx, actor, state, "")
	return bot.ViewAnswer{Update: &view}, err
}
