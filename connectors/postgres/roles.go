package postgres

import (
	"context"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) roleEndpoints() []connectors.Endpoint {
	args := []connectors.Field{roleArg}
	return []connectors.Endpoint{
		{
			Name: "create_role", Doc: "Creates a role that others can be in and that cannot log in", Effect: connectors.Grants,
			Undo: "delete_role", Args: args, Outputs: outputs(),
			Read: p.readRole(true), Write: p.changeRole("create role "),
			Did: func(call connectors.Call) string { return "Created role " + roleName(call) },
		},
		{
			Name: "delete_role", Doc: "Drops a role, whoever is in it; refused while it owns anything or holds rights of its own", Effect: connectors.Revokes,
			Undo: "create_role", Args: args, Outputs: outputs(),
			Read: p.readRole(false), Write: p.changeRole("drop role "),
			Did: func(call connectors.Call) string { return "Deleted role " + roleName(call) },
		},
	}
}

func (p *provider) readRole(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		err = p.read(ctx, func(q querier) error {
			r, err := findGroupRole(ctx, q, call)
			summary := "There is no role called " + r.name
			if r.exists {
				summary = "There is a role called " + r.name
			}
			state = connectors.State{Done: r.exists == wanted, Summary: summary, Output: map[string]any{"exists": r.exists, "id": r.id}}
			return err
		})
		return state, err
	}
}

// changeRole runs one statement about the role. A role that cannot be dropped with what it owns has nothing left for
// sessions that have SET it, so none have to be ended.
func (p *provider) changeRole(statement string) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, call connectors.Call, _ connectors.State) error {
		return p.change(ctx, func(q querier) error { return exec(ctx, q, statement+quote(roleName(call))) })
	}
}
