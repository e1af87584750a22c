package page_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/usherhq/usher/demo/chromium"
)

// screenshots is where the tests put what they saw, at the root of the repository; git ignores it.
const screenshots = "../../../test-output/page"

// tab is a browser window for the page.
type tab struct{ chromium.Window }

// browser opens a window for a test. Errors that hold a tolerated text are part of the test.
func browser(t *testing.T, tolerated ...string) tab {
	t.Helper()
	return tab{chromium.Open(t, tolerated...)}
}

// open loads the page of f at a place such as "#/U1/C1" and waits until it is drawn.
func (b tab) open(f *fake, place string) {
	b.Do(chromedp.Navigate(f.URL+"/"+place), chromedp.WaitReady(chromedp.CSS(`html[data-ready=true]`)))
}

// shoot keeps a picture of the window.
func (b tab) shoot(name string) { b.Shoot(filepath.Join(screenshots, name+".png")) }

// focus gives an element the focus.
func focus(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Focus(chromedp.CSS(selector))
}

// eval evaluates JavaScript to a value.
func eval[T any](b tab, script string) T { return chromium.Eval[T](b.Window, script) }
