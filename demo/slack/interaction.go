package slack

import (
	"fmt"
	"time"
)

// Warnings that a person sees when an app does not answer.
const (
	warnNoAnswer = "the app did not answer in time"
	warnTrouble  = "We had some trouble connecting. Try again?"
)

// interaction is what all interactive payloads share. inView is the modal that the trigger belongs to, if any.
func (w *Workspace) interaction(a *App, u *User, kind, inView string) map[string]any {
	return map[string]any{
		"type": kind, "api_app_id": a.ID, "token": a.verification,
		"team":                  map[string]any{"id": w.team.ID, "domain": w.team.Domain},
		"user":                  map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID},
		"enterprise":            nil,
		"is_enterprise_install": false,
		"trigger_id":            w.newTrigger(a, u.ID, inView),
	}
}

// surface is where an element stands: in a message, or in a view.
type surface struct {
	app     *App
	channel *channel
	message *message
	view    *view
}

// Target names a message or a view in which a person acts.
type Target struct {
	Channel   string // with MessageTS: the message
	MessageTS string
	ViewID    string // else the view
}

// surface finds what the target names, as that person sees it.
func (w *Workspace) surface(u *User, t Target) (*surface, error) {
	if t.ViewID != "" {
		v := w.findView(t.ViewID)
		if v == nil || v.user != u.ID {
			return nil, fmt.Errorf("the view %s is not open for %s", t.ViewID, u.Name)
		}
		return &surface{app: v.app, view: v}, nil
	}
	ch := w.channels[t.Channel]
	if ch == nil || (ch.private() && !ch.has(u.ID)) {
		return nil, fmt.Errorf("%s does not see the channel %s", u.Name, t.Channel)
	}
	for _, m := range ch.messages {
		if m.ts == t.MessageTS && (m.onlyFor == "" || m.onlyFor == u.ID) {
			a := w.apps[m.appID]
			if a == nil {
				return nil, fmt.Errorf("the message %s is not of an app", t.MessageTS)
			}
			return &surface{app: a, channel: ch, message: m}, nil
		}
	}
	return nil, fmt.Errorf("there is no message %s in %s", t.MessageTS, t.Channel)
}

func (s *surface) blocks() blocks {
	if s.view != nil {
		return s.view.blocks
	}
	return s.message.blocks
}

// viewID is the modal that a trigger given out here belongs to; a Home is none.
func (s *surface) viewID() string {
	if s.view != nil && s.view.kind() == "modal" {
		return s.view.id
	}
	return ""
}

// describe adds to a payload where the interaction happened, and the state of the surface.
func (w *Workspace) describe(s *surface, state values, payload map[string]any) {
	if s.view != nil {
		s.view.state.merge(s.view.blocks, state)
		payload["container"] = map[string]any{"type": "view", "view_id": s.view.id}
		payload["view"] = w.viewJSON(s.view)
		return
	}
	m := s.message
	container := map[string]any{
		"type": "message", "message_ts": m.ts, "channel_id": s.channel.id, "is_ephemeral": m.onlyFor != "",
	}
	if m.isReply() {
		container["thread_ts"] = m.threadTS
	}
	payload["container"] = container
	payload["channel"] = map[string]any{"id": s.channel.id, "name": s.channel.shownName()}
	if m.onlyFor == "" {
		payload["message"] = w.messageJSON(s.channel, m, true)
	}
	current := m.blocks.initialState()
	current.merge(m.blocks, state)
	payload["state"] = map[string]any{"values": current}
}

// shownName is how payloads call a conversation that has no name of its own.
func (c *channel) shownName() string {
	switch c.kind {
	case kindDM:
		return "directmessage"
	case kindPrivate:
		return "privategroup"
	case kindMPIM:
		return c.name
	default:
		return c.name
	}
}

// actionTS is the time of a click as payloads carry it.
func (w *Workspace) actionTS() string { return formatTS(w.clock.Now().Truncate(time.Microsecond)) }
