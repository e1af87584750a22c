package slack

import (
	"encoding/json"
	"slices"
)

// message is what stands in a channel. onlyFor makes it ephemeral: one person sees it, until they reload.
type message struct {
	ts, threadTS      string
	user              string
	botID, appID      string
	username          string
	text              string
	blocks            blocks
	attachments       json.RawMessage
	metadata          json.RawMessage
	edited            string // when, as a timestamp
	onlyFor           string
	subtype           string
	broadcast, pinned bool
	reactions         []reaction
	files             []string
}

type reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
	Count int      `json:"count"`
}

// append puts a message at the end of a channel and tells everybody. The lock is held.
func (w *Workspace) append(c *channel, m *message) {
	if m.ts == "" {
		m.ts = w.newTS()
	}
	c.messages = append(c.messages, m)
	w.messageChanged(c, m)
}

// messageChanged wakes the pages that show the message, its channel or its thread.
func (w *Workspace) messageChanged(c *channel, m *message) {
	events := []pageEvent{{Type: "messages", Channel: c.id}, {Type: "channels"}}
	if m.threadTS != "" && m.threadTS != m.ts {
		events = append(events, pageEvent{Type: "messages", Channel: c.id, Thread: m.threadTS})
	} else {
		events = append(events, pageEvent{Type: "messages", Channel: c.id, Thread: m.ts})
	}
	w.notify(events...)
}

// isReply is true for messages that stand in a thread below their root.
func (m *message) isReply() bool { return m.threadTS != "" && m.threadTS != m.ts }

// replies returns the messages below a root, without ephemerals.
func (c *channel) replies(root string) []*message {
	var below []*message
	for _, m := range c.messages {
		if m.threadTS == root && m.ts != root && m.onlyFor == "" {
			below = append(below, m)
		}
	}
	return below
}

// threadJSON adds what Slack says about a root's thread.
func (c *channel) threadJSON(m *message, out map[string]any) {
	below := c.replies(m.ts)
	if len(below) == 0 || m.isReply() {
		return
	}
	var users []string
	for _, r := range below {
		if !slices.Contains(users, r.user) {
			users = append(users, r.user)
		}
	}
	out["thread_ts"] = m.ts
	out["reply_count"] = len(below)
	out["reply_users"] = users
	out["reply_users_count"] = len(users)
	out["latest_reply"] = below[len(below)-1].ts
}

// messageJSON is the message as the Web API and payloads show it.
func (w *Workspace) messageJSON(c *channel, m *message, withMetadata bool) map[string]any {
	out := map[string]any{"type": "message", "ts": m.ts, "user": m.user, "text": m.text, "team": w.team.ID}
	if m.subtype != "" {
		out["subtype"] = m.subtype
	}
	if m.threadTS != "" {
		out["thread_ts"] = m.threadTS
	}
	if m.isReply() {
		if root := c.find(m.threadTS); root != nil {
			out["parent_user_id"] = root.user
		}
	}
	if m.appID != "" {
		app := w.apps[m.appID]
		out["app_id"], out["bot_id"] = m.appID, m.botID
		out["bot_profile"] = map[string]any{
			"id": m.botID, "app_id": m.appID, "name": app.Name, "deleted": false, "team_id": w.team.ID,
		}
	}
	if m.username != "" {
		out["username"] = m.username
	}
	if len(m.blocks) > 0 {
		out["blocks"] = m.blocks
	}
	if len(m.attachments) > 0 {
		out["attachments"] = m.attachments
	}
	if withMetadata && len(m.metadata) > 0 {
		out["metadata"] = m.metadata
	}
	if m.edited != "" {
		out["edited"] = map[string]any{"user": m.user, "ts": m.edited}
	}
	if len(m.reactions) > 0 {
		out["reactions"] = m.reactions
	}
	if len(m.files) > 0 {
		out["files"] = w.filesJSON(m.files)
	}
	if m.onlyFor != "" {
		out["is_ephemeral"] = true
	}
	c.threadJSON(m, out)
	return out
}
