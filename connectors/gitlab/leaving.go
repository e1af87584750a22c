package gitlab

import "github.com/usherhq/usher/connectors"

var _ connectors.Leaving = (*provider)(nil)

// Leaving suspends by blocking: a blocked account can neither sign in nor use Git or the API, its tokens included
// (https://docs.gitlab.com/administration/moderate_users/). GitLab's API neither shows nor ends web sessions. Blocking can
// be undone, and revoke_tokens cannot, so that is no part of it.
func (p *provider) Leaving() (sessions, suspend string) { return "", "disable_user" }
