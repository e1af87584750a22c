package flows_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// chained asks for access whose approval chain has the steps, lines of YAML.
func (b *bundle) chained(t testing.TB, who string, steps ...string) db.Sheet {
	t.Helper()
	b.approvals(t, "chained", steps...)
	b.offer(t, "chained", "Editors", "[{chain: chained}]", "editors-in", "editors-out")
	return b.ask(t, who, "chained", "8h")
}

// asked are the names of the people who are asked on the open step of a request's first item.
func (b *bundle) asked(t testing.TB, requestID string) []string {
	t.Helper()
	step := b.sheet(t, requestID).Items[0].Current()
	require.NotNil(t, step, "no step is open")
	names := []string{}
	for _, one := range step.Approvers {
		name := one.Person.Name
		if one.For != nil {
			name += " for " + one.For.Name
		}
		names = append(names, strings.ToLower(name))
	}
	return names
}

// say lets a person approve the open step, and does what follows.
func (b *bundle) say(t testing.TB, requestID, name string) error {
	t.Helper()
	err := b.Approve(b.ctx, b.step(t, requestID), b.people[name], flows.Consent{})
	b.drive(t)
	return err
}

// approved says whether a request's first item is approved.
func (b *bundle) approved(t testing.TB, requestID string) bool {
	t.Helper()
	return b.sheet(t, requestID).Items[0].Status == db.Approved
}

func TestSourcesOfApprovers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		source string
		want   []string
	}{
		"manager":                    {"manager", []string{"ben"}},
		"manager's manager":          {"managers_manager", []string{"dana"}},
		"owner":                      {"owner", []string{"dana"}},
		"provider's owner":           {"provider_owner", []string{"carl"}},
		"somebody by name":           {"eve@example.com", []string{"eve"}},
		"a Slack user group":         {`"@crew"`, []string{"carl", "eve"}},
		"several sources, each once": {`manager, "@crew", eve@example.com`, []string{"ben", "carl", "eve"}},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "crew", "Crew", []string{"U003", "U005", "U007"})) // Greta is a guest
				b.reconfigure(t, "    owner: dana@example.com", "    owner: carl@example.com")
				sheet := b.chained(t, "ana", "{name: Step, approvers: ["+one.source+"]}")
				require.Equal(t, one.want, b.asked(t, sheet.Request.ID))
				require.Empty(t, sheet.Items[0].Current().Hops)
			})
		})
	}
}

// All of a group: each who was found at opening, as far as he still can; whoever joins later is not waited for.
func TestAllMustApprove(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "crew", "Crew", []string{"U003", "U004", "U005"}))
		id := b.chained(t, "ana", `{name: Crew, approvers: ["@crew"], need: all}`).Request.ID
		require.Equal(t, []string{"carl", "dana", "eve"}, b.asked(t, id))
		require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "crew", "Crew", []string{"U003", "U004", "U005", "U002"}))
		require.NoError(t, b.say(t, id, "ben"), "who joined later may")
		require.NoError(t, b.say(t, id, "carl"))
		require.NoError(t, b.say(t, id, "dana"))
		require.False(t, b.approved(t, id), "Eve has not approved")
		b.leave(t, "eve")
		b.drive(t)
		require.True(t, b.approved(t, id), "nobody waits for somebody who is gone")
	})
}

// Groups change by themselves: a step looks again, and waits for nobody who has left.
func TestSomebodyLeavesAGroupMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "crew", "Crew", []string{"U003", "U005"}))
		id := b.chained(t, "ana", `{name: Crew, approvers: ["@crew"], need: all}`).Request.ID
		require.NoError(t, b.say(t, id, "carl"))
		require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "crew", "Crew", []string{"U003"}))
		b.drive(t)
		require.False(t, b.approved(t, id))
		b.pass(t, flows.LookAgain+minute)
		require.True(t, b.approved(t, id))
	})
}

func TestAllMustApproveAndNobodyIsLeft(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", `{name: Two, approvers: [carl@example.com, eve@example.com], need: all}`).Request.ID
		b.leave(t, "carl")
		b.leave(t, "eve")
		b.drive(t)
		require.False(t, b.approved(t, id), "nobody consented")
		require.Equal(t, []string{"dana"}, b.asked(t, id))
		require.NoError(t, b.say(t, id, "dana"))
		require.True(t, b.approved(t, id))
	})
}

// More than there are: the fallback fills up, and what is missing even then is never waived.
func TestTooFewEvenWithTheFallback(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		sheet := b.chained(t, "ana", `{name: Four, approvers: [manager], need: 4}`)
		id, step := sheet.Request.ID, sheet.Items[0].Current()
		require.Equal(t, []string{"ada", "ben", "dana"}, b.asked(t, id))
		require.True(t, step.Short)
		last := step.Hops[len(step.Hops)-1]
		require.Equal(t, db.Nobody, last.To)
		require.Equal(t, "only 3 of 4 who have to decide were found", last.Why)
		short, err := db.ShortSteps(b.ctx, b.store, 10)
		require.NoError(t, err)
		require.Len(t, short, 1)
		for _, name := range []string{"ben", "dana", "ada"} {
			require.NoError(t, b.say(t, id, name))
		}
		require.False(t, b.approved(t, id), "three are not four")
		require.Equal(t, len(step.Hops), b.count(t, id, "step.fallback"))
	})
}

func TestOnePersonDoesNotCountInTwoSteps(t *testing.T) {
	t.Parallel()
	steps := []string{"{name: One, approvers: [manager]}", "{name: Two, approvers: [ben@example.com, carl@example.com]}"}
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", steps...).Request.ID
		require.NoError(t, b.say(t, id, "ben"))
		require.Equal(t, []string{"carl"}, b.asked(t, id))
		refused(t, b.say(t, id, "ben"), "not one of the people")
		require.NoError(t, b.say(t, id, "carl"))
		require.True(t, b.approved(t, id))
	})
	t.Run("unless the step says so", func(t *testing.T) {
		t.Parallel()
		onBoth(t, func(t *testing.T, b *bundle) {
			id := b.chained(t, "ana", steps[0], "{name: Two, approvers: [ben@example.com], same_person: true}").Request.ID
			require.NoError(t, b.say(t, id, "ben"))
			require.NoError(t, b.say(t, id, "ben"))
			require.True(t, b.approved(t, id))
		})
	})
	t.Run("the fallback fills up", func(t *testing.T) {
		t.Parallel()
		onBoth(t, func(t *testing.T, b *bundle) {
			id := b.chained(t, "ana", steps[0], "{name: Two, approvers: [ben@example.com]}").Request.ID
			require.NoError(t, b.say(t, id, "ben"))
			require.Equal(t, []string{"dana"}, b.asked(t, id))
			hops := b.sheet(t, id).Items[0].Current().Hops
			require.Equal(t, db.Hop{From: "ben@example.com", Why: "nobody who may decide was found: Ben approved an earlier step", To: "owner"}, hops[0])
		})
	})
}

// A step that says so openly may be decided by whoever asks.
func TestSelfApprovalThatTheChainAllows(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", "{name: Self, approvers: [ana@example.com], self: true}").Request.ID
		require.Equal(t, []string{"ana"}, b.asked(t, id))
		require.NoError(t, b.say(t, id, "ana"))
		require.True(t, b.approved(t, id))
	})
}

func TestWhoIsToldAndDoesNotDecide(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", `{name: One, approvers: [manager], notify: [eve@example.com, "#ops", owner]}`).Request.ID
		events := b.events(t, id)
		facts, err := events[len(events)-1].Facts()
		require.NoError(t, err)
		require.Equal(t, []string{"eve@example.com", "#ops", "dana@example.com"}, facts.Notify)
		refused(t, b.say(t, id, "eve"), "not one of the people")
	})
}
