package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// Only members and guests of this workspace are known by their address: whoever else claims one takes nobody's place.
func TestAnAddressIsNoIdentity(t *testing.T) {
	t.Parallel()
	cases := map[string]flows.SlackPerson{
		"a stranger with an admin's address":      {UserID: "U900", TeamID: "T9", Email: "ada@example.com", Kind: db.Stranger, Active: true},
		"a bot with an admin's address":           {UserID: "U901", TeamID: "T1", Email: "ada@example.com", Kind: db.Robot, Active: true},
		"an old account that is deactivated":      {UserID: "U902", TeamID: "T1", Email: "ada@example.com", Kind: db.Member, Active: false},
		"a guest account of somebody of the team": {UserID: "U903", TeamID: "T1", Email: "ada@example.com", Kind: db.Guest, Active: false},
	}
	onBoth(t, func(t *testing.T, b *bundle) {
		ada, err := db.PersonByID(b.ctx, b.store, b.people["ada"])
		require.NoError(t, err)
		for name, told := range cases {
			for range 2 { // also when it is told again
				row, err := b.SaveSlackPerson(b.ctx, told)
				require.NoError(t, err, name)
				require.NotEqual(t, ada.ID, row.ID, name)
				admin, err := b.IsAdmin(b.ctx, b.store, row)
				require.NoError(t, err)
				require.False(t, admin, name)
			}
			still, err := db.PersonByID(b.ctx, b.store, ada.ID)
			require.NoError(t, err)
			require.Equal(t, ada.SlackID, still.SlackID, name)
			require.True(t, still.Active, name)
		}
	})
}

// The directory knew the person before Slack did.
func TestSlackAndDirectoryJoin(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.reconfigure(t, "  - {email: dana@example.com", "  - {email: nora@example.com, name: Nora, manager: ben@example.com}\n  - {email: dana@example.com")
		row, err := b.SaveSlackPerson(b.ctx, flows.SlackPerson{UserID: "U950", TeamID: "T1", Email: "Nora@Example.com", Name: "nora", Kind: db.Member, Active: true})
		require.NoError(t, err)
		require.Equal(t, "ben@example.com", row.ManagerEmail)
		require.Equal(t, "nora@example.com", row.Email)
	})
}

// Somebody's address changes to one that the directory has announced: the account in Slack stays usable.
func TestAnAddressThatChanges(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.reconfigure(t, "  - {email: dana@example.com", "  - {email: carl.new@example.com, name: Carl}\n  - {email: dana@example.com")
		row, err := b.SaveSlackPerson(b.ctx, flows.SlackPerson{UserID: "U003", TeamID: "T1", Email: "carl.new@example.com", Name: "carl", Kind: db.Member, Active: true})
		require.NoError(t, err)
		require.Equal(t, b.people["carl"], row.ID, "his requests and grants stay his")
		again, err := b.SaveSlackPerson(b.ctx, flows.SlackPerson{UserID: "U003", TeamID: "T1", Email: "carl.new@example.com", Name: "carl", Kind: db.Member, Active: true})
		require.NoError(t, err)
		require.Equal(t, row.ID, again.ID)
	})
}
