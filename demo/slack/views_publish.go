package slack

// viewsPublish puts a Home for one person.
func (w *Workspace) viewsPublish(c *call) (answer, error) {
	raw, err := givenView(c, "home")
	if err != nil {
		return nil, err
	}
	user := c.args.text("user_id")
	if u := w.users[user]; u == nil || u.Bot {
		return nil, invalidArguments("invalid `user_id`")
	}
	if !c.app.manifest.Features.AppHome.Home {
		return nil, refuse("not_enabled")
	}
	old := w.homes[c.app.ID][user]
	if hash := c.args.text("hash"); hash != "" && old != nil && hash != old.hash {
		return nil, refuse("hash_conflict")
	}
	if err := w.uniqueExternalID(c.app, raw, old); err != nil {
		return nil, err
	}
	v := old
	if v == nil {
		if v, err = w.newView(c.app, user, raw); err != nil {
			return nil, err
		}
	} else if err := w.redraw(v, raw, true); err != nil {
		return nil, err
	}
	if w.homes[c.app.ID] == nil {
		w.homes[c.app.ID] = map[string]*view{}
	}
	w.homes[c.app.ID][user] = v
	w.viewChanged(v)
	return answer{"view": w.viewJSON(v)}, nil
}
