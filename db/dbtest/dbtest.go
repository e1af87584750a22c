// Package dbtest gives each test a migrated database of its own, of either kind.
//
// The migrations run once per process and kind; each test gets a copy of what they made.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/pgtest"
)

// The two kinds of database.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// OnBoth runs a test on each kind, as two parallel subtests.
func OnBoth(t *testing.T, test func(t *testing.T, store *db.Store)) {
	t.Helper()
	for _, kind := range []string{SQLite, Postgres} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, Open(t, kind))
		})
	}
}

// Open opens a new database of a kind. It is closed and removed when t ends.
func Open(t testing.TB, kind string) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), URL(t, kind))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	return store
}

// URL makes a new database of a kind and returns what DATABASE_URL would name it. It is removed when t ends.
func URL(t testing.TB, kind string) string {
	t.Helper()
	if kind == Postgres {
		// Many tests share one server, so that none may take as many connections as a process of its own would.
		return pgtest.OpenFrom(t, "migrated", migrate) + "&pool_max_conns=24"
	}
	require.Equal(t, SQLite, kind, "the other kind of database")
	content, err := migratedFile()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "usher.db")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return "sqlite:" + path
}

// migratedFile returns the bytes of a SQLite database that has only been migrated.
var migratedFile = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "dbtest-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the template: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }() // a leftover in the temporary folder does no harm
	path := filepath.Join(folder, "usher.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // whole: closing the last connection folds the write-ahead log into it
})

// migrate brings an empty database up to date.
func migrate(url string) error {
	store, err := db.Open(context.Background(), url)
	if err != nil {
		return err
	}
	if _, err := store.Migrate(context.Background()); err != nil {
		_ = store.Close() // the migration's error says more
		return err
	}
	return store.Close()
}
