package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/chromium"
	"github.com/usherhq/usher/handlers/web"
)

// pictures is where this test keeps what it saw; git ignores it.
var pictures = filepath.Join("..", "..", "test-output", "mail")

// shoot keeps a page in light, dark and on a phone, and returns to light.
func shoot(w chromium.Window, name string) {
	for _, look := range []struct {
		name          string
		width, height int64
		scheme        string
	}{{"phone", 390, 844, "light"}, {"phone-dark", 390, 844, "dark"}, {"dark", 1000, 800, "dark"}, {"light", 1000, 800, "light"}} {
		w.Size(look.width, look.height, look.scheme)
		w.Shoot(filepath.Join(pictures, name+"-"+look.name+".png"))
	}
}

// TestAPersonAnswersInABrowser goes from the mail to the recorded answer, and comes too late another time.
func TestAPersonAnswersInABrowser(t *testing.T) {
	t.Parallel()
	l := &links{question: sample()}
	log := &strings.Builder{}
	made, err := web.New(web.Options{Links: l, Key: make([]byte, 32), Clock: time.Now, Log: slog.New(slog.NewTextHandler(log, nil))})
	require.NoError(t, err)
	mux := http.NewServeMux()
	made.Register(mux)
	mux.HandleFunc("GET /letter", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _, html := web.ApprovalMail(sample(), "http://"+r.Host+"/mail/good")
		_, _ = w.Write([]byte(html))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w := chromium.Open(t, "/favicon.ico", "status of 404", "status of 409", "status of 403")

	w.Do(chromedp.Navigate(server.URL + "/letter"))
	shoot(w, "1-mail")
	w.Click(`a`)
	w.See(`form`)
	require.Contains(t, w.Text(`main`), "This is Ben Okafor’s decision.")
	require.Equal(t, "600", chromium.Eval[string](w, `getComputedStyle(document.querySelector("button")).fontWeight`), "the policy lets the style in")
	shoot(w, "2-question")
	require.LessOrEqual(t, chromium.Eval[float64](w, `document.documentElement.scrollWidth - document.documentElement.clientWidth`), 0.0)
	require.Empty(t, l.recorded(), "looking decided nothing")

	other := chromium.Open(t, "status of 409", "/favicon.ico", "status of 404")
	other.Do(chromedp.Navigate(server.URL + "/mail/good"))
	other.See(`form`)

	w.Keys(kb.Tab + "Please log out in the evening" + kb.Tab) // by keyboard alone: the comment, then the first button
	require.Equal(t, "Approve", chromium.Eval[string](w, `document.activeElement.innerText`))
	w.Shoot(filepath.Join(pictures, "3-keyboard.png"))
	w.Keys(kb.Enter)
	w.Gone(`form`)
	require.Contains(t, w.Text(`h1`), "Recorded: Approve")
	shoot(w, "4-recorded")
	require.Equal(t, []string{"approve|Please log out in the evening"}, l.recorded())

	other.Click(`button.red`)
	other.Gone(`form`)
	require.Contains(t, other.Text(`main`), "ben@example.com already answered “Approve”. Nothing was changed.")
	shoot(other, "5-late")
	other.Click(`a`)
	other.See(`dl`)
	require.Contains(t, other.Text(`h1`), "Answered: Approve")
	require.Empty(t, chromium.Eval[string](other, `document.referrer`), "a page does not say where it is")
	shoot(other, "6-answered")

	w.Do(chromedp.Navigate(server.URL + "/mail/never"))
	require.Contains(t, w.Text(`h1`), "This link does not work")
	shoot(w, "7-dead")
	require.Equal(t, []string{"approve|Please log out in the evening"}, l.recorded())
	require.Empty(t, log.String())
}
