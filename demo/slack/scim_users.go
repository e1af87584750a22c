package slack

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const scimUserSchema = "urn:ietf:params:scim:schemas:core:2.0:User"

// longestName is how long a handle may be.
const longestName = 21

// scimUsers answers /Users. Nobody is ever erased: DELETE deactivates.
func (w *Workspace) scimUsers(c *scimCall) (int, any, error) {
	if c.id == "" {
		return w.scimUsersAll(c)
	}
	u := w.users[c.id]
	if u == nil || u.Bot || u.Stranger {
		return 0, nil, scimFail(http.StatusNotFound, "", "user_not_found")
	}
	if c.Method == http.MethodGet {
		return http.StatusOK, w.scimUser(u).body, nil
	}
	if u.owner() && !c.actor.owner() {
		return 0, nil, scimFail(http.StatusForbidden, "", "cannot_update_higher_privileged_user")
	}
	switch c.Method {
	case http.MethodPatch:
		return w.scimPatchUser(c, u)
	case http.MethodPut:
		return w.scimSet(u, c.body)
	case http.MethodDelete:
		u.Deleted = true
		w.userChanged(u)
		return http.StatusNoContent, nil, nil
	}
	return 0, nil, scimFail(http.StatusMethodNotAllowed, "", "method_not_allowed")
}

func (w *Workspace) scimUsersAll(c *scimCall) (int, any, error) {
	switch c.Method {
	case http.MethodGet:
		var all []scimResource
		for _, id := range w.userIDs {
			if u := w.users[id]; !u.Bot && !u.Stranger {
				all = append(all, w.scimUser(u))
			}
		}
		return c.list(all)
	case http.MethodPost:
		return w.scimCreateUser(c)
	}
	return 0, nil, scimFail(http.StatusMethodNotAllowed, "", "method_not_allowed")
}

func (w *Workspace) scimUser(u *User) scimResource {
	given, family, _ := strings.Cut(u.RealName, " ")
	groups := []map[string]any{}
	for _, id := range w.groupIDs {
		if g := w.groups[id]; slices.Contains(g.Users, u.ID) && !g.Disabled {
			groups = append(groups, map[string]any{"value": g.ID, "display": g.Name})
		}
	}
	body := map[string]any{
		"schemas": []string{scimUserSchema}, "id": u.ID, "userName": u.Name, "nickName": u.DisplayName,
		"displayName": u.RealName, "name": map[string]any{"givenName": given, "familyName": family},
		"title": u.Title, "timezone": u.TZ, "active": !u.Deleted, "groups": groups,
		"emails": []map[string]any{{"value": u.Email, "primary": true}},
		"meta": map[string]any{
			"created": time.Unix(u.updated, 0).UTC().Format(time.RFC3339), "location": w.url + "/scim/v2/Users/" + u.ID,
		},
	}
	emails := []string{u.Email}
	return scimResource{body: body, keys: map[string][]string{
		"id": {u.ID}, "username": {u.Name}, "email": emails, "emails": emails, "emails.value": emails,
	}}
}

// scimCreateUser makes an account. An e-mail that any account has, a deactivated one included, is taken; user names
// share their space with channel names.
func (w *Workspace) scimCreateUser(c *scimCall) (int, any, error) {
	name, email := scimUserName(str(c.body, "userName")), scimEmail(c.body)
	switch {
	case name == "":
		return 0, nil, scimFail(http.StatusBadRequest, "invalidValue", "username_required")
	case !strings.Contains(email, "@"):
		return 0, nil, scimFail(http.StatusBadRequest, "invalidValue", "email_required")
	}
	for _, id := range w.userIDs {
		switch u := w.users[id]; {
		case strings.EqualFold(u.Email, email):
			return 0, nil, scimFail(http.StatusConflict, "uniqueness", "email_taken")
		case u.Name == name:
			return 0, nil, scimFail(http.StatusConflict, "uniqueness", "username_taken")
		}
	}
	if w.findChannel(name) != nil {
		return 0, nil, scimFail(http.StatusConflict, "uniqueness", "username_taken")
	}
	full := str(c.body, "displayName")
	if parts := obj(c.body, "name"); full == "" && parts != nil {
		full = strings.TrimSpace(str(parts, "givenName") + " " + str(parts, "familyName"))
	}
	u := w.addUser(User{Name: name, RealName: full, Email: strings.ToLower(email), Title: str(c.body, "title"), TZ: str(c.body, "timezone")})
	if active, given := c.body["active"].(bool); given {
		u.Deleted = !active
	}
	w.raise("team_join", map[string]any{"type": "team_join", "user": w.userJSON(u, true)}, "", nil)
	w.notify(pageEvent{Type: "users"})
	return http.StatusCreated, w.scimUser(u).body, nil
}

// scimUserName turns what a client sends, often an e-mail, into a handle.
func scimUserName(sent string) string {
	local, _, _ := strings.Cut(strings.ToLower(sent), "@")
	name := slug(strings.ReplaceAll(local, ".", "-"))
	return name[:min(len(name), longestName)]
}

// scimEmail finds the primary e-mail, else the first.
func scimEmail(body map[string]any) string {
	email := ""
	for _, one := range list(body, "emails") {
		if primary, _ := one["primary"].(bool); primary || email == "" {
			email = str(one, "value")
		}
	}
	return email
}

func (w *Workspace) scimPatchUser(c *scimCall, u *User) (int, any, error) {
	changes, err := c.operations()
	if err != nil {
		return 0, nil, err
	}
	fields := map[string]any{}
	for _, change := range changes {
		whole, isObject := change.Value.(map[string]any)
		switch {
		case change.Op == "remove":
			return 0, nil, scimFail(http.StatusBadRequest, "mutability", "cannot remove "+change.Path)
		case change.Path != "":
			fields[change.Path] = change.Value
		case isObject:
			for key, value := range whole {
				fields[key] = value
			}
		}
	}
	return w.scimSet(u, fields)
}

// scimSet changes what is played here of an account: its state, title and name.
func (w *Workspace) scimSet(u *User, fields map[string]any) (int, any, error) {
	changed := *u
	for key, value := range fields {
		text, isText := value.(string)
		active, isBool := value.(bool)
		switch {
		case key == "active" && isBool:
			changed.Deleted = !active
		case key == "active":
			return 0, nil, scimFail(http.StatusBadRequest, "invalidValue", "active must be true or false")
		case key == "title" && isText:
			changed.Title = text
		case key == "displayName" && isText:
			changed.RealName = text
		case slices.Contains([]string{"schemas", "id", "userName", "emails", "name", "nickName", "timezone", "groups", "meta", "displayName", "title"}, key):
		default:
			return 0, nil, scimFail(http.StatusBadRequest, "invalidPath", "unsupported attribute "+key)
		}
	}
	*u = changed
	w.userChanged(u)
	return http.StatusOK, w.scimUser(u).body, nil
}
