package slack

// authTest says who the token belongs to. The granted scopes are in the header X-OAuth-Scopes.
func (w *Workspace) authTest(c *call) (answer, error) {
	body := answer{
		"url": w.url + "/", "team": w.team.Name, "team_id": w.team.ID, "user": w.users[c.actor()].Name,
		"user_id": c.actor(), "app_id": c.app.ID, "is_enterprise_install": false,
	}
	if c.token.kind == botToken {
		body["bot_id"] = c.app.BotID
	}
	if w.opts.Enterprise {
		body["enterprise_id"] = w.enterprise
	}
	return body, nil
}

func (w *Workspace) teamInfo(c *call) (answer, error) {
	if key := c.args.text("team"); key != "" && key != w.team.ID {
		return nil, refuse("team_not_found")
	}
	return answer{"team": map[string]any{
		"id": w.team.ID, "name": w.team.Name, "domain": w.team.Domain, "email_domain": "", "url": w.url + "/",
		"icon": map[string]any{"image_default": true}, "is_verified": false,
	}}, nil
}

func (w *Workspace) botsInfo(c *call) (answer, error) {
	key := c.args.text("bot")
	if key == "" {
		key = c.app.BotID
	}
	for _, id := range w.appIDs {
		if a := w.apps[id]; a.BotID == key {
			return answer{"bot": map[string]any{
				"id": a.BotID, "app_id": a.ID, "user_id": a.BotUser, "name": a.Name, "deleted": false,
				"updated": w.users[a.BotUser].updated, "icons": map[string]any{},
			}}, nil
		}
	}
	return nil, refuse("bot_not_found")
}
