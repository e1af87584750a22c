package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// Jobs are run again after a crash, and by several processes at once: whatever they tell or do happens once.
func TestJobsOfApprovalsRunAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		processes := []*flows.Flows{b.Flows, b.second(t)}
		often := func(do func(f *flows.Flows) error) {
			for _, err := range atOnce(6, func(n int) error { return do(processes[n%2]) }) {
				require.NoError(t, unlessConflict(err))
			}
		}
		id := b.ask(t, "ana", "editors", "8h").Request.ID
		step := b.step(t, id)
		again := func(f *flows.Flows) error { return f.StepAgain(b.ctx, step) }
		due := func(f *flows.Flows) error { return f.StepDue(b.ctx, step) }

		away, err := b.Delegate(b.ctx, flows.Away{By: b.people["ben"], For: b.people["ben"], To: b.people["eve"], Until: b.Now().Add(hour)})
		require.NoError(t, err)
		often(func(f *flows.Flows) error {
			err := f.DelegationBegin(b.ctx, away.ID)
			if err == nil || unlessConflict(err) == nil {
				return again(f)
			}
			return err
		})
		require.Equal(t, 1, b.count(t, id, "delegation.started"))
		b.clock.Advance(hour + minute)
		often(func(f *flows.Flows) error { return f.DelegationsEnd(b.ctx) })
		often(again)
		require.Equal(t, []string{"ben"}, b.asked(t, id))
		require.Equal(t, 1, b.count(t, id, "step.approvers_changed"))
		often(due)
		require.Equal(t, 1, b.count(t, id, "step.reminded"))
		b.clock.Advance(3 * hour)
		often(due)
		require.Equal(t, 1, b.count(t, id, "step.escalated"))
		b.clock.Advance(4 * hour)
		often(due)
		require.Equal(t, 1, b.count(t, id, "request.lapsed"))
		require.Equal(t, db.Lapsed, b.sheet(t, id).Request.Status)
		b.verified(t)
	})
}

func TestJobsOfReviewsRunAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		processes := []*flows.Flows{b.Flows, b.second(t)}
		b.held(t, "ana", "30d")
		b.held(t, "carl", "30d")
		plan := b.reviewPlan()
		plan.Overdue = db.OverdueRemove
		review, _ := b.reviewing(t, plan)
		b.clock.Advance(10*day + minute)
		for range 2 {
			for _, err := range atOnce(6, func(n int) error { return processes[n%2].LookAfterReview(b.ctx, review.ID) }) {
				require.NoError(t, unlessConflict(err))
			}
		}
		require.Equal(t, []string{"review.started", "review.overdue", "review.removed", "review.removed", "review.ended"}, actionsOf(b.reviewEvents(t, review.ID)))
		b.drive(t)
		require.Empty(t, b.target.Members("Editors"))
		b.verified(t)
	})
}
