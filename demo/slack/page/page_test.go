package page_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/page"
)

func quote(s string) string {
	quoted, _ := json.Marshal(s)
	return string(quoted)
}

func TestHandlerServesFilesUnderAStrictPolicy(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{"/": 200, "/js/main.js": 200, "/css/theme.css": 200, "/page.go": 404, "/../page.go": 404} {
		answer := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.URL.Path = path
		page.Handler().ServeHTTP(answer, request)
		require.Equal(t, want, answer.Code, path)
		require.Contains(t, answer.Header().Get("Content-Security-Policy"), "default-src 'none'")
	}
	answer := httptest.NewRecorder()
	page.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/", nil))
	require.Equal(t, http.StatusMethodNotAllowed, answer.Code)
}

func TestChannelShowsMessages(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.size(1280, 800, "light")
	b.open(f, "#/U1/C1")
	b.see(`[data-ts="1795190300.000100"]`)
	require.Equal(t, "Drive editors for Ana Diaz 🔑", b.text(`[data-block-id=card_title]`))
	require.Contains(t, b.text(`[data-ts="1795186800.000100"]`), "the freeze ends today at 4:00 PM")
	require.Contains(t, b.text(`[data-ts="1795186800.000100"]`), "(edited)")
	require.Contains(t, b.text(`[data-ephemeral=true]`), "Only visible to you")
	require.Contains(t, b.text(`[data-testid=clock]`), "1 h ahead")
	require.Contains(t, b.text(`[data-ts="1795190300.000100"]`), "<b>bold</b>")
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
	b.click(`[data-action-id=request_approve]`)
	body := f.await(t, "action", nil)
	require.Equal(t, object{"type": "message", "channel": "C1", "message_ts": "1795189000.000100"}, body["container"])
	require.Equal(t, "card_actions", body["block_id"])
	require.Equal(t, object{"type": "button", "value": "r1"}, body["value"])

	b.click(`[data-action-id=request_cancel]`)
	require.Contains(t, b.text(`[data-testid=confirm]`), "Nobody will be asked any more.")
	b.shoot("confirm")
	b.click(`[data-testid=confirm] .danger`)
	f.await(t, "action", func(body object) bool { return body["action_id"] == "request_cancel" })

	b.click(`[data-action-id=request_more]`)
	b.keys(kb.ArrowDown + kb.Enter)
	chosen := f.await(t, "action", func(body object) bool { return body["action_id"] == "request_more" })
	require.Equal(t, "remind", chosen["value"].(object)["selected_option"].(object)["value"])

	b.click(`[data-action-id=request_deny]`)
	b.see(`[data-testid=warning]`)
}

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
	b.do(chromedp.Focus(chromedp.CSS(`[data-testid=composer]`)))
	b.keys("/")
	b.see(`[data-testid=hints] .hint`)
	b.shoot("slash-hints")
	b.keys("ac" + kb.Tab + "request")
	require.Contains(t, b.text(`[data-testid=hints]`), "status ID")
	b.keys(kb.Enter)
	require.Equal(t, "/access request", f.await(t, "say", nil)["text"])
	require.Contains(t, b.text(`[data-testid=notice]`), "operation_timeout")

	b.keys("hi @be")
	b.see(`[data-testid=hints] .hint`)
	b.keys(kb.Enter + "<3")
	b.keys(kb.Enter)
	f.await(t, "say", func(body object) bool { return body["text"] == "hi <@U2> &lt;3" })
}

func TestModalIsFilledAndSubmitted(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	f.answer("suggest", func(object) any {
		return object{"options": []any{object{"text": object{"type": "plain_text", "text": "Drive editors"}, "value": "e1"}, object{"text": object{"type": "plain_text", "text": "Drive viewers"}, "value": "e2"}}}
	})
	f.answer("submit", func(object) any {
		return object{"result": "errors", "errors": object{"reason": "Say a little more, please."}}
	})
	b.open(f, "#/U1/C1")
	f.openModal(load(t, "modal"))
	b.see(`[data-testid=modal]`)
	require.Equal(t, "access_pick", eval[string](b, `document.activeElement.dataset.actionId`))

	b.click(`[data-testid=submit]`)
	require.Contains(t, b.text(`[data-block-id=access]`), "Please complete this required field.")

	b.click(`[data-action-id=access_pick]`)
	require.Contains(t, b.text(`[data-testid=options]`), "Type at least 2 characters")
	b.keys("dri")
	b.see(`[role=option]`)
	require.Equal(t, "dri", f.await(t, "suggest", nil)["value"])
	b.shoot("type-ahead")
	b.keys(kb.Enter)
	f.await(t, "action", func(body object) bool { return body["action_id"] == "access_pick" })

	b.click(`[data-action-id=duration_pick]`)
	b.keys(kb.ArrowDown + kb.Enter)
	b.do(chromedp.SendKeys(chromedp.CSS(`[data-action-id=reason_text]`), "boards"))
	f.await(t, "input", func(body object) bool { return typed(body, "reason", "reason_text")["value"] == "boards" })
	b.click(`[data-testid=submit]`)

	body := f.await(t, "submit", nil)
	require.Equal(t, "e1", typed(body, "access", "access_pick")["selected_option"].(object)["value"])
	require.Equal(t, "U1", typed(body, "for", "for_pick")["selected_user"])
	require.Equal(t, "8h", typed(body, "duration", "duration_pick")["selected_option"].(object)["value"])
	b.see(`[data-testid=input-error]`)
	require.Contains(t, b.text(`[data-block-id=reason]`), "Say a little more, please.")
	b.shoot("modal-errors")

	view := load(t, "modal").(object)
	view["blocks"] = append(view["blocks"].([]any), object{"type": "section", "block_id": "more", "text": object{"type": "mrkdwn", "text": "added"}})
	f.openModal(view)
	b.see(`[data-block-id=more]`)
	require.Equal(t, "boards", eval[string](b, `document.querySelector('[data-action-id=reason_text]').value`))

	f.answer("submit", func(object) any {
		return object{"result": "error", "warning": "We had some trouble connecting. Try again?"}
	})
	b.click(`[data-testid=submit]`)
	require.Contains(t, b.text(`[data-testid=banner]`), "trouble connecting")
	b.keys(kb.Escape)
	require.Equal(t, false, f.await(t, "close", nil)["all"])
	f.openModal()
	b.gone(`[data-testid=modal]`)
}

// typed is one element's value in a call's state.
func typed(body object, block, action string) object {
	values := body["state"].(object)["values"].(object)
	value, _ := values[block].(object)[action].(object)
	return value
}

func TestEveryElementIsDrawn(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.size(1280, 1900, "light")
	b.open(f, "#/U1/C1")
	f.openModal(load(t, "elements"))
	b.see(`[data-testid=modal]`)
	require.Equal(t, 0, eval[int](b, `document.querySelectorAll('.block-unknown').length`))
	require.Equal(t, "2026-11-20T16:00", eval[string](b, `document.querySelector('[data-block-id=moment] input').value`), "Lisbon is on UTC in November")
	b.shoot("elements-top")
	eval[any](b, `document.querySelector('[data-block-id=c]').scrollIntoView()`)
	b.shoot("elements-bottom")
	b.click(`[data-block-id=multi] [role=combobox]`)
	b.keys("blu" + kb.Enter)
	b.click(`[data-block-id=radio] [data-value=later]`)
	b.click(`[data-testid=submit]`)
	body := f.await(t, "submit", nil)
	require.Len(t, typed(body, "multi", "a")["selected_options"], 2)
	require.Equal(t, []any{"U2", "U3"}, typed(body, "people", "a")["selected_users"])
	require.InDelta(t, 1795190400, typed(body, "moment", "a")["selected_date_time"], 0)
	require.Equal(t, "later", typed(body, "radio", "a")["selected_option"].(object)["value"])
}

func TestPagesOfTheWorkspace(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.size(1280, 800, "light")
	b.open(f, "#/U1/C1")

	b.click(`[data-testid=replies]`)
	b.see(`[data-testid=thread-composer-input]`)
	b.see(`#panel [data-ts="1795190100.000100"]`)
	b.shoot("thread")
	b.keys("on it" + kb.Enter)
	require.Equal(t, "1795189000.000100", f.await(t, "say", nil)["thread_ts"])

	b.click(`[data-app=A1]`)
	b.see(`[data-block-id=g1]`)
	require.Equal(t, "home", f.await(t, "home", nil)["tab"])
	b.shoot("home")
	b.click(`[data-tab=about]`)
	b.shoot("about")

	b.click(`[data-testid=journal]`)
	require.Contains(t, b.text(`#journal`), "invalid_blocks")
	b.click(`.journal-entry summary`)
	b.shoot("journal")
	b.keys(kb.Escape)

	b.click(`[data-advance="3600"]`)
	require.InDelta(t, 3600, f.await(t, "advance", nil)["seconds"], 0)

	b.click(`[data-testid=switcher]`)
	b.see(`[data-testid=chooser]`)
	b.shoot("switcher")
	b.keys("ben" + kb.Enter)
	b.see(`[data-testid=switcher][data-user=U2]`)
}

func TestStreamKeepsThePageFresh(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	b.see(`[data-ts="1795190300.000100"]`)
	b.do(chromedp.SendKeys(chromedp.CSS(`[data-testid=composer]`), "half a sentence"))
	messages := load(t, "messages").([]any)
	messages = append(messages, object{"ts": "1795190600.000100", "user": "U2", "text": "a *new* one"})
	f.set("messages", messages)
	f.tell(object{"type": "messages", "channel": "C1", "thread_ts": ""})
	b.see(`[data-ts="1795190600.000100"]`)
	require.Equal(t, "half a sentence", eval[string](b, `document.querySelector('[data-testid=composer]').value`))
	require.Equal(t, "Ben Okoye: a new one", eval[string](b, `document.getElementById('announcer').textContent`))
}

func TestDarkAndNarrow(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.size(1280, 800, "dark")
	b.open(f, "#/U1/C1/1795189000.000100")
	b.see(`#panel [data-ts="1795190100.000100"]`)
	require.Equal(t, "dark", eval[string](b, `document.documentElement.dataset.theme`))
	b.shoot("dark")
	f.openModal(load(t, "modal"))
	b.see(`[data-testid=modal]`)
	b.shoot("dark-modal")
	f.openModal()
	b.gone(`[data-testid=modal]`)
	b.size(900, 700, "light")
	b.shoot("narrow")
	b.size(390, 800, "light")
	b.shoot("phone-thread")
	b.click(`[aria-label="Close thread"]`)
	b.shoot("phone")
	b.click(`.sidebar-button`)
	b.see(`.sidebar.open`)
	b.shoot("phone-sidebar")
	require.Equal(t, 390, eval[int](b, `document.documentElement.scrollWidth`), "nothing sticks out")
}
