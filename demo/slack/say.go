package slack

import (
	"errors"
	"fmt"
	"strings"
)

// say posts as a person, or runs the slash command that the text is.
func (w *Workspace) say(u *User, channelKey, thread, text string) (ts, notice string, err error) {
	w.mu.Lock()
	ch, err := w.writable(u, channelKey)
	if err != nil {
		w.mu.Unlock()
		return "", "", err
	}
	if strings.HasPrefix(text, "/") {
		w.mu.Unlock()
		name, rest, _ := strings.Cut(text, " ")
		if thread != "" {
			return "", fmt.Sprintf("%s is not supported in threads. Sorry!", name), nil
		}
		notice, err = w.command(u, ch, name, strings.TrimSpace(rest))
		return "", notice, err
	}
	defer w.mu.Unlock()
	if strings.TrimSpace(text) == "" {
		return "", "", errors.New("an empty message cannot be sent")
	}
	m := &message{user: u.ID, text: text, threadTS: thread}
	if thread != "" && ch.find(thread) == nil {
		return "", "", errors.New("the thread does not exist any more")
	}
	w.append(ch, m)
	ch.read[u.ID] = m.ts
	w.raiseMessage(ch, m)
	return m.ts, "", nil
}

// writable finds a conversation in which the person may write: by id, by name, or by the id of the other person.
func (w *Workspace) writable(u *User, key string) (*channel, error) {
	ch := w.findChannel(key)
	if other := w.findUser(key); ch == nil && other != nil {
		ch, _ = w.openDM(u.ID, other.ID)
	}
	switch {
	case u.Deleted:
		return nil, fmt.Errorf("the account of %s is deactivated", u.Name)
	case ch == nil || (ch.private() && !ch.has(u.ID)):
		return nil, fmt.Errorf("%s does not see the channel %s", u.Name, key)
	case !ch.has(u.ID):
		return nil, fmt.Errorf("%s is not a member of %s", u.Name, ch.name)
	case ch.archived:
		return nil, fmt.Errorf("the channel %s is archived", ch.name)
	case ch.kind == kindDM && w.mute(w.users[ch.other(u.ID)]):
		return nil, errors.New("sending messages to this app has been turned off")
	}
	return ch, nil
}

// mute is true for bots whose messages tab is off or only read.
func (w *Workspace) mute(u *User) bool {
	a := w.apps[u.appID]
	return a != nil && (!a.manifest.Features.AppHome.Messages || a.manifest.Features.AppHome.ReadOnly)
}
