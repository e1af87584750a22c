package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"github.com/usherhq/usher/connectors"
)

// leaving is how long the server may take to say goodbye. Nothing depends on it.
const leaving = 5 * time.Second

// session is one connection to the server.
type session struct {
	*Sender

	ctx      context.Context //nolint:containedctx // the session is over when it ends, and lives within one call
	conn     net.Conn
	client   *smtp.Client
	forget   func() bool // stops watching ctx
	speaking bool        // the server waits for a command
}

// open connects and does all that comes before a message.
func (s *Sender) open(ctx context.Context) (*session, error) {
	conn, err := s.dial(ctx)
	if err != nil {
		return nil, unreached(ctx, err)
	}
	c := &session{Sender: s, ctx: ctx, conn: conn}
	c.forget = context.AfterFunc(ctx, func() { _ = conn.Close() }) // whatever waits for the server gives up
	for _, step := range []func() error{c.greet, c.encrypt, c.login} {
		if err := c.conn.SetDeadline(time.Now().Add(s.patience)); err != nil {
			c.close()
			return nil, unreached(ctx, err)
		}
		if err := step(); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (s *Sender) dial(ctx context.Context) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: s.patience}
	if !s.encrypted {
		return dialer.DialContext(ctx, "tcp", s.address())
	}
	ctx, cancel := context.WithTimeout(ctx, s.patience) // the dialer's own ends before the handshake
	defer cancel()
	return (&tls.Dialer{NetDialer: dialer, Config: s.tls()}).DialContext(ctx, "tcp", s.address())
}

// tls is how certificates are looked at. Where a machine talks to itself and need not encrypt at all, they are not: mail
// servers come with one that nobody signed.
func (s *Sender) tls() *tls.Config {
	itself := s.loopback && s.starttls == opportunistic && !s.encrypted
	return &tls.Config{
		ServerName: s.host, RootCAs: s.roots, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: itself, //nolint:gosec // see above
	}
}

// greet waits for the server's greeting and answers it.
func (c *session) greet() error {
	client, err := smtp.NewClient(c.conn, c.host)
	if err != nil {
		return c.failed("turned the connection away", err)
	}
	c.client, c.speaking = client, true
	if err := client.Hello(c.name()); err != nil {
		return c.failed("turned the connection away", err)
	}
	return nil
}

// name is how this machine introduces itself: by its full name if it has one, else by its address (RFC 5321, 4.1.4).
func (c *session) name() string {
	if name, err := os.Hostname(); err == nil && strings.Contains(name, ".") && plainAddress("x@"+name) {
		return name
	}
	host, _, err := net.SplitHostPort(c.conn.LocalAddr().String())
	switch {
	case err != nil:
		return "localhost"
	case strings.Contains(host, ":"):
		return "[IPv6:" + host + "]"
	}
	return "[" + host + "]"
}

// encrypt asks for TLS as the address of the server wants it.
func (c *session) encrypt() error {
	if c.encrypted || c.starttls == none {
		return nil
	}
	offered, _ := c.client.Extension("STARTTLS")
	if !offered {
		if c.starttls == opportunistic {
			return nil
		}
		return connectors.Refuse(errors.New("the mail server offers no encryption (STARTTLS): use its port for that or smtps://, or allow plain text by &tls=opportunistic in SMTP_URL"))
	}
	c.speaking = false
	if err := c.client.StartTLS(c.tls()); err != nil {
		return c.failed("did not begin to encrypt", err)
	}
	c.speaking = true
	return nil
}

// close leaves, politely when the server waits for a command.
func (c *session) close() {
	if c.speaking && c.conn.SetDeadline(time.Now().Add(leaving)) == nil {
		_ = c.client.Quit() // what was to be done is done
	}
	c.forget()
	_ = c.conn.Close()
}
