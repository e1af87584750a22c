package slack

import (
	"slices"
	"strings"
)

// openDM finds or makes the conversation of two people, or of more (kindMPIM).
func (w *Workspace) openDM(people ...string) (c *channel, found bool) {
	members := slices.Clone(people)
	slices.Sort(members)
	members = slices.Compact(members)
	kind, prefix := kindDM, "D"
	if len(members) > 2 {
		kind, prefix = kindMPIM, "G"
	}
	for _, id := range w.channelID {
		if c := w.channels[id]; c.kind == kind && slices.Equal(c.members, members) {
			return c, true
		}
	}
	c = &channel{
		id: w.newID(prefix), kind: kind, members: members, created: w.clock.Now().Unix(), read: map[string]string{},
	}
	if kind == kindMPIM {
		c.name = "mpdm-" + strings.ToLower(c.id)
	}
	w.channels[c.id] = c
	w.channelID = append(w.channelID, c.id)
	w.notify(pageEvent{Type: "channels"})
	return c, false
}

// findChannel finds a channel by id, or by name with or without "#".
func (w *Workspace) findChannel(key string) *channel {
	if c := w.channels[key]; c != nil {
		return c
	}
	name := strings.TrimPrefix(key, "#")
	for _, id := range w.channelID {
		if c := w.channels[id]; name != "" && c.name == name && c.kind != kindDM && c.kind != kindMPIM {
			return c
		}
	}
	return nil
}

// ChannelID returns the id of the channel with that name, or "".
func (w *Workspace) ChannelID(name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.findChannel(name); c != nil {
		return c.id
	}
	return ""
}

// Members returns the ids of a channel's members, which is named by id or name, in the order in which they came.
func (w *Workspace) Members(key string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.findChannel(key); c != nil {
		return slices.Clone(c.members)
	}
	return nil
}

// ArchiveChannel archives a channel by id or name; nobody can post there any more.
func (w *Workspace) ArchiveChannel(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.findChannel(key); c != nil {
		c.archived = true
		w.notify(pageEvent{Type: "channels"})
	}
}
