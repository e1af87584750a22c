package main

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/target"
)

// TestHomeInABrowser looks at the Home of people with different things to do, on a desk and on a phone, light and dark.
func TestHomeInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	f := c.flows
	w := c.browse()
	home := func(name, reads, picture string) {
		w.app(name, "home")
		w.Reads(`[data-testid=home]`, reads)
		w.keep("home", picture)
	}
	home("carl", "Press Request access", "01-nothing-yet")

	c.untilCard(c.ask("ana", "Drive viewers", "8h", "Look for the old logo").TS, "Active") // a rule approves it
	card := c.ask("ana", "Drive editors", "8h", "Fix the logo in the quarterly report")
	c.asks(f, "ana", "drive-admins", 20, "Move the archive of the relaunch, part")
	home("ana", "My requests", "02-requester")
	home("ben", "Waiting on me", "03-approver")
	w.toEnd(`main *`)
	w.keep("home", "04-approver-end")
	w.Click(`[data-action-id=away_open]`)
	w.See(`[data-testid=modal]`)
	w.keep("home", "05-away-form")
	w.c.goes("ben", c.view("ben", "I'll be away"), time.Minute, 50*time.Hour, "eve")
	c.submit("ben", c.view("ben", "I'll be away"))
	c.Clock.Advance(2 * time.Minute)
	home("ben", "You are away", "06-away")
	c.dm("eve", "You stand in")
	home("eve", "You are asked in place of", "07-stands-in")
	w.app("eve", "messages")
	w.Reads(`body`, "You stand in")
	w.keep("home", "08-told")

	w.app("eve", "home")
	w.Reads(`[data-testid=home]`, "Show all (21)")
	w.Click(`[data-action-id=home_open]`)
	w.Reads(`[data-testid=home]`, "1 to 15 of 21")
	w.keep("home", "09-all")
	w.toEnd(`main *`)
	w.keep("home", "10-all-end")
	w.Click(`[data-action-id=home_page_after]`)
	w.Reads(`[data-testid=home]`, "16 to 21 of 21")
	w.Size(390, 844, "light")
	w.keep("home", "11-phone-page")
	w.Click(`[data-action-id=home_back]`)
	w.Reads(`[data-testid=home]`, "My access")
	w.keep("home", "12-phone")
	w.Size(1280, 860, "dark")
	w.keep("home", "13-dark")

	w.Click(`[data-action-id=factor_set_up]`)
	w.See(`[data-testid=modal]`)
	w.keep("home", "14-factor-dark")
	w.Size(1280, 860, "light")
	w.keep("home", "15-factor")
	w.Keys(kb.Escape)
	w.Gone(`[data-testid=modal]`)

	c.Target.SetMode(target.ReadOnly)
	c.press("eve", card.Target(), "Approve")
	c.untilCard(card.TS, "Giving access has stopped")
	c.asks(f, "dana", "drive-editors", 1, "Nobody can decide this")
	require.NoError(t, c.person("dana").OpenHome(""))
	home("dana", "Requests that nobody can decide", "16-admin")
	w.Size(390, 844, "dark")
	w.keep("home", "17-admin-phone-dark")
	w.Size(1280, 860, "light")
	home("eve", "State of the system", "18-auditor")
	w.toEnd(`main *`)
	w.keep("home", "19-auditor-end")
}
