package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

func TestChannelShowsMessages(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.Size(1280, 800, "light")
	b.open(f, "#/U1/C1")
	b.See(`[data-ts="1795190300.000100"]`)
	require.Equal(t, "Drive editors for Ana Diaz 🔑", b.Text(`[data-block-id=card_title]`))
	require.Contains(t, b.Text(`[data-ts="1795186800.000100"]`), "the freeze ends today at 4:00 PM")
	require.Contains(t, b.Text(`[data-ts="1795186800.000100"]`), "(edited)")
	require.Contains(t, b.Text(`[data-ephemeral=true]`), "Only visible to you")
	require.Contains(t, b.Text(`[data-testid=clock]`), "1 h ahead")
	require.Contains(t, b.Text(`[data-ts="1795190300.000100"]`), "<b>bold</b>")
	require.Equal(t, 0, eval[int](b, `document.querySelectorAll('.message script, .message b, a[href^=javascript]').length`))
	b.shoot("channel")
}

func TestButtonsReachTheApp(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	f.answer("action", func(body object) any {
		return object{"ok": body["action_id"] != "request_deny", "warning": "the app did not answer in time"}
	})
	b.open(f, "#/U1/C1")
	b.Click(`[data-action-id=request_approve]`)
	body := f.await(t, "action", nil)
	require.Equal(t, object{"type": "message", "channel": "C1", "message_ts": "1795189000.000100"}, body["container"])
	require.Equal(t, "card_actions", body["block_id"])
	require.Equal(t, object{"type": "button", "value": "r1"}, body["value"])

	b.Click(`[data-action-id=request_cancel]`)
	require.Contains(t, b.Text(`[data-testid=confirm]`), "Nobody will be asked any more.")
	b.shoot("confirm")
	b.Click(`[data-testid=confirm] .danger`)
	f.await(t, "action", func(body object) bool { return body["action_id"] == "request_cancel" })

	b.Click(`[data-action-id=request_more]`)
	b.Keys(kb.ArrowDown + kb.Enter)
	chosen := f.await(t, "action", func(body object) bool { return body["action_id"] == "request_more" })
	require.Equal(t, "remind", chosen["value"].(object)["selected_option"].(object)["value"])

	b.Click(`[data-action-id=request_deny]`)
	b.See(`[data-testid=warning]`)
}

func TestStreamKeepsThePageFresh(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	b.See(`[data-ts="1795190300.000100"]`)
	b.Do(chromedp.SendKeys(chromedp.CSS(`[data-testid=composer]`), "half a sentence"))
	messages := load(t, "messages").([]any)
	messages = append(messages, object{"ts": "1795190600.000100", "user": "U2", "text": "a *new* one"})
	f.set("messages", messages)
	f.tell(object{"type": "messages", "channel": "C1", "thread_ts": ""})
	b.See(`[data-ts="1795190600.000100"]`)
	require.Equal(t, "half a sentence", eval[string](b, `document.querySelector('[data-testid=composer]').value`))
	require.Equal(t, "Ben Okoye: a new one", eval[string](b, `document.getElementById('announcer').textContent`))
}

func TestStreamComesBackAndReadsWhatWasMissed(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	b.See(`[data-ts="1795190300.000100"]`)
	f.set("messages", append(load(t, "messages").([]any), object{"ts": "1795190700.000100", "user": "U2", "text": "said in the gap"}))
	f.dropStreams()
	b.See(`[data-ts="1795190700.000100"]`)
	b.See(`.main:has(.offline[hidden])`)
}

func TestShortcutsOfAMessage(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	b.Do(focus(`[data-ts="1795190300.000100"]`))
	b.Click(`[data-ts="1795190300.000100"] [aria-label="More message actions"]`)
	b.See(`[role=menu]`)
	b.Keys(kb.ArrowDown + kb.Enter)
	body := f.await(t, "shortcut", nil)
	require.Equal(t, "report_message", body["callback_id"])
	require.Equal(t, "1795190300.000100", body["message_ts"])
	require.Equal(t, "C1", body["channel"])
}
