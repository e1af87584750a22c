package chromium

import (
	"context"
	"encoding/json"
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

// Window is a browser window of one test. Each step fails the test when it can't be done.
type Window struct {
	ctx context.Context //nolint:containedctx // chromedp addresses a window by its context
	t   testing.TB
}

// Open opens a window until t ends. Whatever the page throws or writes to the console fails the test, but for
// texts that hold one of those that are tolerated.
func Open(t testing.TB, tolerated ...string) Window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(share(t), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	context.AfterFunc(t.Context(), cancel) // before any cleanup: a server may wait for its pages to leave
	w := Window{ctx, t}
	watchErrors(w, tolerated)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // the window lives as long as this context
	return w
}

// Context is what chromedp knows the window by; it ends with the test.
func (w Window) Context() context.Context { return w.ctx }

// Do takes steps, all of them within a minute.
func (w Window) Do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	w.await("taking a step", steps...)
}

// See waits until an element is visible.
func (w Window) See(selector string) {
	w.t.Helper()
	w.await("waiting for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Gone waits until no element fits.
func (w Window) Gone(selector string) {
	w.t.Helper()
	w.await("waiting for no "+selector, chromedp.WaitNotPresent(chromedp.CSS(selector)))
}

func (w Window) await(what string, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	require.NoError(w.t, chromedp.Do(ctx, steps...), what)
}

// Click waits for an element and clicks it.
func (w Window) Click(selector string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
		if err == nil {
			return
		}
		// News may draw it anew between finding the element and pressing it; a person would press again too.
		require.NoError(w.t, ctx.Err(), "clicking %s: %v", selector, err)
	}
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
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	require.NoError(w.t, err, script)
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
