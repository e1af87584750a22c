package mail

import (
	"fmt"
	"net/mail"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadingTheURL(t *testing.T) {
	t.Parallel()
	from := mail.Address{Address: "usher@example.com"}
	for url, want := range map[string]server{
		"smtp://mail.example.com":                            {host: "mail.example.com", port: "587"},
		"smtps://mail.example.com/":                          {host: "mail.example.com", port: "465", encrypted: true},
		"smtp://usher%40example.com:p%23ss@mail.example.com": {host: "mail.example.com", port: "587", user: "usher@example.com", password: "p#ss"},
		"smtp://mail.example.com:25?tls=none":                {host: "mail.example.com", port: "25", starttls: none},
		"smtp://mail.example.com?tls=opportunistic":          {host: "mail.example.com", port: "587", starttls: opportunistic},
		"smtp://localhost:25":                                {host: "localhost", port: "25", loopback: true, starttls: opportunistic},
		"smtp://127.0.0.9:25?tls=mandatory":                  {host: "127.0.0.9", port: "25", loopback: true},
		"smtp://[::1]:25":                                    {host: "::1", port: "25", loopback: true, starttls: opportunistic},
	} {
		s, err := New(url, "usher@example.com")
		require.NoError(t, err, url)
		require.Equal(t, want, s.server, url)
		require.Equal(t, from, s.from, url)
	}
}

func TestWhoMailIsFrom(t *testing.T) {
	t.Parallel()
	s, err := New("smtp://mail.example.com?from=Usher+%3Caccess@example.com%3E", "usher@example.com")
	require.NoError(t, err)
	require.Equal(t, mail.Address{Name: "Usher", Address: "access@example.com"}, s.from)
	_, err = New("smtp://mail.example.com", "")
	require.EqualError(t, err, "SMTP_URL does not say who mail is from: add ?from=usher@example.com")
}

func TestWrongURLsAreRefusedWithoutTheirValues(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"smtp://usher:s3cret%zz@mail.example.com":              "is no address",
		"smtp://usher:s3cret@mail.example.com:port":            "is no address",
		"http://usher:s3cret@mail.example.com":                 "must begin with smtp:// or smtps://",
		"usher:s3cret@mail.example.com":                        "must begin with smtp:// or smtps://",
		"smtp://usher:s3cret@":                                 "names no host",
		"smtp://usher:s3cret@mail.example.com/inbox":           "no path",
		"smtp://usher:s3cret@mail.example.com#s3cret":          "no path and no fragment",
		"smtp://s3cret@mail.example.com":                       "both a user and a password",
		"smtp://usher:s3cret@mail.example.com:0":               "between 1 and 65535",
		"smtp://usher:s3cret@mail.example.com:99999":           "between 1 and 65535",
		"smtp://usher:s3cret@mail.example.com?ssl=s3cret":      "no other parameter",
		"smtp://usher:s3cret@mail.example.com?tls=s3cret":      "mandatory, opportunistic or none",
		"smtp://usher:s3cret@mail.example.com?tls=none&tls=":   "once each",
		"smtps://usher:s3cret@mail.example.com?tls=mandatory":  "no meaning for smtps://",
		"smtp://usher:s3cret@mail.example.com?from=s3cret":     "no mail address",
		"smtp://usher:s3cret@mail.example.com?from=%zzs3cret":  "can't be read",
		"smtp://usher:s3cret@mail.example.com?from=a%0Db@c.de": "no mail address",
	} {
		_, err := New(url, "usher@example.com")
		require.ErrorContains(t, err, want, url)
		require.ErrorContains(t, err, "SMTP_URL", url)
		require.NotContains(t, err.Error(), "s3cret", url)
	}
}

func TestAPrintedSenderShowsNoPassword(t *testing.T) {
	t.Parallel()
	s, err := New("smtp://usher:s3cret@mail.example.com?from=usher@example.com", "")
	require.NoError(t, err)
	for _, form := range []string{"%v", "%+v", "%s"} {
		require.Equal(t, "mail server mail.example.com:587", fmt.Sprintf(form, s))
	}
}

func FuzzReadServer(f *testing.F) {
	f.Add("smtp://usher:password@mail.example.com:587?from=usher@example.com&tls=none")
	f.Add("smtps://[::1]:465")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := New(text, "")
		if err != nil {
			require.ErrorContains(t, err, "SMTP_URL")
			return
		}
		require.NotEmpty(t, s.host)
		require.True(t, plainAddress(s.from.Address))
	})
}
