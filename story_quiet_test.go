package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// quietInLondon makes it quiet where Ben lives, for half an hour from now. Dana lives an hour further on, where it is
// over already.
func (c *company) quietInLondon() {
	c.t.Helper()
	london, err := time.LoadLocation("Europe/London")
	require.NoError(c.t, err)
	now := c.Clock.Now().In(london)
	c.set(func(s *db.Settings) {
		s.QuietHours = db.QuietHours{From: now.Add(-5 * time.Minute).Format("15:04"), To: now.Add(30 * time.Minute).Format("15:04")}
	})
}

// TestQuietHours: whoever sleeps is asked when his night is over, once, and only of what waits still; others at once, and
// what else he is told comes at once too.
func TestQuietHours(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Both, approvers: [ben@acme.example, dana@acme.example], need: 2}
`, func(c *company, f *flows.Flows) {
		c.quietInLondon()
		card := c.wish("ana", "8h", "Late work")
		c.dm("dana", "Late work", "waits for your decision")
		require.Contains(c.t, card.Shown(), "when the quiet hours are over")
		withdrawn := c.wish("ana", "1h", "Never mind")
		c.dm("dana", "Never mind", "waits for your decision")
		require.NoError(c.t, f.Nudge(c.ctx, c.id(card), c.row("ana").ID))
		c.untilThread(card.TS, "were reminded")
		require.NoError(c.t, f.Cancel(c.ctx, c.id(withdrawn), c.row("ana").ID))
		c.untilCard(withdrawn.TS, "Cancelled")

		own := c.wish("ben", "1h", "Of his own")
		c.press("dana", own.Target(), "Deny")
		form := c.view("dana", "Deny request")
		c.fill("dana", form.Target(), "Reason", "Not tonight")
		c.submit("dana", form)
		c.dm("ben", "Denied", "Not tonight")
		require.Empty(c.t, c.dms("ben", "waits for your decision"))

		c.Clock.Advance(31 * time.Minute)
		ask := c.dm("ben", "Late work", "waits for your decision")
		c.until("the card is drawn anew", func() bool { return !strings.Contains(c.card(card.TS).Shown(), "quiet hours") })
		c.press("ben", ask.Target(), "Approve")
		c.untilCard(card.TS, "1 of 2 approvals")
		require.Len(c.t, c.dms("ben", "Late work"), 1, "he is not reminded of what he was not asked yet")
		require.Empty(c.t, c.dms("ben", "Never mind"))
	})
}

// TestEmergenciesKnowNoNight: whoever takes the emergency path does not wait for the morning.
func TestEmergenciesKnowNoNight(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [ben@acme.example]}
`, func(c *company, f *flows.Flows) {
		c.quietInLondon()
		path := `{"chain": "story", "max": "1h", "channel": "#security", "reviewers": ["owner"]}`
		_, err := c.store.NewUpdate().Table("entitlements").Set("emergency = ?", path).Where("slug = 'chain-access'").Exec(c.ctx)
		require.NoError(c.t, err)
		wanted, err := db.EntitlementBySlug(c.ctx, c.store, "chain-access")
		require.NoError(c.t, err)
		_, err = f.Request(c.ctx, flows.Ask{
			By: c.row("ana").ID, Reason: "It burns", Emergency: true, Submission: db.NewID("sub"),
			Items: []flows.AskItem{{EntitlementID: wanted.ID, Duration: wanted.Emergency.Max}},
		})
		require.NoError(c.t, err)
		c.dm("ben", "It burns", "waits for your decision")
	})
}

// TestRemindedAfterTheNight: all reminders of a night come as one, in the morning.
func TestRemindedAfterTheNight(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [ben@acme.example]}
`, func(c *company, f *flows.Flows) {
		card := c.wish("ana", "8h", "Not urgent")
		c.dm("ben", "Not urgent", "waits for your decision")
		now := c.Clock.Now().UTC()
		c.set(func(s *db.Settings) {
			s.QuietHours = db.QuietHours{From: now.Add(-2 * time.Hour).Format("15:04"), To: now.Add(4 * time.Hour).Format("15:04")} // London's clock is an hour on at most
		})
		for range 2 {
			require.NoError(c.t, f.Nudge(c.ctx, c.id(card), c.row("ana").ID))
			c.Clock.Advance(61 * time.Minute)
		}
		require.Len(c.t, c.dms("ben", "Not urgent"), 1)
		c.Clock.Advance(4 * time.Hour)
		c.until("Ben is reminded", func() bool { return len(c.dms("ben", "Not urgent")) > 1 })
		c.command("ben", "mine") // an answer later than anything that was on its way
		require.Len(c.t, c.dms("ben", "Not urgent"), 2)
	})
}
