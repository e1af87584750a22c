package scim

import (
	"context"
	"fmt"

	"github.com/usherhq/usher/connectors"
)

// membership is a group and a user as read just now; either may be nil. Hidden means that the target does not list
// members but answers questions about single ones.
type membership struct {
	group, user    resource
	member, hidden bool
}

func (p *provider) memberEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, groupArg}
	out := outputs(
		connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the person is in the group"},
		connectors.Field{Name: "user_id", Type: connectors.TypeString, Doc: "the account's id; empty if there is none"},
	)
	return []connectors.Endpoint{
		{
			Name: "add_user_to_group", Doc: "Adds a person to a group", Effect: connectors.Grants,
			Undo: "remove_user_from_group", Args: args, Outputs: out,
			Read: p.readMember(true), Write: p.addMember,
			Did: func(call connectors.Call) string { return "Added " + userName(call) + " to group " + groupName(call) },
		},
		{
			Name: "remove_user_from_group", Doc: "Takes a person out of a group", Effect: connectors.Revokes,
			Undo: "add_user_to_group", Args: args, Outputs: out,
			Read: p.readMember(false), Write: p.removeMember,
			Did: func(call connectors.Call) string {
				return "Removed " + userName(call) + " from group " + groupName(call)
			},
		},
	}
}

// readMember reads group and account. To add somebody both must be there; to take somebody out, neither has to.
func (p *provider) readMember(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		seen, err := p.membership(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		switch {
		case wanted && seen.group == nil:
			return connectors.State{}, connectors.Refuse(fmt.Errorf("there is no group called %s: create it, or correct the entitlement's target", groupName(call)))
		case wanted && seen.user == nil:
			return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", userName(call)))
		}
		return connectors.State{
			Done: seen.member == wanted, Seen: seen, Summary: describeMember(call, seen),
			Output: map[string]any{"exists": seen.group != nil, "id": seen.group.id(), "member": seen.member, "user_id": seen.user.id()},
		}, nil
	}
}

// membership reads who is concerned and whether the one is in the other. An empty list may mean that the target does
// not show members, as at AWS: then it is asked about this one.
func (p *provider) membership(ctx context.Context, call connectors.Call) (seen membership, err error) {
	if seen.group, err = p.wholeGroup(ctx, call); err != nil {
		return seen, err
	}
	if seen.user, err = p.findUser(ctx, call); err != nil || seen.user == nil || seen.group == nil {
		return seen, err
	}
	if len(seen.group.elements("members")) > 0 {
		seen.member = seen.group.holds("members", seen.user.id())
		return seen, nil
	}
	seen.hidden, err = p.client.hiddenMember(ctx, seen.group.id(), seen.user.id())
	seen.member = seen.hidden
	return seen, err
}

func describeMember(call connectors.Call, seen membership) string {
	switch {
	case seen.group == nil:
		return "There is no group called " + groupName(call)
	case seen.user == nil:
		return userName(call) + " has no account"
	case seen.member:
		return userName(call) + " is in group " + groupName(call)
	}
	return userName(call) + " is not in group " + groupName(call)
}

func (p *provider) addMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	element := map[string]any{"value": seen.user.id()}
	return p.client.apply(ctx, change{
		kind: groups, found: seen.group,
		operations: []any{map[string]any{"op": "add", "path": "members", "value": []any{element}}},
		wanted:     seen.group.with("members", append(seen.group.lacking("members", seen.user.id()), element)),
	})
}

// removeMember names the member in the path. The form with a value is for targets that know only that one: a target
// that reads it by the letter of the RFC empties the whole group, so it takes a setting.
func (p *provider) removeMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	removal := map[string]any{"op": "remove", "path": elementPath("members", seen.user.id())}
	if p.removeByValue {
		removal["path"], removal["value"] = "members", []any{map[string]any{"value": seen.user.id()}}
	}
	ch := change{
		kind: groups, found: seen.group, operations: []any{removal},
		wanted: seen.group.with("members", seen.group.lacking("members", seen.user.id())),
	}
	if seen.hidden {
		ch.wanted = nil // a PUT would take out everybody whom we do not see
	}
	return p.client.apply(ctx, ch)
}
