package handlers

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// registerQuestion is the journey of somebody whom a script of an action flow asks.
func (h *Handlers) registerQuestion(router *bot.Router) {
	for n := range views.MostAnswers {
		router.Action(views.ActionScriptAnswer+fmt.Sprint(n+1), h.answerQuestion)
	}
}

func (h *Handlers) answerQuestion(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	button, known := views.AnswerOf(action.ActionID)
	if !known {
		return &flows.Error{Text: "This button does not exist any more. Nothing was changed."}
	}
	return h.flows.Answer(ctx, action.Value, actor, button)
}

// questions asks whoever may answer a script, and draws that anew when anything changed.
func (r *recorder) questions(ctx context.Context, event db.AuditEvent, facts db.Details, request db.Request) error {
	if event.Grant == "" {
		return nil
	}
	if facts.ScriptType == slackApproval && (event.Action == "script.asked" || event.Action == "script.reminded") {
		return r.tellEach(ctx, facts.Approvers, db.Message{
			Key: "question:" + seq(event), Position: event.Seq, Purpose: purposeQuestion, Ref: facts.ScriptID, RequestID: request.ID,
		})
	}
	r.redraw(purposeQuestion, request.ID, "")
	return nil
}

// slackApproval is the script type that asks in Slack.
const slackApproval = "slack_approval"

// tellEach wants a message for each person of the labels, each with a key of its own.
func (r *recorder) tellEach(ctx context.Context, labels []string, message db.Message) error {
	key := message.Key
	for _, label := range labels {
		p, err := personLabelled(ctx, r, label)
		if errors.Is(err, db.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		message.Key, message.Lane, message.PersonID = key+":"+p.ID, personLane(p.ID), p.ID
		r.want(message)
	}
	return nil
}
