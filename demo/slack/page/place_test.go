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
	require.Contains(t, b.text(`.journal-entry[data-level=error]`), "invalid_blocks")
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

func TestPersonAndPlaceByKeyboard(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	b.open(f, "#/U1/C1")
	b.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.see(`[data-testid=chooser]`)
	b.keys("desi" + kb.Enter)
	b.see(`h1[data-channel=C2]`)
	b.do(chromedp.KeyEvent("2", chromedp.KeyModifiers(chromedp.ModifierAlt)))
	b.see(`[data-testid=switcher][data-user=U2]`)
	require.Contains(t, eval[string](b, `location.hash`), "#/U2/C2", "the place stays when the person changes")
	b.gone(`[data-testid=chooser]`)
	b.do(chromedp.KeyEvent("p", chromedp.KeyModifiers(chromedp.ModifierAlt)))
	require.Contains(t, b.text(`[data-testid=chooser] [data-user=U3]`), "2", "what waits for others is counted")
	b.keys(kb.Escape)
	b.gone(`[data-testid=chooser]`)
}

func TestEmptyPlaces(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t)
	f.set("journal", object{"entries": []any{}})
	f.set("home", object{"view": nil})
	b.size(1280, 800, "light")
	b.open(f, "#/U1/C3")
	require.Contains(t, b.text(`.content`), "#security")
	b.shoot("empty-channel")
	b.click(`[data-app=A1]`)
	require.Contains(t, b.text(`[data-testid=home]`), "Nothing published yet")
	b.click(`[data-testid=journal]`)
	require.Contains(t, b.text(`#journal`), "Nothing to report")
	b.shoot("empty-journal")
}

func TestFirstVisitAsksWhoToPlay(t *testing.T) {
	t.Parallel()
	f, b := newFake(t), browser(t, "/_page/snapshot")
	f.refuseNobody = true
	b.size(1280, 800, "light")
	b.do(chromedp.Navigate(f.URL))
	b.see(`.welcome input`)
	b.shoot("welcome")
	b.keys("U2" + kb.Enter)
	b.see(`[data-testid=switcher][data-user=U2]`)
	b.see(`[data-testid=composer]`)
}
