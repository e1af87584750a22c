package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestReplay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		replay := func(chain string, steps ...db.Step) flows.ReplayResult {
			result, err := b.Replay(b.ctx, b.people["ada"], chain, steps)
			require.NoError(t, err)
			return result
		}
		managers := db.Step{Name: "Manager", Approvers: []string{"manager"}, Need: 1}
		require.Zero(t, replay("manager", managers).Requests)
		b.ask(t, "ana", "editors", "8h")  // the manager is Ben
		b.ask(t, "dana", "editors", "8h") // she has none, and owns it: the admins stand in
		b.ask(t, "ana", "editors", "1h")  // a rule of the entitlement chooses another chain
		b.ask(t, "ana", "open", "8h")
		result := replay("manager", managers)
		require.Equal(t, 2, result.Requests)
		require.Equal(t, 2, result.Of)
		require.Equal(t, flows.ReplayCount{Nobody: 1, Asked: 2, Most: 1}, result.Now)
		require.Equal(t, result.Now, result.New, "the same steps find the same people")
		require.Len(t, result.Sample, 1)
		require.Equal(t, "Drive editors", result.Sample[0].Entitlement)
		require.Equal(t, "dana", result.Sample[0].Subject)

		result = replay("manager",
			db.Step{Name: "Long", Approvers: []string{"eve@example.com"}, Need: 1, When: "duration > duration('1d')"},
			db.Step{Name: "Several", Approvers: []string{"eve@example.com", "carl@example.com", "manager"}, Need: 2})
		require.Equal(t, flows.ReplayCount{Skipped: 2, Asked: 5, Most: 3}, result.New)
		require.Empty(t, result.Sample)
		result = replay("manager")
		require.Equal(t, flows.ReplayCount{ByRule: 2}, result.New)
		require.Equal(t, 2, replay("auto", managers).Requests, "what a rule of the entitlement chooses counts as well")

		b.apply(t, b.text+"\napproval_rules:\n  - {slug: sure, name: Sure, effect: approve, when: \"subject.email == 'ana@example.com'\"}\n")
		require.Equal(t, flows.ReplayCount{ByRule: 1, Nobody: 1, Asked: 1, Most: 1}, replay("manager", managers).New)
		b.clock.Advance(91 * 24 * hour)
		require.Zero(t, replay("manager", managers).Of, "what is older is not looked at")
		_, err := b.Replay(b.ctx, b.people["dana"], "manager", nil)
		require.Error(t, err)
	})
}

func TestNobodyIsAwayInAReplay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.ask(t, "ana", "editors", "8h")
		_, err := b.Delegate(b.ctx, flows.Away{By: b.people["ben"], For: b.people["ben"], From: b.clock.Now(), Until: b.clock.Now().Add(24 * hour)})
		require.NoError(t, err)
		result, err := b.Replay(b.ctx, b.people["ada"], "manager", []db.Step{{Name: "Manager", Approvers: []string{"manager"}, Need: 1}})
		require.NoError(t, err)
		require.Equal(t, flows.ReplayCount{Asked: 1, Most: 1}, result.New)
	})
}
