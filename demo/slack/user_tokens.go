package slack

import (
	"fmt"
	"slices"
	"strings"
)

// UserToken lets the app act for a person, who is named by id, handle or e-mail, and returns the token, "xoxp-…".
// The scopes "admin" and "admin.…" can only be granted by an admin or owner, as at Slack.
func (w *Workspace) UserToken(appID, user string, scopes ...string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a, u := w.apps[appID], w.findUser(user)
	switch {
	case a == nil:
		return "", fmt.Errorf("make a user token: no app %q", appID)
	case u == nil || u.Deleted || u.Bot || u.Stranger:
		return "", fmt.Errorf("make a user token: %q cannot install apps", user)
	case !u.admin() && slices.ContainsFunc(scopes, forAdmins):
		return "", fmt.Errorf("make a user token: %s is no admin and cannot grant %s", u.Name, strings.Join(scopes, ", "))
	}
	key := fmt.Sprintf("xoxp-%s-%s-%s", digits(w.team.ID), digits(u.ID), secret(16))
	w.tokens[key] = &token{kind: userToken, app: a, user: u.ID, scopes: slices.Clone(scopes)}
	return key, nil
}

// forAdmins is true for scopes that only admins and owners can grant.
func forAdmins(scope string) bool { return scope == "admin" || strings.HasPrefix(scope, "admin.") }

// admin is true for admins and owners.
func (u *User) admin() bool { return u.Admin || u.owner() }

func (u *User) owner() bool { return u.Owner || u.PrimaryOwner }
