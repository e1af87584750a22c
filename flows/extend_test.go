package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestExtendBeforeTheEnd(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		b.pass(t, 6*hour)
		before := b.target.Requests()
		more := b.ask(t, "ana", "editors", "8h")
		require.Equal(t, grant.ID, more.Items[0].ExtendsGrantID)
		b.approve(t, more.Request.ID, "ben")
		require.Equal(t, []string{"request.created", "step.opened", "decision.approved", "flow.approved", "grant.extended"}, b.actions(t, more.Request.ID))
		require.Equal(t, grant.ExpiresAt.Add(8*hour), b.grant(t, grant.RequestID).ExpiresAt)
		require.Equal(t, before, b.target.Requests(), "nothing is done at the target")

		b.pass(t, 9*hour)
		require.Equal(t, db.Active, b.grant(t, grant.RequestID).Status)
		b.pass(t, 2*hour)
		require.Equal(t, db.Ended, b.grant(t, grant.RequestID).Status)
		require.Empty(t, b.target.Members("Editors"))
	})
}

// Never longer than the entitlement's maximum from now.
func TestExtendUpToTheMaximum(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "30d")
		more := b.ask(t, "ana", "editors", "30d").Request
		b.approve(t, more.ID, "ben")
		end := b.grant(t, grant.RequestID).ExpiresAt
		require.WithinDuration(t, b.Now().Add(30*24*hour), end, minute)
		require.False(t, end.Before(grant.ExpiresAt))
	})
}

func TestExtendWhileProvisioning(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ longest, want db.Duration }{
		"below the maximum": {db.Duration(30 * 24 * hour), db.Duration(16 * hour)},
		"at the maximum":    {db.Duration(12 * hour), db.Duration(12 * hour)},
		"without a maximum": {0, db.Duration(16 * hour)},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				request := b.ask(t, "ana", "by-hand", "8h").Request
				b.drive(t)
				b.limit(t, "by-hand", one.longest)
				more := b.ask(t, "ana", "by-hand", "8h")
				require.Equal(t, b.grant(t, request.ID).ID, more.Items[0].ExtendsGrantID)
				require.NoError(t, b.DoneByHand(b.ctx, b.script(t, request.ID, "desk").ID, b.people["dana"], "done"))
				b.drive(t)
				grant := b.grant(t, request.ID)
				require.Equal(t, one.want, grant.Duration)
				require.Equal(t, one.want, db.Duration(grant.ExpiresAt.Sub(grant.ActiveAt)))
			})
		})
	}
}

// limit sets how long an entitlement may be held; 0 is for ever.
func (b *bundle) limit(t testing.TB, slug string, longest db.Duration) {
	t.Helper()
	row, err := db.EntitlementBySlug(b.ctx, b.store, slug)
	require.NoError(t, err)
	row.Durations.Max = longest
	_, err = b.store.NewUpdate().Model(&row).Column("durations").WherePK().Exec(b.ctx)
	require.NoError(t, err)
}

// The access ended while the approver thought about more time: it is given anew.
func TestExtendAfterTheEnd(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		more := b.ask(t, "ana", "editors", "8h").Request
		b.pass(t, 9*hour)
		require.Equal(t, db.Ended, b.grant(t, grant.RequestID).Status)
		b.approve(t, more.ID, "ben")
		anew := b.grant(t, more.ID)
		require.NotEqual(t, grant.ID, anew.ID)
		require.Equal(t, db.Active, anew.Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		require.Equal(t, 1, b.count(t, more.ID, "grant.created"))
		b.pass(t, 9*hour)
		require.Empty(t, b.target.Members("Editors"))
	})
}

// Approved behind the end but before a sweep saw it: the time counts from now.
func TestExtendBetweenTheEndAndTheSweep(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		more := b.ask(t, "ana", "editors", "8h").Request
		b.clock.Advance(9 * hour)
		require.NoError(t, b.Approve(b.ctx, b.step(t, more.ID), b.people["ben"], flows.Consent{}))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, grant.RequestID).Status)
		require.WithinDuration(t, b.Now().Add(8*hour), b.grant(t, grant.RequestID).ExpiresAt, minute)
	})
}
