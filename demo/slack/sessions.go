package slack

import (
	"fmt"
	"slices"
)

// session is one place where a person is signed in.
type session struct {
	id     int64
	device string
	mobile bool
}

// SignIn opens a session for a person (id, handle or e-mail) on a device such as "Mac" or "iPhone".
func (w *Workspace) SignIn(user, device string, mobile bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.findUser(user)
	if u == nil || u.Deleted || u.Bot {
		return fmt.Errorf("sign in %q: no such person, or a deactivated one", user)
	}
	w.lastID++
	w.sessions[u.ID] = append(w.sessions[u.ID], session{id: int64(w.lastID), device: device, mobile: mobile})
	return nil
}

// Sessions counts where a person is signed in.
func (w *Workspace) Sessions(user string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u := w.findUser(user); u != nil {
		return len(w.sessions[u.ID])
	}
	return 0
}

// adminSessionList lists one person's sessions, or everybody's when neither person nor team is named.
func (w *Workspace) adminSessionList(c *call) (answer, error) {
	if err := w.orgAdmin(c); err != nil {
		return nil, err
	}
	people := w.userIDs
	switch hasUser, hasTeam := c.args.has("user_id"), c.args.has("team_id"); {
	case hasUser && !hasTeam:
		return nil, refuse("missing_team")
	case hasTeam && !hasUser:
		return nil, refuse("missing_user")
	case hasUser:
		u, err := w.managed(c)
		if err != nil {
			return nil, err
		}
		if u.Bot {
			return nil, refuse("bots_not_allowed")
		}
		people = []string{u.ID}
	}
	open := []map[string]any{}
	for _, id := range people {
		for _, s := range w.sessions[id] {
			open = append(open, map[string]any{
				"user_id": id, "team_id": w.team.ID, "session_id": s.id,
				"created": map[string]any{"device_hardware": s.device, "os": "", "os_version": "", "slack_client_version": "", "ip": "192.0.2.1"},
			})
		}
	}
	if len(open) == 0 {
		return nil, refuse("no_active_sessions")
	}
	return paginate(c, "active_sessions", open, 1000, 1000)
}

// adminSessionReset signs a person out: everywhere, or on mobile devices or the web only.
func (w *Workspace) adminSessionReset(c *call) (answer, error) {
	if err := w.orgAdmin(c); err != nil {
		return nil, err
	}
	u := w.users[c.args.text("user_id")]
	switch {
	case u == nil:
		return nil, refuse("user_not_found")
	case u.Bot:
		return nil, refuse("cannot_reset_bot")
	case u.PrimaryOwner && u.ID != c.actor():
		return nil, refuse("cannot_reset_primary_owner")
	}
	mobile, web := c.args.flag("mobile_only"), c.args.flag("web_only")
	w.sessions[u.ID] = slices.DeleteFunc(w.sessions[u.ID], func(s session) bool {
		return mobile == web || s.mobile == mobile
	})
	w.notify(pageEvent{Type: "users"})
	return answer{}, nil
}
