package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

func TestComposerIsUsedByKeyboard(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	f.answer("say", func(body object) any {
		if body["text"] == "/access request" {
			return object{"ok": true, "notice": `/access failed with the error "operation_timeout"`}
		}
		return object{"ok": true}
	})
	b.open(f, "#/U1/C1")
	b.Do(chromedp.Focus(chromedp.CSS(`[data-testid=composer]`)))
	b.Keys("/")
	b.See(`[data-testid=hints] .hint`)
	b.shoot("slash-hints")
	b.Keys("ac" + kb.Tab + "request")
	require.Contains(t, b.Text(`[data-testid=hints]`), "status ID")
	b.Keys(kb.Enter)
	require.Equal(t, "/access request", f.await(t, "say", nil)["text"])
	require.Contains(t, b.Text(`[data-testid=notice]`), "operation_timeout")

	b.Keys("hi @be")
	b.See(`[data-testid=hints] .hint`)
	b.Keys(kb.Enter + "<3")
	b.Keys(kb.Enter)
	f.await(t, "say", func(body object) bool { return body["text"] == "hi <@U2> &lt;3" })
}

func TestGlobalShortcutsOpenFromTheComposer(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	f.answer("shortcut", func(object) any { return object{"ok": false, "warning": "the app did not answer in time"} })
	b.open(f, "#/U1/C1")
	b.Click(`[data-testid=shortcuts]`)
	b.See(`[role=menu] [data-shortcut=request_access]`)
	b.shoot("shortcuts")
	b.Keys(kb.Enter)
	require.Equal(t, "request_access", f.await(t, "shortcut", nil)["callback_id"])
	require.Contains(t, b.Text(`[data-testid=toast]`), "did not answer")
}

func TestJoinBarStandsInForTheComposer(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C4")
	require.Contains(t, b.Text(`.foot-bar`), "You are not in #random")
	b.Click(`.foot-bar .button`)
	require.Equal(t, "C4", f.await(t, "join", nil)["channel"])
	b.Do(chromedp.Click(chromedp.CSS(`[data-channel=C5]`)))
	require.Contains(t, b.Text(`.foot-bar`), "archived")
}
