package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// TestRulesDecide: a rule approves at once and another denies at once. The form says so before, the card and the thread
// name the rule, and whoever is denied is told why.
func TestRulesDecide(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		form := c.choose("ana", c.form("ana"), "Access", "Invoice entry", "Acme Drive")
		c.fill("ana", form.Target(), "Duration", "1d")
		c.fill("ana", form.Target(), "Reason", "The invoice of the printer")
		c.submit("ana", form)
		card := c.posted("The invoice of the printer")
		card = c.untilCard(card.TS, "Active")
		require.Contains(c.t, card.Shown(), "designers-enter-briefly")
		require.Empty(c.t, card.Buttons())
		c.untilThread(card.TS, "by the approval rule", "designers-enter-briefly")
		require.Contains(c.t, c.Target.Members("Invoices"), "ana@acme.example")

		form = c.choose("carl", c.form("carl"), "Access", "Payment release", "This would be denied at once")
		require.Contains(c.t, form.Shown(), "Sales must not release payments. Ask Ben to release yours.")
		c.fill("carl", form.Target(), "Reason", "My customer waits")
		c.submit("carl", form)
		card = c.posted("My customer waits")
		card = c.untilCard(card.TS, "Denied")
		require.Empty(c.t, card.Buttons())
		c.untilThread(card.TS, "is denied", "no-payments-by-sales", "Sales must not release payments")
		c.dm("carl", "Payment release", "Sales must not release payments")
		require.NotContains(c.t, c.actions(c.id(card)), "step.opened")
		require.Empty(c.t, c.Target.Members("Payments"))
	})
}

// TestDutiesStaySeparate: what nobody may hold besides is refused in the form; what needs further hands shows them.
func TestDutiesStaySeparate(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "The poster")
		form := c.choose("ana", c.form("ana"), "Access", "Production data", "You cannot ask for this")
		require.Contains(c.t, form.Shown(), "which Ana Diaz asks for", "what is not decided yet counts too")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		c.fill("ana", form.Target(), "Reason", "A number for the poster")
		says := c.refused("ana", form, "Access")
		require.Contains(c.t, says, `The rule "Production apart from editing" keeps Production data apart from Drive editors, which Ana Diaz holds.`)
		require.Contains(c.t, says, "Who edits the drives must not read what customers store.")
		require.NoError(c.t, c.person("ana").CloseView(form))

		c.untilCard(c.ask("ana", "Invoice entry", "1d", "The invoice").TS, "Active")
		form = c.choose("ana", c.form("ana"), "Access", "Payment release", "Separation of duties")
		require.Contains(c.t, form.Shown(), "Two hands")
		c.fill("ana", form.Target(), "Reason", "Ben is on a train")
		c.submit("ana", form)
		card = c.posted("Ben is on a train")
		require.Contains(c.t, card.Shown(), "Separation of duties")
		require.Contains(c.t, card.Shown(), "Invoice entry")
		require.Contains(c.t, card.Shown(), "Two hands")
		c.untilThread(card.TS, "“Enter or pay” keeps")
	})
}

// TestBreakTheGlass: the box of the form gives at once, the channel is told loudly, and somebody else reviews it.
func TestBreakTheGlass(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		form := c.choose("carl", c.form("carl"), "Access", "Production data", "Who decides")
		require.NotContains(c.t, form.Fields(), "Emergency", "it is not open to Sales")
		require.NoError(c.t, c.person("carl").CloseView(form))

		form = c.choose("ana", c.form("ana"), "Access", "Production data", "Who decides")
		require.Contains(c.t, form.Fields(), "Emergency")
		c.fill("ana", form.Target(), "Duration", "4h")
		c.fill("ana", form.Target(), "Reason", "The shop shows other people's orders")
		require.NoError(c.t, c.person("ana").Select(form.Target(), "Emergency", "This can't wait for the usual way"))
		form = c.untilForm("ana", "given at once, as an emergency")
		require.Equal(c.t, "The shop shows other people's orders", form.Value("Reason"), "what was typed stays")
		c.submit("ana", form)

		card := c.posted("The shop shows other people's orders")
		card = c.untilCard(card.TS, "Active")
		require.Contains(c.t, card.Shown(), "Emergency")
		require.Contains(c.t, c.Target.Members("Production"), "ana@acme.example")
		require.Equal(c.t, "1h", c.grants(card)[0].Duration.String(), "cut to what the path allows")
		c.until("#security is told", func() bool { return c.heard("security", "Emergency") && c.heard("security", "Production data") })
		c.untilThread(card.TS, "took the emergency path")
		var items []db.ReviewItem
		require.NoError(c.t, c.store.NewSelect().Model(&items).Where("grant_id = ?", c.grants(card)[0].ID).Scan(c.ctx))
		require.Len(c.t, items, 1)
		c.dm("eve", "Emergency access to Production data")
	})
}
