package slack

import (
	"strings"
	"unicode/utf8"
)

// Lengths of a message's text: what is longer than textKept is cut by chat.postMessage and refused elsewhere.
const (
	textKept        = 40000
	markdownMost    = 12000
	attachmentsMost = 100
)

func (w *Workspace) chatPostMessage(c *call) (answer, error) {
	ch, err := w.postTarget(c, c.args.text("channel"))
	if err != nil {
		return nil, err
	}
	m, err := w.draft(c)
	if err != nil {
		return nil, err
	}
	if m.threadTS, err = threadOf(c, ch); err != nil {
		return nil, err
	}
	if err := w.limitPosts(c, ch); err != nil {
		return nil, err
	}
	if runes := []rune(m.text); len(runes) > textKept {
		m.text = string(runes[:textKept])
	}
	m.broadcast = c.args.flag("reply_broadcast")
	w.append(ch, m)
	w.raiseMessage(ch, m)
	return answer{"channel": ch.id, "ts": m.ts, "message": w.messageJSON(ch, m, true)}, nil
}

// draft makes the app's message out of the arguments that all chat.* methods share.
func (w *Workspace) draft(c *call) (*message, error) {
	m := &message{user: c.app.BotUser, botID: c.app.BotID, appID: c.app.ID, text: c.args.text("text")}
	if markdown := c.args.text("markdown_text"); markdown != "" {
		if m.text != "" || c.args.has("blocks") {
			return nil, refuse("markdown_text_conflict")
		}
		if utf8.RuneCountInString(markdown) > markdownMost {
			return nil, refuse("msg_too_long")
		}
		m.text = markdown
	}
	if err := w.draftBlocks(c, m); err != nil {
		return nil, err
	}
	if err := draftExtras(c, m); err != nil {
		return nil, err
	}
	if strings.TrimSpace(m.text) == "" && len(m.blocks) == 0 && len(m.attachments) == 0 {
		return nil, refuse("no_text")
	}
	if c.app.can("chat:write.customize") {
		m.username = c.args.text("username")
	}
	return m, nil
}

func (w *Workspace) draftBlocks(c *call, m *message) error {
	raw := c.args.structure("blocks")
	if raw == nil {
		return nil
	}
	if err := checkBlocks(raw); err != nil {
		return err
	}
	bs, err := w.parseBlocks(raw)
	if err != nil {
		return refuse("invalid_blocks_format")
	}
	m.blocks = bs
	return nil
}

// draftExtras reads attachments and metadata.
func draftExtras(c *call, m *message) error {
	if raw := c.args.structure("attachments"); raw != nil {
		var items []object
		if decode(raw, &items) != nil {
			return refuse("invalid_attachments")
		}
		if len(items) > attachmentsMost {
			return refuse("too_many_attachments")
		}
		if len(items) > 0 {
			m.attachments = raw
		}
	}
	raw := c.args.structure("metadata")
	if raw == nil {
		return nil
	}
	var meta struct {
		EventType string  `json:"event_type"`
		Payload   *object `json:"event_payload"`
	}
	if decode(raw, &meta) != nil {
		return refuse("invalid_metadata_format")
	}
	if meta.EventType == "" && (meta.Payload == nil || len(*meta.Payload) == 0) {
		return nil // what slack-go sends for "none"
	}
	if meta.EventType == "" || meta.Payload == nil {
		return refuse("invalid_metadata_schema")
	}
	m.metadata = raw
	return nil
}

// threadOf returns the root of the thread to answer in, or "" for none.
func threadOf(c *call, ch *channel) (string, error) {
	ts := c.args.text("thread_ts")
	if ts == "" {
		return "", nil
	}
	root := ch.find(ts)
	if root == nil {
		return "", refuse("cannot_reply_to_message")
	}
	if root.isReply() {
		return root.threadTS, nil
	}
	return ts, nil
}

func (w *Workspace) chatGetPermalink(c *call) (answer, error) {
	ch, err := w.seenChannel(c, c.args.text("channel"))
	if err != nil {
		return nil, err
	}
	m := ch.find(c.args.text("message_ts"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := w.url + "/archives/" + ch.id + "/p" + strings.ReplaceAll(m.ts, ".", "")
	if m.isReply() {
		link += "?thread_ts=" + m.threadTS + "&cid=" + ch.id
	}
	return answer{"channel": ch.id, "permalink": link}, nil
}
