package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

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
	b.See(`[data-testid=modal]`)
	require.Equal(t, "access_pick", eval[string](b, `document.activeElement.dataset.actionId`))

	b.Click(`[data-testid=submit]`)
	require.Contains(t, b.Text(`[data-block-id=access]`), "Please complete this required field.")

	b.Click(`[data-action-id=access_pick]`)
	require.Contains(t, b.Text(`[data-testid=options]`), "Type at least 2 characters")
	b.Keys("dri")
	b.See(`[role=option]`)
	f.await(t, "suggest", func(body object) bool { return body["value"] == "dri" })
	b.shoot("type-ahead")
	b.Keys(kb.Enter)
	f.await(t, "action", func(body object) bool { return body["action_id"] == "access_pick" })

	b.Click(`[data-action-id=duration_pick]`)
	b.Keys(kb.ArrowDown + kb.Enter)
	b.Do(chromedp.SendKeys(chromedp.CSS(`[data-action-id=reason_text]`), "boards"))
	f.await(t, "input", func(body object) bool { return typed(body, "reason", "reason_text")["value"] == "boards" })
	b.Click(`[data-testid=submit]`)

	body := f.await(t, "submit", nil)
	require.Equal(t, "e1", typed(body, "access", "access_pick")["selected_option"].(object)["value"])
	require.Equal(t, "U1", typed(body, "for", "for_pick")["selected_user"])
	require.Equal(t, "8h", typed(body, "duration", "duration_pick")["selected_option"].(object)["value"])
	b.See(`[data-testid=input-error]`)
	require.Contains(t, b.Text(`[data-block-id=reason]`), "Say a little more, please.")
	b.shoot("modal-errors")

	view := load(t, "modal").(object)
	view["blocks"] = append(view["blocks"].([]any), object{"type": "section", "block_id": "more", "text": object{"type": "mrkdwn", "text": "added"}})
	f.openModal(view)
	b.See(`[data-block-id=more]`)
	require.Equal(t, "boards", eval[string](b, `document.querySelector('[data-action-id=reason_text]').value`))

	f.answer("submit", func(object) any {
		return object{"result": "error", "warning": "We had some trouble connecting. Try again?"}
	})
	b.Click(`[data-testid=submit]`)
	require.Contains(t, b.Text(`[data-testid=banner]`), "trouble connecting")
	b.Keys(kb.Escape)
	require.Equal(t, false, f.await(t, "close", nil)["all"])
	f.openModal()
	b.Gone(`[data-testid=modal]`)
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
	b.Size(1280, 1900, "light")
	b.open(f, "#/U1/C1")
	f.openModal(load(t, "elements"))
	b.See(`[data-testid=modal]`)
	require.Equal(t, 0, eval[int](b, `document.querySelectorAll('.block-unknown').length`))
	require.Equal(t, "2026-11-20T16:00", eval[string](b, `document.querySelector('[data-block-id=moment] input').value`), "Lisbon is on UTC in November")
	b.shoot("elements-top")
	eval[any](b, `document.querySelector('[data-block-id=c]').scrollIntoView()`)
	b.shoot("elements-bottom")
	b.Click(`[data-block-id=multi] [role=combobox]`)
	b.Keys("blu" + kb.Enter)
	b.Click(`[data-block-id=radio] [data-value=later]`)
	b.Click(`[data-testid=submit]`)
	body := f.await(t, "submit", nil)
	require.Len(t, typed(body, "multi", "a")["selected_options"], 2)
	require.Equal(t, []any{"U2", "U3"}, typed(body, "people", "a")["selected_users"])
	require.InDelta(t, 1795190400, typed(body, "moment", "a")["selected_date_time"], 0)
	require.Equal(t, "later", typed(body, "radio", "a")["selected_option"].(object)["value"])
}

func TestModalsStack(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	first, second := load(t, "modal").(object), load(t, "elements").(object)
	f.openModal(first)
	b.Click(`[data-action-id=reason_text]`)
	b.Keys("boards")
	b.Click(`[data-action-id=duration_pick]`)
	b.See(`[role=option]`)
	b.Keys(kb.Escape)
	b.Gone(`[role=option]`)
	b.See(`[data-testid=modal]`)

	f.openModal(first, second)
	b.See(`[data-testid=modal][data-view-id=V2] [aria-label=Back]`)
	b.Click(`[aria-label=Back]`)
	require.Equal(t, false, f.await(t, "close", nil)["all"])
	f.openModal(first)
	b.See(`[data-testid=modal][data-view-id=V1]`)
	require.Equal(t, "boards", eval[string](b, `document.querySelector('[data-action-id=reason_text]').value`))
	b.Click(`[data-testid=modal] [aria-label=Close]`)
	f.await(t, "close", func(body object) bool { all, _ := body["all"].(bool); return all })
}

func TestFocusStaysInTheModal(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	f.openModal(load(t, "modal"))
	b.See(`[data-testid=modal]`)
	for range 20 {
		b.Keys(kb.Tab)
		require.True(t, eval[bool](b, `document.activeElement === document.body || document.activeElement.closest('dialog') !== null`))
	}
}

func TestAViewUpdateKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	f.openModal(load(t, "modal"))
	b.Click(`[data-action-id=duration_pick]`)
	b.Keys(kb.ArrowDown + kb.Enter)
	b.Click(`[data-action-id=reason_text]`)
	b.Keys("bords" + kb.ArrowLeft + kb.ArrowLeft + kb.ArrowLeft)

	view := load(t, "modal").(object)
	blocks := view["blocks"].([]any)
	blocks[2].(object)["element"].(object)["options"] = []any{object{"text": object{"type": "plain_text", "text": "1 minute"}, "value": "1m"}}
	blocks[3].(object)["hint"] = object{"type": "plain_text", "text": "One sentence is enough."}
	f.openModal(view)
	b.See(`[data-block-id=reason] .input-hint`)
	b.Keys("a")
	state := f.await(t, "input", func(body object) bool { return typed(body, "reason", "reason_text")["value"] == "boards" })
	require.Nil(t, typed(state, "duration", "duration_pick")["selected_option"], "eight hours are not offered any more")
	require.Empty(t, eval[string](b, `document.querySelector('[data-action-id=duration_pick]').value`))
}
