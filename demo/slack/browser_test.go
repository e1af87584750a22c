package slack_test

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// tab is a browser tab with the workspace's page in it.
type tab struct {
	context.Context
	t *testing.T
}

func openTab(t *testing.T, url string) tab {
	t.Helper()
	program, err := exec.LookPath("chromium")
	require.NoError(t, err, "this test drives Chromium: install the Debian package `chromium`")
	allocator, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("no-proxy-server", true), chromedp.WindowSize(1280, 800))
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, release := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(release)
	b := tab{ctx, t}
	b.do(chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS(`html[data-ready=true]`)))
	return b
}

func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.Context, steps...))
}

func (b tab) see(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.Context, 15*time.Second)
	defer cancel()
	require.NoError(b.t, chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS(selector))), "waiting for %s", selector)
}

func (b tab) click(selector string) {
	b.t.Helper()
	b.see(selector)
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

func TestThePageInABrowser(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	connectRequests(t, b)
	channel := b.ChannelID("access")
	page := openTab(t, b.URL()+"/#/"+b.ana.ID()+"/"+channel)
	page.do(chromedp.Focus(chromedp.CSS(`[data-testid=composer]`)))
	page.do(chromedp.KeyEvent("/ec"))
	page.see(`[data-testid=hints]`)
	page.do(chromedp.KeyEvent(kb.Tab + "modal" + kb.Enter))
	page.see(`[data-testid=modal]`)
	page.click(`[data-action-id=access_find]`)
	page.do(chromedp.KeyEvent("dri"))
	page.see(`[role=option]`)
	page.do(chromedp.KeyEvent(kb.Enter))
	page.do(chromedp.SendKeys(chromedp.CSS(`[data-action-id=reason_type]`), "no"))
	page.click(`[data-testid=submit]`)
	page.see(`[data-testid=input-error]`)
	page.do(chromedp.SendKeys(chromedp.CSS(`[data-action-id=reason_type]`), " boards without it"))
	page.click(`[data-testid=submit]`)
	card, err := b.ben.AwaitMessage(b.ctx, "access", "no boards without it")
	require.NoError(t, err)
	page.see(`[data-ts="` + card.TS + `"]`)

	page.click(`[data-testid=switcher]`)
	page.see(`[data-testid=chooser]`)
	page.do(chromedp.KeyEvent("ben" + kb.Enter))
	page.click(`[data-ts="` + card.TS + `"] [data-action-id=request_approve]`)
	_, err = b.ben.AwaitEphemeral(b.ctx, "access", "Thank you")
	require.NoError(t, err)
	page.see(`[data-ephemeral=true]`)
	_, err = b.ana.AwaitMessage(b.ctx, "access", "Approved")
	require.NoError(t, err)
	b.noErrors()
}
