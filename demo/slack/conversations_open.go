package slack

import (
	"regexp"
	"strings"
)

func (w *Workspace) conversationsOpen(c *call) (answer, error) {
	if c.args.has("channel") {
		ch, err := w.seenChannel(c, c.args.text("channel"))
		if err != nil {
			return nil, err
		}
		return answer{"channel": w.channelJSON(ch, c.app.BotUser), "already_open": true}, nil
	}
	users := c.args.ids("users")
	if len(users) == 0 {
		return nil, refuse("users_list_not_supplied")
	}
	if len(users) > 8 {
		return nil, refuse("too_many_users")
	}
	scope := "im:write"
	if len(users) > 1 {
		scope = "mpim:write"
	}
	if !c.app.can(scope) {
		return nil, c.missing(scope)
	}
	for _, id := range users {
		if err := w.reachable(id); err != nil {
			return nil, err
		}
	}
	ch, found := w.openDM(append(users, c.app.BotUser)...)
	out := map[string]any{"id": ch.id}
	if c.args.flag("return_im") {
		out = w.channelJSON(ch, c.app.BotUser)
	}
	return answer{"channel": out, "no_op": found, "already_open": found}, nil
}

// reachable refuses people whom an app cannot open a conversation with.
func (w *Workspace) reachable(id string) error {
	u := w.users[id]
	switch {
	case u == nil:
		return refuse("user_not_found")
	case u.Deleted:
		return refuse("user_disabled")
	case u.Stranger && !w.shares(id):
		return refuse("user_not_visible")
	}
	return nil
}

// shares is true when the person is in any channel of this workspace.
func (w *Workspace) shares(id string) bool {
	for _, ch := range w.channels {
		if ch.kind != kindDM && ch.has(id) {
			return true
		}
	}
	return false
}

var channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]+$`)

func (w *Workspace) conversationsCreate(c *call) (answer, error) {
	name := strings.TrimPrefix(c.args.text("name"), "#")
	private := c.args.flag("is_private")
	scope := "channels:manage"
	if private {
		scope = "groups:write"
	}
	switch {
	case !c.app.can(scope):
		return nil, c.missing(scope)
	case len([]rune(name)) > 80:
		return nil, refuse("invalid_name_maxlength")
	case !channelName.MatchString(name):
		return nil, refuse("invalid_name_specials")
	case w.findChannel(name) != nil:
		return nil, refuse("name_taken")
	}
	ch := w.addChannel(Channel{Name: name, Private: private, Members: []string{c.app.BotUser}})
	ch.creator = c.app.BotUser
	w.notify(pageEvent{Type: "channels"})
	return answer{"channel": w.channelJSON(ch, c.app.BotUser)}, nil
}
