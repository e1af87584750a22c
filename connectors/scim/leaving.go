package scim

import "github.com/usherhq/usher/connectors"

var _ connectors.Leaving = (*provider)(nil)

// Leaving suspends by active: false, which RFC 7643 section 4.1.1 gives no more meaning than that the account cannot be
// used. SCIM has no word for sessions.
func (p *provider) Leaving() (sessions, suspend string) { return "", "disable_user" }
