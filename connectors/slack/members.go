package slack

import (
	"context"
	"fmt"
	"slices"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// membership is a user group and an account as read just now; the group may be nil.
type membership struct {
	group  *slackgo.UserGroup
	user   account
	member bool
}

func (p *provider) memberEndpoints() []connectors.Endpoint {
	args, out := []connectors.Field{userArg, groupArg}, outputs(memberOutput, userIDOutput)
	return []connectors.Endpoint{
		{
			Name: "add_user_to_group", Effect: connectors.Grants, Undo: "remove_user_from_group", Args: args, Outputs: out,
			Doc:  "Adds a person to a user group; a disabled one is enabled with this person alone",
			Read: p.readMember(true), Write: p.addMember,
			Did: func(call connectors.Call) string {
				return "Added " + userName(call) + " to user group " + groupName(call)
			},
		},
		{
			Name: "remove_user_from_group", Effect: connectors.Revokes, Undo: "add_user_to_group", Args: args, Outputs: out,
			Doc:  "Takes a person out of a user group; with its last member it is disabled, since Slack keeps none without members",
			Read: p.readMember(false), Write: p.removeMember,
			Did: func(call connectors.Call) string {
				return "Removed " + userName(call) + " from user group " + groupName(call)
			},
		},
	}
}

// readMember reads group and account. To add somebody both must be there; to take somebody out, neither has to. In a
// disabled group nobody is a member, although Slack remembers who was.
func (p *provider) readMember(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		seen, err := p.membership(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		switch {
		case wanted && seen.group == nil:
			return connectors.State{}, connectors.Refuse(fmt.Errorf("there is no user group %s: create it, or correct the entitlement's target", groupName(call)))
		case wanted && !seen.user.active:
			return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no active account in Slack: let a create_user step come first", userName(call)))
		case seen.member != wanted && locked(seen.group):
			return connectors.State{}, connectors.Refuse(fmt.Errorf("the members of %s are kept by the identity provider or by Slack: change them there, or by add_user_to_idp_group and remove_user_from_idp_group", groupName(call)))
		}
		id := ""
		if seen.group != nil {
			id = seen.group.ID
		}
		return connectors.State{Done: seen.member == wanted, Seen: seen, Summary: seen.describe(call), Output: map[string]any{
			"exists": enabled(seen.group), "id": id, "member": seen.member, "user_id": seen.user.id,
		}}, nil
	}
}

// locked is true for groups whose members the Web API does not change.
func locked(group *slackgo.UserGroup) bool {
	return group.IsIDPGroup || group.IsMembershipLocked || group.AutoType != ""
}

func (p *provider) membership(ctx context.Context, call connectors.Call) (seen membership, err error) {
	if seen.group, err = p.group(ctx, call); err != nil {
		return seen, err
	}
	if seen.user, err = p.account(ctx, call); err != nil {
		return seen, err
	}
	seen.member = enabled(seen.group) && seen.user.exists() && slices.Contains(seen.group.Users, seen.user.id)
	return seen, nil
}

func (m membership) describe(call connectors.Call) string {
	switch {
	case m.group == nil:
		return "There is no user group " + groupName(call)
	case !m.user.exists():
		return userName(call) + " has no active account in Slack"
	case m.member:
		return userName(call) + " is in user group " + groupName(call)
	case !enabled(m.group):
		return "The user group " + groupName(call) + " is disabled, so that " + userName(call) + " is not in it"
	}
	return userName(call) + " is not in user group " + groupName(call)
}

func (p *provider) addMember(ctx context.Context, call connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	return p.changeGroup(ctx, seen, true, func(ctx context.Context, group *slackgo.UserGroup) error {
		if !enabled(group) {
			// The list first: enabled with the old one, the group would let its former members back in.
			if err := p.setMembers(ctx, group.ID, []string{seen.user.id}); err != nil {
				return err
			}
			return p.enableGroup(ctx, group.ID)
		}
		return p.setMembers(ctx, group.ID, append(slices.Clone(group.Users), seen.user.id))
	})
}

func (p *provider) removeMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	return p.changeGroup(ctx, seen, false, func(ctx context.Context, group *slackgo.UserGroup) error {
		if rest := lacking(group.Users, seen.user.id); len(rest) > 0 {
			return p.setMembers(ctx, group.ID, rest)
		}
		return p.removeLast(ctx, group.ID, seen.user.id)
	})
}

func lacking(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == one })
}
