package ldap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

// dialTimeout bounds connecting, and answerTimeout the wait for one answer.
const (
	dialTimeout   = 10 * time.Second
	answerTimeout = 30 * time.Second
)

// conn is a bound connection.
type conn struct{ raw *goldap.Conn }

// bound runs do on a connection of its own. Nothing was written when it could not be bound.
func (p *provider) bound(ctx context.Context, do func(c *conn) error) error {
	raw, err := p.dial(ctx)
	if err != nil {
		return unreachable(ctx, err)
	}
	defer func() { _ = raw.Close() }() // what was to be known is known
	// The library does not know contexts; without a connection its calls end.
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	if p.startTLS {
		if err := raw.StartTLS(p.tls); err != nil {
			return unreachable(ctx, err)
		}
	}
	if err := raw.Bind(p.bindDN, p.password); err != nil {
		return unreachable(ctx, err)
	}
	return ended(ctx, do(&conn{raw}))
}

// ended puts the context's error in the place of what the library says when its connection is closed. A write stays
// unsure.
func ended(ctx context.Context, err error) error {
	var (
		unsure    *connectors.UnknownError
		transient *connectors.TransientError
	)
	switch {
	case ctx.Err() == nil:
		return err
	case errors.As(err, &unsure):
		return connectors.Unsure(fmt.Errorf("no answer from the directory: %w", ctx.Err()))
	case errors.As(err, &transient):
		return connectors.Retry(ctx.Err(), 0)
	}
	return err
}

// dial connects, with TLS where the address says so.
func (p *provider) dial(ctx context.Context) (*goldap.Conn, error) {
	dialer := &net.Dialer{Timeout: dialTimeout}
	var (
		line net.Conn
		err  error
	)
	if p.tlsAtOnce {
		line, err = (&tls.Dialer{NetDialer: dialer, Config: p.tls}).DialContext(ctx, "tcp", p.address)
	} else {
		line, err = dialer.DialContext(ctx, "tcp", p.address)
	}
	if err != nil {
		return nil, err
	}
	raw := goldap.NewConn(line, p.tlsAtOnce)
	raw.SetTimeout(answerTimeout)
	raw.Start()
	return raw, nil
}

// search finds entries. A base that is not there is an error.
func (c *conn) search(base string, scope int, filter string, attributes ...string) ([]*goldap.Entry, error) {
	result, err := c.raw.Search(goldap.NewSearchRequest(base, scope, goldap.NeverDerefAliases, 0, int(answerTimeout/time.Second), false, filter, attributes, nil))
	if goldap.IsErrorWithCode(err, goldap.LDAPResultNoSuchObject) {
		return nil, connectors.Refuse(errNoBase)
	}
	if err != nil {
		return nil, readError(err)
	}
	return result.Entries, nil
}

func (c *conn) add(dn string, attributes map[string][]string) error {
	request := goldap.NewAddRequest(dn, nil)
	for name, values := range attributes {
		request.Attribute(name, values)
	}
	return writeError(c.raw.Add(request))
}

func (c *conn) modify(request *goldap.ModifyRequest) error { return writeError(c.raw.Modify(request)) }

func (c *conn) remove(dn string) error { return writeError(c.raw.Del(goldap.NewDelRequest(dn, nil))) }
