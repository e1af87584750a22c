package slack

import (
	"net/http"
	"strings"
)

// pageSnapshot is the frame of the page as that person sees it.
func (w *Workspace) pageSnapshot(_ *http.Request, u *User) (any, error) {
	users := []map[string]any{}
	for _, id := range w.userIDs {
		o := w.users[id]
		users = append(users, map[string]any{
			"id": o.ID, "name": o.Name, "real_name": o.RealName, "title": o.Title, "avatar": o.Avatar,
			"is_bot": o.Bot, "is_restricted": o.Restricted, "is_ultra_restricted": o.UltraRestricted,
			"is_stranger": o.Stranger, "deleted": o.Deleted,
		})
	}
	channels := []map[string]any{}
	for _, id := range w.channelID {
		if ch := w.channels[id]; ch.has(u.ID) || (ch.kind == kindChannel && !u.Restricted && !u.UltraRestricted && !u.Stranger) {
			channels = append(channels, ch.frame(u))
		}
	}
	groups := []map[string]any{}
	for _, id := range w.groupIDs {
		g := w.groups[id]
		groups = append(groups, map[string]any{"id": g.ID, "handle": g.Handle, "name": g.Name})
	}
	apps := []map[string]any{}
	for _, id := range w.appIDs {
		apps = append(apps, w.apps[id].frame())
	}
	errs := 0
	for _, e := range w.journal {
		if e.Level == LevelError {
			errs++
		}
	}
	return map[string]any{
		"team": map[string]any{"id": w.team.ID, "name": w.team.Name},
		"me": map[string]any{
			"id": u.ID, "name": u.Name, "real_name": u.RealName, "title": u.Title, "tz": u.TZ, "avatar": u.Avatar,
		},
		"users": users, "channels": channels, "usergroups": groups, "apps": apps, "links": append([]Link{}, w.links...),
		"clock": w.clockJSON(), "journal_errors": errs,
	}, nil
}

func (w *Workspace) clockJSON() map[string]any {
	return map[string]any{
		"now": float64(w.clock.Now().UnixMilli()) / 1000, "offset": w.clock.Offset().Seconds(),
	}
}

// frame is a channel in the page's list.
func (c *channel) frame(u *User) map[string]any {
	kind := c.kind
	if kind == kindMPIM {
		kind = kindPrivate
	}
	unread, mentions, latest := 0, 0, ""
	for _, m := range c.messages {
		if m.onlyFor != "" && m.onlyFor != u.ID {
			continue
		}
		latest = m.ts
		if m.ts > c.read[u.ID] && m.user != u.ID && !m.isReply() {
			unread++
			if c.kind == kindDM || strings.Contains(m.text, "<@"+u.ID+">") {
				mentions++
			}
		}
	}
	out := map[string]any{
		"id": c.id, "name": c.name, "kind": kind, "is_member": c.has(u.ID), "is_archived": c.archived,
		"topic": c.topic, "unread": unread, "mentions": mentions, "latest": latest,
	}
	if c.kind == kindDM {
		out["user"] = c.other(u.ID)
	}
	return out
}

// frame is an app in the page's list.
func (a *App) frame() map[string]any {
	commands := a.manifest.Features.Commands
	if commands == nil {
		commands = []commandSpec{}
	}
	shortcuts := a.manifest.Features.Shortcuts
	if shortcuts == nil {
		shortcuts = []shortcutSpec{}
	}
	return map[string]any{
		"id": a.ID, "name": a.Name, "bot_user": a.BotUser, "connections": len(a.sockets),
		"home": a.manifest.Features.AppHome.Home, "messages_tab": a.manifest.Features.AppHome.Messages,
		"commands": commands, "shortcuts": shortcuts,
	}
}
