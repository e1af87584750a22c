package db_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
)

// TestReadersDoNotWait reads beside an open transaction: what is committed, and nothing else.
func TestReadersDoNotWait(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		people := func(q bun.IDB) int64 {
			n, err := q.NewSelect().Model((*db.Person)(nil)).Count(t.Context())
			require.NoError(t, err)
			return n
		}
		now := time.Now().UTC().Truncate(time.Microsecond)
		tx, err := store.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		person := db.Person{ID: db.NewID("per"), Name: "Ada", Email: "ada@acme.example", Kind: db.Member, Active: true, CreatedAt: now, UpdatedAt: now}
		_, err = tx.NewInsert().Model(&person).Exec(t.Context())
		require.NoError(t, err)
		require.Zero(t, people(store), "what is not committed is not read")
		require.EqualValues(t, 1, people(tx))
		require.NoError(t, tx.Commit())
		require.EqualValues(t, 1, people(store), "what is committed is read at once")
	})
}

// TestReadersOnlyRead asks the connection that reads whether it may write.
func TestReadersOnlyRead(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, dbtest.SQLite)
	var readsOnly bool
	require.NoError(t, store.NewSelect().ColumnExpr("query_only").TableExpr("pragma_query_only").Scan(t.Context(), &readsOnly))
	require.True(t, readsOnly)
}
