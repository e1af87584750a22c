package slack_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/chromium"
	"github.com/usherhq/usher/demo/slack"
)

func TestThePageInABrowser(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	connectRequests(t, b)
	channel := b.ChannelID("access")
	page := chromium.Open(t)
	page.Do(chromedp.Navigate(b.URL()+"/#/"+b.ana.ID()+"/"+channel), chromedp.WaitReady(chromedp.CSS(`html[data-ready=true]`)))
	page.Do(chromedp.Focus(chromedp.CSS(`[data-testid=composer]`)))
	page.Do(chromedp.KeyEvent("/ec"))
	page.See(`[data-testid=hints]`)
	page.Do(chromedp.KeyEvent(kb.Tab + "modal" + kb.Enter))
	page.See(`[data-testid=modal]`)
	page.Click(`[data-action-id=access_find]`)
	page.Do(chromedp.KeyEvent("dri"))
	page.See(`[role=option]`)
	page.Do(chromedp.KeyEvent(kb.Enter))
	page.Do(chromedp.SendKeys(chromedp.CSS(`[data-action-id=reason_type]`), "no"))
	page.Click(`[data-testid=submit]`)
	page.See(`[data-testid=input-error]`)
	page.Do(chromedp.SendKeys(chromedp.CSS(`[data-action-id=reason_type]`), " boards without it"))
	page.Click(`[data-testid=submit]`)
	card, err := b.ben.AwaitMessage(b.ctx, "access", "no boards without it")
	require.NoError(t, err)
	page.See(`[data-ts="` + card.TS + `"]`)

	page.Click(`[data-testid=switcher]`)
	page.See(`[data-testid=chooser]`)
	page.Do(chromedp.KeyEvent("ben" + kb.Enter))
	page.Click(`[data-ts="` + card.TS + `"] [data-action-id=request_approve]`)
	_, err = b.ben.AwaitEphemeral(b.ctx, "access", "Thank you")
	require.NoError(t, err)
	page.See(`[data-ephemeral=true]`)
	_, err = b.ana.AwaitMessage(b.ctx, "access", "Approved")
	require.NoError(t, err)
	b.noErrors()
}
