package slack

import "time"

// userJSON is a person as the Web API shows them. The e-mail is there only for apps with users:read.email.
func (w *Workspace) userJSON(u *User, withEmail bool) map[string]any {
	zone, offset := "Coordinated Universal Time", 0
	if loc, err := time.LoadLocation(u.TZ); err == nil {
		zone, offset = w.clock.Now().In(loc).Zone()
	}
	profile := map[string]any{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.DisplayName,
		"display_name_normalized": u.DisplayName, "title": u.Title, "phone": "", "skype": "",
		"status_text": "", "status_emoji": "", "status_expiration": 0, "team": u.TeamID, "fields": nil,
		"avatar_hash": "g" + u.ID, "image_48": w.url + "/_page/avatar/" + u.ID,
	}
	if withEmail && u.Email != "" {
		profile["email"] = u.Email
	}
	out := map[string]any{
		"id": u.ID, "team_id": u.TeamID, "name": u.Name, "deleted": u.Deleted, "profile": profile,
		"is_bot": u.Bot, "updated": u.updated, "is_app_user": false, "is_email_confirmed": true,
	}
	if u.Bot {
		profile["bot_id"], profile["api_app_id"], profile["always_active"] = u.botID, u.appID, true
	}
	if u.Stranger {
		out["is_stranger"] = true
	}
	if u.Deleted {
		return out
	}
	out["color"], out["real_name"] = "9f69e7", u.RealName
	out["tz"], out["tz_label"], out["tz_offset"] = u.TZ, zone, offset
	out["is_admin"], out["is_owner"], out["is_primary_owner"] = u.Admin || u.Owner || u.PrimaryOwner, u.Owner || u.PrimaryOwner, u.PrimaryOwner
	out["is_restricted"], out["is_ultra_restricted"] = u.Restricted || u.UltraRestricted, u.UltraRestricted
	return out
}

func (w *Workspace) seenUser(c *call, u *User) map[string]any {
	out := w.userJSON(u, c.can("users:read.email"))
	if c.args.flag("include_locale") && !u.Deleted {
		out["locale"] = u.locale
	}
	return out
}

func (w *Workspace) usersInfo(c *call) (answer, error) {
	u := w.users[c.args.text("user")]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return answer{"user": w.seenUser(c, u)}, nil
}

func (w *Workspace) usersList(c *call) (answer, error) {
	members := []map[string]any{}
	for _, id := range w.userIDs {
		if u := w.users[id]; !u.Stranger {
			members = append(members, w.seenUser(c, u))
		}
	}
	if !c.args.has("limit") && len(members) > 1000 {
		return nil, refuse("limit_required")
	}
	body, err := paginate(c, "members", members, 1000, 1000)
	if err == nil {
		body["cache_ts"] = w.clock.Now().Unix()
	}
	return body, err
}

func (w *Workspace) usersLookupByEmail(c *call) (answer, error) {
	u := w.findUser(c.args.text("email"))
	if u == nil || u.Email != c.args.text("email") || u.Deleted || u.Bot || u.Stranger {
		return nil, refuse("users_not_found")
	}
	return answer{"user": w.seenUser(c, u)}, nil
}

func (w *Workspace) usersProfileGet(c *call) (answer, error) {
	u := w.users[c.args.text("user")]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return answer{"profile": w.userJSON(u, c.can("users:read.email"))["profile"]}, nil
}
