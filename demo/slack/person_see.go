package slack

import (
	"encoding/json"
	"slices"
)

// Message is a message as one person sees it.
type Message struct {
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	User        string          `json:"user"`
	Username    string          `json:"username,omitempty"`
	IsApp       bool            `json:"is_app"`
	AppID       string          `json:"app_id,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	Edited      bool            `json:"edited,omitempty"`
	Ephemeral   bool            `json:"ephemeral,omitempty"`
	ReplyCount  int             `json:"reply_count,omitempty"`
	ReplyUsers  []string        `json:"reply_users,omitempty"`
	LatestReply string          `json:"latest_reply,omitempty"`
	Reactions   []reaction      `json:"reactions,omitempty"`
	Files       []FileLink      `json:"files,omitempty"`
	Channel     string          `json:"-"`

	parsed blocks
}

// FileLink is a file below a message.
type FileLink struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int    `json:"size"`
	URL  string `json:"url"`
}

// Target names the message for [Person.Press] and the like.
func (m Message) Target() Target { return Target{Channel: m.Channel, MessageTS: m.TS} }

// Shown is all that a person reads in the message: the text of its blocks, or its text when it has none.
func (m Message) Shown() string {
	if len(m.parsed) == 0 {
		return m.Text
	}
	return m.parsed.text()
}

// Buttons lists the labels of the message's buttons and overflow entries.
func (m Message) Buttons() []string { return labels(m.parsed) }

// Messages returns the top-level messages of a channel (id or name) that the person sees, oldest first, without
// ephemeral ones.
func (p *Person) Messages(channel string) []Message { return p.filtered(channel, "", false) }

// Thread returns the root of a thread and its replies, oldest first.
func (p *Person) Thread(channel, ts string) []Message { return p.filtered(channel, ts, false) }

// Ephemerals returns the messages of a channel and its threads that only this person sees, oldest first.
func (p *Person) Ephemerals(channel string) []Message { return p.filtered(channel, "", true) }

func (p *Person) filtered(channel, thread string, ephemeral bool) []Message {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u := p.w.findUser(p.key)
	ch := p.w.findChannel(channel)
	if u == nil || ch == nil || (ch.private() && !ch.has(u.ID)) {
		return nil
	}
	if !ephemeral {
		return slices.DeleteFunc(p.w.seenMessages(u, ch, thread), func(m Message) bool { return m.Ephemeral })
	}
	var found []Message
	for _, m := range ch.messages {
		if m.onlyFor == u.ID {
			found = append(found, p.w.shown(ch, m))
		}
	}
	return found
}

// DMs returns all messages of the person's direct conversations with apps, oldest first, threads included.
func (p *Person) DMs() []Message {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u := p.w.findUser(p.key)
	var found []Message
	for _, id := range p.w.channelID {
		ch := p.w.channels[id]
		if u == nil || ch.kind != kindDM || !ch.has(u.ID) || !p.w.users[ch.other(u.ID)].Bot {
			continue
		}
		for _, m := range ch.messages {
			if m.onlyFor == "" || m.onlyFor == u.ID {
				found = append(found, p.w.shown(ch, m))
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Message) int { return compare(a.TS, b.TS) })
	return found
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// seenMessages lists what a person sees in a channel, or in a thread of it. The lock is held.
func (w *Workspace) seenMessages(u *User, ch *channel, thread string) []Message {
	var found []Message
	for _, m := range ch.messages {
		if m.onlyFor != "" && m.onlyFor != u.ID {
			continue
		}
		inThread := m.ts == thread || m.threadTS == thread
		topLevel := !m.isReply() || m.broadcast
		if (thread != "" && inThread) || (thread == "" && topLevel) {
			found = append(found, w.shown(ch, m))
		}
	}
	return found
}

// shown is a message as the page and the tests get it.
func (w *Workspace) shown(ch *channel, m *message) Message {
	out := Message{
		TS: m.ts, ThreadTS: m.threadTS, User: m.user, Username: m.username, IsApp: m.appID != "", AppID: m.appID,
		Text: m.text, Metadata: m.metadata, Edited: m.edited != "", Ephemeral: m.onlyFor != "",
		Reactions: slices.Clone(m.reactions), Channel: ch.id,
	}
	if len(m.blocks) > 0 {
		out.Blocks = mustJSON(m.blocks)
		out.parsed = m.blocks
	}
	facts := map[string]any{}
	ch.threadJSON(m, facts)
	out.ReplyCount, _ = facts["reply_count"].(int)
	out.ReplyUsers, _ = facts["reply_users"].([]string)
	out.LatestReply, _ = facts["latest_reply"].(string)
	for _, id := range m.files {
		if f := w.files[id]; f != nil && !f.deleted {
			out.Files = append(out.Files, FileLink{ID: f.id, Name: f.name, Size: f.size, URL: w.url + "/files/" + f.id})
		}
	}
	return out
}
