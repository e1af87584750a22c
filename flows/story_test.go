package flows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestAskApproveProvisionExpire(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.work(t)
		sheet := b.ask(t, "ana", "editors", "8h")
		step := sheet.Items[0].Current()
		require.NotNil(t, step)
		require.Equal(t, b.people["ben"], step.Approvers[0].PersonID)
		require.Empty(t, b.target.Members("Editors"))

		require.NoError(t, b.Approve(b.ctx, step.ID, b.people["ben"], flows.Consent{}))
		sheet = b.untilGrant(t, sheet.Request.ID, db.Active)
		grant := sheet.Items[0].Grant
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		require.Equal(t, 8*time.Hour, grant.ExpiresAt.Sub(grant.ActiveAt), "the clock starts when the access is active")

		b.clock.Advance(8*time.Hour + time.Second)
		require.NoError(t, b.SweepSoon(b.ctx))
		b.untilGrant(t, sheet.Request.ID, db.Ended)
		require.Empty(t, b.target.Members("Editors"))
		require.Equal(t, []string{
			"request.created", "step.opened", "decision.approved", "flow.approved", "grant.created",
			"script.started", "script.succeeded", "script.started", "script.succeeded", "script.started", "script.succeeded",
			"grant.activated", "grant.expired", "script.started", "script.succeeded", "grant.ended",
		}, b.actions(t, sheet.Request.ID))
	})
}
