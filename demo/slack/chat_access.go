package slack

import "strings"

// seenChannel finds a conversation that the app may know of: public ones always, others only from inside.
func (w *Workspace) seenChannel(c *call, key string) (*channel, error) {
	ch := w.channels[key]
	if ch == nil || (ch.private() && !ch.has(c.actor())) {
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// postTarget finds where chat.postMessage posts: a channel id, a channel's name, or a person's id, which opens
// their conversation with the app.
func (w *Workspace) postTarget(c *call, key string) (*channel, error) {
	if u := w.users[key]; u != nil {
		if u.Stranger || u.Bot {
			return nil, refuse("channel_not_found")
		}
		dm, _ := w.openDM(c.actor(), u.ID)
		return dm, w.mayWrite(c, dm)
	}
	ch := w.channels[key]
	if ch == nil && (strings.HasPrefix(key, "#") || key == strings.ToLower(key)) {
		ch = w.findChannel(key)
	}
	if ch == nil || (ch.private() && !ch.has(c.actor())) {
		return nil, refuse("channel_not_found")
	}
	if !ch.has(c.actor()) && !c.can("chat:write.public") {
		return nil, refuse("not_in_channel")
	}
	return ch, w.mayWrite(c, ch)
}

// mayWrite checks what forbids a message in a conversation that the app can see.
func (w *Workspace) mayWrite(c *call, ch *channel) error {
	if ch.archived {
		return refuse("is_archived")
	}
	if ch.kind == kindDM && !c.app.manifest.Features.AppHome.Messages {
		return refuse("messages_tab_disabled")
	}
	return nil
}
