package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

// planned is the plan of a file as people read it.
func planned(t *testing.T, store *db.Store, file config.File, prune bool) string {
	t.Helper()
	plan, err := file.Plan(t.Context(), store, prune)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, plan.Write(&out))
	return out.String()
}

// replaced is the contract's file with some texts replaced.
func replaced(t *testing.T, pairs ...string) string {
	t.Helper()
	content := contractFile(t)
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, content, pairs[i])
		content = strings.ReplaceAll(content, pairs[i], pairs[i+1])
	}
	return content
}

func TestApplyWritesTheRows(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		file := parse(t, replaced(t, "people: []", "people: [{email: Ana@example.com, name: Ana, manager: mia@example.com, department: Design}]"))
		require.Equal(t, `~ settings
    channel: "" → "#access"
    admins: [] → [ops@example.com]
+ person ana@example.com
+ provider drive
+ approval chain manager-then-owner
+ approval chain auto
+ action chain drive-editors-in
+ action chain drive-editors-out
+ entitlement drive-editors
7 to add, 1 to change, 0 to remove.
`, planned(t, store, file, false))
		changes := apply(t, store, file, false)
		require.Len(t, changes, 8)
		require.Equal(t, "env:DRIVE_TOKEN", changes[2].After["settings"].(map[string]any)["token"])
		require.Nil(t, changes[2].Before)

		settings, err := db.ReadSettings(t.Context(), store)
		require.NoError(t, err)
		require.Equal(t, db.Settings{Channel: "#access", Admins: []string{"ops@example.com"}}, settings)
		ana, err := db.PersonByEmail(t.Context(), store, "ana@example.com")
		require.NoError(t, err)
		require.Equal(t, db.Member, ana.Kind)
		require.True(t, ana.Active)
		require.Equal(t, "mia@example.com", ana.ManagerEmail)
		editors, err := db.EntitlementBySlug(t.Context(), store, "drive-editors")
		require.NoError(t, err)
		require.True(t, editors.Active)
		require.Equal(t, "drive", editors.Provider.Slug)
		require.Equal(t, 4, editors.Provider.Workers)
		require.Equal(t, "scim", editors.Provider.Connector)
		require.Equal(t, "8h", editors.Durations.Default.String())
		chain, err := db.ApprovalChainBySlug(t.Context(), store, editors.Approval[1].Chain)
		require.NoError(t, err)
		require.Equal(t, 1, chain.Version)
		require.Len(t, chain.Steps, 2)
		version, err := db.PublishedVersion(t.Context(), store, editors.ProvisionChain)
		require.NoError(t, err)
		require.Equal(t, 1, version.Number)
		require.Equal(t, "ops@example.com", version.Author)
		require.Equal(t, map[string]any{"group": "{{ entitlement.target }}"}, version.Scripts[2].Args)

		require.Equal(t, "Nothing to change.\n", planned(t, store, file, false))
		require.Equal(t, "Nothing to change.\n", planned(t, store, file, true))
		require.Empty(t, apply(t, store, file, true))
	})
}

func TestApplyChangesRows(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, contractFile(t)), false)
		file := parse(t, replaced(t, "risk: medium", "risk: high", "need: 2", "need: 3", "attempts: 8", "attempts: 9", "env:DRIVE_TOKEN", "env:NEW_TOKEN"))
		got := planned(t, store, file, false)
		for _, line := range []string{
			"~ provider drive\n    settings: {base_url: \"https://drive.example.com/scim/v2\", token: \"env:DRIVE_TOKEN\"} → " +
				"{base_url: \"https://drive.example.com/scim/v2\", token: \"env:NEW_TOKEN\"}\n",
			"~ entitlement drive-editors\n    risk: medium → high\n0 to add",
			"~ approval chain manager-then-owner\n    steps: [",
			"0 to add, 4 to change, 0 to remove.\n",
		} {
			require.Contains(t, got, line)
		}
		changes := apply(t, store, file, false)
		require.Len(t, changes, 4)
		require.Equal(t, "medium", changes[3].Before["risk"])
		require.Equal(t, "high", changes[3].After["risk"])

		chain, err := db.ApprovalChainBySlug(t.Context(), store, "manager-then-owner")
		require.NoError(t, err)
		require.Equal(t, 2, chain.Version)
		require.Equal(t, 3, chain.Steps[1].Need)
		auto, err := db.ApprovalChainBySlug(t.Context(), store, "auto")
		require.NoError(t, err)
		require.Equal(t, 1, auto.Version)
		published, err := db.PublishedVersion(t.Context(), store, "drive-editors-in")
		require.NoError(t, err)
		require.Equal(t, 2, published.Number)
		versions, err := db.ActionChainVersions(t.Context(), store, published.ChainID)
		require.NoError(t, err)
		require.Len(t, versions, 2)
		require.Equal(t, db.Retired, versions[0].Status)
		require.Equal(t, 8, versions[0].Scripts[2].Retry.Attempts, "an old version keeps its text")
		require.Equal(t, "Nothing to change.\n", planned(t, store, file, false))
	})
}

func TestPeopleKeepWhatSlackSays(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		for _, row := range []db.Person{
			{ID: "per_1", Email: "guest@example.com", Name: "Guest", SlackID: "U1", TeamID: "T1", Kind: db.Guest, Active: true, InSlack: true, SyncedAt: noon},
			{ID: "per_2", Email: "left@example.com", Name: "Left", SlackID: "U2", Kind: db.Member, Active: false, InSlack: true, SyncedAt: noon},
			{ID: "per_3", Email: "gone@example.com", Name: "Gone", Kind: db.Member, Active: false, SyncedAt: noon},
			{ID: "per_4", Email: "old@example.com", Name: "Old", Kind: db.Member, Active: false},
		} {
			row.CreatedAt, row.UpdatedAt = noon, noon
			require.NoError(t, db.InsertPerson(ctx, store, row))
		}
		file := parse(t, `
people:
  - {email: guest@example.com, department: Design, attributes: {level: 3}}
  - {email: left@example.com, manager: mia@example.com}
  - {email: gone@example.com, title: None}
  - {email: old@example.com}
  - {email: new@example.com}
`)
		require.Equal(t, `~ person guest@example.com
    department: "" → Design
    attributes: {} → {level: 3}
~ person left@example.com
    manager: "" → mia@example.com
~ person gone@example.com
    title: "" → None
~ person old@example.com (active again)
+ person new@example.com
1 to add, 4 to change, 0 to remove.
`, planned(t, store, file, true))
		apply(t, store, file, true)
		guest, err := db.PersonByEmail(ctx, store, "guest@example.com")
		require.NoError(t, err)
		require.Equal(t, db.Guest, guest.Kind, "a file does not make a member of a guest")
		require.Equal(t, "U1", guest.SlackID)
		require.Equal(t, "Guest", guest.Name)
		require.Equal(t, "Design", guest.Department)
		for email, active := range map[string]bool{
			"left@example.com": false, "gone@example.com": false, "old@example.com": true, "new@example.com": true,
		} {
			person, err := db.PersonByEmail(ctx, store, email)
			require.NoError(t, err)
			require.Equal(t, active, person.Active, email)
		}
		require.Equal(t, "Nothing to change.\n", planned(t, store, file, true))
	})
}

func TestTwoAppliesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		file := parse(t, contractFile(t))
		type answer struct {
			changes []config.Change
			err     error
		}
		answers := make(chan answer)
		for range 2 {
			go func() {
				changes, err := tryApply(t.Context(), store, file, false)
				answers <- answer{changes, err}
			}()
		}
		first, second := <-answers, <-answers
		require.NoError(t, first.err)
		require.NoError(t, second.err)
		require.Equal(t, 7, len(first.changes)+len(second.changes), "the second sees the first")
	})
}
