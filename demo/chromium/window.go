package chromium

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// patience bounds every step. It is generous because a loaded machine is slow, and a hang must still end before the
// test does.
const patience = time.Minute

// glance is the time between two looks at a page. Each costs the browser the work of laying the page out.
const glance = 100 * time.Millisecond

// Window is a browser window of one test. Each step fails the test when it can't be done.
type Window struct {
	ctx      context.Context //nolint:containedctx // chromedp addresses a window by its context
	t        testing.TB
	patience time.Duration
	scene    func() string // what else there is to say of a failure
}

// Open opens a window until t ends. Whatever the page throws or writes to the console fails the test, but for
// texts that hold one of those that are tolerated.
func Open(t testing.TB, tolerated ...string) Window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(share(t), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	context.AfterFunc(t.Context(), cancel) // before any cleanup: a server may wait for its pages to leave
	w := Window{ctx: ctx, t: t, patience: patience, scene: func() string { return "" }}
	watchErrors(w, tolerated)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // the window lives as long as this context
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	require.NoError(t, err, "each window of the one browser has the focus")
	return w
}

// Telling returns the window with a patience of its own, and something more to say when a step fails.
func (w Window) Telling(patience time.Duration, scene func() string) Window {
	w.patience, w.scene = patience, scene
	return w
}

// Do takes steps, all of them within the window's patience.
func (w Window) Do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	w.await("taking a step", steps...)
}

// See waits until an element is visible.
func (w Window) See(selector string) {
	w.t.Helper()
	w.await("waiting for "+selector, chromedp.WaitVisible(chromedp.CSS(selector), chromedp.RetryInterval(glance)))
}

// Shows says whether an element is visible, or becomes so within a time.
func (w Window) Shows(selector string, within time.Duration) bool {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, within)
	defer cancel()
	return chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector), chromedp.RetryInterval(glance))) == nil
}

// Gone waits until no element fits.
func (w Window) Gone(selector string) {
	w.t.Helper()
	w.await("waiting for no "+selector, chromedp.WaitNotPresent(chromedp.CSS(selector), chromedp.RetryInterval(glance)))
}

func (w Window) await(what string, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, w.patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.fails("%s: %v", what, err)
	}
}

// until repeats a try until it is done, or the patience is over; the reason of the last try is told then. What the browser
// refuses is tried again too: news may draw a page anew at any moment.
func (w Window) until(what string, try func(ctx context.Context) (reason string, err error)) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, w.patience)
	defer cancel()
	for {
		reason, err := try(ctx)
		if err == nil && reason == "" {
			return
		}
		select {
		case <-ctx.Done():
			w.fails("%s: %s, %v", what, reason, err)
		case <-time.After(glance):
		}
	}
}

// fails ends the test and says what there was to see.
func (w Window) fails(format string, args ...any) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
	defer cancel()
	page, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.hash + "\n" + document.body.innerText`))
	if err != nil {
		page = err.Error()
	}
	w.t.Fatalf("%s\nthe page reads %q\n%s", fmt.Sprintf(format, args...), page, w.scene())
}

// Reads waits until an element's text, as a person reads it, holds the words.
func (w Window) Reads(selector, words string) {
	w.t.Helper()
	script := `((at, words) => [...document.querySelectorAll(at)].some((e) => e.innerText.includes(words)))(` + Quote(selector) + `,` + Quote(words) + `)`
	w.until(fmt.Sprintf("waiting until %s reads %q", selector, words), func(ctx context.Context) (string, error) {
		held, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		if err != nil || held {
			return "", err
		}
		return "it does not", nil
	})
}

// Types writes into a field, or the first below the element, until it holds the text: news may draw the form anew in between,
// and a person would see that it is gone and write it again.
func (w Window) Types(selector, text string) {
	w.t.Helper()
	script := `((at) => { const e = document.querySelector(at), f = e && (e.matches("input, textarea") ? e : e.querySelector("input, textarea"));
		if (!f) return "no such field"; f.focus(); f.select(); return f.value; })(` + Quote(selector) + `)`
	w.until(fmt.Sprintf("writing %q into %s", text, selector), func(ctx context.Context) (string, error) {
		held, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil || held == text {
			return "", err
		}
		return "it holds " + held, chromedp.Do(ctx, chromedp.KeyEvent(text))
	})
}

// Keys types into whatever has the focus.
func (w Window) Keys(text string) {
	w.t.Helper()
	w.Do(chromedp.KeyEvent(text))
}

// Text waits for an element and returns what a person reads in it.
func (w Window) Text(selector string) string {
	w.t.Helper()
	w.See(selector)
	return Eval[string](w, "document.querySelector("+Quote(selector)+").innerText")
}

// Eval evaluates JavaScript, or awaits the promise that it makes, to a value.
func Eval[T any](w Window, script string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, w.patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		w.fails("%s: %v", script, err)
	}
	return value
}

// Size sets the window's pixels and the preferred colours ("light" or "dark"), and stills what moves.
func (w Window) Size(width, height int64, scheme string) {
	w.t.Helper()
	w.Do(chromedp.EmulateViewport(width, height))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, media)
	require.NoError(w.t, err)
}

// Shoot keeps a picture of the window in a PNG file, for people to look at; folders are made.
func (w Window) Shoot(path string) {
	w.t.Helper()
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	require.NoError(w.t, err)
	require.NoError(w.t, os.MkdirAll(filepath.Dir(path), 0o750))
	require.NoError(w.t, os.WriteFile(path, picture, 0o600))
}

// Quote writes text as a JavaScript string.
func Quote(text string) string {
	quoted, _ := json.Marshal(text) // a string always encodes
	return string(quoted)
}
