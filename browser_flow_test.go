package main

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/usherhq/usher/demo/chromium"
)

// picture keeps what a story of flows saw; git ignores it.
func (w window) picture(name string) { w.c.t.Helper(); w.keep("flow", name) }

// toEnd scrolls the pane that holds an element to its end, where the newest is.
func (w window) toEnd(selector string) {
	w.c.t.Helper()
	chromium.Eval[bool](w.Window, `((q) => { for (let e of document.querySelectorAll(q)) e.scrollTop = e.scrollHeight; return true })(`+chromium.Quote(selector)+`)`)
}

// thread opens the thread of the newest card of #access as a person.
func (w window) thread(name, reads string) {
	w.c.t.Helper()
	w.as(name)
	w.openThread()
	w.Reads(`#panel`, reads)
	w.toEnd(`#panel *`)
}

// TestFlowsInABrowser looks at what people see while a flow asks, waits, fails, is mended and ends.
func TestFlowsInABrowser(t *testing.T) {
	t.Parallel()
	lab := lab()
	c := found(t, "")
	c.offers(offer{
		providers: c.atLab(lab),
		provision: `      - {name: ticket, type: gitlab_issue_create, args: {title: "Access for {{ subject.name }}"}}
      - name: confirm
        type: slack_approval
        args:
          to: manager
          text: "May {{ subject.name }} work on the night shift from Monday on?"
          buttons: [{text: "Yes, from Monday", style: green, value: "yes"}, {text: Only this week, style: plain, value: week}, {text: "No", style: red, value: "no"}]
          within: 2d
      - {name: account, type: drive_api_create_user}
      - {name: join, type: drive_api_add_user_to_group, args: {group: Night shift}, retry: {attempts: 1}}
      - {name: badge, type: manual_task, args: {to: eve@acme.example, text: "Print a badge for {{ subject.name }}", due: 2d, remind: 1d}}
      - {name: settle, type: sleep, args: {for: 10m}}
      - {name: close, type: gitlab_issue_close, args: {issue: "{{ ticket.iid }}"}}
`,
		deprovision: "      - {name: leave, type: drive_api_remove_user_from_group, args: {group: Night shift}}\n",
	})
	c.serve(nil)
	w := c.browse()
	card := c.flow("I take over the night shift of Carl")

	c.asked("ben", []string{"Yes, from Monday", "Only this week", "No"}, "night shift")
	w.app("ben", "messages")
	w.Reads(`body`, "from Monday on?")
	w.toEnd(`main *`)
	w.picture("01-question")
	c.untilProgress(card.TS, "Giving access", "Waits for an answer to *confirm*")
	w.thread("ana", "waits for an answer")
	w.picture("02-thread-waits-for-an-answer")
	c.press("ben", c.dm("ben", "from Monday on?").Target(), "Yes, from Monday")
	c.asked("dana", []string{"Retry", "Skip", "Done by hand", "Cancel"}, "Night shift")
	w.app("dana", "messages")
	w.Reads(`body`, "Night shift")
	w.toEnd(`main *`)
	w.picture("03-trouble")
	w.Click(`[data-action-id=script_cancel]`)
	w.See(`[data-testid=modal]`)
	w.picture("04-cancel")
	w.Keys(kb.Escape)
	w.Gone(`[data-testid=modal]`)
	w.Click(`[data-action-id=script_skip]`)
	w.See(`[data-testid=modal]`)
	w.picture("05-skip")
	w.Keys(kb.Escape)
	w.Gone(`[data-testid=modal]`)
	w.app("ben", "messages")
	w.Reads(`body`, "needs no answer any more")
	w.toEnd(`main *`)
	w.picture("06-question-answered")

	c.opens("")
	c.press("dana", c.dm("dana", "step *join* failed").Target(), "Retry")
	c.asked("eve", []string{"Done by hand", "Cancel"}, "Print a badge")
	w.app("eve", "messages")
	w.Reads(`body`, "Print a badge")
	w.toEnd(`main *`)
	w.picture("07-task")
	w.Click(`[data-action-id=script_by_hand]`)
	w.See(`[data-testid=modal]`)
	w.picture("08-done-by-hand")
	w.Keys(kb.Escape)
	c.untilProgress(card.TS, "Giving access", "*badge*: waits for a person")
	w.thread("ana", "waits for a person")
	w.picture("09-thread-waits-for-a-person")
	c.byHand("eve", c.dm("eve", "Print a badge"), "Badge B-17, in your pigeonhole")
	c.untilProgress(card.TS, "Giving access", "sleeps until")
	w.thread("ana", "sleeps until")
	w.picture("10-thread-sleeps")
	c.Clock.Advance(10*time.Minute + time.Second)
	c.untilCard(card.TS, "Active")
	c.untilThread(card.TS, "now has")
	c.once(card.TS, "Giving access", "Done")
	w.thread("ana", "now has")
	w.picture("11-thread-done")
	w.app("dana", "messages")
	w.Reads(`body`, "needs no help any more")
	w.toEnd(`main *`)
	w.picture("12-trouble-mended")
	c.unremarkable()
}

// TestSlackAdminInABrowser looks at the demo's own: Slack admin access, from the form to the end.
func TestSlackAdminInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	w := c.browse()
	w.as("ana")
	w.Click(`[data-testid=composer]`)
	w.Keys("/access request" + kb.Enter)
	w.See(`[data-testid=modal]`)
	w.Click(`[data-action-id=request_entitlement]`)
	w.Keys("slack")
	w.See(`[role=option]`)
	w.picture("21-slack-type-ahead")
	w.Keys(kb.Enter)
	w.Reads(`[data-testid=modal]`, "Acme Slack")
	w.picture("22-slack-form")
	w.Types(`[data-action-id=request_reason]`, "Clean up the channels")
	w.Click(`[data-testid=submit]`)
	w.Gone(`[data-testid=modal]`)
	card := c.posted("Clean up the channels")
	w.Reads(`[data-testid=messages]`, "Clean up the channels")
	w.picture("23-slack-card")
	c.press("ben", card.Target(), "Approve")
	c.untilCard(card.TS, "Waiting for Owner")
	c.press("dana", card.Target(), "Approve")
	c.untilCard(card.TS, "Active")
	c.untilThread(card.TS, "now has")
	w.thread("ana", "now has")
	w.picture("24-slack-thread")
	c.Clock.Advance(time.Hour + time.Second)
	c.untilCard(card.TS, "Access has ended")
	c.untilThread(card.TS, "no longer has")
	w.thread("ana", "no longer has")
	w.picture("25-slack-ended")

	keys := c.wants("carl", "room-keys", "8h", "A client comes")
	c.asked("eve", []string{"Hand out a key", "A badge will do", "No"}, "Carl Meyer")
	w.app("eve", "messages")
	w.Reads(`body`, "meeting rooms?")
	w.toEnd(`main *`)
	w.picture("26-room-keys")
	c.untilProgress(keys.TS, "Giving access", "waits for an answer")
	c.unremarkable()
}
