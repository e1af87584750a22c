package ldap

import (
	"context"
	"crypto/tls"
	"fmt"
	"regexp"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

// The values of the setting member_attribute.
const (
	member       = "member"
	uniqueMember = "uniqueMember"
	memberUID    = "memberUid"
)

// descriptor is the short name of an attribute or object class (RFC 4512 section 1.4).
var descriptor = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// provider is one opened directory.
type provider struct {
	address             string
	tls                 *tls.Config
	tlsAtOnce, startTLS bool
	bindDN, password    string

	usersBase, groupsBase          string
	userFilter, userRDN, userClass string
	memberAttribute, groupClass    string
	placeholder, disable, policy   string
	consistency                    time.Duration
}

// described lists the endpoints without their functions.
func described() []connectors.Endpoint {
	endpoints := (&provider{}).Endpoints()
	for i := range endpoints {
		endpoints[i].Read, endpoints[i].Write = nil, nil
	}
	return endpoints
}

// Endpoints lists what can be done.
func (p *provider) Endpoints() []connectors.Endpoint {
	var all []connectors.Endpoint
	for _, some := range [][]connectors.Endpoint{p.userEndpoints(), p.memberEndpoints(), p.groupEndpoints(), p.unitEndpoints()} {
		all = append(all, some...)
	}
	for i := range all {
		all[i].Consistency = p.consistency
	}
	return all
}

// Check binds and looks for the entries below which everything is.
func (p *provider) Check(ctx context.Context) error {
	return p.bound(ctx, func(c *conn) error {
		for _, base := range []string{p.usersBase, p.groupsBase} {
			found, err := c.search(base, goldap.ScopeBaseObject, "(objectClass=*)", "1.1")
			if err == nil && len(found) == 0 {
				err = errNoBase
			}
			if err != nil {
				return fmt.Errorf("read %s: %w", base, err)
			}
		}
		if p.disable == disablePolicy {
			return locks(c, p.policy)
		}
		return nil
	})
}

// one finds the only entry that a filter matches, or nil.
func one(c *conn, base string, scope int, filter, name string, attributes ...string) (*goldap.Entry, error) {
	found, err := c.search(base, scope, filter, attributes...)
	switch {
	case err != nil:
		return nil, err
	case len(found) > 1:
		return nil, connectors.Refuse(fmt.Errorf("%d entries are called %s: rename all but one", len(found), name))
	case len(found) == 0:
		var none *goldap.Entry
		return none, nil
	}
	return found[0], nil
}

// equals is a filter for one attribute (RFC 4515).
func equals(attribute, value string) string {
	return "(" + attribute + "=" + goldap.EscapeFilter(value) + ")"
}

// below names an entry right below another one (RFC 4514).
func below(base, attribute, value string) string {
	return attribute + "=" + goldap.EscapeDN(value) + "," + base
}

// nameOf is an entry's name, or "" if there is none.
func nameOf(entry *goldap.Entry) string {
	if entry == nil {
		return ""
	}
	return entry.DN
}

// outputs is what every endpoint tells, and more.
func outputs(more ...connectors.Field) []connectors.Field {
	return append([]connectors.Field{
		{Name: "exists", Type: connectors.TypeBool, Doc: "whether it is there"},
		{Name: "id", Type: connectors.TypeString, Doc: "the entry's distinguished name; empty if it is not there"},
	}, more...)
}
