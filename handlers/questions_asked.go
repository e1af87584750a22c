package handlers

import (
	"context"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/handlers/views"
)

// registerQuestions is the journey of a question about a request: somebody who decides asks, whoever wants the access
// answers. And of somebody who waits: he has those reminded who decide.
func (h *Handlers) registerQuestions(router *bot.Router) {
	router.Submission(views.CallbackQuestion, h.submitQuestion)
	router.Action(views.ActionQuestionAnswer, h.openAnswer)
	router.Submission(views.CallbackAnswer, h.submitAnswer)
	router.Action(views.ActionRequestNudge, h.nudge)
}

func (h *Handlers) submitQuestion(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	text := submission.State.Value(views.FieldQuestion, views.FieldQuestion)
	_, err = h.flows.AskQuestion(ctx, submission.View.PrivateMetadata, actor, text)
	return fieldError(err, views.FieldQuestion)
}

// openAnswer asks for the answer; the submission gives it.
func (h *Handlers) openAnswer(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	question, err := h.flows.QuestionFor(ctx, action.Value, actor)
	if err != nil {
		return err
	}
	_, err = h.slack.OpenView(ctx, action.TriggerID, views.AnswerModal(question))
	return err
}

func (h *Handlers) submitAnswer(ctx context.Context, submission bot.Submission) (bot.ViewAnswer, error) {
	actor, err := h.actor(ctx, submission.By)
	if err != nil {
		return bot.ViewAnswer{}, err
	}
	text := submission.State.Value(views.FieldAnswer, views.FieldAnswer)
	return fieldError(h.flows.AnswerQuestion(ctx, submission.View.PrivateMetadata, actor, text), views.FieldAnswer)
}

// nudge has those reminded who have not decided yet, and says so where the button was pressed in a message.
func (h *Handlers) nudge(ctx context.Context, action bot.Action) error {
	actor, err := h.actor(ctx, action.By)
	if err != nil {
		return err
	}
	if err := h.flows.Nudge(ctx, action.Value, actor); err != nil || action.ResponseURL == "" {
		return err
	}
	done := views.Refusal("They are reminded now.")
	return h.slack.Respond(ctx, action.ResponseURL, bot.Message{Text: done.Text, Blocks: done.Blocks}, false)
}
