package mail

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/mail/mailtest"
)

const password = `p@ss "word" ${x}\y#1`

// sender is a Sender for a server.
func sender(t *testing.T, s *mailtest.Server, more string) *Sender {
	t.Helper()
	made, err := New(s.URL()+more, "")
	require.NoError(t, err)
	made.roots = s.Roots()
	return made
}

func question() Message {
	return Message{
		To: "ben@example.com", ToName: "Ben Okafor", Subject: "May Ana have Drive editors?", MessageID: "script-1.1@usher.example.com",
		Text: "Ana Díaz asks.\n.\n..\nFrom here on: https://usher.example.com/mail/abc\n", HTML: "<p>Ana Díaz asks.</p>\n.\n",
	}
}

// requireOutcome checks how an error is marked.
func requireOutcome(t *testing.T, want connectors.Outcome, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, want, connectors.Failure(err).Outcome, "%v", err)
}

func TestAMessageArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	require.NoError(t, sender(t, server, "").Send(t.Context(), question()))

	got := server.Await(t, 1)[0]
	require.Equal(t, "usher@example.com", got.From)
	require.Equal(t, "ben@example.com", got.To)
	require.Equal(t, `"Ben Okafor" <ben@example.com>`, got.Header.Get("To"))
	require.Equal(t, "May Ana have Drive editors?", got.Subject)
	require.Equal(t, question().Text, got.Text)
	require.Equal(t, question().HTML, got.HTML)
	require.Equal(t, "<script-1.1@usher.example.com>", got.Header.Get("Message-Id"))
	require.Equal(t, "auto-generated", got.Header.Get("Auto-Submitted"))
	require.Equal(t, "All", got.Header.Get("X-Auto-Response-Suppress"))
	require.Equal(t, "<usher@example.com>", got.Header.Get("Return-Path"), "bounces go to the sender")
	date, err := got.Header.Date()
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), date, time.Hour)
	require.Empty(t, got.Header["User-Agent"])
}

func TestASecondAttemptHasTheSameMessageID(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	s := sender(t, server, "")
	plain := question()
	plain.HTML, plain.MessageID = "", "<script-1.1@usher.example.com>"
	require.NoError(t, s.Send(t.Context(), question()))
	require.NoError(t, s.Send(t.Context(), plain))

	got := server.Await(t, 2)
	require.Equal(t, got[0].Header["Message-Id"], got[1].Header["Message-Id"])
	require.Len(t, got[0].Header["Message-Id"], 1)
	require.Empty(t, got[1].HTML)
	require.Equal(t, plain.Text, got[1].Text)
}

func TestNobodyWritesHeaders(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	s := sender(t, server, "")
	evil := "x\r\nBcc: eve@example.com\r\n\r\nbody\x00 \u202e=?utf-8?q?=0D=0AX-Evil:_1?="
	m := question()
	m.Subject, m.ToName = evil, evil
	require.NoError(t, s.Send(t.Context(), m))
	got := server.Await(t, 1)
	require.Len(t, got, 1)
	require.Empty(t, got[0].Header["Bcc"])
	require.Empty(t, got[0].Header["X-Evil"])
	require.Equal(t, "x Bcc: eve@example.com body = ?utf-8?q?=0D=0AX-Evil:_1?=", got[0].Subject)
	require.Equal(t, question().Text, got[0].Text)

	for name, spoil := range map[string]func(*Message){
		"an address with a line":   func(m *Message) { m.To = "ben@example.com\r\nRCPT TO:<eve@example.com>" },
		"an address with a name":   func(m *Message) { m.To = "Ben <ben@example.com>" },
		"two addresses":            func(m *Message) { m.To = "ben@example.com, eve@example.com" },
		"a quoted address":         func(m *Message) { m.To = `"ben> RCPT TO:<eve"@example.com` },
		"no address":               func(m *Message) { m.To = "ben" },
		"an empty address":         func(m *Message) { m.To = "" },
		"a long address":           func(m *Message) { m.To = strings.Repeat("b", 300) + "@example.com" },
		"a Message-ID with a line": func(m *Message) { m.MessageID = "a@b\r\nBcc: eve@example.com" },
		"a Message-ID of two":      func(m *Message) { m.MessageID = "a@b> <c@d" },
		"no Message-ID":            func(m *Message) { m.MessageID = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := question()
			spoil(&m)
			requireOutcome(t, connectors.Refused, s.Send(t.Context(), m))
			require.Len(t, server.Messages(t), 1)
		})
	}
}

func TestSubjectsOfAllKinds(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	s := sender(t, server, "")
	for n, subject := range []string{"Zugang für Änne 🙂 und noch viel mehr Wörter, die nicht in eine Zeile passen wollen", strings.Repeat("a", 2000), ""} {
		m := question()
		m.Subject = subject
		require.NoError(t, s.Send(t.Context(), m))
		got := server.Await(t, n+1)[n]
		require.Equal(t, clip(subject, longestSubject), got.Subject)
		for line := range strings.SplitSeq(string(got.Raw), "\n") {
			require.LessOrEqual(t, len(line), 998)
		}
	}
}

func TestWhatARealServerRefuses(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	s := sender(t, server, "")
	m := question()
	m.To = "refused@example.com"
	err := s.Send(t.Context(), m)
	requireOutcome(t, connectors.Refused, err)
	require.EqualError(t, err, "the mail server refused the recipient refused@example.com: 550 nobody of this name is here")
	m.To = "busy@example.com"
	err = s.Send(t.Context(), m)
	requireOutcome(t, connectors.Transient, err)
	require.ErrorContains(t, err, "451 come back later")
	m.To = "änne@example.com"
	require.NoError(t, s.Send(t.Context(), m), "Exim takes such addresses")
	require.Equal(t, "änne@example.com", server.Await(t, 1)[0].To)
}

func TestLoggingInAndEncrypting(t *testing.T) {
	t.Parallel()
	both := mailtest.Start(t, mailtest.Password("usher@example.com", password), mailtest.Encrypted())
	plain := mailtest.Start(t, mailtest.Password("usher@example.com", password))
	open := mailtest.Start(t)
	atOnce := mailtest.Start(t, mailtest.Password("usher@example.com", password), mailtest.EncryptedAtOnce())
	wrong := func(s *Sender) { s.password = "another" }
	distrust := func(s *Sender) { s.roots = nil }
	elsewhere := func(s *Sender) { s.loopback = false }
	for name, tc := range map[string]struct {
		server *mailtest.Server
		more   string
		change func(*Sender)
		want   string
	}{
		"encrypted, with a password":       {server: both, more: "&tls=mandatory"},
		"encrypted if possible":            {server: both},
		"a password that is wrong":         {server: both, change: wrong, want: "does not accept the user and the password (535): check SMTP_URL"},
		"a certificate of nobody":          {server: both, more: "&tls=mandatory", change: distrust, want: "the mail server's certificate is not trusted"},
		"encrypted at once":                {server: atOnce},
		"at once, a certificate of nobody": {server: atOnce, change: distrust, want: "the mail server's certificate is not trusted"},
		"a machine and itself":             {server: both, change: distrust},
		"not asked to encrypt":             {server: both, more: "&tls=none", want: "no way to log in"},
		"a password in the clear, at home": {server: plain},
		"a password in the clear, abroad":  {server: plain, change: elsewhere, want: "no way to log in by which a password may be sent"},
		"no encryption where it must be":   {server: open, more: "&tls=mandatory", want: "the mail server offers no encryption (STARTTLS)"},
		"no encryption where it may be":    {server: open, more: "&tls=opportunistic"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sender(t, tc.server, tc.more)
			if tc.change != nil {
				tc.change(s)
			}
			err := s.Check(t.Context())
			if tc.want == "" {
				require.NoError(t, err)
				require.NoError(t, s.Send(t.Context(), question()))
				return
			}
			requireOutcome(t, connectors.Refused, err)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), password)
		})
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s, err := New("smtp://usher:"+"hunter2secret"+"@"+listener.Addr().String(), "usher@example.com")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	err = s.Send(t.Context(), question())
	requireOutcome(t, connectors.Transient, err)
	require.ErrorContains(t, err, "reach the mail server: ")
	require.NotContains(t, err.Error(), "hunter2secret")
	requireOutcome(t, connectors.Transient, s.Check(t.Context()))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Send(ctx, question()), context.Canceled)
}
