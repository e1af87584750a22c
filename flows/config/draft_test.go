package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

// TestDraftsAreLeftToTheirAuthors: a chain that was drafted in Slack and never published is not in an export, and a
// file that names it publishes a version after the drafts.
func TestDraftsAreLeftToTheirAuthors(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		chain := db.ActionChain{ID: "act_1", Slug: "drive-editors-in", Kind: db.Provision, Active: true, UpdatedAt: noon}
		_, err := store.NewInsert().Model(&chain).Exec(ctx)
		require.NoError(t, err)
		draft := db.ActionChainVersion{ID: "ver_1", ChainID: "act_1", Number: 3, Status: db.Draft, Scripts: []db.Script{}, CreatedAt: noon}
		_, err = store.NewInsert().Model(&draft).Exec(ctx)
		require.NoError(t, err)

		exported, err := config.Export(ctx, store, registry())
		require.NoError(t, err)
		require.Contains(t, string(exported), "action_chains: []\n")

		apply(t, store, parse(t, contractFile(t)), false)
		published, err := db.PublishedVersion(ctx, store, "drive-editors-in")
		require.NoError(t, err)
		require.Equal(t, 4, published.Number)
		versions, err := db.ActionChainVersions(ctx, store, "act_1")
		require.NoError(t, err)
		require.Equal(t, db.Draft, versions[0].Status)
	})
}
