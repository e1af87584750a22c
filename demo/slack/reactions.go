package slack

import (
	"regexp"
	"slices"
)

var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// reactable finds the message that the arguments channel and timestamp name.
func (w *Workspace) reactable(c *call) (*channel, *message, error) {
	if err := c.args.require([]string{"channel", "timestamp"}); err != nil {
		return nil, nil, refuse("no_item_specified")
	}
	ch, err := w.seenChannel(c, c.args.text("channel"))
	if err != nil {
		return nil, nil, err
	}
	m := ch.find(c.args.text("timestamp"))
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	if ch.archived {
		return nil, nil, refuse("is_archived")
	}
	return ch, m, nil
}

func (w *Workspace) reactionsAdd(c *call) (answer, error) {
	ch, m, err := w.reactable(c)
	if err != nil {
		return nil, err
	}
	name := c.args.text("name")
	if !emojiName.MatchString(name) {
		return nil, refuse("invalid_name")
	}
	i := slices.IndexFunc(m.reactions, func(r reaction) bool { return r.Name == name })
	if i < 0 {
		m.reactions = append(m.reactions, reaction{Name: name})
		i = len(m.reactions) - 1
	}
	r := &m.reactions[i]
	if slices.Contains(r.Users, c.app.BotUser) {
		return nil, refuse("already_reacted")
	}
	r.Users = append(r.Users, c.app.BotUser)
	r.Count = len(r.Users)
	w.messageChanged(ch, m)
	return answer{}, nil
}

func (w *Workspace) reactionsRemove(c *call) (answer, error) {
	ch, m, err := w.reactable(c)
	if err != nil {
		return nil, err
	}
	name := c.args.text("name")
	for i := range m.reactions {
		r := &m.reactions[i]
		if r.Name != name || !slices.Contains(r.Users, c.app.BotUser) {
			continue
		}
		r.Users = without(r.Users, []string{c.app.BotUser})
		r.Count = len(r.Users)
		m.reactions = slices.DeleteFunc(m.reactions, func(r reaction) bool { return r.Count == 0 })
		w.messageChanged(ch, m)
		return answer{}, nil
	}
	return nil, refuse("no_reaction")
}

// pinsAdd checks what Slack checks; this workspace shows no pins.
func (w *Workspace) pinsAdd(c *call) (answer, error) {
	_, m, err := w.reactable(c)
	if err != nil {
		return nil, err
	}
	if m.pinned {
		return nil, refuse("already_pinned")
	}
	m.pinned = true
	return answer{}, nil
}
