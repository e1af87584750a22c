package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
)

// TestMarksDoNotWaitInARing marks two people at once while a transaction gives one of them an account and marks him then.
func TestMarksDoNotWaitInARing(t *testing.T) {
	t.Parallel()
	ctx, store := t.Context(), dbtest.Open(t, dbtest.Postgres)
	now := db.UTC(time.Now())
	for _, id := range []string{"per_a", "per_b"} {
		p := db.Person{ID: id, Email: id + "@acme.example", Kind: db.Member, Active: true, CreatedAt: now, UpdatedAt: now}
		require.NoError(t, db.InsertPerson(ctx, store, p))
	}
	rule := make(chan error, 1)
	require.NoError(t, store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		p, err := db.LockPerson(ctx, tx, "per_b")
		require.NoError(t, err)
		p.SlackID, p.InSlack = "U010000B", true
		require.NoError(t, db.UpdatePerson(ctx, tx, p))
		go func() { rule <- db.NoteUnsettled(ctx, store, []string{"per_b", "per_a"}, "", now) }()
		require.Eventually(t, func() bool {
			var waiting int
			err := store.NewSelect().Table("pg_locks").ColumnExpr("count(*)").Where("NOT granted").Scan(ctx, &waiting)
			return err == nil && waiting > 0
		}, time.Minute, time.Millisecond)
		return db.NoteUnsettled(ctx, tx, []string{"per_b"}, "", now)
	}))
	require.NoError(t, <-rule)
	marked, err := db.UnsettledPeople(ctx, store, db.Unsettled{}, 10)
	require.NoError(t, err)
	require.Len(t, marked, 2)
}
