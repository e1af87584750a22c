package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// Between the request and the last approval, or a later start, something changes.
func TestWhatCameUpMeanwhile(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(t *testing.T, b *bundle)
		says   string
	}{
		"who asked left":         {func(t *testing.T, b *bundle) { b.leave(t, "carl") }, "carl, who asked, may not ask any more."},
		"who would hold it left": {func(t *testing.T, b *bundle) { b.leave(t, "ana") }, "The person is no longer active."},
		"not for them any more": {func(t *testing.T, b *bundle) {
			b.reconfigure(t, "choices: [1m, 1h, 8h, 30d]}, approval", `choices: [1m, 1h, 8h, 30d]}, requestable_by: "requester.department == 'IT'", approval`)
		}, "Drive editors can no longer be asked for by or for these people."},
		"without an answer": {func(t *testing.T, b *bundle) {
			b.reconfigure(t, "choices: [1m, 1h, 8h, 30d]}, approval", `choices: [1m, 1h, 8h, 30d]}, requestable_by: "requester.attributes.level > 2", approval`)
		}, "Drive editors can no longer be asked for by or for these people."},
		"denied by a rule": {func(t *testing.T, b *bundle) {
			b.also(t, "approval_rules: [{slug: no, name: Never, effect: deny, entitlements: [editors], reason: Ask Dana}]\n")
		}, `The rule "Never" denies this: Ask Dana.`},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				ask := b.form(t, "carl", "editors", "8h")
				ask.For = b.people["ana"]
				soon, err := b.Request(b.ctx, ask)
				require.NoError(t, err)
				ask.Submission, ask.StartsAt = db.NewID("sub"), b.Now().Add(48*hour)
				later, err := b.Request(b.ctx, ask)
				require.NoError(t, err)
				b.approve(t, later.ID, "ben")
				require.Equal(t, db.Scheduled, b.grant(t, later.ID).Status)

				one.change(t, b)
				b.approve(t, soon.ID, "ben")
				sheet := b.sheet(t, soon.ID)
				require.Equal(t, db.Denied, sheet.Request.Status)
				require.Nil(t, sheet.Items[0].Grant)
				require.Equal(t, one.says, sheet.Items[0].Refusal)

				b.pass(t, 49*hour)
				grant := b.grant(t, later.ID)
				require.Equal(t, db.Ended, grant.Status)
				require.Equal(t, db.CauseCancelled, grant.EndCause)
				require.Equal(t, one.says, b.fact(t, later.ID, "grant.cancelled").Reason)
				require.Zero(t, b.target.Mutations(), "nothing was done at the target")
			})
		})
	}
}

func TestWhatAReviewClosedIsNotExtended(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "carl", "8h")
		pending := b.ask(t, "carl", "editors", "8h")
		require.Equal(t, grant.ID, pending.Items[0].ExtendsGrantID)
		_, err := b.store.NewUpdate().Model((*db.Grant)(nil)).Set("do_not_renew = ?", "the project is over").Where("id = ?", grant.ID).Exec(b.ctx)
		require.NoError(t, err)

		says := "Drive editors is not to be given for longer, as a review said: the project is over."
		require.Equal(t, says, b.refused(t, b.form(t, "carl", "editors", "8h")))
		_, err = b.Preview(b.ctx, b.form(t, "carl", "editors", "8h"))
		require.ErrorContains(t, err, says)
		b.approve(t, pending.Request.ID, "ben")
		sheet := b.sheet(t, pending.Request.ID)
		require.Equal(t, db.Denied, sheet.Request.Status)
		require.Equal(t, says, sheet.Items[0].Refusal)
		require.Equal(t, grant.ExpiresAt.Unix(), b.grant(t, grant.RequestID).ExpiresAt.Unix())

		b.pass(t, 9*hour)
		require.Equal(t, db.Pending, b.ask(t, "carl", "editors", "8h").Request.Status, "anew, it is decided anew")
	})
}

// A step that a short time made needless can't be got around by asking for little and lengthening it.
func TestLengtheningDoesNotPassOverAStep(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.approvals(t, "longer", `{name: Long, approvers: [dana@example.com], when: "duration > duration('8h')"}`, `{name: Manager, approvers: [manager]}`)
		b.offer(t, "longer", "Desk", "[{chain: longer}]", "editors-in", "editors-out")
		request := b.ask(t, "carl", "longer", "1h").Request
		step := b.step(t, request.ID)
		err := b.ChangeDuration(b.ctx, step, b.people["ben"], db.Duration(24*hour), "")
		require.ErrorContains(t, err, "other people have to decide")
		require.NoError(t, b.ChangeDuration(b.ctx, step, b.people["ben"], db.Duration(8*hour), ""), "which needs nobody else")

		b.urgent(t, ", chain: two")
		form := b.emergency(t, "carl", "admins", "1h")
		urgent, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		err = b.ChangeDuration(b.ctx, b.step(t, urgent.ID), b.people["ben"], db.Duration(2*hour), "")
		require.ErrorContains(t, err, "other people have to decide")
	})
}
