package slack

import (
	"slices"
)

// scopedChannel finds a conversation and checks the scope of its kind. What the app cannot see is
// channel_not_found, whatever its scopes.
func (w *Workspace) scopedChannel(c *call, suffix string) (*channel, error) {
	ch, err := w.seenChannel(c, c.args.text("channel"))
	if err != nil {
		return nil, err
	}
	return ch, c.need(ch, suffix)
}

func (w *Workspace) channelJSON(ch *channel, viewer string) map[string]any {
	out := map[string]any{
		"id": ch.id, "created": ch.created, "updated": ch.created * 1000, "is_archived": ch.archived,
		"is_channel": ch.kind == kindChannel, "is_group": ch.kind == kindPrivate, "is_im": ch.kind == kindDM,
		"is_mpim": ch.kind == kindMPIM, "is_private": ch.private(), "context_team_id": w.team.ID,
		"is_org_shared": false, "is_shared": false, "is_ext_shared": false, "is_pending_ext_shared": false,
	}
	if ch.kind == kindDM {
		out["user"], out["is_user_deleted"] = ch.other(viewer), false
		if u := w.users[ch.other(viewer)]; u != nil {
			out["is_user_deleted"] = u.Deleted
		}
		return out
	}
	out["name"], out["name_normalized"] = ch.name, ch.name
	out["creator"], out["is_general"], out["is_member"] = ch.creator, ch.general, ch.has(viewer)
	out["unlinked"], out["previous_names"] = 0, []string{}
	out["topic"] = map[string]any{"value": ch.topic, "creator": "", "last_set": 0}
	out["purpose"] = map[string]any{"value": ch.purpose, "creator": "", "last_set": 0}
	out["num_members"] = len(ch.members)
	return out
}

func (w *Workspace) conversationsInfo(c *call) (answer, error) {
	ch, err := w.scopedChannel(c, "read")
	if err != nil {
		return nil, err
	}
	out := w.channelJSON(ch, c.actor())
	if !c.args.flag("include_num_members") {
		delete(out, "num_members")
	}
	return answer{"channel": out}, nil
}

// kindsByType maps the argument "types" of the listing methods.
var kindsByType = map[string]channelKind{
	"public_channel": kindChannel, "private_channel": kindPrivate, "im": kindDM, "mpim": kindMPIM,
}

// listed collects the conversations of the asked types that the app may see.
func (w *Workspace) listed(c *call, keep func(*channel) bool) ([]map[string]any, error) {
	types := c.args.ids("types")
	if len(types) == 0 {
		types = []string{"public_channel"}
	}
	var kinds []channelKind
	for _, name := range types {
		kind, ok := kindsByType[name]
		if !ok {
			return nil, refuse("invalid_types")
		}
		if err := c.need(&channel{kind: kind}, "read"); err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	found := []map[string]any{}
	for _, id := range w.channelID {
		ch := w.channels[id]
		hidden := ch.archived && c.args.flag("exclude_archived")
		if slices.Contains(kinds, ch.kind) && !hidden && keep(ch) {
			found = append(found, w.channelJSON(ch, c.actor()))
		}
	}
	return found, nil
}

func (w *Workspace) conversationsList(c *call) (answer, error) {
	found, err := w.listed(c, func(ch *channel) bool { return !ch.private() || ch.has(c.actor()) })
	if err != nil {
		return nil, err
	}
	return paginate(c, "channels", found, 100, 1000)
}

func (w *Workspace) usersConversations(c *call) (answer, error) {
	user := c.actor()
	if c.args.has("user") {
		user = c.args.text("user")
	}
	if w.users[user] == nil {
		return nil, refuse("user_not_found")
	}
	found, err := w.listed(c, func(ch *channel) bool {
		return ch.has(user) && (!ch.private() || ch.has(c.actor()))
	})
	if err != nil {
		return nil, err
	}
	return paginate(c, "channels", found, 100, 999)
}

func (w *Workspace) conversationsMembers(c *call) (answer, error) {
	ch, err := w.scopedChannel(c, "read")
	if err != nil {
		return nil, err
	}
	return paginate(c, "members", slices.Clone(ch.members), 100, 1000)
}
