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
