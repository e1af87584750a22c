package scim

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) roleEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, {Name: "role", Type: connectors.TypeString, Doc: "value of the role; the entitlement's target if absent"}}
	out := outputs(connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the person has the role"})
	return []connectors.Endpoint{
		{
			Name: "add_user_to_role", Doc: "Gives a person a role, kept in the account's attribute roles", Effect: connectors.Grants,
			Undo: "remove_user_from_role", Args: args, Outputs: out,
			Read: p.readRole(true), Write: p.addRole,
			Did: func(call connectors.Call) string { return "Gave " + userName(call) + " the role " + roleName(call) },
		},
		{
			Name: "remove_user_from_role", Doc: "Takes a role from a person", Effect: connectors.Revokes,
			Undo: "add_user_to_role", Args: args, Outputs: out,
			Read: p.readRole(false), Write: p.removeRole,
			Did: func(call connectors.Call) string {
				return "Took the role " + roleName(call) + " from " + userName(call)
			},
		},
	}
}

func (p *provider) readRole(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		role := roleName(call)
		if role == "" {
			return connectors.State{}, connectors.Refuse(errors.New("no role is named: set the entitlement's target or the argument role"))
		}
		user, err := p.wholeUser(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		has := user != nil && user.holds("roles", role)
		summary := userName(call) + " does not have the role " + role
		switch {
		case user == nil && wanted:
			return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", userName(call)))
		case user == nil:
			summary = userName(call) + " has no account"
		case has:
			summary = userName(call) + " has the role " + role
		}
		return connectors.State{Done: has == wanted, Summary: summary, Seen: user, Output: map[string]any{
			"exists": user != nil, "id": user.id(), "member": has,
		}}, nil
	}
}

func (p *provider) addRole(ctx context.Context, call connectors.Call, found connectors.State) error {
	user, role := found.Seen.(resource), map[string]any{"value": roleName(call)}
	return p.client.apply(ctx, change{
		kind: users, found: user,
		operation: map[string]any{"op": "add", "path": "roles", "value": []any{role}},
		wanted:    user.with("roles", append(user.lacking("roles", roleName(call)), role)),
	})
}

func (p *provider) removeRole(ctx context.Context, call connectors.Call, found connectors.State) error {
	user := found.Seen.(resource)
	return p.client.apply(ctx, change{
		kind: users, found: user,
		operation: map[string]any{"op": "remove", "path": elementPath("roles", roleName(call))},
		wanted:    user.with("roles", user.lacking("roles", roleName(call))),
	})
}
