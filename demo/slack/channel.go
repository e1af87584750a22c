package slack

import (
	"slices"
	"strings"
)

type channelKind string

const (
	kindChannel channelKind = "channel"
	kindPrivate channelKind = "private"
	kindDM      channelKind = "dm"
	kindMPIM    channelKind = "mpim"
)

// channel is a conversation of any kind. The members of a dm are its two people.
type channel struct {
	id, name, topic, purpose string
	kind                     channelKind
	archived, general        bool
	members                  []string
	messages                 []*message // by rising timestamp, threads and ephemerals among them
	created                  int64
	creator                  string
	read                     map[string]string // person -> timestamp read up to
}

func (w *Workspace) addChannel(c Channel) *channel {
	if c.ID == "" {
		c.ID = w.newID("C")
	}
	kind := kindChannel
	if c.Private {
		kind = kindPrivate
	}
	added := &channel{
		id: c.ID, name: strings.TrimPrefix(c.Name, "#"), topic: c.Topic, purpose: c.Purpose, kind: kind,
		archived: c.Archived, created: w.clock.Now().Unix(), read: map[string]string{},
	}
	for _, id := range c.Members {
		if u := w.findUser(id); u != nil {
			added.add(u.ID)
		}
	}
	w.channels[c.ID] = added
	w.channelID = append(w.channelID, c.ID)
	return added
}

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

// ArchiveChannel archives a channel by id or name; nobody can post there any more.
func (w *Workspace) ArchiveChannel(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.findChannel(key); c != nil {
		c.archived = true
		w.notify(pageEvent{Type: "channels"})
	}
}

func (c *channel) has(user string) bool { return slices.Contains(c.members, user) }

func (c *channel) add(user string) {
	if !c.has(user) {
		c.members = append(c.members, user)
	}
}

func (c *channel) remove(user string) {
	c.members = slices.DeleteFunc(c.members, func(m string) bool { return m == user })
}

// other is the other side of a dm.
func (c *channel) other(user string) string {
	for _, m := range c.members {
		if m != user {
			return m
		}
	}
	return user
}

func (c *channel) private() bool { return c.kind != kindChannel }

// family is the scope prefix that Slack asks for this kind of conversation.
func (c *channel) family() string {
	switch c.kind {
	case kindPrivate:
		return "groups"
	case kindDM:
		return "im"
	case kindMPIM:
		return "mpim"
	default:
		return "channels"
	}
}

// find returns the message with that timestamp, ephemerals excepted, or nil.
func (c *channel) find(ts string) *message {
	for _, m := range c.messages {
		if m.ts == ts && m.onlyFor == "" {
			return m
		}
	}
	return nil
}

// drop takes a message out of the channel.
func (c *channel) drop(gone *message) {
	c.messages = slices.DeleteFunc(c.messages, func(m *message) bool { return m == gone })
}
