package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// What a review took away for good is not given by a request that was open already, nor begun by one that was approved
// for later.
func TestWhatAReviewTookIsNotGivenByWhatWaited(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		later := b.form(t, "ana", "editors", "8h")
		later.StartsAt = b.Now().Add(48 * hour)
		scheduled, err := b.Request(b.ctx, later)
		require.NoError(t, err)
		b.approve(t, scheduled.ID, "ben")
		later.Submission = db.NewID("sub")
		waiting, err := b.Request(b.ctx, later)
		require.NoError(t, err)
		held := b.held(t, "ana", "30d")
		_, items := b.reviewing(t, b.reviewPlan())
		for _, item := range items {
			if item.GrantID == held.ID {
				require.NoError(t, b.DecideReview(b.ctx, item.ID, b.people["ben"], flows.Verdict{Remove: true, DoNotRenew: true, Reason: "Misused it"}))
			}
		}
		b.drive(t)
		b.approve(t, waiting.ID, "ben")
		sheet := b.sheet(t, waiting.ID)
		require.Equal(t, db.Denied, sheet.Request.Status)
		require.Contains(t, sheet.Items[0].Refusal, "Drive editors is not to be given to ana again")
		require.Nil(t, sheet.Items[0].Grant)
		b.pass(t, 49*hour)
		grant := b.grant(t, scheduled.ID)
		require.Equal(t, db.Ended, grant.Status)
		require.Contains(t, b.fact(t, scheduled.ID, "grant.cancelled").Reason, "is not to be given to ana again")
		require.Empty(t, b.target.Members("Editors"))
	})
}

// An emergency path that was closed while its chain decided gives nothing any more.
func TestAnEmergencyPathThatWasClosed(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][]string{
		"gone":         {`, emergency: {max: 1h, channel: "#alarm", reviewers: [owner, eve@example.com], usable_by: "requester.department == 'Sales'", chain: anybody}}`, "}"},
		"not for them": {"requester.department == 'Sales'", "requester.department == 'IT'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				b.urgent(t, ", chain: anybody")
				request, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "1h"))
				require.NoError(t, err)
				b.reconfigure(t, pair...)
				b.approve(t, request.ID, "ana")
				sheet := b.sheet(t, request.ID)
				require.Equal(t, db.Denied, sheet.Request.Status)
				require.Contains(t, sheet.Items[0].Refusal, "The emergency path of Drive admins is no longer open")
				require.Zero(t, b.rows(t, "grants"))
			})
		})
	}
}

// Several emergencies that wait at once do not add up to more than one may last.
func TestEmergenciesDoNotAddUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.urgent(t, "")
		first, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "1h"))
		require.NoError(t, err)
		b.drive(t)
		b.pass(t, 50*minute)
		b.reconfigure(t, "usable_by: \"requester.department == 'Sales'\"}", "usable_by: \"requester.department == 'Sales'\", chain: anybody}")
		var waiting []string
		for range 3 {
			request, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "50m"))
			require.NoError(t, err)
			waiting = append(waiting, request.ID)
		}
		for _, id := range waiting {
			b.approve(t, id, "ana")
		}
		left := b.grant(t, first.ID).ExpiresAt.Sub(b.Now())
		require.InDelta(t, 60, left.Minutes(), 0.5)
	})
}
