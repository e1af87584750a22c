package slack

import (
	"maps"
	"strings"
)

// subscription names the event of messages in this kind of conversation, and the kind as the event calls it.
func (c *channel) subscription() (name, kind string) {
	switch c.kind {
	case kindPrivate:
		return "message.groups", "group"
	case kindDM:
		return "message.im", "im"
	case kindMPIM:
		return "message.mpim", "mpim"
	default:
		return "message.channels", "channel"
	}
}

// raiseMessage tells the apps in a channel about a new message, and the app that is mentioned in it.
func (w *Workspace) raiseMessage(ch *channel, m *message) {
	event := w.messageJSON(ch, m, true)
	name, kind := ch.subscription()
	event["channel"], event["event_ts"], event["channel_type"] = ch.id, m.ts, kind
	w.raise(name, event, "", ch)
	for _, id := range w.appIDs {
		if a := w.apps[id]; ch.kind != kindDM && strings.Contains(m.text, "<@"+a.BotUser) {
			mention := maps.Clone(event)
			mention["type"] = "app_mention"
			w.raise("app_mention", mention, a.ID, ch)
		}
	}
}

// raiseRevision tells the apps in a channel that a message was edited or deleted.
func (w *Workspace) raiseRevision(ch *channel, subtype string, event map[string]any) {
	name, kind := ch.subscription()
	ts := w.newTS()
	maps.Copy(event, map[string]any{
		"type": "message", "subtype": subtype, "hidden": true, "channel": ch.id, "channel_type": kind,
		"ts": ts, "event_ts": ts,
	})
	w.raise(name, event, "", ch)
}
