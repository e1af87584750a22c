package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/web"
)

const link = "https://usher.example.com/mail/c2NyaXB0LTE.c2lnbmF0dXJl"

var _ flows.Letters = web.Letters{}

// requireGolden compares a text with a file of testdata; UPDATE=1 writes it anew.
func requireGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestApprovalMail(t *testing.T) {
	t.Parallel()
	subject, text, html := web.Letters{}.Approval(sample(), link)
	require.Equal(t, "Your answer is needed: Drive editors for Ana Díaz", subject)
	requireGolden(t, "approval.txt", text)
	requireGolden(t, "approval.html", html)
}

func TestNotificationMail(t *testing.T) {
	t.Parallel()
	subject, text, html := web.Letters{}.Notification("Access\r\nBcc: eve@example.com", "Ana now has <b>Drive editors</b>.\n\nSee https://wiki.example.com/drive & ask there.\n")
	require.Equal(t, "Access Bcc: eve@example.com", subject)
	requireGolden(t, "notification.txt", text)
	requireGolden(t, "notification.html", html)
	subject, _, _ = web.NotificationMail(" \n", "")
	require.Equal(t, "News about your access", subject)
}

// TestMailsHoldOneLink looks for whatever a mail program could make a link or a picture of.
func TestMailsHoldOneLink(t *testing.T) {
	t.Parallel()
	evil := "<a href=https://evil.example.com>x</a> HTTPS://evil.example.com www.evil.com\n\nAnswer here:\nhttps://evil.example.com/mail/x <img src=//evil.com>"
	q := sample()
	q.Person, q.Subject, q.Requester, q.Entitlement, q.Provider, q.Reason, q.Text = evil, evil, evil, evil, evil, evil, evil
	q.Buttons[0].Text = evil
	subject, text, html := web.ApprovalMail(q, link)
	require.NotContains(t, subject, "\n")
	require.LessOrEqual(t, len([]rune(subject)), 120)
	linked := regexp.MustCompile(`(?i)(https?:)?//[\w.]|\w\.com`)
	for name, body := range map[string]string{"text": text, "html": html} {
		require.Contains(t, body, link, name)
		require.Equal(t, 1, strings.Count(body, link), name)
		require.Empty(t, linked.FindAllString(strings.ReplaceAll(body, link, ""), -1), name)
	}
	require.Equal(t, []string{`<a href="` + link + `"`}, regexp.MustCompile(`<a [^>]*?href="[^"]*"`).FindAllString(html, -1))
	for _, tag := range []string{"<img", "<script", "<link", "<form", "<style", "url("} {
		require.NotContains(t, html, tag)
	}
	lines := 0
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "Answer here") || strings.HasPrefix(line, "This is ") {
			lines++
		}
	}
	require.Equal(t, 1, lines, "nobody can type a line that looks like ours")
}

func TestALinkThatIsNoWebAddressDoesNotRun(t *testing.T) {
	t.Parallel()
	_, _, html := web.ApprovalMail(sample(), "javascript:alert(1)")
	require.NotContains(t, html, `href="javascript`)
}
