package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
)

// TestKeptApart: what one person should not hold together is shown to whoever decides, and needs one approval more.
func TestKeptApart(t *testing.T) {
	t.Parallel()
	onChain(t, "      - {name: Manager, approvers: [manager]}\n", func(c *company, f *flows.Flows) {
		card := c.wants("ana", "invoice-entry", "1d", "I enter them")
		c.untilCard(card.TS, "Active")
		card = c.wants("ana", "payment-release", "1h", "And I pay them")
		require.Contains(c.t, card.Shown(), "*Separation of duties*: "+c.mention("ana")+" has or asks for *Invoice entry* besides, which “Enter or pay” keeps apart.")
		require.Contains(c.t, c.dm("ben", "And I pay them").Shown(), "Separation of duties")
		secret := c.enrol(f, "ben")
		c.press("ben", card.Target(), "Approve")
		form := c.view("ben", "Approve request")
		require.Contains(c.t, form.Shown(), "Separation of duties")
		c.fill("ben", form.Target(), "Code", c.code(secret, 1))
		c.submit("ben", form)
		card = c.untilCard(card.TS, "Waiting for Two hands")
		require.Empty(c.t, c.grants(card))
		c.press("eve", card.Target(), "Approve")
		form = c.view("eve", "Approve request")
		c.fill("eve", form.Target(), "Comment", "Only this month")
		c.submit("eve", form)
		c.untilCard(card.TS, "Active")
	})
}
