package handlers

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerWorkflowVersions is looking at what a workflow was.
func (h *Handlers) registerWorkflowVersions(router *bot.Router) {
	router.Action(views.ActionWorkflowVersions, h.inWorkflow(h.workflowVersions))
	router.Action(views.ActionWorkflowCompare, h.inWorkflow(h.compareVersions))
	router.Action(views.ActionWorkflowRestore, h.inWorkflow(h.restoreVersion))
}

func (h *Handlers) workflowVersions(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	chain, versions, err := h.flows.WorkflowVersions(ctx, p.actor, p.state.Chain)
	state := p.state
	state.Inner = true
	return views.WorkflowVersionsModal(state, chain, versions), err
}

func (h *Handlers) compareVersions(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	found, err := h.flows.CompareVersions(ctx, p.actor, p.Value)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	state := p.state
	state.Inner = true
	return views.WorkflowCompareModal(views.WorkflowComparison{
		State: state, Chain: found.Chain, Version: found.Version, Other: found.Other,
		MayRestore: found.MayEdit && found.Version.Number != found.Newest,
		Words:      shownDifferences(found.Words), Scripts: shownDifferences(found.Scripts),
	}), nil
}

func shownDifferences(found []flows.Difference) []views.Difference {
	shown := make([]views.Difference, 0, len(found))
	for _, one := range found {
		shown = append(shown, views.Difference(one))
	}
	return shown
}

// restoreVersion makes a new draft of an older version.
func (h *Handlers) restoreVersion(ctx context.Context, p pressed) (slack.ModalViewRequest, error) {
	old, err := db.VersionByID(ctx, h.store, p.Value)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	made, err := h.flows.RestoreVersion(ctx, p.edit(), p.Value)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	return h.planView(ctx, p.actor, p.state, fmt.Sprintf("Version %d is version %d again, as a draft", made.Number, old.Number))
}
