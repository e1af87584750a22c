package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// TestOwnersHavePowerOverTheirOwn: an owner of one entitlement can't give himself the rest of its provider.
func TestOwnersHavePowerOverTheirOwn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.own(t, "editors", "carl@example.com", "dana@example.com")
		v := b.joinsTested(t, "carl", "Carl's way", "Admins")
		refused(t, b.PublishWorkflow(b.ctx, b.edit("carl", v)), "something other than Drive editors")
		for kind, args := range map[string]map[string]string{
			"drive_api_delete_user": nil, "drive_api_disable_user": nil, "drive_api_delete_group": nil, "drive_api_add_user_to_role": nil,
			"drive_api_create_user": {"user": "eve@example.com"}, "drive_api_add_user_to_group": {"group": "{{ 'Adm' + 'ins' }}"},
		} {
			other := b.write(t, "carl", db.Provision, "Carl's "+kind, "Wait 1 minute")
			other, err := b.FixStep(b.ctx, flows.Fix{Edit: b.edit("carl", other), Step: 1, Type: kind, Args: args})
			require.NoError(t, err)
			test, err := b.TestWorkflow(b.ctx, b.edit("carl", other), "", b.people["ana"])
			require.NoError(t, err)
			require.True(t, test.Passed, "%s: %+v", kind, test.Tried)
			refused(t, b.PublishWorkflow(b.ctx, b.edit("carl", other)), "something other than Drive editors")
		}
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("dana", v)), "the provider's owner may")

		w := b.joinsTested(t, "carl", "Carl's other way", "Editors")
		require.NoError(t, b.PublishWorkflow(b.ctx, b.edit("carl", w)))
		link := flows.LinkWish{By: b.people["carl"], EntitlementID: b.entitlement("editors"), Provision: "carl-s-way", Deprovision: "editors-out", WasProvision: "editors-in", WasDeprovision: "editors-out", Read: true}
		_, err := b.LinkWorkflows(b.ctx, link)
		refusedAt(t, err, flows.FieldProvision, "something other than Drive editors")

		_, err = b.ReadWorkflow(b.ctx, b.people["ana"], w.ChainID, "")
		refused(t, err, "belongs to access that you don't own")
		refused(t, b.PublishWorkflow(b.ctx, b.edit("ana", w)), "belongs to access that you don't own")
		_, _, err = b.Workflows(b.ctx, b.people["ana"], "", 0, 10)
		refused(t, err, "you own none")
		_, err = b.WriteWorkflow(b.ctx, flows.Words{Edit: flows.Edit{By: b.people["carl"]}, EntitlementID: b.entitlement("admins"), Kind: db.Provision, Name: "Mine", Text: text(db.Provision, "Wait 1 minute")})
		refused(t, err, "You don't own Drive admins")
		shared, err := db.ActionChainBySlug(b.ctx, b.store, "editors-in")
		require.NoError(t, err)
		sheet, err := b.ReadWorkflow(b.ctx, b.people["carl"], shared.ID, "")
		require.NoError(t, err)
		require.False(t, sheet.MayEdit, "others own access that uses it")
		_, err = b.FixStep(b.ctx, flows.Fix{Edit: b.edit("carl", sheet.Newest), Step: 1, Type: "none"})
		refused(t, err, "only an admin can change it")
		found, total, err := b.Workflows(b.ctx, b.people["carl"], "way", 0, 1)
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.EqualValues(t, 2, total) // Carl's way and Carl's other way
	})
}
