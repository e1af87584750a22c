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
