package handlers

import (
	"context"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// registerMend is the journey of an owner whose flow failed: Retry, Skip, Done by hand, Cancel.
func (h *Handlers) registerMend(router *bot.Router) {
	router.Action(views.ActionScriptRetry, h.retryScript)
	router.Action(views.ActionScriptSkip, h.openSkip)
	router.Submission(views.CallbackScriptSkip, h.submitSkip)
	router.Action(views.ActionScriptByHand, h.openByHand)
	router.Submission(views.CallbackScriptByHand, h.submitByHand)
	router.Action(views.ActionScriptCancel, h.openGiveUp)
	router.Submission(views.CallbackScriptCancel, h.submitGiveUp)
}

func (h *Handlers) retryScript(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	return h.flows.Retry(ctx, action.Value, actor)
}

// openSkip asks why a step is left out.
func (h *Handlers) openSkip(ctx context.Context, action bot.Action) error {
	script, err := h.scriptFor(ctx, action)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.SkipModal(script))
	return err
}

func (h *Handlers) submitSkip(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	return fieldError(h.flows.Skip(ctx, submission.View.PrivateMetadata, actor, reason), views.FieldReason)
}

// openByHand asks what was done, so that others can check it.
func (h *Handlers) openByHand(ctx context.Context, action bot.Action) error {
	script, err := h.scriptFor(ctx, action)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.ByHandModal(script))
	return err
}

func (h *Handlers) submitByHand(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	evidence := submission.State.Value(views.FieldEvidence, views.FieldEvidence)
	return fieldError(h.flows.DoneByHand(ctx, submission.View.PrivateMetadata, actor, evidence), views.FieldEvidence)
}

// openGiveUp asks why access is given up before it was given.
func (h *Handlers) openGiveUp(ctx context.Context, action bot.Action) error {
	script, err := h.scriptFor(ctx, action)
	if err != nil {
		return err
	}
	run, err := db.ActionFlowByID(ctx, h.store, script.FlowID)
	if err != nil {
		return err
	}
	sheet, err := db.ReadSheet(ctx, h.store, run.RequestID)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.GiveUpModal(sheet, script))
	return err
}

func (h *Handlers) submitGiveUp(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	reason := submission.State.Value(views.FieldReason, views.FieldReason)
	return fieldError(h.flows.GiveUp(ctx, submission.View.PrivateMetadata, actor, reason), views.FieldReason)
}

// scriptFor reads the script that a button is about, for somebody who may mend it now.
func (h *Handlers) scriptFor(ctx context.Context, action bot.Action) (db.FlowScript, error) {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return db.FlowScript{}, err
	}
	if err := h.flows.MayMend(ctx, action.Value, actor); err != nil {
		return db.FlowScript{}, err
	}
	return db.ScriptByID(ctx, h.store, action.Value)
}

// trouble asks whoever may mend a flow that needs a person, and draws that anew when anything changed.
func (r *recorder) trouble(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	if event.Flow == "" {
		return nil
	}
	message := db.Message{Key: "trouble:" + event.Flow, Position: event.Seq, Purpose: purposeTrouble, Ref: event.Flow, RequestID: request.ID}
	switch {
	case facts.ScriptType == slackApproval && event.Action != "action_flow.failed", len(facts.Approvers) == 0:
		r.redraw(purposeTrouble, "", event.Flow)
		return nil
	case event.Action == "script.reminded", event.Action == "script.overdue":
		message.Key += ":" + seq(event) // an update would not notify
	case event.Action != "action_flow.failed" && event.Action != "script.paused":
		r.redraw(purposeTrouble, "", event.Flow)
		return nil
	}
	if facts.AskIn != "" {
		there := message
		there.Key, there.Lane, there.Channel = message.Key+":"+facts.AskIn, requestLane(request.ID), facts.AskIn
		r.want(there)
	}
	return r.tellEach(ctx, facts.Approvers, message)
}
