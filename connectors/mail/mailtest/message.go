package mailtest

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Message is a mail that was delivered.
type Message struct {
	Header   mail.Header
	From, To string // addresses alone; To is whom it was delivered to
	Subject  string // decoded
	Text     string // the part text/plain, decoded, with line feeds
	HTML     string // the part text/html, likewise; empty if there is none
	Raw      []byte // as it lies in the mailbox
}

// Messages are the mails that have arrived, in the order in which they did.
func (s *Server) Messages(t testing.TB) []Message {
	t.Helper()
	files, err := filepath.Glob(s.path("mail/new/*"))
	require.NoError(t, err)
	arrived := make(map[string]time.Time, len(files))
	for _, file := range files {
		info, err := os.Stat(file)
		require.NoError(t, err)
		arrived[file] = info.ModTime()
	}
	sort.Slice(files, func(i, j int) bool { return arrived[files[i]].Before(arrived[files[j]]) })
	messages := make([]Message, 0, len(files))
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		messages = append(messages, parse(t, raw))
	}
	return messages
}

// Await waits until n mails have arrived, and returns all that have.
func (s *Server) Await(t testing.TB, n int) []Message {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	late := time.After(patience)
	for {
		if messages := s.Messages(t); len(messages) >= n {
			return messages
		}
		select {
		case <-again.C:
		case <-late:
			log, _ := os.ReadFile(s.path("log/mainlog")) // there is none before the first mail
			require.Failf(t, "mail did not arrive", "%d of %d did; the server's log:\n%s", len(s.Messages(t)), n, log)
		}
	}
}

// parse reads a mail as a mail program would.
func parse(t testing.TB, raw []byte) Message {
	t.Helper()
	read, err := mail.ReadMessage(bytes.NewReader(raw))
	require.NoError(t, err)
	m := Message{Header: read.Header, To: read.Header.Get("Envelope-To"), Raw: raw}
	from, err := mail.ParseAddress(read.Header.Get("From"))
	require.NoError(t, err)
	m.From = from.Address
	m.Subject, err = (&mime.WordDecoder{}).DecodeHeader(read.Header.Get("Subject"))
	require.NoError(t, err)
	m.part(t, read.Header.Get("Content-Type"), read.Header.Get("Content-Transfer-Encoding"), read.Body)
	return m
}

// part reads a part of a mail, and those within it.
func (m *Message) part(t testing.TB, contentType, encoding string, body io.Reader) {
	t.Helper()
	if contentType == "" {
		contentType = "text/plain"
	}
	kind, params, err := mime.ParseMediaType(contentType)
	require.NoError(t, err)
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for part, err := parts.NextRawPart(); err != io.EOF; part, err = parts.NextRawPart() {
			require.NoError(t, err)
			m.part(t, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
		}
		return
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	content, err := io.ReadAll(body)
	require.NoError(t, err)
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	switch kind {
	case "text/plain":
		m.Text = text
	case "text/html":
		m.HTML = text
	}
}
