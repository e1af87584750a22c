package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/flows"
)

// goes fills the form for being away, for hours from now.
func (c *company) goes(name string, form slack.View, from, until time.Duration, to string) {
	c.t.Helper()
	at := func(in time.Duration) string { return fmt.Sprint(c.Clock.Now().Add(in).Unix()) }
	require.NoError(c.t, c.person(name).Select(form.Target(), "From", at(from)))
	require.NoError(c.t, c.person(name).Select(form.Target(), "Until", at(until)))
	if to != "" {
		require.NoError(c.t, c.person(name).Select(form.Target(), "Who decides in your place", to))
	}
}

// TestAway: a time away is planned, begins by the clock, the delegate decides and everybody sees for whom, and it ends
// early.
func TestAway(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, f *flows.Flows, _ func()) {
		c.home("carl", "When I'm away")
		c.press("ben", c.home("ben", "When I'm away").Target(), "I'll be away…")
		form := c.view("ben", "I'll be away")
		require.NotContains(c.t, form.Fields(), "For", "only admins say it for others")
		c.goes("ben", form, 2*time.Hour, time.Hour, "carl")
		require.Contains(c.t, c.refused("ben", form, "Until"), "must not lie before")
		c.goes("ben", form, 2*time.Hour, 72*time.Hour, "ben")
		require.Contains(c.t, c.refused("ben", form, "Who decides in your place"), "somebody else")
		c.goes("ben", form, 2*time.Hour, 72*time.Hour, "carl")
		c.fill("ben", form.Target(), "Note", "The fair in *Porto*")
		c.submit("ben", form)
		home := c.homeShows("ben", c.mention("carl")+" decides in your place", "The fair in ∗Porto∗")
		require.Contains(c.t, home.Buttons(), "End")
		c.homeShows("carl", "You stand in for "+c.mention("ben")+" from")

		card := c.ask("ana", "Drive editors", "1h", "Before he leaves")
		c.dm("ben", "Before he leaves")
		require.Empty(c.t, c.dms("carl", "Before he leaves"), "it has not begun")
		require.Empty(c.t, c.dms("carl", "You stand in"))

		c.Clock.Advance(2*time.Hour + time.Second)
		c.dm("carl", "You stand in for "+c.mention("ben"), "The fair in *Porto*")
		c.homeShows("ben", "You are away", "I'm back")
		home = c.homeShows("carl", "Before he leaves", "You are asked in place of "+c.mention("ben"))
		c.press("carl", home.Target(), "Approve")
		shown := c.untilCard(card.TS, "Active").Shown()
		require.Contains(c.t, shown, c.mention("carl")+" for "+c.mention("ben"))
		c.untilThread(card.TS, c.mention("carl"), c.mention("ben"))
		c.decidedFor("carl", "ben", c.id(card))

		c.press("ben", c.homeShows("ben", "I'm back").Target(), "I'm back")
		c.dm("carl", c.mention("ben")+" is back")
		c.until("Ben's Home says nothing of being away", func() bool {
			home, _ := c.person("ben").Home("")
			return !containsAny(home.Shown(), "You are away", "I'm back")
		})
		c.asks(f, "ana", "drive-editors", 1, "He is back")
		c.dm("ben", "He is back")
		require.Empty(c.t, c.dms("carl", "He is back"))
	})
}

// decidedFor requires that the log names who decided and for whom.
func (c *company) decidedFor(name, other, request string) {
	c.t.Helper()
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{Request: request}, 1000)
	require.NoError(c.t, err)
	for _, event := range events {
		if event.Action == "decision.approved" {
			facts, err := event.Facts()
			require.NoError(c.t, err)
			require.Equal(c.t, name+"@acme.example", event.Actor)
			require.Equal(c.t, other+"@acme.example", facts.For)
			return
		}
	}
	require.Fail(c.t, "nobody approved")
}

// TestAwayForSomebodyElse: an admin says it for others, and they are told; nobody else can.
func TestAwayForSomebodyElse(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, f *flows.Flows, _ func()) {
		c.command("dana", "away")
		form := c.view("dana", "I'll be away")
		require.NoError(c.t, c.person("dana").Select(form.Target(), "For", "eve"))
		c.goes("dana", form, time.Minute, 48*time.Hour, "")
		c.submit("dana", form)
		c.dm("eve", c.mention("dana")+" noted that you are away")
		c.Clock.Advance(2 * time.Minute)
		home := c.home("eve", "You are away")
		require.Contains(c.t, home.Shown(), "Nobody decides in your place")

		rows, err := db.DelegationsOf(c.ctx, c.store, c.row("eve").ID, c.Clock.Now())
		require.NoError(c.t, err)
		require.Len(c.t, rows, 1)
		require.ErrorContains(c.t, f.EndDelegation(c.ctx, rows[0].ID, c.row("ben").ID), "Only an admin")
		_, err = f.Delegate(c.ctx, flows.Away{By: c.row("ben").ID, For: c.row("eve").ID, Until: c.Clock.Now().Add(time.Hour)})
		require.ErrorContains(c.t, err, "Only an admin")
		c.press("eve", home.Target(), "I'm back")
		c.homeShows("eve", "Say when you will be away")
	})
}
