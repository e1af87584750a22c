package slack

// orgAdmin refuses who is no admin, and workspaces that are not in an Enterprise organization: only those have the
// Admin API.
func (w *Workspace) orgAdmin(c *call) error {
	switch {
	case !w.opts.Enterprise:
		return refuse("feature_not_enabled")
	case !w.users[c.actor()].admin():
		return refuse("not_an_admin")
	}
	return nil
}

// managed finds the person and checks the workspace that the arguments user_id and team_id name.
func (w *Workspace) managed(c *call) (*User, error) {
	if c.args.text("team_id") != w.team.ID {
		return nil, refuse("team_not_found")
	}
	u := w.users[c.args.text("user_id")]
	if u == nil || u.Stranger {
		return nil, refuse("user_not_found")
	}
	return u, nil
}

// promotable finds the person whose role the caller may change.
func (w *Workspace) promotable(c *call) (*User, error) {
	if err := w.orgAdmin(c); err != nil {
		return nil, err
	}
	u, err := w.managed(c)
	switch {
	case err != nil:
		return nil, err
	case u.Deleted:
		return nil, refuse("user_not_found")
	case u.PrimaryOwner:
		return nil, refuse("cannot_modify_primary_owner")
	case u.Bot:
		return nil, refuse("invalid_role_for_user")
	}
	return u, nil
}

func (w *Workspace) adminSetAdmin(c *call) (answer, error) {
	u, err := w.promotable(c)
	switch {
	case err != nil:
		return nil, err
	case u.Restricted || u.UltraRestricted:
		return nil, refuse("invalid_role_for_user")
	case u.Owner && !w.users[c.actor()].owner():
		return nil, refuse("invalid_permissions")
	}
	u.Admin, u.Owner = true, false
	w.userChanged(u)
	return answer{}, nil
}

func (w *Workspace) adminSetOwner(c *call) (answer, error) {
	u, err := w.promotable(c)
	switch {
	case err != nil:
		return nil, err
	case !w.users[c.actor()].owner():
		return nil, refuse("not_an_owner")
	case u.Restricted || u.UltraRestricted:
		return nil, refuse("invalid_role_for_user")
	}
	u.Admin, u.Owner = true, true
	w.userChanged(u)
	return answer{}, nil
}

// adminSetRegular makes a regular member of an admin, an owner or a guest.
func (w *Workspace) adminSetRegular(c *call) (answer, error) {
	u, err := w.promotable(c)
	switch {
	case err != nil:
		return nil, err
	case u.Owner && !w.users[c.actor()].owner():
		return nil, refuse("failed_to_set_user_to_regular")
	}
	u.Admin, u.Owner, u.Restricted, u.UltraRestricted = false, false, false, false
	w.userChanged(u)
	return answer{}, nil
}

func (w *Workspace) adminUsersList(c *call) (answer, error) {
	if err := w.orgAdmin(c); err != nil {
		return nil, err
	}
	if c.args.has("team_id") && c.args.text("team_id") != w.team.ID {
		return nil, refuse("team_not_found")
	}
	active := !c.args.has("is_active") || c.args.flag("is_active")
	found := []map[string]any{}
	for _, id := range w.userIDs {
		if u := w.users[id]; !u.Stranger && u.Deleted != active {
			found = append(found, map[string]any{
				"id": u.ID, "email": u.Email, "username": u.Name, "full_name": u.RealName, "is_active": !u.Deleted,
				"is_admin": u.admin(), "is_owner": u.owner(), "is_primary_owner": u.PrimaryOwner, "is_bot": u.Bot,
				"is_restricted": u.Restricted || u.UltraRestricted, "is_ultra_restricted": u.UltraRestricted,
				"expiration_ts": 0, "workspaces": []string{w.team.ID},
			})
		}
	}
	return paginate(c, "users", found, 100, 100)
}

// adminUsersRemove takes a person out of the workspace.
func (w *Workspace) adminUsersRemove(c *call) (answer, error) {
	if err := w.orgAdmin(c); err != nil {
		return nil, err
	}
	u, err := w.managed(c)
	switch {
	case err != nil:
		return nil, err
	case u.Deleted:
		return nil, refuse("user_already_deleted")
	case u.PrimaryOwner:
		return nil, refuse("cannot_modify_primary_owner")
	}
	u.Deleted = true
	w.userChanged(u)
	return answer{}, nil
}
