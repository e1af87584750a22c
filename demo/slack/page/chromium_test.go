package page_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// chromium is the one browser of all tests; each test has a window of its own in it.
var chromium struct {
	context.Context
	err error
}

func TestMain(m *testing.M) {
	stop := startChromium()
	code := m.Run()
	stop()
	os.Exit(code)
}

// startChromium fills chromium; the tests report its error.
func startChromium() (stop func()) {
	program, err := exec.LookPath("chromium")
	if err != nil {
		chromium.err = fmt.Errorf("these tests drive Chromium, install the Debian package `chromium`: %w", err)
		return func() {}
	}
	profile, err := os.MkdirTemp("", "page-test-")
	if err != nil {
		chromium.err = fmt.Errorf("make a browser profile: %w", err)
		return func() {}
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("no-proxy-server", true), chromedp.WindowSize(1280, 800),
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	chromium.Context, chromium.err = ctx, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	return func() {
		cancel()
		release()
		_ = os.RemoveAll(profile) // a leftover in the temporary folder does no harm
	}
}
