package config_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

// sampleConnector has the names of the SCIM connector that the files of these tests use.
type sampleConnector struct{}

func (sampleConnector) Info() connectors.Info {
	user := connectors.Field{Name: "user", Type: connectors.TypeString, Doc: "name of the account"}
	group := connectors.Field{Name: "group", Type: connectors.TypeString, Doc: "name of the group"}
	level := connectors.Field{Name: "level", Type: connectors.TypeInt, Doc: "level in the group"}
	return connectors.Info{
		Name: "scim",
		Settings: []connectors.Field{
			{Name: "base_url", Type: connectors.TypeString, Required: true, Doc: "address of the service"},
			{Name: "token", Type: connectors.TypeString, Required: true, Secret: true, Doc: "bearer token"},
			{Name: "options", Type: connectors.TypeMap, Doc: "anything"},
			{Name: "deletes", Type: connectors.TypeBool, Doc: "whether it deletes"},
		},
		Endpoints: []connectors.Endpoint{
			{Name: "get_user", Effect: connectors.Reads, Args: []connectors.Field{user}, Outputs: []connectors.Field{{Name: "exists", Type: connectors.TypeBool}}},
			{Name: "create_user", Effect: connectors.Grants, Args: []connectors.Field{user}},
			{Name: "add_user_to_group", Effect: connectors.Grants, Args: []connectors.Field{user, group, level}},
			{Name: "remove_user_from_group", Effect: connectors.Revokes, Args: []connectors.Field{user, group}},
		},
	}
}

func (sampleConnector) Open(map[string]any, connectors.Deps) (connectors.Provider, error) {
	return nil, errors.New("files are checked without opening anything")
}

func registry() *connectors.Registry { return connectors.NewRegistry(sampleConnector{}) }

func contractFile(t testing.TB) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "contract.yaml"))
	require.NoError(t, err)
	return string(content)
}

func parse(t testing.TB, content string) config.File {
	t.Helper()
	file, err := config.Parse("usher.yaml", []byte(content), registry())
	require.NoError(t, err)
	return file
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// apply plans and applies a file in one transaction, as flows does it.
func apply(t *testing.T, store *db.Store, file config.File, prune bool) []config.Change {
	t.Helper()
	changes, err := tryApply(t.Context(), store, file, prune)
	require.NoError(t, err)
	return changes
}

func tryApply(ctx context.Context, store *db.Store, file config.File, prune bool) ([]config.Change, error) {
	var changes []config.Change
	err := store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		lock := "UPDATE audit_head SET id = id"
		if _, err := tx.ExecContext(ctx, lock); err != nil {
			return err
		}
		plan, err := file.Plan(ctx, tx, prune)
		if err != nil {
			return err
		}
		changes, err = config.Apply(ctx, tx, plan, noon, "ops@example.com")
		return err
	})
	return changes, err
}
