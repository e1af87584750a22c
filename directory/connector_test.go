package directory_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/scim"
)

// Usher's own SCIM connector, which trusts no server, finds everything at this one as it wrote it.
func TestRoundTripWithOurConnector(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		secret := filepath.Join(t.TempDir(), "token")
		require.NoError(t, os.WriteFile(secret, []byte(b.token), 0o600))
		account := connectortest.Step{Endpoint: "create_user"}
		ben := connectortest.Step{Endpoint: "create_user", Args: map[string]any{"user": "ben@example.com"}}
		group := connectortest.Step{Endpoint: "create_group", Target: `Editors "A\B"`}
		member := func(endpoint string) connectortest.Step {
			return connectortest.Step{Endpoint: endpoint, Target: group.Target}
		}
		wish := func(resource map[string]any) connectortest.Step {
			return connectortest.Step{Endpoint: "sync_user", Args: map[string]any{"resource": resource}}
		}
		joined := map[string]any{
			"userName": "ana@example.com", "active": true, "title": "Editor", "name": map[string]any{"givenName": "Ana Maria", "familyName": "Silva"},
			"emails":   []any{map[string]any{"value": "Ana@Example.com", "type": "work", "primary": true}, map[string]any{"value": "ana@home.example", "type": "home"}},
			enterprise: map[string]any{"department": "Design", "costCenter": "12"},
		}
		moved := map[string]any{
			"userName": "ana@example.com", "active": true, "title": "Author",
			"emails":   []any{map[string]any{"value": "ana@example.com", "type": "work", "primary": true}},
			enterprise: map[string]any{"department": "Sales", "costCenter": nil},
		}
		connectortest.Run(t, connectortest.Suite{
			Connector: scim.Connector{}, Secrets: []string{b.token},
			Settings: map[string]any{"base_url": b.url + "/scim/v2/okta", "token": "file:" + secret, "consistency": "0s"},
			Subject:  connectors.Person{Email: "ana@example.com", Name: "Ana Maria Silva", Title: "Editor"},
			Pairs: []connectortest.Pair{
				{Name: "account", Do: account, Undo: connectortest.Step{Endpoint: "disable_user"}},
				{Name: "account again", Do: account, Undo: connectortest.Step{Endpoint: "delete_user"}},
				{Name: "account as it should be", Setup: []connectortest.Step{account, wish(joined)}, Do: wish(moved), Undo: wish(joined)},
				{Name: "group", Do: group, Undo: member("delete_group")},
				{Name: "member", Setup: []connectortest.Step{account, ben, group}, Do: member("add_user_to_group"), Undo: member("remove_user_from_group")},
				{Name: "role", Do: connectortest.Step{Endpoint: "add_user_to_role", Target: "auditor"}, Undo: connectortest.Step{Endpoint: "remove_user_from_role", Target: "auditor"}},
				{Name: "license", Do: connectortest.Step{Endpoint: "allocate_license", Target: `Pro "A\B" [EU]`}, Undo: connectortest.Step{Endpoint: "release_license", Target: `Pro "A\B" [EU]`}},
			},
		})
		require.Empty(t, b.log.String())
	})
}
