package slack

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/connectors"
)

// setters are the methods that give a role.
var setters = map[string]string{
	roleMember: "admin.users.setRegular", roleAdmin: "admin.users.setAdmin", roleOwner: "admin.users.setOwner",
}

// errNoTeam means that roles and sessions cannot be reached.
var errNoTeam = errors.New("roles and sessions need the setting team_id: the workspace's id (T…)")

func (p *provider) roleEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, {Name: "role", Type: connectors.TypeString, Doc: "admin, member or owner; the entitlement's target if absent"}}
	out := outputs(
		connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the person has the role; an owner has admin, too"},
		connectors.Field{Name: "role", Type: connectors.TypeString, Doc: "the role that the person has: member, admin, owner or guest"},
	)
	return []connectors.Endpoint{
		{
			Name: "add_user_to_role", Effect: connectors.Grants, Undo: "remove_user_from_role", Args: args, Outputs: out,
			Doc:  "Gives a person a workspace role. The role member makes a regular member of an admin, an owner or a guest",
			Read: p.readRole(true),
			Write: func(ctx context.Context, call connectors.Call, found connectors.State) error {
				return p.setRole(ctx, found.Seen.(account).id, roleName(call))
			},
			Did: func(call connectors.Call) string {
				return "Gave " + userName(call) + " the workspace role " + roleName(call)
			},
		},
		{
			Name: "remove_user_from_role", Effect: connectors.Revokes, Undo: "add_user_to_role", Args: args, Outputs: out,
			Doc:  "Makes a regular member of an admin or owner. Then sessions are reset where the admin token may; end_sessions is the one that looks whether they ended",
			Read: p.readRole(false),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				seen := found.Seen.(account)
				if err := p.setRole(ctx, seen.id, roleMember); err != nil {
					return err
				}
				return p.resetToo(ctx, seen.id)
			},
			Did: func(call connectors.Call) string {
				return "Took the workspace role " + roleName(call) + " from " + userName(call)
			},
		},
	}
}

func (p *provider) setRole(ctx context.Context, user, role string) error {
	return p.asAdmin(ctx, setters[role], map[string]any{"team_id": p.teamID, "user_id": user}, nil)
}

// readRole reads the role that the Web API shows.
func (p *provider) readRole(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		role := roleName(call)
		if setters[role] == "" {
			return connectors.State{}, connectors.Refuse(fmt.Errorf("%q is no workspace role: set the entitlement's target or the argument role to admin, member or owner", role))
		}
		seen, err := p.account(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		has := seen.role == role || role == roleAdmin && seen.role == roleOwner
		if has != wanted {
			err = p.roleRefused(call, seen, wanted)
		}
		summary := userName(call) + " has no active account in Slack"
		if seen.active {
			summary = userName(call) + " has the workspace role " + seen.role
		}
		return connectors.State{Done: has == wanted, Summary: summary, Seen: seen, Output: map[string]any{
			"exists": seen.exists(), "id": seen.id, "member": has, "role": seen.role,
		}}, err
	}
}

// roleRefused says why a role is not changed before anything is written.
func (p *provider) roleRefused(call connectors.Call, seen account, wanted bool) error {
	role := roleName(call)
	switch {
	case wanted && !seen.active:
		return connectors.Refuse(fmt.Errorf("%s has no active account in Slack: let a create_user step come first", userName(call)))
	case !wanted && role == roleMember:
		return connectors.Refuse(fmt.Errorf("the role member cannot be taken from %s, since there is none below it: use disable_user", userName(call)))
	case !wanted && role == roleAdmin && seen.role == roleOwner:
		return connectors.Refuse(fmt.Errorf("%s is an owner by now, which is more than admin: take the role owner away if that is meant", userName(call)))
	case p.admin == nil:
		return connectors.Refuse(errors.New("workspace roles need the setting admin_token: a user token (xoxp) with admin.users:write, in an Enterprise organization"))
	case p.teamID == "":
		return connectors.Refuse(errNoTeam)
	}
	return nil
}
