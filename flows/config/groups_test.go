package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

func TestGroupsOfTheDirectory(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		file := parse(t, "people: [{email: ana@example.com, groups: [security, drive, security]}, {email: mia@example.com, groups: [drive]}]")
		apply(t, store, file, false)
		require.Equal(t, "Nothing to change.\n", planned(t, store, file, false))
		ana, err := db.PersonByEmail(ctx, store, "ana@example.com")
		require.NoError(t, err)
		slack, err := db.SaveGroup(ctx, store, db.Group{Source: "slack", Handle: "drive", Name: "Drive"})
		require.NoError(t, err)
		require.NoError(t, db.SetMembers(ctx, store, slack.ID, []string{ana.ID}))

		less := parse(t, "people: [{email: ana@example.com, groups: [drive]}, {email: mia@example.com}]")
		require.Equal(t, "~ person ana@example.com\n    groups: [drive, security] → [drive]\n0 to add, 1 to change, 0 to remove.\n",
			planned(t, store, less, false))
		apply(t, store, less, false)
		apply(t, store, parse(t, "people: [{email: ana@example.com, groups: []}]"), false)
		handles, err := db.GroupsOf(ctx, store, ana.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"drive"}, handles, "the group of Slack stays")
		group, err := db.GroupByHandle(ctx, store, "config", "drive")
		require.NoError(t, err)
		members, err := db.Members(ctx, store, group.ID)
		require.NoError(t, err)
		require.Len(t, members, 1)
		require.Equal(t, "mia@example.com", members[0].Email)

		exported, err := config.Export(ctx, store, registry())
		require.NoError(t, err)
		require.Contains(t, string(exported), "  - email: mia@example.com\n    name: mia@example.com\n    groups: [drive]\n")
		require.Equal(t, "Nothing to change.\n", planned(t, store, parse(t, string(exported)), true))
	})
}
