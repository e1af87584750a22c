package main

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// TestWhoMayNotDecide presses Approve as everybody who may not; nothing comes of it and each is told in private.
func TestWhoMayNotDecide(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		form := c.choose("ana", c.form("ana"), "Access", "Drive editors", c.mention("ben"))
		require.NoError(c.t, c.person("ana").Select(form.Target(), "For", "carl"))
		form = c.untilForm("ana", c.mention("dana"))
		c.fill("ana", form.Target(), "Duration", "1h")
		c.fill("ana", form.Target(), "Reason", "For Carl's client")
		c.submit("ana", form)
		card := c.posted("For Carl's client")

		for name, why := range map[string]string{
			"ana":  "your own request",
			"carl": "access for yourself",
			"eve":  "not one of the people",
			"gil":  "Guests",
			"sora": "another workspace",
		} {
			for _, label := range []string{"Approve", "Deny", "Change…", "Ask a question"} {
				require.Contains(c.t, c.told(name, card.Target(), label), why, "%s, %s", name, label)
				require.Empty(c.t, c.person(name).Views())
			}
		}
		require.Contains(c.t, c.answer("sora", "mine").Shown(), "another workspace")
		require.Contains(c.t, c.answer("gil", "request").Shown(), "Guests")
		require.Empty(c.t, c.person("gil").Views())
		require.NotContains(c.t, c.actions(c.id(card)), "decision.approved")
		require.NotContains(c.t, c.actions(c.id(card)), "decision.denied")
		require.Contains(c.t, c.card(card.TS).Shown(), "0 of 1 approval")
		require.Empty(c.t, c.grants(card))

		require.NoError(c.t, c.Workspace.ChangeUser("dana", func(u *slack.User) { u.Restricted = true }))
		c.until("the bot has heard of it", func() bool { return c.kind("dana") == "guest" })
		require.Contains(c.t, c.told("dana", card.Target(), "Approve"), "Guests", "power is looked up at the click")
	})
}

// kind is what the bot knows of a person.
func (c *company) kind(name string) string {
	var kind string
	err := c.store.NewSelect().Table("people").Column("kind").Where("slack_id = ?", c.person(name).ID()).Scan(c.ctx, &kind)
	require.NoError(c.t, err)
	return kind
}

// TestClicksThatComeTooLate: old buttons, a second press, and the loser of a race.
func TestClicksThatComeTooLate(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "The brochure")
		ask := c.dm("ben", "The brochure", "waits for your decision")
		c.Clock.Advance(24*time.Hour + time.Minute) // nobody decided: Dana may too
		c.until("Dana is asked", func() bool { return len(c.dms("dana", "The brochure")) > 0 })
		seen := map[string]int{"ben": len(c.person("ben").Ephemerals(c.access())), "dana": len(c.person("dana").Ephemerals(c.access()))}
		var both sync.WaitGroup
		for _, name := range []string{"ben", "dana"} {
			both.Go(func() {
				if err := c.person(name).PressLabel(card.Target(), "Approve"); err != nil {
					c.t.Errorf("%s: %v", name, err)
				}
			})
		}
		both.Wait()
		shown := c.untilCard(card.TS, "Active")
		require.Empty(c.t, shown.Buttons())
		var losers []string
		c.until("the one who lost is told", func() bool {
			losers = nil
			for name, before := range seen {
				if all := c.person(name).Ephemerals(c.access()); len(all) > before {
					losers = append(losers, name+": "+all[len(all)-1].Shown())
				}
			}
			return len(losers) > 0
		})
		require.Len(c.t, losers, 1)
		require.Contains(c.t, losers[0], "already approved")
		require.Len(c.t, c.grants(card), 1)
		approvals := 0
		for _, action := range c.actions(c.id(card)) {
			if action == "decision.approved" {
				approvals++
			}
		}
		require.Equal(c.t, 1, approvals)

		dm := c.dm("ben", "Drive editors", "nothing left for you to decide")
		require.Equal(c.t, ask.TS, dm.TS, "what was asked is drawn anew")
		require.Empty(c.t, dm.Buttons())
	})
}

// TestAModalThatIsTooLate: the form was open while the request was decided elsewhere.
func TestAModalThatIsTooLate(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "The leaflet")
		c.press("ben", card.Target(), "Deny")
		deny := c.view("ben", "Deny request")
		c.fill("ben", deny.Target(), "Reason", "No")
		c.answer("ana", "cancel "+c.id(card))
		require.Contains(c.t, c.refused("ben", deny, "Reason"), "cancelled")
		require.NoError(c.t, c.person("ben").CloseView(deny))
		c.untilCard(card.TS, "Cancelled")

		card = c.ask("ana", "Drive editors", "1h", "The flyer")
		c.press("ben", card.Target(), "Change…")
		change := c.view("ben", "Change request")
		c.fill("ben", change.Target(), "Duration", "10m")
		c.answer("ana", "cancel "+c.id(card))
		require.Contains(c.t, c.refused("ben", change, "Duration"), "cancelled")
	})
}

// TestDoubleClick presses Approve twice: the second one is told and changes nothing.
func TestDoubleClick(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "The stand")
		var twice sync.WaitGroup
		for range 2 {
			twice.Go(func() {
				if err := c.person("ben").PressLabel(card.Target(), "Approve"); err != nil {
					c.t.Error(err)
				}
			})
		}
		twice.Wait()
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.privately("ben", 0).Shown(), "already approved")
		require.Len(c.t, c.person("ben").Ephemerals(c.access()), 1)
		require.Len(c.t, c.grants(card), 1)
	})
}
