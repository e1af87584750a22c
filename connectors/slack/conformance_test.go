package slack_test

import (
	"testing"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/slack"
	workspace "github.com/usherhq/usher/demo/slack"
)

// step is a call of one endpoint.
func step(endpoint, target string, args ...string) connectortest.Step {
	made := connectortest.Step{Endpoint: endpoint, Target: target}
	for i := 0; i < len(args); i += 2 {
		if made.Args == nil {
			made.Args = map[string]any{}
		}
		made.Args[args[i]] = args[i+1]
	}
	return made
}

// TestConformance runs the suite against the strict workspace with everything switched on.
func TestConformance(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: workspace.Options{Enterprise: true}})
	b.AddUsergroup(workspace.Usergroup{Handle: "editors", Name: "Drive editors", Users: []string{b.ben.ID}})
	connectortest.Run(t, connectortest.Suite{
		Connector: slack.Connector{}, Settings: b.settings, Secrets: b.secrets, Writes: b.writes,
		Subject: connectors.Person{Email: "ana@example.com", Name: "Ana Silva"},
		Pairs: []connectortest.Pair{
			{Name: "public channel", Do: step("add_user_to_entity", "#design"), Undo: step("remove_user_from_entity", "design")},
			{Name: "private channel", Do: step("invite_to_channel", "#secret"), Undo: step("kick_from_channel", "#secret")},
			{Name: "channel by id", Do: step("add_user_to_entity", "", "entity", b.ChannelID("design")), Undo: step("kick_from_channel", "", "channel", b.ChannelID("design"))},
			{Name: "group by handle", Do: step("add_user_to_group", "@editors"), Undo: step("remove_user_from_group", "editors")},
			{Name: "group by name", Do: step("add_user_to_group", "Drive editors"), Undo: step("remove_user_from_group", "", "group", "Drive editors", "user", b.ana.ID)},
			{Name: "group", Do: step("create_group", "Drive owners"), Undo: step("delete_group", "drive-owners")},
			{Name: "admin", Do: step("add_user_to_role", "admin"), Undo: step("remove_user_from_role", "admin")},
			{Name: "owner", Do: step("add_user_to_role", "", "role", "Owner"), Undo: step("remove_user_from_role", "owner")},
			{Name: "account", Do: step("create_user", "", "user", "carla@example.com"), Undo: step("disable_user", "", "user", "carla@example.com")},
			{Name: "account enabled", Do: step("enable_user", "", "user", "carla@example.com"), Undo: step("disable_user", "", "user", "carla@example.com")},
			{Name: "account again", Do: step("create_user", "", "user", "carla@example.com"), Undo: step("delete_user", "", "user", "Carla@Example.com")},
		},
	})
}

// TestIDPGroupConformance is about a group that SCIM made.
func TestIDPGroupConformance(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: workspace.Options{Enterprise: true}})
	b.AddUsergroup(workspace.Usergroup{Handle: "staff", Name: "All staff", Users: []string{b.ben.ID}, IDP: true})
	connectortest.Run(t, connectortest.Suite{
		Connector: slack.Connector{}, Settings: b.settings, Secrets: b.secrets, Writes: b.writes,
		Subject: connectors.Person{Email: "ana@example.com"},
		Pairs: []connectortest.Pair{
			{Name: "idp group", Do: step("add_user_to_idp_group", "All staff"), Undo: step("remove_user_from_idp_group", "All staff")},
		},
	})
	refused := b.expect(t, connectors.Refused, "add_user_to_group", "@staff")
	requireSays(t, refused, "add_user_to_idp_group")
	b.expect(t, connectors.Refused, "add_user_to_idp_group", "No such group")
	b.expect(t, connectors.Already, "remove_user_from_idp_group", "No such group")
	b.expect(t, connectors.Refused, "add_user_to_idp_group", "")
}
