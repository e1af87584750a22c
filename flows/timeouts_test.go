package flows_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// Manager: reminded each hour, after four hours the owner is asked too, after four more the request lapses.
func TestRemindEscalateLapse(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		step := b.step(t, request.ID)
		for n := 1; n <= 3; n++ {
			b.pass(t, hour+minute)
			require.Equal(t, n, b.count(t, request.ID, "step.reminded"))
		}
		refused(t, b.Approve(b.ctx, step, b.people["dana"], flows.Consent{}), "not one of the people")
		b.pass(t, hour)
		require.Equal(t, 1, b.count(t, request.ID, "step.escalated"))
		require.NoError(t, b.MayDecide(b.ctx, step, b.people["dana"]))
		require.NoError(t, b.MayDecide(b.ctx, step, b.people["ben"]), "the manager still may")

		b.pass(t, 5*hour)
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Lapsed, sheet.Request.Status)
		require.Nil(t, sheet.Items[0].Grant)
		require.Equal(t, 1, b.count(t, request.ID, "request.lapsed"))
		refused(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{}), "lapsed because nobody decided in time")
		b.pass(t, 1000*hour)
		require.Equal(t, 1, b.count(t, request.ID, "request.lapsed"))
	})
}

func TestTimeoutThatCloses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "hasty", "{name: Ben, approvers: [ben@example.com], timeout: 1h, on_timeout: {close: true}}")
		b.offer(t, "hasty", "Editors", "[{chain: hasty}]", "editors-in", "editors-out")
		request := b.ask(t, "ana", "hasty", "8h").Request
		b.pass(t, hour-minute)
		require.Equal(t, db.Pending, b.sheet(t, request.ID).Request.Status)
		b.pass(t, 2*minute)
		require.Equal(t, db.Lapsed, b.sheet(t, request.ID).Request.Status)
	})
}

// A time limit without a consequence leaves the step open until the request's own limit.
func TestTheRequestsOwnLimit(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "calm", "{name: Ben, approvers: [ben@example.com], timeout: 1h}")
		b.offer(t, "calm", "Editors", "[{chain: calm}]", "editors-in", "editors-out")
		request := b.ask(t, "ana", "calm", "8h").Request
		b.pass(t, flows.DefaultPending-minute)
		require.Equal(t, db.Pending, b.sheet(t, request.ID).Request.Status)
		b.pass(t, 2*minute)
		require.Equal(t, db.Lapsed, b.sheet(t, request.ID).Request.Status)
	})
}

// One part of the request is decided when the rest lapses.
func TestLapseOfTheRest(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "ana", "crowded", "8h")
		form.Items = append(form.Items, b.form(t, "ana", "crossed", "8h").Items...)
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		require.NoError(t, b.Approve(b.ctx, b.step(t, request.ID), b.people["carl"], flows.Consent{}))
		b.pass(t, flows.DefaultPending+minute)
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Approved, sheet.Request.Status)
		require.Equal(t, db.Approved, sheet.Items[0].Status)
		require.Equal(t, db.Lapsed, sheet.Items[1].Status)
		require.Equal(t, 1, b.count(t, request.ID, "request.lapsed"))
	})
}

// A decision and the time limit at once: one of them.
func TestDecisionAndLapseAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		step := b.step(t, request.ID)
		b.clock.Advance(flows.DefaultPending + minute)
		errs := atOnce(10, func(n int) error {
			if n == 0 {
				return b.Approve(b.ctx, step, b.people["ben"], flows.Consent{})
			}
			return unlessConflict(b.RequestDue(b.ctx, request.ID))
		})
		for _, err := range errs[1:] {
			require.NoError(t, err)
		}
		sheet := b.sheet(t, request.ID)
		if errs[0] == nil {
			require.Equal(t, db.Approved, sheet.Request.Status)
			require.NotNil(t, sheet.Items[0].Grant)
			return
		}
		refused(t, errs[0], "lapsed")
		require.Equal(t, db.Lapsed, sheet.Request.Status)
		require.Nil(t, sheet.Items[0].Grant)
	})
}

// Others decide instead of those who did not in time.
func TestTimeoutThatReassigns(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager], timeout: 4h, on_timeout: {reassign: [eve@example.com]}}").Request.ID
		b.pass(t, 5*hour)
		require.Equal(t, []string{"eve"}, b.asked(t, id))
		require.Equal(t, 1, b.count(t, id, "step.reassigned"))
		refused(t, b.say(t, id, "ben"), "not one of the people")
		b.pass(t, 5*hour)
		require.Equal(t, db.Lapsed, b.sheet(t, id).Request.Status)
	})
}

func TestTimeoutThatDenies(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", "{name: Manager, approvers: [manager], timeout: 4h, on_timeout: {deny: true}}").Request.ID
		b.pass(t, 5*hour)
		sheet := b.sheet(t, id)
		require.Equal(t, db.Denied, sheet.Request.Status)
		require.Nil(t, sheet.Items[0].Grant)
		event := b.events(t, id)[2]
		facts, err := event.Facts()
		require.NoError(t, err)
		require.Equal(t, "flow.denied", event.Action)
		require.Equal(t, "usher", event.Actor)
		require.Equal(t, "Nobody decided in time.", facts.Error)
	})
}

// A step is passed over when somebody else consents, before it or behind it; never when nobody would.
func TestTimeoutThatGoesOn(t *testing.T) {
	t.Parallel()
	late := "{name: Late, approvers: [eve@example.com], timeout: 4h, on_timeout: {go_on: true}}"
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.chained(t, "ana", late, "{name: Manager, approvers: [manager]}", strings.Replace(late, "Late", "Later", 1)).Request.ID
		b.pass(t, 5*hour)
		require.Equal(t, []string{"ben"}, b.asked(t, id))
		require.Equal(t, "Nobody decided in time.", b.sheet(t, id).Items[0].Steps[0].Skipped)
		require.NoError(t, b.say(t, id, "ben"))
		b.pass(t, 5*hour)
		require.True(t, b.approved(t, id))
	})
	t.Run("not when nobody would have consented", func(t *testing.T) {
		t.Parallel()
		onBoth(t, func(t *testing.T, b *bundle) {
			id := b.chained(t, "ana", late, `{name: Long, approvers: [manager], when: "duration > duration('1d')"}`).Request.ID
			b.pass(t, 5*hour)
			require.False(t, b.approved(t, id))
			require.Equal(t, []string{"ada", "dana", "eve"}, b.asked(t, id), "those who stand in are asked besides")
			b.pass(t, 5*hour)
			require.Equal(t, db.Lapsed, b.sheet(t, id).Request.Status)
		})
	})
}
