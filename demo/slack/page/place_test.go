package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

func TestPagesOfTheWorkspace(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.Size(1280, 800, "light")
	b.open(f, "#/U1/C1")

	b.Click(`[data-testid=replies]`)
	b.See(`[data-testid=thread-composer-input]`)
	b.See(`#panel [data-ts="1795190100.000100"]`)
	b.shoot("thread")
	b.Keys("on it" + kb.Enter)
	require.Equal(t, "1795189000.000100", f.await(t, "say", nil)["thread_ts"])

	b.Click(`[data-app=A1]`)
	b.See(`[data-block-id=g1]`)
	require.Equal(t, "home", f.await(t, "home", nil)["tab"])
	b.shoot("home")
	b.Click(`[data-tab=about]`)
	b.shoot("about")

	b.Click(`[data-testid=journal]`)
	require.Contains(t, b.Text(`.journal-entry[data-level=error]`), "invalid_blocks")
	b.Click(`.journal-entry summary`)
	b.shoot("journal")
	b.Keys(kb.Escape)

	b.Click(`[data-advance="3600"]`)
	require.InDelta(t, 3600, f.await(t, "advance", nil)["seconds"], 0)

	b.Click(`[data-testid=switcher]`)
	b.See(`[data-testid=chooser]`)
	b.shoot("switcher")
	b.Keys("ben" + kb.Enter)
	b.See(`[data-testid=switcher][data-user=U2]`)
}

func TestDarkAndNarrow(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.Size(1280, 800, "dark")
	b.open(f, "#/U1/C1/1795189000.000100")
	b.See(`#panel [data-ts="1795190100.000100"]`)
	require.Equal(t, "dark", eval[string](b, `document.documentElement.dataset.theme`))
	b.shoot("dark")
	f.openModal(load(t, "modal"))
	b.See(`[data-testid=modal]`)
	b.shoot("dark-modal")
	f.openModal()
	b.Gone(`[data-testid=modal]`)
	b.Size(900, 700, "light")
	b.shoot("narrow")
	b.Size(390, 800, "light")
	b.shoot("phone-thread")
	b.Click(`[aria-label="Close thread"]`)
	b.shoot("phone")
	b.Click(`.sidebar-button`)
	b.See(`.sidebar.open`)
	b.shoot("phone-sidebar")
	require.Equal(t, 390, eval[int](b, `document.documentElement.scrollWidth`), "nothing sticks out")
}

func TestPersonAndPlaceByKeyboard(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	b.Do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.See(`[data-testid=chooser]`)
	b.Keys("desi" + kb.Enter)
	b.See(`h1[data-channel=C2]`)
	b.Do(chromedp.KeyEvent("2", chromedp.KeyModifiers(chromedp.ModifierAlt)))
	b.See(`[data-testid=switcher][data-user=U2]`)
	require.Contains(t, eval[string](b, `location.hash`), "#/U2/C2", "the place stays when the person changes")
	b.Gone(`[data-testid=chooser]`)
	b.Do(chromedp.KeyEvent("p", chromedp.KeyModifiers(chromedp.ModifierAlt)))
	b.See(`[data-testid=chooser] [data-user=U3] .count`)
	require.Equal(t, "2", b.Text(`[data-testid=chooser] [data-user=U3] .count`), "what waits for others is counted")
	b.Keys(kb.Escape)
	b.Gone(`[data-testid=chooser]`)
}

func TestEmptyPlaces(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	f.set("journal", object{"entries": []any{}})
	f.set("home", object{"view": nil})
	b.Size(1280, 800, "light")
	b.open(f, "#/U1/C3")
	require.Contains(t, b.Text(`.content`), "#security")
	b.shoot("empty-channel")
	b.Click(`[data-app=A1]`)
	require.Contains(t, b.Text(`[data-testid=home]`), "Nothing published yet")
	b.Click(`[data-testid=journal]`)
	require.Contains(t, b.Text(`#journal .empty`), "Nothing to report")
	b.shoot("empty-journal")
}

func TestAConversationOpensWhileThePageReads(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	frame := load(t, "snapshot").(object)
	channels := frame["channels"].([]any)
	frame["channels"] = channels[:len(channels)-1]
	require.Equal(t, "D2", channels[len(channels)-1].(object)["id"], "the conversation with the app")
	f.set("snapshot", frame)
	b.open(f, "#/U1/C1")
	goOn := f.holdSnapshot(t)
	f.answer("dm", func(object) any {
		f.set("snapshot", load(t, "snapshot"))
		return object{"ok": true, "channel": "D2"}
	})
	b.Do(chromedp.Navigate(f.URL + "/#/U1/app/A1/messages"))
	f.await(t, "dm", nil)
	goOn()
	b.See(`[data-testid=composer]`)
}

func TestFirstVisitAsksWhoToPlay(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t, "/_page/snapshot")
	f.refuseNobody = true
	b.Size(1280, 800, "light")
	b.Do(chromedp.Navigate(f.URL))
	b.See(`.welcome input`)
	b.shoot("welcome")
	b.Keys("U2" + kb.Enter)
	b.See(`[data-testid=switcher][data-user=U2]`)
	b.See(`[data-testid=composer]`)
}
