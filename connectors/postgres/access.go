package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// The values of the argument level.
const (
	levelRead  = "read"
	levelWrite = "write"
)

func (p *provider) accessEndpoints() []connectors.Endpoint {
	out := outputs(
		connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the account itself holds rights in the schema"},
		connectors.Field{Name: "level", Type: connectors.TypeString, Doc: "read, write, or empty if it holds neither on all tables"},
		connectors.Field{Name: "user_id", Type: connectors.TypeString, Doc: "the account's number (OID); empty if there is none"},
	)
	return []connectors.Endpoint{
		{
			Name: "add_user_to_entity", Doc: "Lets a person use a schema and read, or also write, all tables in it, later ones included", Effect: connectors.Grants,
			Undo: "remove_user_from_entity", Outputs: out,
			Args: []connectors.Field{userArg, entityArg, {Name: "level", Type: connectors.TypeString, Doc: "read (default) or write"}},
			Read: p.readAccess(true), Write: p.grantAccess,
			Did: func(call connectors.Call) string {
				return fmt.Sprintf("Gave %s %s access to schema %s", p.userName(call), call.Text("level", levelRead), schemaName(call))
			},
		},
		{
			Name: "remove_user_from_entity", Doc: "Takes all rights in a schema from a person; open sessions lose them with their next statement", Effect: connectors.Revokes,
			Undo: "add_user_to_entity", Args: []connectors.Field{userArg, entityArg}, Outputs: out,
			Read: p.readAccess(false), Write: p.revokeAccess,
			Did: func(call connectors.Call) string {
				return "Took all rights in schema " + schemaName(call) + " from " + p.userName(call)
			},
		},
	}
}

// readAccess reads schema, account and rights. To grant, both must be there; to revoke, neither has to.
func (p *provider) readAccess(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		level := call.Text("level", levelRead)
		if level != levelRead && level != levelWrite {
			return state, connectors.Refuse(fmt.Errorf("argument %q: %q is none of %s, %s", "level", level, levelRead, levelWrite))
		}
		err = p.read(ctx, func(q querier) error {
			seen, err := p.access(ctx, q, call)
			done := len(seen.held) == 0
			if wanted {
				done = len(seen.lacking(level)) == 0
				if err == nil {
					err = seen.grantable()
				}
			}
			state = connectors.State{Done: done, Summary: seen.describe(), Seen: seen, Output: map[string]any{
				"exists": seen.id != "", "id": seen.id, "user_id": seen.user.id, "member": len(seen.held) > 0, "level": seen.level(),
			}}
			return err
		})
		return state, err
	}
}

// grantable refuses what cannot be granted.
func (a access) grantable() error {
	switch {
	case a.id == "":
		return connectors.Refuse(fmt.Errorf("there is no schema called %s: create it, or correct the entitlement's target", a.schema))
	case !a.user.exists:
		return connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", a.user.name))
	}
	return nil
}

// describe says what was found.
func (a access) describe() string {
	switch level := a.level(); {
	case a.id == "":
		return "There is no schema called " + a.schema
	case !a.user.exists:
		return a.user.name + " has no account"
	case level != "":
		return fmt.Sprintf("%s has %s access to schema %s", a.user.name, level, a.schema)
	case len(a.held) > 0:
		return fmt.Sprintf("%s holds some rights in schema %s: %s", a.user.name, a.schema, some(a.held))
	}
	return a.user.name + " holds no rights of their own in schema " + a.schema
}

// grantAccess looks at what the statements did: where the connector may not grant, the server may only warn.
func (p *provider) grantAccess(ctx context.Context, call connectors.Call, found connectors.State) error {
	seen, level := found.Seen.(access), call.Text("level", levelRead)
	return p.change(ctx, func(q querier) error {
		if err := exec(ctx, q, seen.grants(level)...); err != nil {
			return err
		}
		left, err := p.access(ctx, q, call)
		if lacking := left.lacking(level); err == nil && len(lacking) > 0 {
			err = connectors.Refuse(fmt.Errorf("the provider's account may not grant all of it (missing: %s): make it a member of the roles that own the schema and its tables", some(lacking)))
		}
		return err
	})
}

// revokeAccess looks at what the statements did: what others granted, the server leaves.
func (p *provider) revokeAccess(ctx context.Context, call connectors.Call, found connectors.State) error {
	seen := found.Seen.(access)
	if len(seen.owned) > 0 {
		return connectors.Refuse(fmt.Errorf("%s owns %s: give it to another role first, for example with REASSIGN OWNED", seen.user.name, some(seen.owned)))
	}
	return p.change(ctx, func(q querier) error {
		if err := exec(ctx, q, seen.revokes()...); err != nil {
			return err
		}
		left, err := p.access(ctx, q, call)
		if err == nil && len(left.held) > 0 {
			err = connectors.Refuse(fmt.Errorf("the provider's account may not revoke all of it (left: %s): make it a member of the roles that own the schema and its tables", some(left.held)))
		}
		return err
	})
}

// some lists the first few.
func some(all []string) string {
	const few = 3
	if len(all) > few {
		return fmt.Sprintf("%s and %d more", strings.Join(all[:few], ", "), len(all)-few)
	}
	return strings.Join(all, ", ")
}
