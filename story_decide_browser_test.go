package main

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// seen keeps what a story of deciding saw; git ignores it.
func (w window) seen(name string) { w.c.t.Helper(); w.keep("decide", name) }

// messages opens a person's messages from the bot, at their end.
func (w window) messages(name, reads string) {
	w.c.t.Helper()
	w.app(name, "messages")
	w.Reads(`body`, reads)
	w.toEnd(`main *`)
}

// TestDecidingInABrowser looks at what people see while a request is decided by a chain with everything.
func TestDecidingInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.chained(`      - {name: Long, approvers: [eve@acme.example], when: "duration > duration('8h')"}
      - {name: Manager, approvers: [managers_manager], comment: true, step_up: true, notify: [owner, "#security"], timeout: 1d, on_timeout: {deny: true}}
      - {name: Everybody, approvers: [eve@acme.example, carl@acme.example], need: all}
`)
	c.serve(nil)
	f := c.flows
	w := c.browse()
	secret := c.enrol(f, "dana")
	card := c.wish("ana", "8h", "I move the archive of the relaunch")
	w.as("dana")
	w.Reads(`[data-testid=messages]`, "archive of the relaunch")
	w.seen("01-card")
	w.ClickLast(`[data-action-id=request_more]`)
	w.seen("02-menu")
	w.Keys(kb.Escape)

	require.NoError(t, c.person("dana").PressLabel(card.Target(), "Ask a question"))
	form := c.view("dana", "Ask a question")
	w.app("dana", "messages")
	w.See(`[data-testid=modal]`)
	w.seen("03-question")
	c.fill("dana", form.Target(), "Question", "Which folders, and may I see the list before?")
	c.submit("dana", form)
	w.messages("ana", "has a question")
	w.seen("04-asked")
	asked := c.dm("ana", "Which folders")
	c.press("ana", asked.Target(), "Answer")
	form = c.view("ana", "Answer")
	w.See(`[data-testid=modal]`)
	w.seen("05-answer")
	c.fill("ana", form.Target(), "Answer", "Only those of 2019 to 2022; I send you the list tonight")
	c.submit("ana", form)
	c.untilThread(card.TS, "answered a question")
	w.thread("ben", "answered a question")
	w.seen("06-thread")
	w.messages("dana", "answered your question")
	w.seen("07-answered")

	c.press("dana", card.Target(), "Approve")
	form = c.view("dana", "Approve request")
	w.See(`[data-testid=modal]`)
	w.seen("08-approve")
	c.fill("dana", form.Target(), "Comment", "The list looks right")
	c.fill("dana", form.Target(), "Code", c.code(secret, 1))
	c.submit("dana", form)
	card = c.untilCard(card.TS, "Waiting for Everybody")

	c.press("eve", card.Target(), "Hand over…")
	form = c.view("eve", "Hand over")
	w.as("eve")
	w.See(`[data-testid=modal]`)
	w.seen("10-hand-over")
	require.NoError(t, c.person("eve").Select(form.Target(), "To", "ben"))
	c.fill("eve", form.Target(), "Reason", "Ben knows the archive")
	c.submit("eve", form)
	card = c.untilCard(card.TS, "handed the decision to")
	w.messages("eve", "Somebody else decides now")
	w.seen("11-handed-over")
	c.press("ben", card.Target(), "Why?")
	w.as("ben")
	w.See(`[data-testid=modal]`)
	w.seen("12-why")
	require.NoError(t, c.person("ben").CloseAll())
	c.press("ben", card.Target(), "Change…")
	w.as("ben")
	w.See(`[data-testid=modal]`)
	w.seen("13-change")
	require.NoError(t, c.person("ben").CloseAll())
	c.press("ben", card.Target(), "Approve")
	c.press("carl", card.Target(), "Approve")
	c.untilCard(card.TS, "Active")
	w.as("ben")
	w.Reads(`[data-testid=messages]`, "Active")
	w.seen("14-card-active")
	c.unremarkable()
}

// TestLoudThingsInABrowser looks at rules, separations and emergencies, at several items on one card, and at what only
// the person who asked sees.
func TestLoudThingsInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	f := c.flows
	w := c.browse()
	c.untilCard(c.wants("ana", "invoice-entry", "1d", "Invoices of the relaunch").TS, "Active")
	card := c.wants("ana", "payment-release", "1h", "I pay what I entered")
	w.as("ben")
	w.Reads(`[data-testid=messages]`, "Separation of duties")
	w.seen("21-separation")
	w.messages("ben", "Separation of duties")
	w.seen("22-separation-asked")
	c.wants("carl", "payment-release", "1h", "My customer waits")
	w.as("carl")
	w.Reads(`[data-testid=messages]`, "no-payments-by-sales")
	w.toEnd(`main *`)
	w.seen("23-ruled-out")
	c.command("ana", "what production-data 4h")
	w.as("ana")
	w.Reads(`body`, "If you asked for")
	w.toEnd(`main *`)
	w.seen("24-what")
	c.command("ana", "why "+c.id(card))
	w.Reads(`body`, "Why?")
	w.toEnd(`main *`)
	w.seen("25-why")
	c.command("ana", "status "+c.id(card))
	w.Reads(`body`, "Remind them")
	w.toEnd(`main *`)
	w.seen("26-status")

	form := c.filled("ana", "production-data", "1h", "Customers see other people's orders")
	require.NoError(t, c.person("ana").Select(form.Target(), "Emergency", "This can't wait for the usual way"))
	form = c.untilForm("ana", "given at once, as an emergency")
	c.submit("ana", form)
	card = c.posted("Customers see other people's orders")
	c.untilCard(card.TS, "Active")
	w.as("eve")
	w.Reads(`[data-testid=messages]`, "Emergency access")
	w.toEnd(`main *`)
	w.seen("27-emergency")
	c.until("#security is told", func() bool { return c.heard("security", "Emergency access") })
	w.open("eve", c.Workspace.ChannelID("security"))
	w.Reads(`[data-testid=messages]`, "Emergency access")
	w.seen("28-alarm")

	var items []flows.AskItem
	for _, slug := range []string{"drive-editors", "drive-viewers", "drive-admins", "slack-admin", "design-channel"} {
		row, err := db.EntitlementBySlug(c.ctx, c.store, slug)
		require.NoError(t, err)
		items = append(items, flows.AskItem{EntitlementID: row.ID, Duration: row.Durations.Choices[0]})
	}
	_, err := f.Request(c.ctx, flows.Ask{By: c.row("carl").ID, Reason: "My first day in Design", Submission: "five", Items: items})
	require.NoError(t, err)
	c.posted("5 entitlements")
	w.as("dana")
	w.Reads(`[data-testid=messages]`, "5 entitlements")
	w.toEnd(`main *`)
	w.seen("29-five")

	c.set(func(s *db.Settings) {
		s.FourEyes, s.Admins = "manager-then-owner", append(s.Admins, "eve@acme.example")
	})
	shown, err := f.AdminShow(c.ctx, c.row("eve").ID, "entitlement", "drive-viewers")
	require.NoError(t, err)
	shown.Values["description"], shown.Values["risk"] = "Read what is in the shared drives, and nothing else", "medium"
	sent, err := f.AdminSave(c.ctx, c.row("eve").ID, flows.AdminEdit{
		Kind: "entitlement", Slug: "drive-viewers", Revision: shown.Revision, Values: shown.Values, Submission: "edit", Reason: "Said better",
	})
	require.NoError(t, err)
	require.NotEmpty(t, sent.RequestID)
	c.posted("Change to the configuration")
	w.as("dana")
	w.Reads(`[data-testid=messages]`, "Change to the configuration")
	w.toEnd(`main *`)
	w.seen("30-change")
	w.messages("dana", "wants to change the configuration")
	w.seen("31-change-asked")
	c.unremarkable()
}
