package slack

import (
	"fmt"
	"slices"
)

const inviteMost = 100

func (w *Workspace) conversationsJoin(c *call) (answer, error) {
	ch := w.channels[c.args.text("channel")]
	if ch == nil || ch.kind == kindPrivate {
		return nil, refuse("channel_not_found")
	}
	if ch.kind != kindChannel {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if ch.archived {
		return nil, refuse("is_archived")
	}
	if !ch.has(c.actor()) {
		w.join(ch, c.actor(), "")
	}
	return answer{"channel": w.channelJSON(ch, c.actor())}, nil
}

// join makes somebody a member and tells pages and apps.
func (w *Workspace) join(ch *channel, user, inviter string) {
	ch.add(user)
	w.raise("member_joined_channel", w.joinedJSON(ch, user, inviter), "", ch)
	w.notify(pageEvent{Type: "channels"})
}

func (w *Workspace) joinedJSON(ch *channel, user, inviter string) map[string]any {
	event := map[string]any{
		"type": "member_joined_channel", "user": user, "channel": ch.id, "channel_type": "C",
		"team": w.team.ID, "event_ts": w.newTS(),
	}
	if inviter != "" {
		event["inviter"] = inviter
	}
	return event
}

// memberScopes are the scopes of which one lets a token change the members of a kind of channel. Bots have
// channels:manage where people have channels:write.
type memberScopes map[channelKind]map[tokenKind][]string

var inviteScopes = memberScopes{
	kindChannel: {botToken: {"channels:write.invites", "channels:manage"}, userToken: {"channels:write.invites", "channels:write"}},
	kindPrivate: {botToken: {"groups:write.invites", "groups:write"}, userToken: {"groups:write.invites", "groups:write"}},
}

var kickScopes = memberScopes{
	kindChannel: {botToken: {"channels:manage"}, userToken: {"channels:write"}},
	kindPrivate: {botToken: {"groups:write"}, userToken: {"groups:write"}},
}

// manageable finds a channel whose members the caller may change: it is in it and has one of the scopes.
func (w *Workspace) manageable(c *call, scopes memberScopes) (*channel, error) {
	ch, err := w.seenChannel(c, c.args.text("channel"))
	if err != nil {
		return nil, err
	}
	if ch.kind == kindDM || ch.kind == kindMPIM {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if enough := scopes[ch.kind][c.token.kind]; !slices.ContainsFunc(enough, c.can) {
		return nil, c.missing(enough[0])
	}
	if !ch.has(c.actor()) {
		return nil, refuse("not_in_channel")
	}
	if ch.archived {
		return nil, refuse("is_archived")
	}
	return ch, nil
}

func (w *Workspace) conversationsInvite(c *call) (answer, error) {
	ch, err := w.manageable(c, inviteScopes)
	if err != nil {
		return nil, err
	}
	users := c.args.ids("users")
	if len(users) == 0 {
		return nil, refuse("no_user")
	}
	if len(users) > inviteMost {
		return nil, refuse("too_many_users")
	}
	var bad []map[string]any
	var good []string
	for _, id := range users {
		if no := w.invitable(c, ch, id); no != nil {
			bad = append(bad, map[string]any{"user": id, "ok": false, "error": no.code})
			continue
		}
		good = append(good, id)
	}
	force := c.args.flag("force")
	if len(bad) > 0 && (!force || len(good) == 0) {
		code, _ := bad[0]["error"].(string)
		return nil, refuse(code).with("errors", bad)
	}
	for _, id := range good {
		w.join(ch, id, c.actor())
	}
	body := answer{"channel": w.channelJSON(ch, c.actor())}
	if len(bad) > 0 {
		body["errors"] = bad
	}
	return body, nil
}

func (w *Workspace) invitable(c *call, ch *channel, id string) *refusal {
	u := w.users[id]
	switch {
	case u == nil || u.Deleted:
		return refuse("user_not_found")
	case id == c.actor():
		return refuse("cant_invite_self")
	case ch.has(id):
		return refuse("already_in_channel")
	case u.Stranger:
		return refuse("no_external_invite_permission")
	case u.UltraRestricted && w.shares(id):
		return refuse("ura_max_channels")
	}
	return nil
}

func (w *Workspace) conversationsKick(c *call) (answer, error) {
	ch, err := w.manageable(c, kickScopes)
	if err != nil {
		return nil, err
	}
	id := c.args.text("user")
	switch {
	case w.users[id] == nil:
		return nil, refuse("user_not_found")
	case id == c.actor():
		return nil, refuse("cant_kick_self")
	case ch.general:
		return nil, refuse("cant_kick_from_general")
	case !ch.has(id):
		return nil, refuse("not_in_channel")
	}
	ch.remove(id)
	w.raise("member_left_channel", map[string]any{
		"type": "member_left_channel", "user": id, "channel": ch.id, "channel_type": "C",
		"team": w.team.ID, "event_ts": w.newTS(),
	}, "", ch)
	w.notify(pageEvent{Type: "channels"})
	return answer{"errors": map[string]any{}}, nil
}

// Invite makes somebody (id, handle or e-mail) a member of a channel, as a colleague would.
func (w *Workspace) Invite(channel, user string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, u := w.findChannel(channel), w.findUser(user)
	if ch == nil || u == nil {
		return fmt.Errorf("invite %q to %q: no such person or channel", user, channel)
	}
	if !ch.has(u.ID) {
		w.join(ch, u.ID, "")
	}
	return nil
}
