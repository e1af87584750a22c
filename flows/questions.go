package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// maxQuestions is how many questions about one item may wait for an answer.
const maxQuestions = 5

// AskQuestion lets a person who may decide on a step ask whoever wants the access something first.
func (f *Flows) AskQuestion(ctx context.Context, stepID, personID, text string) (db.Question, error) {
	var asked db.Question
	if err := checkSaid(text, "question"); err != nil {
		return asked, err
	}
	err := f.decide(ctx, stepID, personID, func(ctx context.Context, c *change, d desk, p db.Person) error {
		questions, err := db.QuestionsOf(ctx, c, d.request.ID)
		if err != nil {
			return err
		}
		waiting := slices.DeleteFunc(questions, func(q db.Question) bool { return q.ItemID != d.item.ID || !q.AnsweredAt.IsZero() })
		if len(waiting) >= maxQuestions {
			return refuse("%d questions about this wait for an answer already. Wait for one before you ask more.", maxQuestions)
		}
		asked = db.Question{
			ID: db.NewID("qst"), RequestID: d.request.ID, ItemID: d.item.ID, StepID: d.step.ID, AskedBy: p.ID,
			Text: strings.TrimSpace(text), AskedAt: c.now,
		}
		if err := db.InsertQuestion(ctx, c, asked); err != nil {
			return err
		}
		return c.record(person(p), "question.asked", d.request.ID, &d.item, db.Details{
			Question: asked.ID, Reason: asked.Text, Step: d.step.ID, StepName: d.step.Spec.Name,
		})
	})
	return asked, err
}

// AnswerQuestion writes the answer of whoever asked for the access, or is to hold it. It can be answered for as long as
// the item is not decided.
func (f *Flows) AnswerQuestion(ctx context.Context, questionID, personID, text string) error {
	if err := checkSaid(text, "answer"); err != nil {
		return err
	}
	return f.change(ctx, func(ctx context.Context, c *change) error {
		question, item, p, err := c.questioned(ctx, questionID, personID)
		if err != nil {
			return err
		}
		question.AnsweredBy, question.Answer, question.AnsweredAt = p.ID, strings.TrimSpace(text), c.now
		if err := db.AnswerQuestion(ctx, c, question); err != nil {
			return err
		}
		return c.record(person(p), "question.answered", question.RequestID, &item, db.Details{
			Question: question.ID, Reason: question.Answer, Step: question.StepID,
		})
	})
}

// QuestionFor reads a question for somebody who may answer it now. It refuses as AnswerQuestion does.
func (f *Flows) QuestionFor(ctx context.Context, questionID, personID string) (db.Question, error) {
	var question db.Question
	err := f.change(ctx, func(ctx context.Context, c *change) (err error) {
		question, _, _, err = c.questioned(ctx, questionID, personID)
		return err
	})
	return question, err
}

// questioned reads a question under its request's lock, for somebody who may answer it now.
func (c *change) questioned(ctx context.Context, id, personID string) (question db.Question, item db.RequestItem, p db.Person, err error) {
	if p, err = holder(ctx, c, personID); err != nil {
		return question, item, p, err
	}
	question, err = db.QuestionByID(ctx, c, id)
	if errors.Is(err, db.ErrNotFound) {
		return question, item, p, refuse("This question does not exist any more.")
	}
	if err != nil {
		return question, item, p, err
	}
	request, err := db.LockRequest(ctx, c, question.RequestID)
	if err != nil {
		return question, item, p, err
	}
	if question, err = db.QuestionByID(ctx, c, id); err != nil { // as it is under the lock
		return question, item, p, err
	}
	if item, err = db.ItemByID(ctx, c, question.ItemID); err != nil {
		return question, item, p, err
	}
	return question, item, p, mayAnswer(question, request, item, p)
}

// mayAnswer says why a person can't answer a question, or nil.
func mayAnswer(question db.Question, request db.Request, item db.RequestItem, p db.Person) error {
	switch {
	case p.ID != request.RequesterID && p.ID != item.SubjectID:
		return refuse("Only the person who asked for the access and the person it is for can answer this.")
	case !question.AnsweredAt.IsZero():
		return refuse("%s has answered this already. Nothing was changed.", question.Answerer.Name)
	case item.Status != db.Pending:
		return refuse("This was already %s, so there is nothing to answer any more.", item.Status)
	}
	return nil
}

// checkSaid refuses what can't stand as a question or an answer.
func checkSaid(text, what string) error {
	if strings.TrimSpace(text) == "" {
		return refuseField(FieldText, 0, "Write your %s.", what)
	}
	err := checkReason(text)
	if refusal, ok := Refusal(err); ok {
		refusal.Field, refusal.Text = FieldText, strings.ReplaceAll(refusal.Text, "reason", what)
	}
	return err
}
