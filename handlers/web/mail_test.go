package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/handlers/web"
)

func TestLookingDecidesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 3 {
		got := b.get("/mail/good?answer=approve&mark=" + url.QueryEscape(b.mark("good")))
		require.Equal(t, http.StatusOK, got.Status)
		for _, words := range []string{
			"May Ana edit the shared drives?", "This is <strong>Ben Okafor</strong>’s decision.", "Drive editors (Acme Drive)", "Ana Díaz", "Carla Ruiz",
			"Fix the logo in the quarterly report.\nIt is on page 3.", "Friday, 4 December 2026, 14:30 UTC",
			`<button name="answer" value="approve" class="green">Approve</button>`, `<button name="answer" value="deny" class="red">Deny</button>`,
		} {
			require.Contains(t, got.Body, words)
		}
	}
	head := b.do(httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/mail/good", nil))
	require.Equal(t, http.StatusOK, head.Status)
	require.Empty(t, b.recorded())
}

func TestPressingDecidesOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mark := b.mark("good")
	got := b.press("good", mark, "approve", "  fine\x00 by me \u202e ")
	require.Equal(t, http.StatusOK, got.Status)
	require.Contains(t, got.Body, "<h1>Recorded: Approve</h1>")
	require.Contains(t, got.Body, "Your answer was recorded for ben@example.com.")
	require.NotContains(t, got.Body, "<form")
	require.Equal(t, []string{"approve|fine by me"}, b.recorded())

	late := b.press("good", mark, "deny", "")
	require.Equal(t, http.StatusConflict, late.Status)
	require.Contains(t, late.Body, "ben@example.com already answered “Approve”. Nothing was changed.")
	require.Equal(t, []string{"approve|fine by me"}, b.recorded())

	after := b.get("/mail/good")
	require.Equal(t, http.StatusOK, after.Status)
	require.Contains(t, after.Body, "<h1>Answered: Approve</h1>")
	require.Contains(t, after.Body, "This question was answered by ben@example.com.")
	require.NotContains(t, after.Body, "<form")
}

func TestAnswersThatDoNotComeFromThePage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		send   func(b *bundle) answer
		status int
		words  string
	}{
		"no mark":        {func(b *bundle) answer { return b.press("good", "", "approve", "") }, 403, "the page had been open for a long time"},
		"a made-up mark": {func(b *bundle) answer { return b.press("good", strings.Repeat("A", 54), "approve", "") }, 403, "the page had been open"},
		"another link's": {func(b *bundle) answer { return b.press("good", b.mark("self"), "approve", "") }, 403, "the page had been open"},
		"a page of earlier": {func(b *bundle) answer {
			m := b.mark("good")
			b.now = b.now.Add(3 * time.Hour)
			return b.press("good", m, "approve", "")
		}, 403, "the page had been open"},
		"a page of later": {func(b *bundle) answer {
			m := b.mark("good")
			b.now = b.now.Add(-time.Hour)
			return b.press("good", m, "approve", "")
		}, 403, "the page had been open"},
		"another type": {func(b *bundle) answer {
			return b.post("/mail/good", "text/plain", "mark="+b.mark("good")+"&answer=approve")
		}, 415, "did not come from the page"},
		"no type":        {func(b *bundle) answer { return b.post("/mail/good", "", "mark="+b.mark("good")+"&answer=approve") }, 415, "did not come from the page"},
		"JSON":           {func(b *bundle) answer { return b.post("/mail/good", "application/json", `{"answer":"approve"}`) }, 415, "did not come from the page"},
		"in the address": {func(b *bundle) answer { return b.post("/mail/good?answer=approve&mark="+b.mark("good"), formType, "") }, 403, "the page had been open"},
		"two answers": {func(b *bundle) answer {
			return b.post("/mail/good", formType, "mark="+b.mark("good")+"&answer=approve&answer=deny")
		}, 400, "did not come from the page"},
		"no form":        {func(b *bundle) answer { return b.post("/mail/good", formType, "%zz") }, 400, "did not come from the page"},
		"too much":       {func(b *bundle) answer { return b.press("good", b.mark("good"), "approve", strings.Repeat("x", 17<<10)) }, 413, "too long"},
		"no such answer": {func(b *bundle) answer { return b.press("good", b.mark("good"), "maybe", "") }, 409, "Choose one of the answers."},
		"no answer":      {func(b *bundle) answer { return b.press("good", b.mark("good"), "", "") }, 409, "Choose one of the answers."},
		"of oneself":     {func(b *bundle) answer { return b.press("self", b.mark("self"), "approve", "") }, 409, "You can&#39;t decide on access of your own."},
		"another verb": {func(b *bundle) answer {
			return b.do(httptest.NewRequestWithContext(t.Context(), http.MethodPut, "/mail/good", nil))
		}, 405, "Nothing was recorded"},
		"another site": {func(b *bundle) answer {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mail/good", strings.NewReader("mark="+b.mark("good")+"&answer=approve"))
			r.Header.Set("Content-Type", formType)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return b.do(r)
		}, 400, "did not come from the page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			got := tc.send(b)
			require.Equal(t, tc.status, got.Status)
			require.Contains(t, got.Body, tc.words)
			require.Empty(t, b.recorded())
		})
	}
}

func TestABrowserOfTheSameSiteMayPress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mail/good", strings.NewReader("mark="+b.mark("good")+"&answer=deny"))
	r.Header.Set("Content-Type", formType+"; charset=utf-8")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", "null") // what browsers send from a page that says no-referrer
	require.Equal(t, http.StatusOK, b.do(r).Status)
	require.Equal(t, []string{"deny|"}, b.recorded())
}

func TestAPageThatLayOpenShowsTheQuestionAnew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mark := b.mark("good")
	b.now = b.now.Add(3 * time.Hour)
	again := markField.FindStringSubmatch(b.press("good", mark, "approve", "").Body)
	require.Len(t, again, 2)
	require.Equal(t, http.StatusOK, b.press("good", again[1], "approve", "").Status)
}

func TestLinksThatDoNotWork(t *testing.T) {
	t.Parallel()
	b := setup(t)
	never, over := b.get("/mail/never"), b.get("/mail/over")
	require.Equal(t, http.StatusNotFound, never.Status)
	require.Equal(t, http.StatusGone, over.Status)
	require.Equal(t, never.Body, over.Body, "nobody learns whether a link ever was")
	require.Contains(t, never.Body, "This link does not work")
	require.Equal(t, http.StatusNotFound, b.get("/mail/"+strings.Repeat("x", 600)).Status)
	require.Equal(t, http.StatusNotFound, b.press("never", "", "approve", "").Status)

	early := b.get("/mail/early")
	require.Equal(t, http.StatusServiceUnavailable, early.Status)
	require.Equal(t, "5", early.Header.Get("Retry-After"))
	require.Empty(t, b.log.String(), "none of this is a fault of ours")
}

func TestWhatWentWrongIsInTheLogOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	got := b.get("/mail/broken")
	require.Equal(t, http.StatusInternalServerError, got.Status)
	require.NotContains(t, got.Body, "disk")
	reference := regexp.MustCompile(`reference ([A-Z0-9]{8})\.`).FindStringSubmatch(got.Body)
	require.Len(t, reference, 2)
	require.Contains(t, b.log.String(), "reference="+reference[1])
	require.Contains(t, b.log.String(), "the disk with")
	require.NotContains(t, b.log.String(), "/mail/", "a link is a credential")
}

func TestWhatPeopleTypedIsText(t *testing.T) {
	t.Parallel()
	b := setup(t)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "\u202e\x07"
	b.question.Person, b.question.Subject, b.question.Requester, b.question.Entitlement = evil, evil, evil, evil
	b.question.Provider, b.question.Reason, b.question.Text = evil, evil, evil
	b.question.Buttons[0].Text, b.question.Buttons[0].Style = evil, evil
	got := b.get("/mail/good").Body
	require.NotContains(t, got, "<script")
	require.NotContains(t, got, "<img")
	require.NotContains(t, got, "\u202e")
	require.Equal(t, 10, strings.Count(got, "&lt;script&gt;"), "it is shown where it belongs")
	require.Contains(t, got, `value="approve" class="plain"`)
}

func TestEveryAnswerIsStrict(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, got := range map[string]answer{
		"page": b.get("/mail/good"), "unknown": b.get("/mail/never"), "broken": b.get("/mail/broken"), "long": b.get("/mail/" + strings.Repeat("x", 600)),
		"callback": b.post("/callbacks/never", "application/json", `{"status":"done"}`), "verb": b.get("/callbacks/good"),
	} {
		policy := got.Header.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'", name)
		require.Contains(t, policy, "frame-ancestors 'none'", name)
		require.Contains(t, policy, "form-action 'self'", name)
		require.Equal(t, "no-referrer", got.Header.Get("Referrer-Policy"), name)
		require.Equal(t, "no-store", got.Header.Get("Cache-Control"), name)
		require.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"), name)
		require.Equal(t, "DENY", got.Header.Get("X-Frame-Options"), name)
	}
	got := b.get("/mail/good")
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(got.Body)
	require.Len(t, style, 2)
	sum := sha256.Sum256([]byte(style[1]))
	require.Contains(t, got.Header.Get("Content-Security-Policy"), "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	require.NotContains(t, got.Body, "style=")
	require.NotContains(t, got.Body, "http://")
	require.NotContains(t, got.Body, "https://")
}

func TestAShortKeyIsRefused(t *testing.T) {
	t.Parallel()
	_, err := web.New(web.Options{Key: []byte("short")})
	require.EqualError(t, err, "the key for forms must have at least 32 bytes")
}

func FuzzPress(f *testing.F) {
	f.Add(formType, "mark=AAAA&answer=approve&comment=hi")
	f.Add("multipart/form-data; boundary=x", "--x\r\n")
	f.Add("", "%00;=")
	f.Fuzz(func(t *testing.T, kind, body string) {
		b := setup(t)
		got := b.post("/mail/good", kind, body)
		require.GreaterOrEqual(t, got.Status, 400)
		require.Less(t, got.Status, 500)
		require.Empty(t, b.recorded(), "no body decides that does not hold a mark of a page")
		require.Empty(t, b.log.String())
	})
}
