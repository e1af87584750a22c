package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// away says that somebody is away for a time, from now on; to is who decides meanwhile, or nothing.
func (b *bundle) away(t testing.TB, name, to string, length time.Duration) db.Delegation {
	t.Helper()
	row, err := b.Delegate(b.ctx, flows.Away{By: b.people[name], For: b.people[name], To: b.people[to], Until: b.Now().Add(length)})
	require.NoError(t, err)
	b.drive(t)
	return row
}

func TestADelegateDecides(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.away(t, "ben", "eve", 100*hour)
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager]}").Request.ID
		require.Equal(t, []string{"eve for ben"}, b.asked(t, id))
		require.NoError(t, b.MayDecide(b.ctx, b.step(t, id), b.people["ben"]), "who is away may still")
		require.NoError(t, b.say(t, id, "eve"))
		require.True(t, b.approved(t, id))
		decision := b.sheet(t, id).Items[0].Steps[0].Decisions[0]
		require.Equal(t, b.people["ben"], decision.ForID)
	})
}

// An absence that begins while steps are open brings the delegate in, and its end the person back.
func TestAnAbsenceThatBeginsMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager]}").Request.ID
		_, err := b.Delegate(b.ctx, flows.Away{By: b.people["ben"], For: b.people["ben"], To: b.people["eve"], From: b.Now().Add(10 * hour), Until: b.Now().Add(20 * hour)})
		require.NoError(t, err)
		b.pass(t, hour)
		require.Equal(t, []string{"ben"}, b.asked(t, id))
		b.pass(t, 10*hour)
		require.Equal(t, []string{"eve for ben"}, b.asked(t, id))
		require.Equal(t, 1, b.count(t, id, "delegation.started"))
		require.NoError(t, b.MayDecide(b.ctx, b.step(t, id), b.people["eve"]))
		b.pass(t, 10*hour)
		require.Equal(t, []string{"ben"}, b.asked(t, id))
		refused(t, b.say(t, id, "eve"), "not one of the people")
		require.NoError(t, b.say(t, id, "ben"))
		require.True(t, b.approved(t, id))
	})
}

func TestDelegationsThatFollowEachOther(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.away(t, "ben", "eve", 100*hour)
		second := b.away(t, "eve", "carl", 100*hour)
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager]}").Request.ID
		require.Equal(t, []string{"carl for ben"}, b.asked(t, id))

		require.NoError(t, b.EndDelegation(b.ctx, second.ID, b.people["eve"]))
		b.drive(t)
		require.Equal(t, []string{"eve for ben"}, b.asked(t, id))
		refused(t, b.EndDelegation(b.ctx, second.ID, b.people["eve"]), "over already")

		b.away(t, "eve", "ben", 100*hour) // a ring: nobody of it is there
		require.Equal(t, []string{"dana"}, b.asked(t, id))
		hops := b.sheet(t, id).Items[0].Current().Hops
		require.Contains(t, hops[0].Why, "Ben is away until")
	})
}

// Neither a delegate who asks or benefits, nor one who stands in for such a person, may decide.
func TestSelfApprovalIsSeenThroughDelegation(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.away(t, "ben", "ana", 100*hour) // Ana stands in for her manager
		b.away(t, "dana", "eve", 100*hour)
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager]}").Request.ID
		refused(t, b.say(t, id, "ana"), "your own request")
		require.Equal(t, []string{"eve for dana"}, b.asked(t, id), "the owner stands in, and Eve for her")
		hops := b.sheet(t, id).Items[0].Current().Hops
		require.Contains(t, hops[0].Why, "Ben is away, and Ana asks for it")

		other := b.ask(t, "dana", "chained", "8h").Request.ID // Dana owns it, and asks
		require.Equal(t, []string{"ada"}, b.asked(t, other), "nobody stands in for who asks")
	})
}

// A delegate gives one approval, in one place; whoever decided in somebody's place leaves nothing to him.
func TestOneSeatOneApproval(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.away(t, "ben", "eve", 100*hour)
		b.away(t, "dana", "eve", 100*hour)
		id := b.chained(t, "ana", "{name: Two, approvers: [ben@example.com, dana@example.com], need: 2}").Request.ID
		require.Equal(t, []string{"ada", "eve for ben"}, b.asked(t, id), "Eve can't be two")
		require.NoError(t, b.say(t, id, "eve"))
		refused(t, b.say(t, id, "ben"), "eve has already decided on this step in your place")
		require.False(t, b.approved(t, id))
		require.NoError(t, b.say(t, id, "ada"))
		require.True(t, b.approved(t, id))
	})
}

func TestAwayWithoutADelegate(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		row := b.away(t, "ben", "", 100*hour)
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager]}").Request.ID
		require.Equal(t, []string{"dana"}, b.asked(t, id))
		require.NoError(t, b.EndDelegation(b.ctx, row.ID, b.people["ada"]), "an admin may")
		b.drive(t)
		require.Equal(t, []string{"ben"}, b.asked(t, id))
		require.Equal(t, 1, b.count(t, id, "step.approvers_changed"))
	})
}

// A step never waits for somebody who was deactivated.
func TestSomebodyAskedIsDeactivated(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager]}").Request.ID
		b.leave(t, "ben")
		b.drive(t)
		require.Equal(t, []string{"dana"}, b.asked(t, id))
		require.Equal(t, []string{"request.created", "step.opened", "step.fallback", "step.approvers_changed"}, b.actions(t, id))
	})
}

func TestAnAbsenceThatMakesNoSense(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		now := b.Now()
		year := 366 * 24 * hour
		b.leave(t, "carl")
		cases := map[string]struct {
			by, who, to string
			from, until time.Duration
			field, says string
		}{
			"oneself":                 {"ben", "ben", "ben", 0, hour, flows.FieldDelegate, "stand in for himself"},
			"a guest":                 {"ben", "ben", "greta", 0, hour, flows.FieldDelegate, "can't decide here"},
			"a leaver":                {"ben", "ben", "carl", 0, hour, flows.FieldDelegate, "can't decide here"},
			"over already":            {"ben", "ben", "eve", -2 * hour, -hour, flows.FieldUntil, "not over yet"},
			"the wrong way round":     {"ben", "ben", "eve", 2 * hour, hour, flows.FieldUntil, "must not lie before"},
			"for ever":                {"ben", "ben", "eve", hour, 2 * year, flows.FieldUntil, "year is the longest"},
			"far away":                {"ben", "ben", "eve", year + hour, year + 2*hour, flows.FieldFrom, "more than a year ahead"},
			"for somebody else":       {"ben", "dana", "eve", 0, hour, "", "Only an admin"},
			"a guest says so himself": {"greta", "greta", "eve", 0, hour, "", "Guests can't"},
		}
		for name, one := range cases {
			_, err := b.Delegate(b.ctx, flows.Away{By: b.people[one.by], For: b.people[one.who], To: b.people[one.to], From: now.Add(one.from), Until: now.Add(one.until)})
			refused(t, err, one.says)
			refusal, _ := flows.Refusal(err)
			require.Equal(t, one.field, refusal.Field, name)
		}
		for _, note := range []string{"sea\x00", strings.Repeat("a", 201)} {
			_, err := b.Delegate(b.ctx, flows.Away{By: b.people["ben"], For: b.people["ben"], Until: now.Add(hour), Note: note})
			refusedAt(t, err, flows.FieldNote, "plain text of at most 200 characters")
		}
		b.away(t, "ben", "eve", 10*hour)
		_, err := b.Delegate(b.ctx, flows.Away{By: b.people["ada"], For: b.people["ben"], To: b.people["dana"], From: now.Add(5 * hour), Until: now.Add(15 * hour)})
		refused(t, err, "is away from")
		require.EqualValues(t, 1, b.rows(t, "delegations"))
	})
}

// Two processes at once: a person is away once at a time, and a delegate and whoever is away give one approval.
func TestDelegationsRace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		second := b.second(t)
		away := flows.Away{By: b.people["ben"], For: b.people["ben"], To: b.people["eve"], Until: b.Now().Add(10 * hour)}
		processes := []*flows.Flows{b.Flows, second}
		oneRefused(t, atOnce(2, func(n int) error { _, err := processes[n].Delegate(b.ctx, away); return err }))
		require.EqualValues(t, 1, b.rows(t, "delegations"))

		id := b.chained(t, "ana", "{name: Two, approvers: [ben@example.com, carl@example.com], need: 2}").Request.ID
		step := b.step(t, id)
		who := []string{b.people["ben"], b.people["eve"]}
		oneRefused(t, atOnce(2, func(n int) error { return processes[n].Approve(b.ctx, step, who[n], flows.Consent{}) }))
		require.Len(t, b.sheet(t, id).Items[0].Steps[0].Decisions, 1)
		require.False(t, b.approved(t, id))
	})
}

func oneRefused(t testing.TB, answers []error) {
	t.Helper()
	answers = slices.DeleteFunc(answers, func(err error) bool { return err == nil })
	require.Len(t, answers, 1)
	_, ok := flows.Refusal(answers[0])
	require.True(t, ok, "%v", answers[0])
}

// An admin who writes that somebody is away, and who stands in, does not choose by that who decides on what is his own.
func TestNobodySendsAwayWhoDecidesOnHim(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "named", `{name: Ben, approvers: [ben@example.com]}`)
		b.offer(t, "named", "Editors", "[{chain: named}]", "editors-in", "editors-out")
		for _, one := range []struct{ by, who, to string }{{"ada", "ben", "eve"}, {"eve", "eve", "carl"}} {
			_, err := b.Delegate(b.ctx, flows.Away{By: b.people[one.by], For: b.people[one.who], To: b.people[one.to], Until: b.Now().Add(10 * hour)})
			require.NoError(t, err)
		}
		own := b.ask(t, "ada", "named", "8h").Request.ID
		require.Equal(t, []string{"ben"}, b.asked(t, own), "as if he were there")
		refused(t, b.Approve(b.ctx, b.step(t, own), b.people["carl"], flows.Consent{}), "not one of the people")
		require.NoError(t, b.Approve(b.ctx, b.step(t, own), b.people["ben"], flows.Consent{}))

		form := b.form(t, "carl", "named", "8h")
		form.For = b.people["ada"]
		hers, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		require.Equal(t, []string{"ben"}, b.asked(t, hers.ID))
		require.Equal(t, []string{"carl for ben"}, b.asked(t, b.ask(t, "ana", "named", "8h").Request.ID), "others are not concerned")
	})
}
