package slack

import (
	"slices"
)

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
