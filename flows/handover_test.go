package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// waiting asks as Ana for access whose approval chain has the steps, and returns the request and its open step.
func (b *bundle) waiting(t testing.TB, steps ...string) (requestID, stepID string) {
	t.Helper()
	id := b.chained(t, "ana", steps...).Request.ID
	return id, b.step(t, id)
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.stranger(t, "alien")
		request, step := b.waiting(t, `{name: Manager, approvers: [manager]}`)
		for who, says := range map[string]string{
			"ana": "their own request", "ben": "is asked already", "bolt": "can't decide on this", "greta": "can't decide on this", "alien": "can't decide on this",
		} {
			refused(t, b.HandOver(b.ctx, step, b.people["ben"], b.people[who], ""), says)
		}
		refused(t, b.HandOver(b.ctx, step, b.people["ben"], "nobody", ""), "Choose who")
		refused(t, b.HandOver(b.ctx, step, b.people["carl"], b.people["eve"], ""), "not one of the people")
		refused(t, b.HandOver(b.ctx, step, b.people["ana"], b.people["eve"], ""), "your own request")
		refused(t, b.HandOver(b.ctx, step, b.people["ben"], b.people["eve"], "no\x00"), "plain text")
		require.NotContains(t, b.actions(t, request), "step.handed_over")

		require.NoError(t, b.HandOver(b.ctx, step, b.people["ben"], b.people["carl"], "Carl knows it"))
		facts := b.fact(t, request, "step.handed_over")
		require.Equal(t, []string{"ben@example.com", "carl@example.com", "Carl knows it"}, []string{facts.For, facts.To, facts.Reason})
		refused(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{}), "not one of the people who may decide here. It waits for Carl")
		require.NoError(t, b.HandOver(b.ctx, step, b.people["carl"], b.people["eve"], ""), "it can be handed on")
		refused(t, b.Approve(b.ctx, step, b.people["carl"], flows.Consent{}), "It waits for eve")
		current := b.sheet(t, request).Items[0].Current()
		require.Len(t, current.Handed, 2)
		require.Equal(t, []string{"eve"}, b.asked(t, request))
		require.Equal(t, "Carl knows it", current.Handed[0].Reason)
		require.NoError(t, b.Approve(b.ctx, step, b.people["eve"], flows.Consent{}))
		require.Equal(t, db.Approved, b.sheet(t, request).Request.Status)
		refused(t, b.HandOver(b.ctx, step, b.people["eve"], b.people["dana"], ""), "already approved")
	})
}

// Whoever was handed a decision can hand it back.
func TestHandOverAndBack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, step := b.waiting(t, `{name: Manager, approvers: [manager]}`)
		require.NoError(t, b.HandOver(b.ctx, step, b.people["ben"], b.people["carl"], ""))
		require.NoError(t, b.HandOver(b.ctx, step, b.people["carl"], b.people["ben"], ""))
		require.Equal(t, []string{"ben"}, b.asked(t, request))
		refused(t, b.Approve(b.ctx, step, b.people["carl"], flows.Consent{}), "It waits for Ben")
		require.NoError(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{}))
	})
}

// Two who are away stand in for each other. Whoever one of them hands the decision to stands in for the other.
func TestHandOverToWhoeverStandsIn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.away(t, "ben", "dana", 10*hour)
		b.away(t, "dana", "ben", 10*hour)
		request, step := b.waiting(t, `{name: Manager, approvers: [manager]}`)
		require.Equal(t, []string{"ada"}, b.asked(t, request), "nobody nearer is there")
		require.NoError(t, b.HandOver(b.ctx, step, b.people["dana"], b.people["carl"], ""))
		require.Equal(t, []string{"carl for ben"}, b.asked(t, request))
		require.NoError(t, b.Approve(b.ctx, step, b.people["carl"], flows.Consent{}))
	})
}

// A chain may let people decide on their own request where it names them; that nobody can hand to them.
func TestHandOverToWhoeverAsks(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "own", `{name: Manager, approvers: [manager], self: true}`)
		b.offer(t, "own", "Editors", "[{chain: own}]", "editors-in", "editors-out")
		ask := b.form(t, "carl", "own", "8h")
		ask.For = b.people["ana"]
		request, err := b.Request(b.ctx, ask)
		require.NoError(t, err)
		step := b.step(t, request.ID)
		for _, own := range []string{"carl", "ana"} {
			refusedAt(t, b.HandOver(b.ctx, step, b.people["ben"], b.people[own], ""), flows.FieldTo, "their own request")
			refused(t, b.HandOver(b.ctx, step, b.people["ada"], b.people[own], ""), "their own request")
			refused(t, b.Approve(b.ctx, step, b.people[own], flows.Consent{}), "not one of the people")
		}
		require.Equal(t, []string{"ben"}, b.asked(t, request.ID))
	})
}

func TestHandOverByAnAdmin(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		_, step := b.waiting(t, `{name: Manager, approvers: [manager]}`)
		require.NoError(t, b.HandOver(b.ctx, step, b.people["ada"], b.people["carl"], "Ben is at sea"))
		require.NoError(t, b.Approve(b.ctx, step, b.people["carl"], flows.Consent{}))

		request := b.ask(t, "ada", "editors", "8h").Request
		refused(t, b.HandOver(b.ctx, b.step(t, request.ID), b.people["ada"], b.people["carl"], ""), "your own request")
		b.approvals(t, "several", `{name: Several, approvers: [carl@example.com, eve@example.com]}`)
		b.offer(t, "several", "Editors", "[{chain: several}]", "editors-in", "editors-out")
		request = b.ask(t, "ana", "several", "8h").Request
		refused(t, b.HandOver(b.ctx, b.step(t, request.ID), b.people["ada"], b.people["ben"], ""), "2 people are asked here")
	})
}

func TestHandOverWhereTheChainForbidsIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, step := b.waiting(t, `{name: Manager, approvers: [manager], fixed: true}`)
		refused(t, b.HandOver(b.ctx, step, b.people["ben"], b.people["carl"], ""), "does not let this decision be handed over")
		refused(t, b.HandOver(b.ctx, step, b.people["ada"], b.people["carl"], ""), "does not let this decision be handed over")
		b.nothingDecided(t, request)
	})
}

// Who has decided hands nothing over any more, and nobody gets a second vote by it. Of a step on which all must approve,
// whoever was handed the decision counts in place of whoever gave it away.
func TestHandOverOfOneAmongAll(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, step := b.waiting(t, `{name: All, approvers: [carl@example.com, eve@example.com], need: all}`)
		require.NoError(t, b.Approve(b.ctx, step, b.people["carl"], flows.Consent{}))
		refused(t, b.HandOver(b.ctx, step, b.people["carl"], b.people["ben"], ""), "")
		refused(t, b.HandOver(b.ctx, step, b.people["eve"], b.people["carl"], ""), "can't decide on this")
		require.NoError(t, b.HandOver(b.ctx, step, b.people["eve"], b.people["dana"], ""))
		refused(t, b.Approve(b.ctx, step, b.people["eve"], flows.Consent{}), "not one of the people")
		require.Equal(t, db.Pending, b.sheet(t, request).Request.Status)
		require.NoError(t, b.Approve(b.ctx, step, b.people["dana"], flows.Consent{}))
		require.Equal(t, db.Approved, b.sheet(t, request).Request.Status)
	})
}
