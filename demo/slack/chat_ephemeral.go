package slack

import "unicode/utf8"

// chatPostEphemeral shows a message to one person. It never reaches history, cannot be updated by chat.update
// and is gone when that person reloads.
func (w *Workspace) chatPostEphemeral(c *call) (answer, error) {
	ch, err := w.seenChannel(c, c.args.text("channel"))
	if err != nil {
		return nil, err
	}
	if !ch.has(c.app.BotUser) {
		return nil, refuse("not_in_channel")
	}
	if err := w.mayWrite(c, ch); err != nil {
		return nil, err
	}
	if err := c.args.require([]string{"user"}); err != nil {
		return nil, err
	}
	user := c.args.text("user")
	if !ch.has(user) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := w.draft(c)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(m.text) > textKept {
		return nil, refuse("msg_too_long")
	}
	if m.threadTS, err = threadOf(c, ch); err != nil {
		return nil, err
	}
	m.onlyFor = user
	w.append(ch, m)
	return answer{"message_ts": m.ts}, nil
}

// forgetEphemerals takes away what only this person saw, as a reload of their client does.
func (w *Workspace) forgetEphemerals(user string) {
	for _, id := range w.channelID {
		ch := w.channels[id]
		for i := len(ch.messages) - 1; i >= 0; i-- {
			if m := ch.messages[i]; m.onlyFor == user {
				ch.drop(m)
				w.messageChanged(ch, m)
			}
		}
	}
}
