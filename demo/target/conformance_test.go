package target_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/demo/target"
)

const token = "target-token"

// serve starts a target on a free port.
func serve(t testing.TB, options target.Options) (*target.Target, string) {
	t.Helper()
	options.Token = token
	if options.Name == "" {
		options.Name = "Acme Drive"
	}
	system := target.New(options)
	server := httptest.NewServer(system.Handler())
	t.Cleanup(server.Close)
	return system, server.URL
}

// settings are those of the SCIM connector for a target.
func settings(t testing.TB, address string) map[string]any {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(token), 0o600))
	return map[string]any{"base_url": address + "/scim/v2", "token": "file:" + file}
}

func TestSCIMConnectorConforms(t *testing.T) {
	t.Parallel()
	for name, noPatch := range map[string]bool{"with PATCH": false, "without PATCH": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			system, address := serve(t, target.Options{NoPatch: noPatch})
			account := connectortest.Step{Endpoint: "create_user"}
			group := connectortest.Step{Endpoint: "create_group", Target: `Team "A\B" & <C>`}
			connectortest.Run(t, connectortest.Suite{
				Connector: scim.Connector{}, Settings: settings(t, address), Secrets: []string{token},
				Writes:  system.Mutations,
				Subject: connectors.Person{Email: "ana@example.com", Name: "Ana Silva"},
				Pairs: []connectortest.Pair{
					{Name: "account", Do: account, Undo: connectortest.Step{Endpoint: "disable_user"}},
					{Name: "account again", Do: account, Undo: connectortest.Step{Endpoint: "delete_user"}},
					{
						Name: "account enabled", Setup: []connectortest.Step{account, {Endpoint: "disable_user"}},
						Do: connectortest.Step{Endpoint: "enable_user"}, Undo: connectortest.Step{Endpoint: "disable_user"},
					},
					{
						Name: "account as a directory says", Setup: []connectortest.Step{account},
						Do:   wish(map[string]any{"title": "Editor", "name": map[string]any{"familyName": "Santos"}, enterprise: map[string]any{"department": "Design"}}),
						Undo: wish(map[string]any{"title": nil, "name": map[string]any{"familyName": "Silva"}, enterprise: nil}),
					},
					{Name: "group", Do: group, Undo: connectortest.Step{Endpoint: "delete_group", Target: group.Target}},
					{
						Name: "member", Setup: []connectortest.Step{account, group},
						Do:   connectortest.Step{Endpoint: "add_user_to_group", Target: group.Target},
						Undo: connectortest.Step{Endpoint: "remove_user_from_group", Target: group.Target},
					},
					{
						Name: "all members", Setup: []connectortest.Step{account, group},
						Do: roster(group.Target, "ana@example.com"), Undo: roster(group.Target),
					},
					{
						Name: "group renamed",
						Do:   connectortest.Step{Endpoint: "rename_group", Target: group.Target, Args: map[string]any{"new_name": "Authors"}},
						Undo: connectortest.Step{Endpoint: "rename_group", Target: "Authors", Args: map[string]any{"new_name": group.Target}},
					},
					{
						Name: "role", Setup: []connectortest.Step{account},
						Do:   connectortest.Step{Endpoint: "add_user_to_role", Target: "auditor"},
						Undo: connectortest.Step{Endpoint: "remove_user_from_role", Target: "auditor"},
					},
				},
			})
		})
	}
}

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

func wish(resource map[string]any) connectortest.Step {
	return connectortest.Step{Endpoint: "sync_user", Args: map[string]any{"resource": resource}}
}

func roster(group string, names ...any) connectortest.Step {
	return connectortest.Step{Endpoint: "set_group_members", Target: group, Args: map[string]any{"members": names}}
}
