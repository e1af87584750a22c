package ldap_test

import (
	"testing"

	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/ldap"
)

// TestConformance runs the suite against a real OpenLDAP, for each way in which groups list their members.
func TestConformance(t *testing.T) {
	t.Parallel()
	for attribute, group := range map[string]map[string]any{
		"member": nil, "uniqueMember": nil, "memberUid": {"gidNumber": "5000"},
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			settings := map[string]any{"member_attribute": attribute}
			if attribute == "memberUid" {
				settings["placeholder_member"] = nil
			}
			b := newBench(t, settings)
			connectortest.Run(t, suite(b, b.settings(t, settings), group))
		})
	}
}

func suite(b *bench, settings, group map[string]any) connectortest.Suite {
	const name = `Editors, "A\B" (#1) *`
	step := func(endpoint, target string) connectortest.Step {
		return connectortest.Step{Endpoint: endpoint, Target: target}
	}
	account, editors := step("create_user", ""), connectortest.Step{Endpoint: "create_group", Target: name}
	if group != nil {
		editors.Args = map[string]any{"attributes": group}
	}
	return connectortest.Suite{
		Connector: ldap.Connector{}, Settings: settings, Secrets: []string{secret}, Subject: ana(),
		Writes: func() int { return int(b.wire.writes.Load()) },
		Pairs: []connectortest.Pair{
			{Name: "account", Do: account, Undo: step("disable_user", "")},
			{Name: "account enabled", Do: step("enable_user", ""), Undo: step("disable_user", "")},
			{Name: "account again", Do: account, Undo: step("delete_user", "")},
			{Name: "group", Do: editors, Undo: step("delete_group", name)},
			{
				Name: "member", Setup: []connectortest.Step{account, editors},
				Do: step("add_user_to_group", name), Undo: step("remove_user_from_group", name),
			},
			{
				Name: "member by arguments", Setup: []connectortest.Step{account, editors},
				Do:   connectortest.Step{Endpoint: "add_user_to_group", Args: map[string]any{"group": name, "user": "Ana@Example.com"}},
				Undo: connectortest.Step{Endpoint: "remove_user_from_group", Args: map[string]any{"group": name}},
			},
			{Name: "unit", Do: step("create_entity", name), Undo: step("delete_entity", name)},
		},
	}
}
