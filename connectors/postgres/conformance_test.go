package postgres_test

import (
	"testing"

	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/postgres"
)

// TestConformance runs the suite against a real server, with the smallest permissions.
func TestConformance(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	role, schema := b.name(`Editors "A\B'`), `Reports "2026'`
	step := func(endpoint, target string) connectortest.Step {
		return connectortest.Step{Endpoint: endpoint, Target: target}
	}
	account, group, entity := step("create_user", ""), step("create_role", role), step("create_entity", schema)
	level := func(name string) connectortest.Step {
		return connectortest.Step{Endpoint: "add_user_to_entity", Args: map[string]any{"entity": schema, "level": name}}
	}
	connectortest.Run(t, connectortest.Suite{
		Connector: postgres.Connector{}, Settings: b.settings(t), Secrets: []string{secret}, Subject: b.ana(),
		Writes: func() int { return int(b.wire.writes.Load()) },
		Pairs: []connectortest.Pair{
			{Name: "account", Do: account, Undo: step("disable_user", "")},
			{Name: "account enabled", Do: step("enable_user", ""), Undo: step("disable_user", "")},
			{Name: "account again", Do: account, Undo: step("delete_user", "")},
			{
				Name: "account with a date",
				Do:   connectortest.Step{Endpoint: "create_user", Args: map[string]any{"valid_until": "2099-12-31"}}, Undo: step("delete_user", ""),
			},
			{Name: "role", Do: group, Undo: step("delete_role", role)},
			{
				Name: "member", Setup: []connectortest.Step{account, group},
				Do: step("add_user_to_role", role), Undo: step("remove_user_from_role", role),
			},
			{
				Name: "member by arguments", Setup: []connectortest.Step{account, group},
				Do:   connectortest.Step{Endpoint: "add_user_to_role", Args: map[string]any{"role": role, "user": b.email("ana")}},
				Undo: connectortest.Step{Endpoint: "remove_user_from_role", Args: map[string]any{"role": role}},
			},
			{Name: "schema", Do: entity, Undo: step("delete_entity", schema)},
			{Name: "reader", Setup: []connectortest.Step{account, entity}, Do: step("add_user_to_entity", schema), Undo: step("remove_user_from_entity", schema)},
			{Name: "writer", Setup: []connectortest.Step{account, entity}, Do: level("write"), Undo: step("remove_user_from_entity", schema)},
			{Name: "account without rights", Setup: []connectortest.Step{account}, Do: level("write"), Undo: step("remove_user_from_entity", schema)},
		},
	})
}
