package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

// without is the contract's file without its entitlement, which no file has to have.
func without(t *testing.T) string {
	t.Helper()
	content := contractFile(t)
	from, to := strings.Index(content, "entitlements:"), strings.Index(content, "approval_chains:")
	return content[:from] + "entitlements: []\n" + content[to:]
}

func TestPruneAndComeBack(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		whole := parse(t, contractFile(t))
		apply(t, store, whole, false)
		less := parse(t, without(t))

		require.Equal(t, "  entitlement drive-editors is not in usher.yaml and is left alone\nNothing to change.\n", planned(t, store, less, false))
		require.Empty(t, apply(t, store, less, false))
		require.Equal(t, "- entitlement drive-editors (becomes inactive)\n0 to add, 0 to change, 1 to remove.\n", planned(t, store, less, true))
		changes := apply(t, store, less, true)
		require.Len(t, changes, 1)
		require.Nil(t, changes[0].After)
		require.Equal(t, "medium", changes[0].Before["risk"])
		row, err := db.EntitlementBySlug(t.Context(), store, "drive-editors")
		require.NoError(t, err)
		require.False(t, row.Active)
		require.Equal(t, "Nothing to change.\n", planned(t, store, less, true), "what is inactive is not removed again")

		require.Equal(t, "~ entitlement drive-editors (active again)\n0 to add, 1 to change, 0 to remove.\n", planned(t, store, whole, false))
		apply(t, store, whole, false)
		row, err = db.EntitlementBySlug(t.Context(), store, "drive-editors")
		require.NoError(t, err)
		require.True(t, row.Active)

		everything := parse(t, "providers: []\nentitlements: []\napproval_chains: []\naction_chains: []\n")
		require.Len(t, apply(t, store, everything, true), 6)
		apply(t, store, whole, false)
		chain, err := db.ApprovalChainBySlug(t.Context(), store, "auto")
		require.NoError(t, err)
		require.True(t, chain.Active)
		require.Equal(t, 1, chain.Version, "the steps are the same")
	})
}

func TestPruneKeepsSectionsThatTheFileDoesNotHave(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, contractFile(t)), false)
		require.Contains(t, planned(t, store, parse(t, `channel: "#other"`), true), "0 to add, 1 to change, 0 to remove.")

		for content, want := range map[string]string{
			"providers: []":       "cannot remove provider drive: entitlement drive-editors, which stays, uses it",
			"approval_chains: []": "cannot remove approval chain auto: entitlement drive-editors, which stays, uses it",
			"action_chains: []":   "cannot remove action chain drive-editors-in: entitlement drive-editors, which stays, uses it",
			"action_chains: [{slug: drive-editors-in, kind: deprovision, scripts: [{name: x, type: none}]}]": "cannot make action chain drive-editors-in one of kind deprovision",
		} {
			_, err := parse(t, content).Plan(t.Context(), store, true)
			var refusal config.RefusedError
			require.ErrorAs(t, err, &refusal)
			require.ErrorContains(t, err, want)
		}
	})
}

// hold lets ana hold the contract's entitlement.
func hold(t *testing.T, store *db.Store) {
	t.Helper()
	ctx := t.Context()
	ana := db.Person{ID: "per_ana", Email: "ana@example.com", Name: "Ana", Kind: db.Member, Active: true, CreatedAt: noon, UpdatedAt: noon}
	require.NoError(t, db.InsertPerson(ctx, store, ana))
	editors, err := db.EntitlementBySlug(ctx, store, "drive-editors")
	require.NoError(t, err)
	in, err := db.PublishedVersion(ctx, store, editors.ProvisionChain)
	require.NoError(t, err)
	out, err := db.PublishedVersion(ctx, store, editors.DeprovisionChain)
	require.NoError(t, err)
	request := db.Request{ID: "req_1", RequesterID: ana.ID, Reason: "launch", Status: db.Approved, Submission: "s", LapsesAt: noon, CreatedAt: noon}
	itemRow := db.RequestItem{
		ID: "itm_1", RequestID: "req_1", EntitlementID: editors.ID, SubjectID: ana.ID, Duration: db.Duration(time.Hour),
		ProvisionVersionID: in.ID, DeprovisionVersionID: out.ID, Plan: []string{}, Status: db.Approved,
	}
	require.NoError(t, db.InsertRequest(ctx, store, request, []db.RequestItem{itemRow}))
	require.NoError(t, db.InsertGrant(ctx, store, db.Grant{
		ID: "grt_1", ItemID: "itm_1", RequestID: "req_1", SubjectID: ana.ID, EntitlementID: editors.ID, ProvisionVersionID: in.ID,
		DeprovisionVersionID: out.ID, Status: db.Active, Duration: db.Duration(time.Hour), StartsAt: noon, CreatedAt: noon,
	}))
}

func TestPruneRefusesWhatIsHeld(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, contractFile(t)), false)
		hold(t, store)
		for content, want := range map[string]string{
			without(t):                        "cannot remove entitlement drive-editors: drive-editors is held by ana@example.com (grt_1); end these grants first (/access revoke ID)",
			"entitlements: []\nproviders: []": "cannot remove entitlement drive-editors",
		} {
			_, err := tryApply(t.Context(), store, parse(t, content), true)
			var refusal config.RefusedError
			require.ErrorAs(t, err, &refusal)
			require.ErrorContains(t, err, want)
		}
		row, err := db.EntitlementBySlug(t.Context(), store, "drive-editors")
		require.NoError(t, err)
		require.True(t, row.Active)

		moved := parse(t, replaced(t, "target: Editors", "target: Writers"))
		_, err = tryApply(t.Context(), store, moved, false)
		require.ErrorContains(t, err, "cannot change the target of entitlement drive-editors (give the new one a slug of its own): "+
			"drive-editors is held by ana@example.com (grt_1)")
		require.Len(t, apply(t, store, parse(t, replaced(t, "risk: medium", "risk: high")), false), 1)

		grant := db.Grant{ID: "grt_1", Status: db.Ended}
		require.NoError(t, db.MoveGrant(t.Context(), store, grant, db.Active))
		require.Len(t, apply(t, store, moved, false), 1)
		require.Len(t, apply(t, store, parse(t, without(t)), true), 1)
	})
}
