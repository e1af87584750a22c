package target

import "slices"

// emails lists who is in a group. The lock is held.
func (t *Target) emails(group *row) []string {
	names := []string{}
	for _, member := range group.data.elements("members") {
		if user := t.users.byID[elementValue(member)]; user != nil {
			names = append(names, user.data.text("userName"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// view is an account as tests and the page see it. The lock is held.
func (t *Target) view(user *row) User {
	u := User{
		ID: user.id, Email: user.data.text("userName"), Name: user.data.text("displayName"),
		Title: user.data.text("title"), Active: user.active(), Groups: []string{}, Roles: []string{}, Licenses: []string{},
	}
	for _, group := range t.groups.all() {
		if slices.Contains(t.emails(group), u.Email) {
			u.Groups = append(u.Groups, group.data.text("displayName"))
		}
	}
	for _, role := range user.data.elements("roles") {
		u.Roles = append(u.Roles, elementValue(role))
	}
	for _, license := range user.data.elements("entitlements") {
		u.Licenses = append(u.Licenses, elementValue(license))
	}
	return u
}

func (t *Target) seedUser(u User) {
	data := resource{
		"userName": u.Email, "active": true,
		"emails": []any{map[string]any{"value": u.Email, "type": "work", "primary": true}},
	}
	for name, value := range map[string]string{"displayName": u.Name, "title": u.Title} {
		if value != "" {
			data[name] = value
		}
	}
	t.users.put(newID(), data, t.now())
}

func (t *Target) seedGroup(g Group) {
	members := []any{}
	for _, email := range g.Members {
		if row := t.users.named(email); row != nil {
			members = append(members, map[string]any{"value": row.id})
		}
	}
	t.groups.put(newID(), resource{"displayName": g.Name, "members": members}, t.now())
}
