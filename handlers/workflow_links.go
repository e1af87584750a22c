package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerWorkflowLinks is choosing which workflows an entitlement runs.
func (h *Handlers) registerWorkflowLinks(router *bot.Router) {
	router.Suggestion(views.FieldWorkflowProvision, h.suggestWorkflows(db.Provision))
	router.Suggestion(views.FieldWorkflowDeprovision, h.suggestWorkflows(db.Deprovision))
	router.Submission(views.CallbackWorkflowLink, h.submitWorkflowLink)
	router.Action(views.ActionWorkflowLink, h.inWorkflow(h.linkWorkflow))
	router.Action(views.ActionWorkflowNewProvision, h.inWorkflow(h.newWorkflow(db.Provision)))
	router.Action(views.ActionWorkflowNewDeprovision, h.inWorkflow(h.newWorkflow(db.Deprovision)))
}

func (h *Handlers) suggestWorkflows(kind string) bot.SuggestionHandler {
	return func(ctx context.Context, suggestion bot.Suggestion) (bot.Choices, error) {
		actor, err := h.actor(ctx, suggestion.By)
		if err != nil {
			return bot.Choices{}, err
		}
		found, err := h.flows.LinkableWorkflows(ctx, actor, kind, suggestion.Typed)
		return bot.Choices{Options: views.WorkflowOptions(found)}, err
	}
}

// entitlementView shows the workflows of an entitlement, with others already chosen where the slugs name some.
func (h *Handlers) entitlementView(ctx context.Context, actor, id, provision, deprovision, notice string) (slack.ModalViewRequest, error) {
	links, err := h.flows.WorkflowLinks(ctx, actor, id)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	shown := views.WorkflowLinks{Entitlement: links.Entitlement, Notice: notice, State: views.WorkflowState{
		Entitlement: id, Provision: links.Provision.Slug, Deprovision: links.Deprovision.Slug,
	}}
	if shown.Provision, err = h.chosen(ctx, provision, links.Provision); err != nil {
		return slack.ModalViewRequest{}, err
	}
	shown.Deprovision, err = h.chosen(ctx, deprovision, links.Deprovision)
	return views.WorkflowLinksModal(shown), err
}

// chosen is the workflow with the slug, or the one that is linked.
func (h *Handlers) chosen(ctx context.Context, slug string, linked db.ActionChain) (*db.ActionChain, error) {
	if slug == "" || slug == linked.Slug {
		return &linked, nil
	}
	row, err := db.ActionChainBySlug(ctx, h.store, slug)
	return &row, err
}

// linkWorkflow leads from a published workflow to its entitlement, where it is chosen already.
func (h *Handlers) linkWorkflow(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	sheet, err := h.flows.ReadWorkflow(ctx, p.actor, p.state.Chain, p.Value)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	notice := "Press Save to link " + sheet.Chain.Title() + "."
	if sheet.Chain.Kind == db.Deprovision {
		return h.entitlementView(ctx, p.actor, p.Value, "", sheet.Chain.Slug, notice)
	}
	return h.entitlementView(ctx, p.actor, p.Value, sheet.Chain.Slug, "", notice)
}

// submitWorkflowLink links the pair that was chosen. What does not fit about it is shown first.
func (h *Handlers) submitWorkflowLink(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	state, err := views.ReadWorkflowState(submission.View)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	wish := flows.LinkWish{
		By: actor, EntitlementID: state.Entitlement, WasProvision: state.Provision, WasDeprovision: state.Deprovision,
		Provision:   submission.State.Value(views.FieldWorkflowProvision, views.FieldWorkflowProvision),
		Deprovision: submission.State.Value(views.FieldWorkflowDeprovision, views.FieldWorkflowDeprovision),
	}
	pair := wish.Provision + " " + wish.Deprovision
	read := submission.State.Values(views.FieldWorkflowRead, views.FieldWorkflowRead)
	wish.Read = len(read) > 0 && state.Warned == pair
	warnings, err := h.flows.LinkWorkflows(ctx, wish)
	if refusal, ok := flows.Refusal(err); ok {
		return linkRefused(state, refusal), nil
	}
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	view, err := h.linked(ctx, actor, state, wish, warnings)
	return bot.ViewAnswer{Update: &view}, err
}

func linkRefused(state views.WorkflowState, refusal *flows.Error) bot.ViewAnswer {
	switch refusal.Field {
	case flows.FieldProvision:
		return bot.ViewAnswer{Errors: map[string]string{views.FieldWorkflowProvision: refusal.Text}}
	case flows.FieldDeprovision:
		return bot.ViewAnswer{Errors: map[string]string{views.FieldWorkflowDeprovision: refusal.Text}}
	}
	view := views.WorkflowNotice(state, "Not done", refusal.Text)
	return bot.ViewAnswer{Update: &view}
}

// linked is what a person sees after Save: that it is saved, or what to read first.
func (h *Handlers) linked(ctx context.Context, actor string, state views.WorkflowState, wish flows.LinkWish, warnings []string) (slack.ModalViewRequest, error) {
	if len(warnings) == 0 {
		return h.entitlementView(ctx, actor, state.Entitlement, "", "", "Saved. New requests run these two.")
	}
	links, err := h.flows.WorkflowLinks(ctx, actor, state.Entitlement)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state.Warned = wish.Provision + " " + wish.Deprovision
	shown := views.WorkflowLinks{State: state, Entitlement: links.Entitlement, Warnings: warnings}
	if shown.Provision, err = h.chosen(ctx, wish.Provision, links.Provision); err != nil {
		return slack.ModalViewRequest{}, err
	}
	shown.Deprovision, err = h.chosen(ctx, wish.Deprovision, links.Deprovision)
	return views.WorkflowLinksModal(shown), err
}
