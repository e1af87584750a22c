package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

func TestAStepThatIsAskedOnlySometimes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", `{name: Long, approvers: [eve@example.com], when: "duration > duration('1d')"}`, "{name: Manager, approvers: [manager]}").Request.ID
		require.Equal(t, []string{"ben"}, b.asked(t, id))
		passed := b.sheet(t, id).Items[0].Steps[0]
		require.Equal(t, db.Approved, passed.Status)
		require.Equal(t, "It is asked only if it is for longer than 1 day.", passed.Skipped)
		require.Equal(t, []string{"request.created", "step.skipped", "step.opened"}, b.actions(t, id))
		require.NoError(t, b.say(t, id, "ben"))
		require.True(t, b.approved(t, id))
	})
}

// A chain all of whose steps are passed over says of each why, as a chain without a step does with its rule.
func TestAChainOfWhichNoStepApplies(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", `{name: Long, approvers: [eve@example.com], when: "duration > duration('1d')"}`).Request.ID
		require.True(t, b.approved(t, id))
		require.Equal(t, []string{"request.created", "step.skipped", "flow.approved"}, b.actions(t, id)[:3])
	})
}

// What can't be decided is asked, and the log says why.
func TestAConditionThatCanNotBeDecided(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", `{name: Odd, approvers: [manager], when: "subject.attributes.tier == 'gold'"}`).Request.ID
		require.Equal(t, []string{"ben"}, b.asked(t, id))
		facts, err := b.events(t, id)[1].Facts()
		require.NoError(t, err)
		require.Contains(t, facts.Error, "can't be decided, so it is asked")
	})
}

// A change of the configuration is approved by a person, whatever the conditions of its chain say.
func TestAChangeIsNeverPassedOver(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "four", `{name: One, approvers: [eve@example.com], when: "false"}`, `{name: Two, approvers: [dana@example.com], when: "false"}`)
		b.reconfigure(t, `channel: "#access"`, "channel: \"#access\"\nfour_eyes: four")
		id := b.riskier(t, "ada", "editors", "high")
		require.Equal(t, []string{"eve"}, b.asked(t, id))
		require.NoError(t, b.say(t, id, "eve"))
		require.Equal(t, "high", b.risk(t, "editors"))
	})
}
