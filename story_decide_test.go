package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// decisionButtons are what stands below an open step: the buttons, and the entries of the menu.
var decisionButtons = []string{"Approve", "Deny", "Change…", "Ask a question", "Hand over…", "Why?"}

func TestDeny(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "Just curious")
		c.press("ben", card.Target(), "Deny")
		form := c.view("ben", "Deny request")
		require.Contains(c.t, form.Shown(), "Just curious")
		require.NotEmpty(c.t, c.card(card.TS).Buttons(), "opening the form decides nothing")

		c.fill("ben", form.Target(), "Reason", "   ")
		require.Contains(c.t, c.refused("ben", form, "Reason"), "Write a reason")
		require.NotContains(c.t, c.actions(c.id(card)), "decision.denied")

		c.fill("ben", form.Target(), "Reason", "Ask again with a *project*")
		c.submit("ben", form)
		require.Empty(c.t, c.person("ben").Views())
		shown := c.untilCard(card.TS, "Denied")
		require.Empty(c.t, shown.Buttons())
		c.untilThread(card.TS, c.mention("ben")+" denied", "Ask again with a ∗project∗")
		c.dm("ana", "Drive editors", "Denied", c.mention("ben"), "Ask again with a ∗project∗")
		require.Empty(c.t, c.grants(card))
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
	})
}

func TestChangeThenApprove(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "8h", "Brand review")
		c.press("ben", card.Target(), "Change…")
		form := c.view("ben", "Change request")
		require.Equal(c.t, "8 hours", form.Value("Duration"))
		c.fill("ben", form.Target(), "Duration", "1h")
		c.fill("ben", form.Target(), "Comment", "One hour is enough")
		c.submit("ben", form)
		c.untilThread(card.TS, c.mention("ben")+" changed the duration", "from 8 hours to 1 hour", "One hour is enough")
		shown := c.untilCard(card.TS, "1 hour")
		require.ElementsMatch(c.t, decisionButtons, shown.Buttons(), "a change is no decision")

		c.press("ben", shown.Target(), "Change…")
		form = c.view("ben", "Change request")
		require.Contains(c.t, c.refused("ben", form, "Duration"), "already")
		require.NoError(c.t, c.person("ben").CloseView(form))

		c.press("ben", shown.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		grants := c.grants(card)
		require.Len(c.t, grants, 1)
		require.Equal(c.t, time.Hour, grants[0].ExpiresAt.Sub(grants[0].ActiveAt))
	})
}

// TestTwoStepsAndAQuorum: the manager first, then both of the drive's administrators.
func TestTwoStepsAndAQuorum(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card := c.ask("ana", "Drive administrators", "1h", "Move the archive")
		require.Contains(c.t, card.Shown(), "Waiting for Manager")
		require.Contains(c.t, c.told("dana", card.Target(), "Approve"), "not one of the people")

		c.press("ben", card.Target(), "Approve")
		card = c.untilCard(card.TS, "Waiting for Drive admins")
		require.Contains(c.t, card.Shown(), "0 of 2 approvals")
		require.Contains(c.t, c.told("ben", card.Target(), "Approve"), "not one of the people")

		c.press("dana", card.Target(), "Approve")
		card = c.untilCard(card.TS, "1 of 2 approvals")
		require.Contains(c.t, c.told("dana", card.Target(), "Approve"), "already", "one decision of a person counts once")
		require.Empty(c.t, c.grants(card))
		require.NotContains(c.t, c.Target.Members("Administrators"), "ana@acme.example")

		c.press("eve", card.Target(), "Approve")
		card = c.untilCard(card.TS, "Active")
		require.Empty(c.t, card.Buttons())
		require.Contains(c.t, c.Target.Members("Administrators"), "ana@acme.example")
		c.untilThread(card.TS, c.mention("ben")+" approved", c.mention("dana")+" approved", c.mention("eve")+" approved")
		for _, name := range []string{"ben", "dana", "eve"} {
			asked := c.dm(name, "Drive administrators", "nothing left for you to decide")
			require.Empty(c.t, asked.Buttons())
		}
	})
}
