package page_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// screenshots is where the tests put what they saw, at the root of the repository; git ignores it.
const screenshots = "../../../test-output/page"

// tab is a browser tab with the page in it. Anything the page logs as an error fails the test.
type tab struct {
	context.Context
	t *testing.T
}

// browser opens a window for a test. Errors that hold a tolerated text are part of the test.
func browser(t *testing.T, tolerated ...string) tab {
	t.Helper()
	require.NoError(t, chromium.err)
	ctx, cancel := chromedp.NewContext(chromium.Context, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, release := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(release)
	b := tab{ctx, t}
	b.watchErrors(tolerated)
	return b
}

// watchErrors fails the test at its end if the page threw, logged an error, or broke its own security policy.
func (b tab) watchErrors(tolerated []string) {
	var mu sync.Mutex
	var problems []string
	err := chromedp.Listen(b.Context, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			problems = append(problems, describe(e.ExceptionDetails))
		case *log.EventEntryAdded:
			text := e.Entry.Text + " " + e.Entry.URL
			expected := slices.ContainsFunc(tolerated, func(s string) bool { return strings.Contains(text, s) })
			if e.Entry.Level == log.EntryLevelError && !expected {
				problems = append(problems, text)
			}
		}
	})
	require.NoError(b.t, err)
	b.t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		require.Empty(b.t, problems, "errors in the browser's console")
	})
}

func describe(details *runtime.ExceptionDetails) string {
	if details.Exception != nil && details.Exception.Description != "" {
		return details.Exception.Description
	}
	return details.Text
}

// do runs actions and fails the test when one fails.
func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.Context, steps...))
}

// open loads the page of f at a place such as "#/U1/C1" and waits until it is drawn.
func (b tab) open(f *fake, place string) {
	b.t.Helper()
	b.do(chromedp.Navigate(f.URL+"/"+place), chromedp.WaitReady(chromedp.CSS(`html[data-ready=true]`)))
}

// see waits until the element is visible.
func (b tab) see(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.Context, 20*time.Second)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector))), "waiting for %s", selector)
}

// gone waits until no element fits.
func (b tab) gone(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.Context, 20*time.Second)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, chromedp.WaitNotPresent(chromedp.CSS(selector))), "waiting for no %s", selector)
}

func (b tab) click(selector string) {
	b.t.Helper()
	b.see(selector)
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// keys types into whatever has the focus.
func (b tab) keys(text string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(text))
}

// focus gives an element the focus.
func focus(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Focus(chromedp.CSS(selector))
}

// text reads what a person reads.
func (b tab) text(selector string) string {
	b.t.Helper()
	b.see(selector)
	return eval[string](b, "document.querySelector("+quote(selector)+").innerText")
}

// eval evaluates JavaScript to a value.
func eval[T any](b tab, script string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.Context, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, script)
	return value
}

// size sets the window and the preferred colours ("light" or "dark").
func (b tab) size(width, height int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	_, err := chromedp.Call(b.Context, emulation.SetEmulatedMedia, media)
	require.NoError(b.t, err)
}

// shoot keeps a picture of the window.
func (b tab) shoot(name string) {
	b.t.Helper()
	picture, err := chromedp.Run(b.Context, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	require.NoError(b.t, os.MkdirAll(screenshots, 0o755))
	require.NoError(b.t, os.WriteFile(filepath.Join(screenshots, name+".png"), picture, 0o644))
}

// quote writes text as a JavaScript string.
func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string always encodes
	return string(quoted)
}
