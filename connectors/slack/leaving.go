package slack

import "github.com/usherhq/usher/connectors"

var _ connectors.Leaving = (*provider)(nil)

// Leaving needs an admin token, and for sessions the workspace's id: without them Slack cannot be asked. Sessions are
// shown in Enterprise organizations only; elsewhere end_sessions is refused, and deactivating the account has to do.
func (p *provider) Leaving() (sessions, suspend string) {
	if p.scim != nil {
		suspend = "disable_user"
	}
	if p.admin != nil && p.teamID != "" {
		sessions = "end_sessions"
	}
	return sessions, suspend
}
