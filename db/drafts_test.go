package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
)

// TestConfigDrafts: a draft is its writer's alone, and old ones are forgotten.
func TestConfigDrafts(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		ctx, at := context.Background(), db.UTC(time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC))
		for _, id := range []string{"per_a", "per_b"} {
			require.NoError(t, db.InsertPerson(ctx, store, db.Person{ID: id, Email: id + "@x.example", Name: id, Kind: db.Member, Active: true, CreatedAt: at, UpdatedAt: at}))
		}
		draft := db.ConfigDraft{ID: "dft_1", PersonID: "per_a", Kind: "person", Content: map[string]any{"name": "A"}, UpdatedAt: at}
		require.NoError(t, db.SaveConfigDraft(ctx, store, draft))
		draft.Content, draft.Revision = map[string]any{"name": "B"}, 3
		require.NoError(t, db.SaveConfigDraft(ctx, store, draft))
		read, err := db.ConfigDraftOf(ctx, store, "dft_1", "per_a")
		require.NoError(t, err)
		require.Equal(t, draft.Content, read.Content)
		require.EqualValues(t, 3, read.Revision)

		_, err = db.ConfigDraftOf(ctx, store, "dft_1", "per_b")
		require.ErrorIs(t, err, db.ErrNotFound)
		other := draft
		other.PersonID = "per_b"
		require.ErrorIs(t, db.SaveConfigDraft(ctx, store, other), db.ErrConflict)
		require.NoError(t, db.DropConfigDraft(ctx, store, "dft_1", "per_b"))
		require.NoError(t, db.ForgetConfigDrafts(ctx, store, at))
		_, err = db.ConfigDraftOf(ctx, store, "dft_1", "per_a")
		require.NoError(t, err)
		require.NoError(t, db.ForgetConfigDrafts(ctx, store, at.Add(time.Second)))
		_, err = db.ConfigDraftOf(ctx, store, "dft_1", "per_a")
		require.ErrorIs(t, err, db.ErrNotFound)
	})
}
