package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
)

// TestAnAdminResetsASecondFactor: for somebody who lost his phone, found among the people. Whose it was is told, as of
// all that happens to it, and a person without one has no such button.
func TestAnAdminResetsASecondFactor(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, f *flows.Flows, _ func()) {
		require.NotContains(c.t, c.object("dana", "person", "People", "ben@acme.example", "Ben").Buttons(), "Reset second factor")
		secret, _, err := f.BeginFactor(c.ctx, c.row("ben").ID)
		require.NoError(c.t, err)
		require.NoError(c.t, f.ConfirmFactor(c.ctx, c.row("ben").ID, c.code(secret, 0)))
		c.dm("ben", "An authenticator app was set up for you", "If that was not you")

		shown := c.object("dana", "person", "People", "ben@acme.example", "Ben")
		c.press("dana", shown.Target(), "Reset second factor")
		require.NotContains(c.t, c.shows("dana", "Person", "has no second factor any more").Buttons(), "Reset second factor")
		c.dm("ben", c.mention("dana")+" removed your authenticator app")
		factor, err := f.FactorOf(c.ctx, c.row("ben").ID)
		require.NoError(c.t, err)
		require.False(c.t, factor.Enrolled)
	})
}
