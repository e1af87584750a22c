package slack

import "slices"

// conversationsHistory lists top-level messages, newest first.
func (w *Workspace) conversationsHistory(c *call) (answer, error) {
	ch, err := w.readable(c)
	if err != nil {
		return nil, err
	}
	var found []map[string]any
	for _, m := range ch.messages {
		if m.onlyFor == "" && (!m.isReply() || m.broadcast) && c.within(m.ts) {
			found = append(found, w.messageJSON(ch, m, c.args.flag("include_all_metadata")))
		}
	}
	slices.Reverse(found)
	return more(paginate(c, "messages", found, 100, 999))
}

// conversationsReplies lists a thread, its root first.
func (w *Workspace) conversationsReplies(c *call) (answer, error) {
	ch, err := w.readable(c)
	if err != nil {
		return nil, err
	}
	asked := ch.find(c.args.text("ts"))
	if asked == nil {
		return nil, refuse("thread_not_found")
	}
	root := asked
	if asked.isReply() {
		root = ch.find(asked.threadTS)
	}
	metadata := c.args.flag("include_all_metadata")
	found := []map[string]any{w.messageJSON(ch, root, metadata)}
	for _, m := range ch.replies(root.ts) {
		if c.within(m.ts) {
			found = append(found, w.messageJSON(ch, m, metadata))
		}
	}
	return more(paginate(c, "messages", found, 1000, 1000))
}

// readable finds a conversation whose history the app may read: it must be a member.
func (w *Workspace) readable(c *call) (*channel, error) {
	ch, err := w.scopedChannel(c, "history")
	if err != nil {
		return nil, err
	}
	if !ch.has(c.app.BotUser) {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// within tells whether a timestamp lies between the arguments oldest and latest.
func (c *call) within(ts string) bool {
	oldest, latest := c.args.text("oldest"), c.args.text("latest")
	inclusive := c.args.flag("inclusive")
	after := oldest == "" || oldest == "0" || ts > oldest || (inclusive && ts == oldest)
	before := latest == "" || ts < latest || (inclusive && ts == latest)
	return after && before
}

func more(body answer, err error) (answer, error) {
	if err != nil {
		return nil, err
	}
	meta, _ := body["response_metadata"].(map[string]any)
	body["has_more"] = meta["next_cursor"] != ""
	return body, nil
}
