package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTheMainJob is the product in one story: ask, approve, provision, watch, expire, and the target is as before.
func TestTheMainJob(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "Quarterly report")
		require.ElementsMatch(c.t, decisionButtons, card.Buttons())
		require.NoError(c.t, c.person("ben").PressLabel(card.Target(), "Approve"))
		shown := c.untilCard(card.TS, "Active")
		require.Empty(c.t, shown.Buttons(), "no decision button on a decided card")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")

		c.Clock.Advance(time.Hour + time.Second)
		c.untilCard(card.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.untilThread(card.TS, "find", "account", "join", "leave", "ended")
		c.t.Log(c.card(card.TS).Shown())
		c.t.Log(c.thread(card.TS))
	})
}
