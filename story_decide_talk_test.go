package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/flows"
)

// inThread waits for a message of a card's thread that shows a text and has a button.
func (c *company) inThread(card slack.Message, button, text string) slack.Message {
	c.t.Helper()
	var found slack.Message
	c.until("the thread has "+button+" with "+text, func() bool {
		for _, message := range c.person("dana").Thread(c.access(), card.TS) {
			if strings.Contains(message.Shown(), text) && strings.Contains(strings.Join(message.Buttons(), "|"), button) {
				found = message
			}
		}
		return found.TS != ""
	})
	return found
}

// TestAskBeforeDeciding: a question stands in the thread and with whoever asked; the answer goes back to the card and to
// whoever wanted to know.
func TestAskBeforeDeciding(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager]}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Something vague")
		require.Contains(c.t, c.told("carl", card.Target(), "Ask a question"), "not one of the people")
		c.press("ben", card.Target(), "Ask a question")
		form := c.view("ben", "Ask a question")
		require.Contains(c.t, form.Shown(), "Something vague")
		c.fill("ben", form.Target(), "Question", "  ")
		require.Contains(c.t, c.refused("ben", form, "Question"), "Write your question")
		c.fill("ben", form.Target(), "Question", "Which *folder*?")
		c.submit("ben", form)

		card = c.untilCard(card.TS, "No answer yet")
		asked := c.inThread(card, "Answer", "Which *folder*?")
		require.Contains(c.t, asked.Shown(), c.mention("ana"))
		require.Equal(c.t, []string{"Answer"}, c.dm("ana", "Which *folder*?").Buttons())
		c.press("carl", asked.Target(), "Answer")
		c.until("Carl is refused", func() bool {
			return strings.Contains(shownAll(c.person("carl").Ephemerals(c.access())), "Only the person who asked")
		})

		c.press("ana", asked.Target(), "Answer")
		form = c.view("ana", "Answer")
		require.Contains(c.t, form.Shown(), "Which *folder*?")
		c.fill("ana", form.Target(), "Answer", "The one of the relaunch")
		c.submit("ana", form)
		card = c.untilCard(card.TS, "answered: “The one of the relaunch”")
		c.untilThread(card.TS, c.mention("ana")+" answered a question", "The one of the relaunch")
		c.dm("ben", "answered your question", "The one of the relaunch")
		c.until("nobody can answer again", func() bool { return len(c.dm("ana", "Which *folder*?").Buttons()) == 0 })
		require.ElementsMatch(c.t, decisionButtons, card.Buttons(), "a question decides nothing")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
	})
}

func shownAll(messages []slack.Message) string {
	var all []string
	for _, message := range messages {
		all = append(all, message.Shown())
	}
	return strings.Join(all, "\n")
}

// TestHandOver: who is asked gives the decision to somebody else, who is asked then; he himself has nothing left to do.
func TestHandOver(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager]}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Not my field")
		c.press("ben", card.Target(), "Hand over…")
		form := c.view("ben", "Hand over")
		c.fill("ben", form.Target(), "Reason", "Eve knows more")
		require.NoError(c.t, c.person("ben").Select(form.Target(), "To", "ana"))
		require.NotEmpty(c.t, c.refused("ben", form, "To"), "nobody decides on his own request")
		require.NoError(c.t, c.person("ben").Select(form.Target(), "To", "eve"))
		c.submit("ben", form)

		card = c.untilCard(card.TS, c.mention("ben")+" handed the decision to "+c.mention("eve"))
		require.Contains(c.t, card.Shown(), "*Manager*: "+c.mention("eve")+" decides")
		c.untilThread(card.TS, c.mention("ben")+" handed the decision of step *Manager* to "+c.mention("eve")+". Reason: Eve knows more.")
		require.Contains(c.t, c.told("ben", card.Target(), "Approve"), "Eve Lind")
		c.until("Ben has nothing left to do", func() bool { return len(c.dm("ben", "Chain access").Buttons()) == 0 })
		asked := c.dm("eve", "Not my field", "waits for your decision")
		c.press("eve", asked.Target(), "Approve")
		card = c.untilCard(card.TS, "Active")
		require.Contains(c.t, card.Shown(), "approved by "+c.mention("eve"))
	})
}

// TestFixedStep: where the chain says so, nobody can hand the decision over, and the menu does not offer it.
func TestFixedStep(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager], fixed: true}
`, func(c *company, f *flows.Flows) {
		card := c.wish("ana", "8h", "Only Ben")
		require.NotContains(c.t, card.Buttons(), "Hand over…")
		err := f.HandOver(c.ctx, c.step(card), c.row("ben").ID, c.row("eve").ID, "")
		refusal, ok := flows.Refusal(err)
		require.True(c.t, ok)
		require.Contains(c.t, refusal.Text, "does not let")
	})
}

// TestRemindThem: whoever waits has the approvers reminded, but not all the time.
func TestRemindThem(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager]}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "I wait")
		c.dm("ben", "I wait", "waits for your decision")
		status := c.answer("ana", "status "+c.id(card))
		require.Contains(c.t, status.Buttons(), "Remind them")
		require.NotContains(c.t, c.answer("ben", "status "+c.id(card)).Buttons(), "Remind them", "only who waits can")
		require.Contains(c.t, c.told("ana", status.Target(), "Remind them"), "They are reminded now")
		c.dm("ben", "A reminder", "I wait")
		c.untilThread(card.TS, c.mention("ana")+" had those who decide on *Chain access* reminded.")
		require.Contains(c.t, c.told("ana", status.Target(), "Remind them"), "again in 1 hour")
		for range 2 {
			c.Clock.Advance(61 * time.Minute)
			require.Contains(c.t, c.told("ana", status.Target(), "Remind them"), "They are reminded now")
		}
		c.Clock.Advance(61 * time.Minute)
		require.Contains(c.t, c.told("ana", status.Target(), "Remind them"), "reminded 3 times")
		c.until("three reminders have arrived", func() bool { return len(c.dms("ben", "A reminder", "I wait")) == 3 })
	})
}

// TestWhyAndWhat: the rules that decide say why a request stands as it stands, and what would happen if one asked.
func TestWhyAndWhat(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager]}
      - {name: Owners, approvers: [owner, dana@acme.example], need: 1}
`, func(c *company, _ *flows.Flows) {
		what := c.answer("ana", "what Chain access 1h").Shown()
		require.Contains(c.t, what, "If you asked for *Chain access* at Acme Drive for 1 hour")
		require.Contains(c.t, what, c.mention("ben"))
		require.Contains(c.t, what, "Owners")
		require.Contains(c.t, c.answer("ana", "what the moon").Shown(), "the moon")

		card := c.wish("ana", "8h", "Explain this")
		why := c.answer("ana", "why "+c.id(card)).Shown()
		require.Contains(c.t, why, "Waiting for Manager")
		require.Contains(c.t, why, c.mention("ben"))
		require.Contains(c.t, why, "*You*: ")
		require.Contains(c.t, c.answer("carl", "why "+c.id(card)).Shown(), "does not concern you")
		require.Contains(c.t, c.answer("ana", "why").Shown(), "Say which request")

		c.press("ben", card.Target(), "Why?")
		form := c.view("ben", "Why?")
		require.Contains(c.t, form.Shown(), "Explain this")
		require.Contains(c.t, form.Shown(), "Owners")
		require.NoError(c.t, c.person("ben").CloseView(form))
	})
}
