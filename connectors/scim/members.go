package scim

import (
	"context"
	"fmt"

	"github.com/usherhq/usher/connectors"
)

// membership is a group and a user as read just now; either may be nil.
type membership struct{ group, user resource }

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
		group, err := p.findGroup(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		user, err := p.findUser(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		member := group != nil && user != nil && group.holds("members", user.id())
		state := connectors.State{
			Done: member == wanted, Seen: membership{group, user}, Summary: describeMember(call, group, user, member),
			Output: map[string]any{"exists": group != nil, "id": group.id(), "member": member, "user_id": user.id()},
		}
		switch {
		case wanted && group == nil:
			return state, connectors.Refuse(fmt.Errorf("there is no group called %s: create it, or correct the entitlement's target", groupName(call)))
		case wanted && user == nil:
			return state, connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", userName(call)))
		}
		return state, nil
	}
}

func describeMember(call connectors.Call, group, user resource, member bool) string {
	switch {
	case group == nil:
		return "There is no group called " + groupName(call)
	case user == nil:
		return userName(call) + " has no account"
	case member:
		return userName(call) + " is in group " + groupName(call)
	}
	return userName(call) + " is not in group " + groupName(call)
}

func (p *provider) addMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	element := map[string]any{"value": seen.user.id()}
	return p.client.apply(ctx, change{
		kind: groups, found: seen.group,
		operation: map[string]any{"op": "add", "path": "members", "value": []any{element}},
		wanted:    seen.group.with("members", append(seen.group.lacking("members", seen.user.id()), element)),
	})
}

// removeMember names the member in the path. The form with a value is not used: a target that reads it by the letter
// of the RFC empties the whole group.
func (p *provider) removeMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	return p.client.apply(ctx, change{
		kind: groups, found: seen.group,
		operation: map[string]any{"op": "remove", "path": elementPath("members", seen.user.id())},
		wanted:    seen.group.with("members", seen.group.lacking("members", seen.user.id())),
	})
}
