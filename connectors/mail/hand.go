package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
)

// hand hands a message over. Until its final dot the server does not have it; after that, only the answer tells.
func (c *session) hand(l letter) error {
	plain := ascii(l.from + l.to)
	if able, _ := c.client.Extension("SMTPUTF8"); !plain && !able {
		return connectors.Refuse(errors.New("the mail server takes only addresses of unaccented Latin letters"))
	}
	c.client.SkipSMTPUTF8(plain) // a message that was marked so can't go on to servers that are not able
	if err := c.renew(c.patience); err != nil {
		return err
	}
	if err := c.client.Mail("<" + l.from + ">"); err != nil {
		return c.failed("refused the sender "+l.from, err)
	}
	if err := c.client.Rcpt("<" + l.to + ">"); err != nil {
		return c.failed("refused the recipient "+l.to, err)
	}
	data, err := c.client.Data()
	if err != nil {
		return c.failed("refused the message", err)
	}
	c.speaking = false // a command would end the message first
	if _, err := data.Write(l.content); err != nil {
		return unreached(c.ctx, err)
	}
	if err := c.renew(c.lastPatience); err != nil {
		return err
	}
	return c.answered(data.Close())
}

// answered says what became of a message by the answer to its final dot.
func (c *session) answered(err error) error {
	code := codeOf(err)
	c.speaking = err == nil || code != 0
	switch {
	case err == nil, code >= 200 && code < 300:
		return nil
	case code >= 400 && code < 600:
		return c.failed("refused the message", err)
	}
	return connectors.Unsure(fmt.Errorf("the mail was handed over and the mail server's answer was lost: %w", c.why(err)))
}

// renew gives the server time for the next answers.
func (c *session) renew(patience time.Duration) error {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return unreached(c.ctx, err)
	}
	return nil
}

// failed marks an error of a time at which the server did not have the message.
func (c *session) failed(what string, err error) error {
	var certificate *tls.CertificateVerificationError
	code := codeOf(err)
	c.speaking = c.speaking && code != 0 // whoever lost the thread gets no goodbye, and nobody waits for theirs
	switch {
	case errors.As(err, &certificate):
		return connectors.Refuse(fmt.Errorf("the mail server's certificate is not trusted: %w", certificate))
	case code == 0 && lost(err):
		return unreached(c.ctx, err)
	case code >= 500 && code < 600:
		return connectors.Refuse(fmt.Errorf("the mail server %s: %w", what, c.why(err)))
	}
	return connectors.Retry(fmt.Errorf("the mail server %s: %w", what, c.why(err)), 0)
}

// unreached marks an error of the connection at a time at which the server did not have the message.
func unreached(ctx context.Context, err error) error {
	var certificate *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.As(err, &certificate):
		return connectors.Refuse(fmt.Errorf("the mail server's certificate is not trusted: %w", certificate))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("the connection was closed")
	}
	return connectors.Retry(fmt.Errorf("reach the mail server: %w", err), 0)
}

// why is an error in words that may be shown: the server's own on one line, without the password.
func (c *session) why(err error) error {
	if c.ctx.Err() != nil {
		return c.ctx.Err()
	}
	said := last(err).Error()
	var reply *textproto.Error
	if errors.As(last(err), &reply) {
		said = fmt.Sprintf("%d %s", reply.Code, reply.Msg)
	}
	said = shown(said)
	if c.password != "" {
		said = strings.ReplaceAll(said, c.password, connectors.Redacted)
	}
	return errors.New(said)
}

// lost says that the connection failed, and not what came over it.
func lost(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// codeOf is the server's reply code in an error, or 0 when it did not reply or made no sense.
func codeOf(err error) int {
	var reply *textproto.Error
	if err != nil && errors.As(last(err), &reply) {
		return reply.Code
	}
	return 0
}

// last is the answer that counts: of an old server, which does not know EHLO, the one to HELO.
func last(err error) error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		all := many.Unwrap()
		return all[len(all)-1]
	}
	return err
}

func ascii(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > '~' })
}
