package ldap

import "github.com/usherhq/usher/connectors"

var _ connectors.Leaving = (*provider)(nil)

// Leaving suspends where the settings say how accounts are disabled. LDAP ends no sessions: what was bound stays bound.
func (p *provider) Leaving() (sessions, suspend string) {
	if p.disable == disableNone {
		return "", ""
	}
	return "", "disable_user"
}
