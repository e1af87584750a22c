// Package chromium gives tests windows of a real browser.
//
// The tests of a process share one headless Chromium, which runs while a window of it is open. Each window has
// cookies, storage and a cache of its own, as a private window has. Nothing is skipped: without Chromium the test
// fails and names the package to install.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// errMissing is returned when the machine has no Chromium.
var errMissing = errors.New("this test drives Chromium: install the Debian package `chromium`")

// names are what systems call the program; `make deps` accepts the same.
var names = []string{"chromium", "chromium-browser", "google-chrome"}

// shared is the one browser of this process, while it has windows.
var shared struct {
	mu      sync.Mutex
	windows int
	browser context.Context //nolint:containedctx // chromedp addresses a browser by its context
	stop    func()
}

// share returns the browser, which runs at least until t ends.
func share(t testing.TB) context.Context {
	t.Helper()
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.windows == 0 {
		browser, stop, err := start()
		require.NoError(t, err)
		shared.browser, shared.stop = browser, stop
	}
	shared.windows++
	t.Cleanup(release)
	return shared.browser
}

// release ends the browser with its last window.
func release() {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.windows--; shared.windows == 0 {
		shared.stop()
	}
}

// start runs a browser without a window that anyone uses.
func start() (browser context.Context, stop func(), err error) {
	program, err := find()
	if err != nil {
		return nil, nil, err
	}
	profile, err := os.MkdirTemp("", "chromium-test-")
	if err != nil {
		return nil, nil, fmt.Errorf("make a browser profile: %w", err)
	}
	allocator, free := chromedp.NewExecAllocator(context.Background(), options(program, profile)...)
	browser, cancel := chromedp.NewContext(allocator)
	stop = func() {
		cancel()
		free()
		_ = os.RemoveAll(profile) // a leftover in the temporary folder does no harm
	}
	// The browser lives as long as the context of its first action, so that one has no deadline.
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		stop()
		return nil, nil, fmt.Errorf("start %s: %w", program, err)
	}
	return browser, stop, nil
}

func find() (string, error) {
	for _, name := range names {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errMissing
}

// options keep the browser to the test: no screen, no sandbox (which root can't have), no traffic of its own.
func options(program, profile string) []chromedp.ExecAllocatorOption {
	return []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("no-proxy-server", true), chromedp.WindowSize(1280, 800),
	}
}
