package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/usherhq/usher/connectors"
)

// An entity is a schema of the database that the address names, and not a database: rights within a database can be
// given only by who is connected to it.
func (p *provider) schemaEndpoints() []connectors.Endpoint {
	args := []connectors.Field{entityArg}
	return []connectors.Endpoint{
		{
			Name: "create_entity", Doc: "Creates a schema in the connected database", Effect: connectors.Grants,
			Undo: "delete_entity", Args: args, Outputs: outputs(),
			Read: p.readSchema(true), Write: p.changeSchema("create schema "),
			Did: func(call connectors.Call) string { return "Created schema " + schemaName(call) },
		},
		{
			Name: "delete_entity", Doc: "Drops an empty schema; refused while anything is in it", Effect: connectors.Revokes,
			Undo: "create_entity", Args: args, Outputs: outputs(),
			Read: p.readSchema(false), Write: p.changeSchema("drop schema "),
			Did: func(call connectors.Call) string { return "Deleted schema " + schemaName(call) },
		},
	}
}

func (p *provider) readSchema(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		err = p.read(ctx, func(q querier) error {
			id, err := findSchema(ctx, q, call)
			summary := "There is no schema called " + schemaName(call)
			if id != "" {
				summary = "There is a schema called " + schemaName(call)
			}
			state = connectors.State{Done: (id != "") == wanted, Summary: summary, Output: map[string]any{"exists": id != "", "id": id}}
			return err
		})
		return state, err
	}
}

// findSchema answers the schema's number, or "" if there is none.
func findSchema(ctx context.Context, q querier, call connectors.Call) (id string, err error) {
	if err := checkSchema(call); err != nil {
		return "", err
	}
	err = q.QueryRow(ctx, "select oid::text from pg_namespace where nspname = $1", schemaName(call)).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func (p *provider) changeSchema(statement string) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, call connectors.Call, _ connectors.State) error {
		return p.change(ctx, func(q querier) error { return exec(ctx, q, statement+quote(schemaName(call))) })
	}
}
