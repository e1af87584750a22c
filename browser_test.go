package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/chromium"
)

// window is a browser window in a story.
type window struct {
	chromium.Window
	c *company
}

// browse opens a window. Options may still be asked for when the list that they were for has just been drawn anew; the
// workspace refuses that, and the browser writes it to its console.
func (c *company) browse() window {
	c.t.Helper()
	return window{chromium.Open(c.t, "/_page/suggest").Telling(storyDeadline, c.scene), c}
}

// as opens the workspace's page as a person, in #access.
func (w window) as(name string) {
	w.c.t.Helper()
	w.open(name, w.c.access())
	w.See(`[data-testid=composer]`)
}

// open opens a place of the workspace's page as a person, such as a channel's ID. Another query loads the page anew, where
// another fragment alone would not, and leaves it in its process of the browser.
func (w window) open(name, place string) {
	w.c.t.Helper()
	user, ok := w.c.Workspace.User(name)
	require.True(w.c.t, ok)
	w.Do(chromedp.Navigate(fmt.Sprintf("%s/?%d#/%s/%s", w.c.Workspace.URL(), time.Now().UnixNano(), user.ID, place)),
		chromedp.WaitReady(chromedp.CSS(`html[data-ready=true]`), chromedp.RetryInterval(20*time.Millisecond)))
}

// app opens a tab of the bot: home, messages or about.
func (w window) app(name, tab string) {
	w.c.t.Helper()
	w.open(name, "app/"+w.c.App.ID+"/"+tab)
}

// openThread opens the thread of the newest card. News may draw the place anew and close it again; a person would press again.
func (w window) openThread() {
	w.c.t.Helper()
	const panel = `#panel [data-ts]`
	for range 10 {
		w.ClickLast(`[data-testid=replies]`)
		if w.Shows(panel, 3*time.Second) {
			return
		}
	}
	w.See(panel)
}

// keep keeps a picture of the window in a folder of test-output, which git ignores.
func (w window) keep(folder, name string) {
	w.c.t.Helper()
	w.Shoot(filepath.Join("test-output", folder, name+".png"))
}

// shoot keeps a picture of the main job.
func (w window) shoot(name string) { w.c.t.Helper(); w.keep("story", name) }

// TestTheMainJobInABrowser plays the whole story on the page, as the reader of the README does.
func TestTheMainJobInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	w := c.browse()

	w.as("ana")
	w.Click(`[data-testid=composer]`)
	w.Keys("/acc")
	w.See(`[data-testid=hints]`)
	w.shoot("01-command")
	w.Keys("ess request" + kb.Enter)
	w.See(`[data-testid=modal]`)
	w.Click(`[data-action-id=request_entitlement]`)
	w.Keys("editors")
	w.See(`[role=option]`)
	w.shoot("02-type-ahead")
	w.Keys(kb.Enter)
	w.Reads(`[data-testid=modal]`, "Acme Drive")
	w.See(`[data-action-id=request_duration]`)
	w.Click(`[data-action-id=request_duration]`)
	w.See(`[role=option]`)
	w.Keys("1 h" + kb.Enter)
	w.Types(`[data-action-id=request_reason]`, "Fix the logo in the quarterly report")
	w.shoot("03-request")
	w.Click(`[data-testid=submit]`)
	w.Gone(`[data-testid=modal]`)
	w.Reads(`[data-testid=messages]`, "Fix the logo")
	w.shoot("04-card-requester")

	w.as("ben")
	w.Reads(`[data-testid=messages]`, "Fix the logo")
	w.shoot("05-card-approver")
	w.Click(`[data-action-id=request_approve]`)
	w.Reads(`[data-testid=messages]`, "Active")
	w.shoot("06-card-active")
	w.openThread()
	w.Reads(`#panel`, "now has")
	w.shoot("07-thread-active")

	w.Do(chromedp.Navigate(c.TargetURL))
	w.Reads(`body`, "ana@acme.example")
	w.shoot("08-target")
	w.app("ana", "home")
	w.Reads(`[data-testid=home]`, "Drive editors")
	w.shoot("08-home-requester")
	w.app("dana", "home")
	w.Reads(`[data-testid=home]`, "State of the system")
	w.shoot("08-home-admin")
	w.app("ben", "messages")
	w.Reads(`body`, "Drive editors")
	w.shoot("08-messages-approver")

	w.as("ana")
	w.Click(`[data-advance="3600"]`)
	w.Click(`[data-advance="60"]`)
	w.Reads(`[data-testid=messages]`, "Access has ended")
	w.openThread()
	w.Reads(`#panel`, "ended")
	w.shoot("09-thread-ended")
	w.Do(chromedp.Navigate(c.TargetURL))
	w.shoot("10-target-after")
	c.unremarkable()
}
