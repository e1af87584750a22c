package flows_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestQuestionAndAnswer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "ana", "editors", "8h")
		form.For = b.people["carl"] // Ana asks for Carl, whose manager is Ben
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		step := b.step(t, request.ID)
		_, err = b.AskQuestion(b.ctx, step, b.people["dana"], "Why?")
		refused(t, err, "not one of the people")
		for _, text := range []string{"", " \n", "\x00", strings.Repeat("a", 5000)} {
			_, err = b.AskQuestion(b.ctx, step, b.people["ben"], text)
			refusedAt(t, err, flows.FieldText, "question")
		}
		question, err := b.AskQuestion(b.ctx, step, b.people["ben"], " Which drive? ")
		require.NoError(t, err)
		require.Equal(t, "Which drive?", b.sheet(t, request.ID).Questions[0].Text)

		for who, says := range map[string]string{"ben": "Only the person who asked", "eve": "Only the person who asked", "greta": "Only the person who asked", "bolt": "Bots can't"} {
			_, err = b.QuestionFor(b.ctx, question.ID, b.people[who])
			refused(t, err, says)
			refused(t, b.AnswerQuestion(b.ctx, question.ID, b.people[who], "That one"), says)
		}
		refusedAt(t, b.AnswerQuestion(b.ctx, question.ID, b.people["ana"], " "), flows.FieldText, "answer")
		refused(t, b.AnswerQuestion(b.ctx, "nothing", b.people["ana"], "That one"), "does not exist")
		_, err = b.QuestionFor(b.ctx, question.ID, b.people["ana"])
		require.NoError(t, err)
		require.NoError(t, b.AnswerQuestion(b.ctx, question.ID, b.people["carl"], "The design one"))
		refused(t, b.AnswerQuestion(b.ctx, question.ID, b.people["ana"], "Another"), "carl has answered this already")
		answered := b.sheet(t, request.ID).Questions[0]
		require.Equal(t, "The design one", answered.Answer)
		require.Equal(t, b.people["carl"], answered.AnsweredBy)
		facts := b.fact(t, request.ID, "question.answered")
		require.Equal(t, db.Details{Question: question.ID, Reason: "The design one", Step: step, Item: answered.ItemID}, facts)

		open, err := b.AskQuestion(b.ctx, step, b.people["ben"], "And then?")
		require.NoError(t, err)
		require.NoError(t, b.Deny(b.ctx, step, b.people["ben"], "no"))
		refused(t, b.AnswerQuestion(b.ctx, open.ID, b.people["ana"], "That"), "already denied")
		_, err = b.AskQuestion(b.ctx, step, b.people["ben"], "Still there?")
		refused(t, err, "already denied")
	})
}

// At most five questions wait, however many are asked at once; an answer makes room.
func TestFiveQuestionsWait(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		step := b.step(t, request.ID)
		var group sync.WaitGroup
		failures := make(chan error, 9)
		for range cap(failures) {
			group.Go(func() {
				_, err := b.AskQuestion(b.ctx, step, b.people["ben"], "Why?")
				failures <- err
			})
		}
		group.Wait()
		close(failures)
		full := 0
		for err := range failures {
			if refusal, ok := flows.Refusal(err); ok {
				require.Contains(t, refusal.Text, "5 questions")
				full++
				continue
			}
			require.NoError(t, errors.Unwrap(err))
		}
		require.Equal(t, 4, full)
		questions := b.sheet(t, request.ID).Questions
		require.Len(t, questions, 5)
		require.NoError(t, b.AnswerQuestion(b.ctx, questions[0].ID, b.people["ana"], "So"))
		_, err := b.AskQuestion(b.ctx, step, b.people["ben"], "Why?")
		require.NoError(t, err)
	})
}

func TestNudge(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		for _, who := range []string{"ben", "carl", "ada"} {
			refused(t, b.Nudge(b.ctx, request.ID, b.people[who]), "Only the person who asked")
		}
		refused(t, b.Nudge(b.ctx, "nothing", b.people["ana"]), "There is no request")
		before := b.sheet(t, request.ID).Items[0].Current().RemindAt
		for n := range 3 {
			require.NoError(t, b.Nudge(b.ctx, request.ID, b.people["ana"]))
			require.Equal(t, n+1, b.count(t, request.ID, "request.nudged"))
			require.Equal(t, n+1, b.count(t, request.ID, "step.reminded"))
			if n < 2 {
				refused(t, b.Nudge(b.ctx, request.ID, b.people["ana"]), "again in 1 hour")
				b.clock.Advance(40 * minute)
				refused(t, b.Nudge(b.ctx, request.ID, b.people["ana"]), "again in 20 minutes")
				b.clock.Advance(20 * minute)
			}
		}
		require.Equal(t, before, b.sheet(t, request.ID).Items[0].Current().RemindAt, "the chain's own reminder comes as it would")
		b.clock.Advance(hour)
		refused(t, b.Nudge(b.ctx, request.ID, b.people["ana"]), "reminded 3 times")
		require.NoError(t, b.Approve(b.ctx, b.step(t, request.ID), b.people["ben"], flows.Consent{}))
		refused(t, b.Nudge(b.ctx, request.ID, b.people["ana"]), "approved already")
	})
}
