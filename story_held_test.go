package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestExtend(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card := c.held("ana", "Drive editors", "1h", "The poster", "ben")
		before := c.grants(card)[0].ExpiresAt
		mine := c.answer("ana", "mine")
		require.Subset(c.t, mine.Buttons(), []string{"Extend", "Give back"})

		c.press("ana", mine.Target(), "Extend")
		form := c.view("ana", "Extend access")
		c.fill("ana", form.Target(), "Duration", "8h")
		c.fill("ana", form.Target(), "Reason", "  ")
		require.Contains(c.t, c.refused("ana", form, "Reason"), "Write a reason")
		c.fill("ana", form.Target(), "Reason", "The printer is late")
		c.submit("ana", form)
		more := c.posted("The printer is late")
		require.ElementsMatch(c.t, decisionButtons, more.Buttons(), "it is asked anew")
		require.Equal(c.t, before, c.grants(card)[0].ExpiresAt, "and nothing is longer before")
		c.press("ben", more.Target(), "Approve")
		c.untilCard(more.TS, "with the time that this request added")
		require.Equal(c.t, before.Add(8*time.Hour), c.grants(card)[0].ExpiresAt)
		c.untilThread(more.TS, "for another 8 hours")
		c.dm("ana", "for longer")

		c.command("ana", "request drive-editors 1h because There is one more page")
		again := c.view("ana", "Request access")
		require.Contains(c.t, again.Shown(), "You hold this until")
		c.submit("ana", again)
		third := c.posted("There is one more page")
		require.Contains(c.t, third.Shown(), "More time")
		c.press("ben", third.Target(), "Approve")
		c.untilCard(third.TS, "with the time that this request added")
		require.Equal(c.t, before.Add(9*time.Hour), c.grants(card)[0].ExpiresAt)

		c.Clock.Advance(8 * time.Hour)
		require.Contains(c.t, c.card(card.TS).Shown(), "Active", "the first end is no end any more")
		c.Clock.Advance(2*time.Hour + time.Minute)
		c.untilCard(card.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
	})
}

// untilHome waits until a person's Home carries the buttons.
func (c *company) untilHome(name string, buttons ...string) slack.View {
	c.t.Helper()
	var home slack.View
	c.until("the Home of "+name+" carries the buttons", func() bool {
		home, _ = c.person(name).Home("")
		return !slices.ContainsFunc(buttons, func(label string) bool { return !slices.Contains(home.Buttons(), label) })
	})
	return home
}

func TestGiveBack(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		require.NoError(c.t, c.person("ana").OpenHome(""))
		card := c.held("ana", "Drive editors", "30d", "The fair", "ben")
		home := c.untilHome("ana", "Extend", "Give back")
		c.press("ana", home.Target(), "Give back")
		c.untilCard(card.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.untilThread(card.TS, c.mention("ana")+" gave", "Access has ended")
		home = c.homeShows("ana", "You hold no access")
		require.NotContains(c.t, home.Buttons(), "Give back")

		require.Contains(c.t, c.answer("ana", "return drive-editors").Shown(), "You hold no access")
		require.Empty(c.t, c.dm("ana", "You had", "Drive editors").Buttons(), "what was told before carries no button that does nothing")
		require.Contains(c.t, c.answer("ana", "extend "+c.id(card)).Shown(), "You hold no access")

		card = c.held("ana", "Drive editors", "1h", "The fair again", "ben")
		require.Contains(c.t, c.answer("ana", "return drive-editors").Shown(), "taken back now")
		c.untilCard(card.TS, "Access has ended")
	})
}

// TestTheCommands plays the sub-commands that need no form.
func TestTheCommands(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		require.Contains(c.t, c.answer("ana", "help").Shown(), "/access approvals")
		require.Contains(c.t, c.answer("ana", "open sesame").Shown(), "/access approvals", "what makes no sense gets the help")
		require.Contains(c.t, c.answer("ana", "mine").Shown(), "You hold no access")
		require.Contains(c.t, c.answer("ana", "approvals").Shown(), "Nothing waits")
		require.Contains(c.t, c.answer("ana", "status req_0").Shown(), "There is no request")
		for _, word := range []string{"status", "cancel", "extend", "return", "revoke", "who"} {
			require.Contains(c.t, c.answer("ana", word).Shown(), "/access "+word+" ")
		}

		card := c.ask("ana", "Drive editors", "1h", "A small change")
		id := c.id(card)
		for _, name := range []string{"ana", "ben", "dana"} {
			require.Contains(c.t, c.answer(name, "status "+id).Shown(), "Waiting for Manager")
		}
		require.Contains(c.t, c.answer("carl", "status "+id).Shown(), "does not concern you")
		waiting := c.answer("ben", "approvals")
		require.Contains(c.t, waiting.Shown(), "A small change")
		require.ElementsMatch(c.t, decisionButtons, waiting.Buttons())

		require.Contains(c.t, c.answer("carl", "cancel "+id).Shown(), "Only the person who asked")
		require.NotContains(c.t, c.actions(id), "request.cancelled")
		require.Contains(c.t, c.answer("ana", "cancel "+id).Shown(), "Cancelled")
		require.Empty(c.t, c.untilCard(card.TS, "Cancelled").Buttons())
		c.untilThread(card.TS, c.mention("ana")+" withdrew")
		require.Contains(c.t, c.answer("ana", "cancel "+id).Shown(), "nothing to cancel")

		card = c.ask("ana", "Drive editors", "1h", "A larger change")
		c.press("ben", waiting.Target(), "Approve")
		require.Contains(c.t, c.privately("ben", 2).Shown(), "cancelled")
		waiting = c.answer("ben", "approvals")
		c.press("ben", waiting.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.answer("carl", "who drive-editors").Shown(), c.mention("ana"))
		require.Contains(c.t, c.answer("carl", "who Drive Viewers").Shown(), "Nobody holds")
		require.Contains(c.t, c.answer("carl", "who knows").Shown(), "knows")
	})
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.held("ana", "Drive editors", "30d", "The archive", "ben")
		require.Contains(c.t, c.answer("carl", "revoke "+c.id(card)).Shown(), "Only the owner")
		require.Contains(c.t, c.answer("dana", "revoke grt_0").Shown(), "There is no access")
		c.command("dana", "revoke "+c.id(card))
		form := c.view("dana", "Revoke access")
		c.fill("dana", form.Target(), "Reason", " ")
		require.Contains(c.t, c.refused("dana", form, "Reason"), "Write a reason")
		c.fill("dana", form.Target(), "Reason", "The project is over")
		c.submit("dana", form)
		c.untilCard(card.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.untilThread(card.TS, c.mention("dana")+" revoked", "The project is over")
		c.dm("ana", "was revoked by "+c.mention("dana"), "The project is over")
		require.Contains(c.t, c.answer("dana", "revoke "+c.id(card)).Shown(), "already ended")
	})
}

// TestWithdrawnBySomebodyElse: whose request an admin takes back is told of it; who takes back his own knows.
func TestWithdrawnBySomebodyElse(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "By mistake")
		require.Contains(c.t, c.answer("dana", "cancel "+c.id(card)).Shown(), "Cancelled")
		c.dm("ana", "was withdrawn by "+c.mention("dana"))
		card = c.ask("ana", "Drive editors", "1h", "By another mistake")
		c.answer("ana", "cancel "+c.id(card))
		c.untilThread(card.TS, c.mention("ana")+" withdrew the request for *Drive editors*")
		require.Len(c.t, c.dms("ana", "was withdrawn"), 1)
	})
}

// TestForAdmins: the state of the system and the audit log are theirs alone.
func TestForAdmins(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.held("ana", "Drive editors", "1h", "=HYPERLINK(1)", "ben")
		require.Contains(c.t, c.answer("ana", "admin").Shown(), "Only admins")
		require.Contains(c.t, c.answer("ana", "audit").Shown(), "Only admins")
		c.sockets(2) // a story begins with the first
		require.Contains(c.t, c.health("dana").Shown(), "2 of 2 connections")
		require.Contains(c.t, c.answer("dana", "audit req_0").Shown(), "There is no request")
		require.Contains(c.t, c.answer("dana", "audit "+c.id(card)).Shown(), "usher-audit.csv")
		c.until("the file is there", func() bool {
			for _, message := range c.person("dana").DMs() {
				if len(message.Files) > 0 {
					return message.Files[0].Name == "usher-audit.csv" && message.Files[0].Size > 0
				}
			}
			return false
		})
		for _, name := range []string{"ana", "ben"} {
			for _, message := range c.person(name).DMs() {
				require.Empty(c.t, message.Files)
			}
		}
		home := c.home("dana", "State of the system")
		require.NotContains(c.t, home.Shown(), "Stopped")
	})
}
