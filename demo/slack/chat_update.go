package slack

import (
	"unicode/utf8"
)

func (w *Workspace) chatUpdate(c *call) (answer, error) {
	ch, m, err := w.ownMessage(c, c.args.text("ts"), "cant_update_message")
	if err != nil {
		return nil, err
	}
	fresh, err := w.draft(c)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(fresh.text) > textKept {
		return nil, refuse("msg_too_long")
	}
	w.revise(ch, m, c.args, fresh)
	return answer{"channel": ch.id, "ts": m.ts, "text": m.text, "message": w.messageJSON(ch, m, true)}, nil
}

// revise puts the fresh content into a message. Text without blocks takes the blocks away; text and blocks that
// are not given stay.
func (w *Workspace) revise(ch *channel, m *message, a args, fresh *message) {
	before := w.messageJSON(ch, m, true)
	switch {
	case a.structure("blocks") != nil:
		m.blocks, m.text = fresh.blocks, fresh.text
	case fresh.text != "":
		m.blocks, m.text = nil, fresh.text
	}
	if fresh.metadata != nil {
		m.metadata = fresh.metadata
	}
	m.attachments = fresh.attachments
	m.edited = w.newTS()
	w.messageChanged(ch, m)
	w.raiseRevision(ch, "message_changed", map[string]any{
		"message": w.messageJSON(ch, m, true), "previous_message": before,
	})
}

// ownMessage finds a message that this app posted. Ephemeral messages are not to be found.
func (w *Workspace) ownMessage(c *call, ts, notOwn string) (*channel, *message, error) {
	ch, err := w.seenChannel(c, c.args.text("channel"))
	if err != nil {
		return nil, nil, err
	}
	m := ch.find(ts)
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	if m.appID != c.app.ID {
		return nil, nil, refuse(notOwn)
	}
	return ch, m, nil
}

func (w *Workspace) chatDelete(c *call) (answer, error) {
	ch, m, err := w.ownMessage(c, c.args.text("ts"), "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.remove(ch, m)
	return answer{"channel": ch.id, "ts": m.ts}, nil
}

// remove deletes a message; the root of a thread with replies stays as a tombstone.
func (w *Workspace) remove(ch *channel, m *message) {
	before := w.messageJSON(ch, m, true)
	if !m.isReply() && len(ch.replies(m.ts)) > 0 {
		m.subtype, m.text, m.blocks, m.attachments = "tombstone", "This message was deleted.", nil, nil
	} else {
		ch.drop(m)
	}
	w.messageChanged(ch, m)
	if m.onlyFor == "" {
		w.raiseRevision(ch, "message_deleted", map[string]any{"deleted_ts": m.ts, "previous_message": before})
	}
}
