package flows_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// gatheredFor is a world in which a batch of four people waits for whom a step names, with the request.
func gatheredFor(t *testing.T, b *bundle, steps ...string) (*heldWorld, db.Sheet) {
	t.Helper()
	policy := heldPolicy()
	policy.Routes = []db.DirectoryRoute{{Chain: "together"}}
	o := holding(t, b, policy)
	o.approvals(t, "together", steps...)
	o.save(t, "Design", true, "amy", "bob", "cat", "dan")
	o.gathered(t)
	return o, o.only(t)
}

// ids are the items of a request with the numbers; without numbers all.
func ids(sheet db.Sheet, numbers ...int) []string {
	var some []string
	for n, item := range sheet.Items {
		for _, one := range numbers {
			if one == n {
				some = append(some, item.ID)
			}
		}
		if len(numbers) == 0 {
			some = append(some, item.ID)
		}
	}
	return some
}

const carlDecides = "{name: IT, approvers: [carl@example.com], need: 1}"

// TestDecideTogether: all, some and none of a batch, in one go.
func TestDecideTogether(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, sheet := gatheredFor(t, b, carlDecides)
		id, carl := sheet.Request.ID, o.people["carl"]
		refused(t, o.DecideTogether(o.ctx, o.people["ana"], flows.Together{RequestID: id, Approve: ids(sheet)}), "may decide")
		refused(t, o.DecideTogether(o.ctx, carl, flows.Together{RequestID: id}), "Choose")
		refused(t, o.DecideTogether(o.ctx, carl, flows.Together{RequestID: id, Approve: ids(sheet, 0), Deny: true}), "Write a reason")
		require.Equal(t, []string{"user_created waiting", "user_created waiting", "user_created waiting", "user_created waiting"}, o.states(t))

		require.NoError(t, o.DecideTogether(o.ctx, carl, flows.Together{RequestID: id, Approve: ids(sheet, 1)}))
		o.settle(t)
		require.Equal(t, []string{"user_created waiting", "user_created written", "user_created waiting", "user_created waiting"}, o.states(t), "the others wait")
		require.Equal(t, db.Pending, o.sheet(t, id).Request.Status)

		some := flows.Together{RequestID: id, Approve: ids(sheet, 1, 2), Deny: true, Reason: "Only these two"}
		require.NoError(t, o.DecideTogether(o.ctx, carl, some))
		o.settle(t)
		require.Equal(t, []string{"user_created denied", "user_created written", "user_created written", "user_created denied"}, o.states(t))
		require.Len(t, o.drifts(t), 2)
		for n, item := range o.sheet(t, id).Items {
			require.Len(t, item.Steps[0].Decisions, 1, "item %d is decided once", n)
		}
		refused(t, o.DecideTogether(o.ctx, carl, some), "Nothing was changed")
		_, err := o.TogetherAsks(o.ctx, id, carl)
		refused(t, err, "Nothing was changed")
		require.Equal(t, 2, o.said(t, "decision.approved"))
		o.verified(t)
	})
}

// TestDecideTogetherOnMySteps: what another decides on is not touched, also when the form names it.
func TestDecideTogetherOnMySteps(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, sheet := gatheredFor(t, b, carlDecides, "{name: Security, approvers: [ben@example.com], need: 1}")
		id := sheet.Request.ID
		require.NoError(t, o.DecideTogether(o.ctx, o.people["carl"], flows.Together{RequestID: id, Approve: ids(sheet, 0, 1)}))
		require.NoError(t, o.DecideTogether(o.ctx, o.people["ben"], flows.Together{RequestID: id, Approve: ids(sheet), Deny: true, Reason: "All that is mine"}))
		o.settle(t)
		require.Equal(t, []string{"user_created written", "user_created written", "user_created waiting", "user_created waiting"}, o.states(t))
		require.NoError(t, o.DecideTogether(o.ctx, o.people["carl"], flows.Together{RequestID: id, Deny: true, Reason: "Not these"}))
		o.settle(t)
		require.Equal(t, []string{"user_created written", "user_created written", "user_created denied", "user_created denied"}, o.states(t))
		o.verified(t)
	})
}

// TestDecideTogetherProvesOnce: a second factor is given once for all, and nothing is kept of a wrong one.
func TestDecideTogetherProvesOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, nil)
		o, sheet := gatheredFor(t, b, "{name: IT, approvers: [carl@example.com], need: 1, step_up: true, comment: true}")
		id, carl := sheet.Request.ID, o.people["carl"]
		secret := o.enrol(t, "carl")
		asks, err := o.TogetherAsks(o.ctx, id, carl)
		require.NoError(t, err)
		require.True(t, asks.Comment)
		require.True(t, asks.StepUp)
		all := flows.Together{RequestID: id, Approve: ids(sheet)}
		require.Error(t, o.DecideTogether(o.ctx, carl, all), "without a comment")
		all.Consent = flows.Consent{Comment: "I looked at each", Code: "000000"}
		require.Error(t, o.DecideTogether(o.ctx, carl, all))
		require.Zero(t, o.said(t, "decision.approved"))
		all.Consent.Code = codeAt(t, secret, 0)
		require.NoError(t, o.DecideTogether(o.ctx, carl, all))
		o.settle(t)
		require.Equal(t, 4, o.said(t, "decision.approved"))
		for _, item := range o.sheet(t, id).Items {
			require.NotNil(t, item.Steps[0].Decisions[0].Proof)
			require.Equal(t, db.HeldWritten, item.Held.Status)
		}
		o.verified(t)
	})
}

// TestTwoDecideTogether: of two who decide on the same batch at once one wins on each change, and no change is decided twice.
func TestTwoDecideTogether(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, sheet := gatheredFor(t, b, "{name: IT, approvers: [carl@example.com, ben@example.com], need: 1}")
		id := sheet.Request.ID
		var all sync.WaitGroup
		answers := make([]error, 2)
		all.Go(func() {
			answers[0] = o.DecideTogether(o.ctx, o.people["carl"], flows.Together{RequestID: id, Approve: ids(sheet, 0, 1)})
		})
		all.Go(func() {
			answers[1] = o.second(t).DecideTogether(o.ctx, o.people["ben"], flows.Together{RequestID: id, Deny: true, Reason: "None of them"})
		})
		all.Wait()
		o.settle(t)
		require.NoError(t, answers[1], "two at least are left to deny")
		after := o.sheet(t, id)
		for n, item := range after.Items {
			require.Len(t, item.Steps[0].Decisions, 1, "item %d", n)
		}
		won := after.Items[0].Steps[0].Decisions[0].Verdict
		require.Equal(t, won, after.Items[1].Steps[0].Decisions[0].Verdict, "all of one press or nothing")
		require.Equal(t, won == db.Denied, answers[0] != nil)
		require.Equal(t, db.Denied, after.Items[3].Steps[0].Decisions[0].Verdict)
		o.verified(t)
	})
}
