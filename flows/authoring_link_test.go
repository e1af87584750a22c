package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestOneVersionIsPublished(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		v := b.joinsTested(t, "ada", "Join", "{{ entitlement.target }}")
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("ada", v)))
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ada", v)), "published already")
		next, err := b.FixStep(b.ctx, flows.Fix{Edit: b.edit("ada", v), Step: 1, Type: "drive_api_add_user_to_group", Name: "join", Args: map[string]string{"group": "Admins"}})
		require.NoError(t, err)
		test, err := b.TestWorkflow(b.ctx, b.edit("ada", next), "", b.people["ana"])
		require.NoError(t, err)
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("ada", test.Version)))
		_, all, err := b.WorkflowVersions(b.ctx, b.people["ada"], v.ChainID)
		require.NoError(t, err)
		var statuses []string
		for _, version := range all {
			statuses = append(statuses, version.Status)
		}
		require.Equal(t, []string{db.Published, db.Retired, db.Retired}, statuses)

		diff, err := b.CompareVersions(b.ctx, b.people["ada"], v.ID)
		require.NoError(t, err)
		require.Equal(t, []flows.Difference{
			{Sign: "-", Text: "join: drive_api_add_user_to_group group=Admins"},
			{Sign: "+", Text: "join: drive_api_add_user_to_group group={{ entitlement.target }}"},
		}, diff.Scripts)
		restored, err := b.RestoreVersion(b.ctx, b.edit("ada", test.Version), v.ID)
		require.NoError(t, err)
		require.Equal(t, db.Draft, restored.Status)
		require.Equal(t, v.Scripts, restored.Scripts)
		_, err = b.RestoreVersion(b.ctx, b.edit("ada", restored), restored.ID)
		refused(t, err, "newest")
	})
}

func TestLinking(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		v := b.joinsTested(t, "ada", "Join", "Admins")
		wish := flows.LinkWish{
			By: b.people["ada"], EntitlementID: b.entitlement("editors"), Provision: "join", Deprovision: "editors-out",
			WasProvision: "editors-in", WasDeprovision: "editors-out",
		}
		_, err := b.LinkWorkflows(b.ctx, wish)
		refusedAt(t, err, flows.FieldProvision, "published")
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("ada", v)))

		wrong := wish
		wrong.Provision, wrong.Deprovision = "editors-out", "join"
		_, err = b.LinkWorkflows(b.ctx, wrong)
		refusedAt(t, err, flows.FieldProvision, "not a provisioning workflow")

		warnings, err := b.LinkWorkflows(b.ctx, wish)
		require.NoError(t, err)
		require.NotEmpty(t, warnings, "Admins is not taken back")
		row, err := db.EntitlementBySlug(b.ctx, b.store, "editors")
		require.NoError(t, err)
		require.Equal(t, "editors-in", row.ProvisionChain, "nothing is linked before it was read")
		wish.Read = true
		warnings, err = b.LinkWorkflows(b.ctx, wish)
		require.NoError(t, err)
		require.Empty(t, warnings)
		row, err = db.EntitlementBySlug(b.ctx, b.store, "editors")
		require.NoError(t, err)
		require.Equal(t, "join", row.ProvisionChain)
		_, err = b.LinkWorkflows(b.ctx, wish)
		refusedAt(t, err, flows.FieldProvision, "ada@example.com changed Drive editors")
	})
}
