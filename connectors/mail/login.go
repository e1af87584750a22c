package mail

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"github.com/usherhq/usher/connectors"
)

// login says who we are, if the address of the server has a user.
func (c *session) login() error {
	if c.user == "" {
		return nil
	}
	_, offered := c.client.Extension("AUTH")
	_, notEncrypted := c.client.GetTLSConnectionState()
	how := c.mechanism(strings.Fields(offered), notEncrypted == nil || c.loopback)
	if how == nil {
		return connectors.Refuse(errors.New("the mail server offers no way to log in by which a password may be sent on this connection: " +
			"check the port and tls in SMTP_URL, or leave out user and password"))
	}
	c.speaking = false // the library has left when it fails
	if err := c.client.Auth(how); err != nil {
		return c.denied(err)
	}
	c.speaking = true
	return nil
}

// mechanism chooses how to log in. Who listens must not learn the password, so that what shows it is for private
// connections only; what keeps it from the server too comes first, and CRAM-MD5 last, since servers announce it also
// for users whose password they could not check by it.
func (s *server) mechanism(offered []string, private bool) smtp.Auth {
	has := func(name string) bool { return slices.Contains(offered, name) }
	switch {
	case has("SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(s.user, s.password)
	case has("PLAIN") && private:
		return smtp.PlainAuth("", s.user, s.password, s.host, true)
	case has("LOGIN") && private:
		return smtp.LoginAuth(s.user, s.password, s.host, true)
	case has("CRAM-MD5"):
		return smtp.CRAMMD5Auth(s.user, s.password)
	}
	return nil
}

// denied is a login that failed. The server's own words are left out: they may repeat what was sent.
func (c *session) denied(err error) error {
	code := codeOf(err)
	switch {
	case code == 0 && c.ctx.Err() == nil && !lost(err):
		return connectors.Retry(errors.New("the mail server's answer to the login makes no sense"), 0)
	case code == 0:
		return unreached(c.ctx, err)
	case code < 500:
		return connectors.Retry(fmt.Errorf("the mail server can't check the user and the password just now (%d)", code), 0)
	}
	return connectors.Refuse(fmt.Errorf("the mail server does not accept the user and the password (%d): check SMTP_URL", code))
}
