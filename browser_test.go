package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// screenshots is where the browser story keeps what it saw; git ignores it.
const screenshots = "test-output/story"

// window is a browser window in a story.
type window struct {
	context.Context
	c *company
}

// browse opens Chromium.
func (c *company) browse() window {
	c.t.Helper()
	program, err := exec.LookPath("chromium")
	require.NoError(c.t, err, "this story drives Chromium: install the Debian package `chromium`")
	allocator, release := chromedp.NewExecAllocator(c.ctx,
		chromedp.ExecPath(program), chromedp.UserDataDir(c.t.TempDir()), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("no-proxy-server", true),
		chromedp.WindowSize(1280, 860))
	ctx, cancel := chromedp.NewContext(allocator)
	c.t.Cleanup(func() { cancel(); release() })
	// The browser lives as long as the context of its first action, so that one has no deadline of its own.
	require.NoError(c.t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	return window{Context: ctx, c: c}
}

func (w window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.c.t.Helper()
	ctx, cancel := context.WithTimeout(w.Context, storyDeadline)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.fails("%v", err)
	}
}

// fails ends the story and says what there was to see.
func (w window) fails(format string, args ...any) {
	w.c.t.Helper()
	w.c.t.Fatalf("%s\nthe page reads %q\n%s", fmt.Sprintf(format, args...), w.words(), w.c.scene())
}

// as opens the workspace's page as a person, in #access.
func (w window) as(name string) {
	w.c.t.Helper()
	user, ok := w.c.Workspace.User(name)
	require.True(w.c.t, ok)
	w.do(chromedp.Navigate("about:blank"), chromedp.Navigate(w.c.Workspace.URL()+"/#/"+user.ID+"/"+w.c.access()),
		chromedp.WaitReady(chromedp.CSS(`html[data-ready=true]`)))
	w.see(`[data-testid=composer]`)
}

func (w window) see(selector string) {
	w.c.t.Helper()
	w.await("to see "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

func (w window) gone(selector string) {
	w.c.t.Helper()
	w.await("for the end of "+selector, chromedp.WaitNotPresent(chromedp.CSS(selector)))
}

func (w window) await(what string, step chromedp.Action[chromedp.Void]) {
	w.c.t.Helper()
	ctx, cancel := context.WithTimeout(w.Context, storyDeadline)
	defer cancel()
	if err := chromedp.Do(ctx, step); err != nil {
		w.fails("waiting %s: %v", what, err)
	}
}

func (w window) click(selector string) {
	w.c.t.Helper()
	ctx, cancel := context.WithTimeout(w.Context, storyDeadline)
	defer cancel()
	err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector)))
	for err == nil {
		if err = chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector))); err == nil {
			return
		}
		// News may draw the row anew between finding the element and pressing it; a person would press again too, unless
		// it is gone, because it was pressed.
		soon, stop := context.WithTimeout(ctx, time.Second)
		err = chromedp.Do(soon, chromedp.WaitVisible(chromedp.CSS(selector)))
		stop()
		if err != nil && ctx.Err() == nil {
			return
		}
	}
	w.fails("waiting to press %s: %v", selector, err)
}

// types writes into a field, until it holds the text: news may draw the form anew in between, and a person would see that
// it is gone and write it again.
func (w window) types(selector, text string) {
	w.c.t.Helper()
	quoted, err := json.Marshal(selector)
	require.NoError(w.c.t, err)
	script := `((at) => { const e = document.querySelector(at), f = e && (e.matches("input, textarea") ? e : e.querySelector("input, textarea"));
		if (!f) return "no such field"; f.focus(); f.select(); return f.value; })(` + string(quoted) + `)`
	ctx, cancel := context.WithTimeout(w.Context, storyDeadline)
	defer cancel()
	for {
		held, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err == nil && held == text {
			return
		}
		if err == nil {
			err = chromedp.Do(ctx, chromedp.KeyEvent(text))
		}
		if ctx.Err() != nil {
			require.NoError(w.c.t, err, "writing %q into %s, which holds %q; the page reads %q", text, selector, held, w.words())
		}
	}
}

func (w window) keys(text string) { w.c.t.Helper(); w.do(chromedp.KeyEvent(text)) }

// reads waits until an element's text, as a person reads it, holds the words.
func (w window) reads(selector, words string) {
	w.c.t.Helper()
	quoted, err := json.Marshal([]string{selector, words})
	require.NoError(w.c.t, err)
	script := `((q) => [...document.querySelectorAll(q[0])].some((e) => e.innerText.includes(q[1])))(` + string(quoted) + `)`
	ctx, cancel := context.WithTimeout(w.Context, storyDeadline)
	defer cancel()
	for {
		held, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		if err == nil && !held {
			err = chromedp.Do(ctx, chromedp.Sleep(50*time.Millisecond))
		}
		if err != nil {
			w.fails("waiting until %s reads %q: %v", selector, words, err)
		}
		if held {
			return
		}
	}
}

// words is all that the page shows.
func (w window) words() string {
	ctx, cancel := context.WithTimeout(w.Context, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.hash + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// openThread opens the thread of the newest card. News may draw the place anew and close it again; a person would press again.
func (w window) openThread() {
	w.c.t.Helper()
	ctx, cancel := context.WithTimeout(w.Context, storyDeadline)
	defer cancel()
	for {
		w.clickLast(`[data-testid=replies]`)
		soon, stop := context.WithTimeout(ctx, 3*time.Second)
		err := chromedp.Do(soon, chromedp.WaitVisible(chromedp.CSS(`#panel [data-ts]`)))
		stop()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			w.fails("waiting until the thread is open: %v", err)
		}
	}
}

// app opens a tab of the bot: home, messages or about.
func (w window) app(name, tab string) {
	w.c.t.Helper()
	user, ok := w.c.Workspace.User(name)
	require.True(w.c.t, ok)
	w.do(chromedp.Navigate("about:blank"), chromedp.Navigate(w.c.Workspace.URL()+"/#/"+user.ID+"/app/"+w.c.App.ID+"/"+tab),
		chromedp.WaitReady(chromedp.CSS(`html[data-ready=true]`)))
}

// shoot keeps a picture.
func (w window) shoot(name string) {
	w.c.t.Helper()
	picture, err := chromedp.Run(w.Context, chromedp.CaptureScreenshot())
	require.NoError(w.c.t, err)
	require.NoError(w.c.t, os.MkdirAll(screenshots, 0o755))
	require.NoError(w.c.t, os.WriteFile(filepath.Join(screenshots, name+".png"), picture, 0o600))
}

// TestTheMainJobInABrowser plays the whole story on the page, as the reader of the README does.
func TestTheMainJobInABrowser(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(nil)
	w := c.browse()

	w.as("ana")
	w.click(`[data-testid=composer]`)
	w.keys("/acc")
	w.see(`[data-testid=hints]`)
	w.shoot("01-command")
	w.keys("ess request" + kb.Enter)
	w.see(`[data-testid=modal]`)
	w.click(`[data-action-id=request_entitlement]`)
	w.keys("editors")
	w.see(`[role=option]`)
	w.shoot("02-type-ahead")
	w.keys(kb.Enter)
	w.reads(`[data-testid=modal]`, "Acme Drive")
	w.see(`[data-action-id=request_duration]`)
	w.click(`[data-action-id=request_duration]`)
	w.see(`[role=option]`)
	w.keys("1 h" + kb.Enter)
	w.types(`[data-action-id=request_reason]`, "Fix the logo in the quarterly report")
	w.shoot("03-request")
	w.click(`[data-testid=submit]`)
	w.gone(`[data-testid=modal]`)
	w.reads(`[data-testid=messages]`, "Fix the logo")
	w.shoot("04-card-requester")

	w.as("ben")
	w.reads(`[data-testid=messages]`, "Fix the logo")
	w.shoot("05-card-approver")
	w.click(`[data-action-id=request_approve]`)
	w.reads(`[data-testid=messages]`, "Active")
	w.shoot("06-card-active")
	w.openThread()
	w.reads(`#panel`, "now has")
	w.shoot("07-thread-active")

	w.do(chromedp.Navigate(c.TargetURL))
	w.reads(`body`, "ana@acme.example")
	w.shoot("08-target")
	w.app("ana", "home")
	w.reads(`[data-testid=home]`, "Drive editors")
	w.shoot("08-home-requester")
	w.app("dana", "home")
	w.reads(`[data-testid=home]`, "State of the system")
	w.shoot("08-home-admin")
	w.app("ben", "messages")
	w.reads(`body`, "Drive editors")
	w.shoot("08-messages-approver")

	w.as("ana")
	w.click(`[data-advance="3600"]`)
	w.click(`[data-advance="60"]`)
	w.reads(`[data-testid=messages]`, "Access has ended")
	w.openThread()
	w.reads(`#panel`, "ended")
	w.shoot("09-thread-ended")
	w.do(chromedp.Navigate(c.TargetURL))
	w.shoot("10-target-after")
	c.unremarkable()
}
