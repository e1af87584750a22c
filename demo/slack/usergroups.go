package slack

import (
	"regexp"
	"slices"
	"strings"
)

func (w *Workspace) groupJSON(g *usergroup, withUsers bool) map[string]any {
	deleted := int64(0)
	if g.Disabled {
		deleted = g.updated
	}
	out := map[string]any{
		"id": g.ID, "team_id": w.team.ID, "is_usergroup": true, "is_subteam": true, "name": g.Name,
		"description": g.Description, "handle": g.Handle, "is_external": false, "date_create": g.created,
		"date_update": g.updated, "date_delete": deleted, "auto_type": nil, "user_count": len(g.Users),
		"prefs": map[string]any{"channels": []string{}, "groups": []string{}},
	}
	if g.IDP {
		out["is_idp_group"], out["is_membership_locked"] = true, true
	}
	if withUsers {
		out["users"] = append([]string{}, g.Users...)
	}
	return out
}

// group finds the user group that the argument "usergroup" names, on plans that have such.
func (w *Workspace) group(c *call) (*usergroup, error) {
	if w.opts.FreePlan {
		return nil, refuse("plan_upgrade_required")
	}
	g := w.groups[c.args.text("usergroup")]
	if g == nil {
		return nil, refuse("no_such_subteam")
	}
	return g, nil
}

func (w *Workspace) usergroupsList(c *call) (answer, error) {
	if w.opts.FreePlan {
		return nil, refuse("plan_upgrade_required")
	}
	found := []map[string]any{}
	for _, id := range w.groupIDs {
		if g := w.groups[id]; !g.Disabled || c.args.flag("include_disabled") {
			found = append(found, w.groupJSON(g, c.args.flag("include_users")))
		}
	}
	return paginate(c, "usergroups", found, 1000, 1000)
}

func (w *Workspace) usergroupsUsersList(c *call) (answer, error) {
	g, err := w.group(c)
	if err != nil {
		return nil, err
	}
	users := []string{}
	if !g.Disabled || c.args.flag("include_disabled") {
		users = slices.Clone(g.Users)
	}
	return paginate(c, "users", users, 1000, 1000)
}

// usergroupsUsersUpdate replaces the whole list, as Slack does; an empty list is refused.
func (w *Workspace) usergroupsUsersUpdate(c *call) (answer, error) {
	g, err := w.group(c)
	if err != nil {
		return nil, err
	}
	users := c.args.ids("users")
	switch {
	case g.IDP:
		return nil, refuse("permission_denied")
	case len(users) == 0:
		return nil, refuse("no_users_provided")
	}
	for _, id := range users {
		if u := w.users[id]; u == nil || u.Deleted || u.Bot || u.Restricted || u.UltraRestricted || u.Stranger {
			return nil, refuse("invalid_users")
		}
	}
	w.setMembers(g, users)
	return answer{"usergroup": w.groupJSON(g, true)}, nil
}

func (w *Workspace) usergroupsCreate(c *call) (answer, error) {
	if w.opts.FreePlan {
		return nil, refuse("plan_upgrade_required")
	}
	name, handle := c.args.text("name"), strings.TrimPrefix(c.args.text("handle"), "@")
	if handle == "" {
		handle = slug(name)
	}
	if err := checkHandle(handle); err != nil {
		return nil, err
	}
	for _, g := range w.groups {
		if g.Name == name {
			return nil, refuse("name_already_exists")
		}
		if g.Handle == handle {
			return nil, refuse("handle_already_exists")
		}
	}
	now := w.clock.Now().Unix()
	g := &usergroup{created: now, updated: now}
	g.Usergroup = Usergroup{ID: w.newID("S"), Name: name, Handle: handle, Description: c.args.text("description")}
	w.groups[g.ID] = g
	w.groupIDs = append(w.groupIDs, g.ID)
	w.notify(pageEvent{Type: "users"})
	return answer{"usergroup": w.groupJSON(g, false)}, nil
}

// handleForm is what may be mentioned; forbiddenHandles mean everybody already.
var (
	handleForm       = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,20}$`)
	forbiddenHandles = map[string]bool{"channel": true, "everyone": true, "group": true, "here": true}
)

func checkHandle(handle string) error {
	switch {
	case forbiddenHandles[handle]:
		return refuse("forbidden_handle")
	case !handleForm.MatchString(handle):
		return refuse("bad_handle")
	}
	return nil
}

func (w *Workspace) usergroupsUpdate(c *call) (answer, error) {
	g, err := w.group(c)
	if err != nil {
		return nil, err
	}
	for key, field := range map[string]*string{"name": &g.Name, "handle": &g.Handle, "description": &g.Description} {
		if c.args.has(key) {
			*field = strings.TrimPrefix(c.args.text(key), "@")
		}
	}
	g.updated = w.clock.Now().Unix()
	w.notify(pageEvent{Type: "users"})
	return answer{"usergroup": w.groupJSON(g, false)}, nil
}

func (w *Workspace) usergroupsDisable(c *call) (answer, error) { return w.switchGroup(c, true) }

func (w *Workspace) usergroupsEnable(c *call) (answer, error) { return w.switchGroup(c, false) }

func (w *Workspace) switchGroup(c *call, disabled bool) (answer, error) {
	g, err := w.group(c)
	if err != nil {
		return nil, err
	}
	g.Disabled, g.updated = disabled, w.clock.Now().Unix()
	w.notify(pageEvent{Type: "users"})
	return answer{"usergroup": w.groupJSON(g, false)}, nil
}
