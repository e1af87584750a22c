package db_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

func TestMigrateTwiceAtOnceOnSQLite(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "usher.db")
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			store, err := db.Open(ctx, "sqlite:"+path)
			if !assert.NoError(t, err) {
				return
			}
			_, err = store.Migrate(ctx)
			assert.NoError(t, err)
			assert.NoError(t, store.Close())
		})
	}
	wait.Wait()
	store, err := db.Open(ctx, "sqlite:"+path)
	require.NoError(t, err)
	defer func() { require.NoError(t, store.Close()) }()
	n, err := store.Migrate(ctx)
	require.NoError(t, err)
	require.Zero(t, n)

	now := db.UTC(time.Now())
	require.NoError(t, db.InsertPerson(ctx, store, db.Person{ID: db.NewID("per"), Email: "ana@example.com", Name: "Ana", Kind: db.Member, Active: true, CreatedAt: now, UpdatedAt: now}))
	person, err := db.PersonByEmail(ctx, store, "Ana@example.com")
	require.NoError(t, err)
	require.True(t, person.CreatedAt.Equal(now))
	require.True(t, person.SyncedAt.IsZero())
	_, err = db.PersonByID(ctx, store, "per_none")
	require.ErrorIs(t, err, db.ErrNotFound)
	seen, err := db.EventSeen(ctx, store, "Ev1")
	require.NoError(t, err)
	require.False(t, seen)
	require.NoError(t, db.RememberEvent(ctx, store, "Ev1", now))
	require.NoError(t, db.RememberEvent(ctx, store, "Ev1", now))
	seen, err = db.EventSeen(ctx, store, "Ev1")
	require.NoError(t, err)
	require.True(t, seen)
	for range 2 {
		require.NoError(t, db.WantMessages(ctx, store, []db.Message{{Key: "card:1", Lane: "l", CreatedAt: now}, {Key: "card:2", Lane: "l", CreatedAt: now}}))
	}
	lanes, err := db.RedrawMessages(ctx, store, []db.Stale{{Key: "card:1"}, {Key: "card:3"}})
	require.NoError(t, err)
	require.Equal(t, []string{"l"}, lanes)
	require.NoError(t, db.WantMessages(ctx, store, []db.Message{{Key: "ask:1", Lane: "l", CreatedAt: now, NotBefore: now.Add(time.Hour)}}))
	due, err := db.DueMessages(ctx, store, "l", now)
	require.NoError(t, err)
	require.Len(t, due, 2)
	require.EqualValues(t, 3, due[0].Wanted)
	require.EqualValues(t, 2, due[1].Wanted)
	due, err = db.DueMessages(ctx, store, "l", now.Add(time.Hour))
	require.NoError(t, err)
	require.Len(t, due, 3, "what is not to be sent before a time is due then")
	waiting, err := db.Count(ctx, store, db.WaitingMessages, now)
	require.NoError(t, err)
	require.EqualValues(t, 2, waiting)
	lanes, err = db.DueLanes(ctx, store, now, now, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"l"}, lanes)
	require.NoError(t, db.ClaimLane(ctx, store, "l", "a", now, now.Add(time.Minute)))
	require.ErrorIs(t, db.ClaimLane(ctx, store, "l", "b", now, now.Add(time.Minute)), db.ErrConflict)
	scripts, err := db.StrandedScripts(ctx, store, now, now, 10)
	require.NoError(t, err)
	require.Empty(t, scripts)
	found, err := db.SearchEntitlements(ctx, store, "drive_ed 100%", 10)
	require.NoError(t, err)
	require.Empty(t, found)
}
