package main

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/sethvargo/go-envconfig"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// introduces lets the demo's identity provider tell of everybody, as `usher demo` does.
func (c *company) introduces() {
	c.t.Helper()
	c.serve(nil)
	c.until("HTTP is served", func() bool { return c.log.httpAddress() != "" })
	s, err := readSettings(c.ctx, envconfig.MapLookuper(c.Environment()))
	require.NoError(c.t, err)
	require.NoError(c.t, introduce(c.ctx, s, "http://"+c.log.httpAddress(), c.World, c.flows))
}

// atID opens the page of the identity provider.
func (w window) atID() {
	w.c.t.Helper()
	w.Do(chromedp.Navigate(w.c.IDURL))
	w.Reads("#state", "all pushed")
}

func (w window) played(name string) { w.c.t.Helper(); w.keep("demo", name) }

// TestTheIdentityProviderInABrowser plays what the demo's welcome says of Acme ID: somebody is hired, moves and leaves, and a
// wrong filter suspends a dozen.
func TestTheIdentityProviderInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.introduces()
	w := c.browse()
	w.as("dana")
	w.Reads(`nav`, "Acme ID")
	w.atID()
	w.Reads("#people", "Olga Petrova")
	w.played("01-acme-id")

	w.Click("#hire button")
	w.Reads("#history", "Nora Stein: Designer, Design")
	w.played("02-hired")
	card := c.posted("Acme ID wants to create nora@acme.example")
	w.as("dana")
	w.Reads(`[data-testid=messages]`, "nora@acme.example")
	w.toEnd(`main *`)
	w.played("03-held")
	c.press("dana", card.Target(), "Approve")
	c.untilCard(card.TS, "Done")
	c.until("Nora has what designers have", func() bool { return slices.Contains(c.Target.Members("Design library"), "nora@acme.example") })
	c.until("Nora has what everybody has", func() bool { return slices.Contains(c.Target.Members("Handbook"), "nora@acme.example") })
	w.as("dana")
	w.toEnd(`main *`)
	w.played("04-written")

	w.atID()
	w.Click(`[data-email="nora@acme.example"] .does button`)
	w.See(`[data-email="nora@acme.example"] [name=department]`)
	w.Do(chromedp.SetValue(chromedp.CSS(`[data-email="nora@acme.example"] [name=department]`), "Sales"))
	w.played("05-change")
	w.Click(`[data-email="nora@acme.example"] .edit button`)
	c.until("Nora has what sellers have", func() bool { return slices.Contains(c.Target.Members("Sales pipeline"), "nora@acme.example") })
	c.dm("ben", "Nora Stein")
	w.messages("ben", "Nora Stein")
	w.played("06-moved")

	w.atID()
	w.Click(`[data-email="carl@acme.example"] .does button:nth-child(2)`)
	card = c.posted("Carl Meyer has left")
	c.untilCard(card.TS, "*Complete* after")
	w.as("dana")
	w.toEnd(`main *`)
	w.played("07-left")
	require.NotContains(t, c.Target.Members("Handbook"), "carl@acme.example")

	w.atID()
	w.Click("#quarter button")
	card = c.posted("What waits")
	w.Reads("#state", "all pushed")
	w.played("08-quarter")
	w.as("dana")
	w.Reads(`[data-testid=messages]`, "What waits")
	w.toEnd(`main *`)
	w.played("09-stopped")
	c.press("dana", card.Target(), "Discard…")
	form := c.view("dana", "Discard")
	c.fill("dana", form.Target(), "Reason", "A wrong filter")
	c.submit("dana", form)
	c.untilCard(card.TS, "A wrong filter")
	ada, err := db.PersonByEmail(c.ctx, c.store, "ada@acme.example")
	require.NoError(t, err)
	require.True(t, ada.Active)
	w.as("dana")
	w.toEnd(`main *`)
	w.played("10-discarded")
	c.unremarkable()
}
