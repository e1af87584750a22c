// Package mailtest gives tests a real mail server: Exim, as Debian packages it.
//
// A server is a listener of the test's own, which runs Exim for each connection as an inetd would: so there is no port to
// race for, nothing to wait for and no process that stays behind. Its configuration and its mailbox are in a temporary
// folder. It takes mail for everybody, except for recipients whose local part is "refused" (550) or "busy" (451).
// It works for root, where Exim becomes its own user, and for ordinary users. Nothing is skipped: without Exim the test
// fails and names the package to install.
package mailtest

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience bounds how long a mail may take to arrive; it is generous because a loaded machine is slow.
const patience = time.Minute

// Server is a mail server that runs until its test ends.
type Server struct {
	folder         string
	listener       net.Listener
	program        string
	as             account
	user, password string
	encrypts       bool // offers STARTTLS
	encrypted      bool // expects TLS at once
	roots          *x509.CertPool
	running        sync.WaitGroup
}

// Option changes a server before it starts.
type Option func(*Server)

// Password lets the server take mail only from who logs in, and offer that only once it is encrypted if it can be.
func Password(user, password string) Option {
	return func(s *Server) { s.user, s.password = user, password }
}

// Encrypted lets the server offer STARTTLS with a certificate for 127.0.0.1 that only Roots trusts.
func Encrypted() Option { return func(s *Server) { s.encrypts = true } }

// EncryptedAtOnce lets the server expect TLS from the first byte on, as on port 465, with a certificate as Encrypted's.
func EncryptedAtOnce() Option { return func(s *Server) { s.encrypts, s.encrypted = true, true } }

// Start runs a server until t ends.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	s := &Server{}
	for _, option := range options {
		option(s)
	}
	var err error
	s.program, err = find()
	require.NoError(t, err)
	s.as, err = findAccount()
	require.NoError(t, err)
	s.prepare(t)
	s.listener, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.running.Go(func() { s.accept(t) })
	t.Cleanup(func() {
		_ = s.listener.Close() // it was open until now
		s.running.Wait()
	})
	return s
}

// URL is what SMTP_URL is to be.
func (s *Server) URL() string {
	scheme := "smtp"
	if s.encrypted {
		scheme = "smtps"
	}
	address := url.URL{Scheme: scheme, Host: s.listener.Addr().String(), RawQuery: "from=usher@example.com"}
	if s.user != "" {
		address.User = url.UserPassword(s.user, s.password)
	}
	return address.String()
}

// Roots are whom a client has to trust for the server's certificate.
func (s *Server) Roots() *x509.CertPool { return s.roots }

// find looks where Debian puts it too: an ordinary user's PATH does not.
func find() (string, error) {
	for _, name := range []string{"exim4", "/usr/sbin/exim4", "exim", "/usr/sbin/exim"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", fmt.Errorf("this test needs a mail server: install the Debian package `exim4-daemon-light`")
}

// prepare makes the server's folder, which belongs to whom it runs as.
func (s *Server) prepare(t testing.TB) {
	t.Helper()
	var err error
	s.folder, err = os.MkdirTemp("", "usher-mail-") //nolint:usetesting // TempDir is closed to the user that Exim becomes
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(s.folder)) })
	if s.encrypts {
		s.certify(t)
	}
	require.NoError(t, os.WriteFile(s.path("conf"), []byte(s.config()), 0o644)) //nolint:gosec // Exim reads it as its own user
	for _, folder := range []string{"", "spool", "log", "mail"} {
		require.NoError(t, os.MkdirAll(s.path(folder), 0o700))
		require.NoError(t, os.Chown(s.path(folder), s.as.uid, s.as.gid))
	}
}

func (s *Server) path(name string) string { return filepath.Join(s.folder, name) }
