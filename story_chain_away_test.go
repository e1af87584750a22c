package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
)

// TestDelegateDecides: whoever stands in for somebody who is away is asked and decides, and the card and the log say for
// whom. Who asks can't stand in for his own approver.
func TestDelegateDecides(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager]}
`, func(c *company, f *flows.Flows) {
		ben, eve := c.row("ben").ID, c.row("eve").ID
		_, err := f.Delegate(c.ctx, flows.Away{By: ben, For: ben, To: eve, From: c.Clock.Now(), Until: c.Clock.Now().Add(72 * time.Hour)})
		require.NoError(c.t, err)
		card := c.wish("ana", "8h", "While Ben is away")
		require.Contains(c.t, card.Shown(), "*Manager*: "+c.mention("eve")+" for "+c.mention("ben")+" decides")
		asked := c.dm("eve", "While Ben is away", "You are asked in place of "+c.mention("ben"))
		c.press("eve", asked.Target(), "Approve")
		card = c.untilCard(card.TS, "Active")
		require.Contains(c.t, card.Shown(), "*Approved* by "+c.mention("eve")+" for "+c.mention("ben"))
		c.untilThread(card.TS, c.mention("eve")+", for "+c.mention("ben")+", approved")

		card = c.wish("eve", "8h", "For myself")
		require.NotContains(c.t, card.Shown(), c.mention("eve")+" for "+c.mention("ben"))
		require.Contains(c.t, c.told("eve", card.Target(), "Approve"), "your own request")
	})
}
