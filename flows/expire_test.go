package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/flows"
)

func TestTheClockStartsWithTheAccess(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.target.SetMode(target.ReadOnly)
		request := b.ask(t, "ana", "editors", "8h").Request
		b.approve(t, request.ID, "ben")
		b.pass(t, 20*hour)
		require.Equal(t, db.Provisioning, b.grant(t, request.ID).Status, "what never began does not expire")
		b.target.SetMode(target.Online)
		require.NoError(t, b.Retry(b.ctx, b.script(t, request.ID, "account").ID, b.people["dana"]))
		b.drive(t)
		grant := b.grant(t, request.ID)
		require.Equal(t, db.Active, grant.Status)
		require.Equal(t, 8*hour, grant.ExpiresAt.Sub(grant.ActiveAt))

		b.pass(t, 8*hour-minute)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status, "never early")
		b.pass(t, 2*minute)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status, "one sweep after the time")
		require.Empty(t, b.target.Members("Editors"))
	})
}

func TestGiveBackEarly(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		for _, who := range []string{"ben", "dana", "ada", "carl"} {
			refused(t, b.Return(b.ctx, grant.ID, b.people[who]), "Only the person who holds")
		}
		require.NoError(t, b.Return(b.ctx, grant.ID, b.people["ana"]))
		refused(t, b.Return(b.ctx, grant.ID, b.people["ana"]), "being taken back already")
		b.drive(t)
		refused(t, b.Return(b.ctx, grant.ID, b.people["ana"]), "already ended")
		require.Empty(t, b.target.Members("Editors"))
		actions := b.actions(t, grant.RequestID)
		require.Equal(t, []string{"grant.returned", "script.started", "script.succeeded", "grant.ended"}, actions[len(actions)-4:])
		b.pass(t, 9*hour)
		require.Zero(t, b.count(t, grant.RequestID, "grant.expired"))
	})
}

func TestWhoMayRevoke(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for _, who := range []string{"ben", "dana", "ada"} { // manager, owner, admin
			grant := b.held(t, "ana", "8h")
			for _, other := range []string{"ana", "carl", "eve"} {
				refused(t, b.Revoke(b.ctx, grant.ID, b.people[other], "no"), "Only the owner of Drive editors")
			}
			refused(t, b.Revoke(b.ctx, grant.ID, b.people["greta"], "no"), "Guests can't")
			refused(t, b.Revoke(b.ctx, grant.ID, b.people[who], " "), "Write a reason")
			require.NoError(t, b.Revoke(b.ctx, grant.ID, b.people[who], "no longer needed"))
			b.drive(t)
			require.Equal(t, db.CauseRevoked, b.grant(t, grant.RequestID).EndCause)
			require.Empty(t, b.target.Members("Editors"))
		}
	})
}

func TestRevokeWhileProvisioningHasFailed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.stuck(t)
		require.NoError(t, b.Revoke(b.ctx, b.grant(t, request.ID).ID, b.people["dana"], "no"))
		b.target.SetMode(target.Online)
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
		require.Zero(t, b.count(t, request.ID, "grant.activated"))
	})
}

// The script that talks to the target is let finish; then the access is taken back, not before.
func TestRevokeWhileProvisioningIsUnderWay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.provide(t, "ana@example.com")
		request := b.ask(t, "ana", "editors", "8h").Request
		require.NoError(t, b.Approve(b.ctx, b.step(t, request.ID), b.people["ben"], flows.Consent{}))
		for _, name := range []string{"find", "account"} {
			require.NoError(t, b.RunScript(b.ctx, b.script(t, request.ID, name).ID))
		}
		settle, err := b.PerformScript(b.ctx, b.script(t, request.ID, "join").ID)
		require.NoError(t, err)
		require.NoError(t, b.Revoke(b.ctx, b.grant(t, request.ID).ID, b.people["dana"], "no"))
		b.drive(t)
		require.Equal(t, db.Ending, b.grant(t, request.ID).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		require.NoError(t, settle())
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
		require.Empty(t, b.target.Members("Editors"))
		require.Zero(t, b.count(t, request.ID, "grant.activated"))
		b.scriptsOnce(t, request.ID)
	})
}

// starting is a request for access that begins in two days.
func (b *bundle) starting(t testing.TB, name string) db.Request {
	t.Helper()
	form := b.form(t, name, "editors", "8h")
	form.StartsAt = b.Now().Add(48 * hour)
	request, err := b.Request(b.ctx, form)
	require.NoError(t, err)
	b.approve(t, request.ID, "ben")
	require.Equal(t, db.Scheduled, b.grant(t, request.ID).Status)
	return request
}

func TestAFutureStart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.starting(t, "ana")
		b.pass(t, 47*hour)
		require.Empty(t, b.target.Members("Editors"))
		b.pass(t, 2*hour)
		grant := b.grant(t, request.ID)
		require.Equal(t, db.Active, grant.Status)
		require.Equal(t, 8*hour, grant.ExpiresAt.Sub(grant.ActiveAt))
		b.pass(t, 9*hour)
		require.Empty(t, b.target.Members("Editors"))
	})
}

func TestAFutureStartThatNeverComes(t *testing.T) {
	t.Parallel()
	cases := map[string]func(t *testing.T, b *bundle, request db.Request){
		"the person left": func(t *testing.T, b *bundle, _ db.Request) { b.leave(t, "ana") },
		"cancelled": func(t *testing.T, b *bundle, request db.Request) {
			require.NoError(t, b.Cancel(b.ctx, request.ID, b.people["ana"]))
		},
		"given back": func(t *testing.T, b *bundle, request db.Request) {
			require.NoError(t, b.Return(b.ctx, b.grant(t, request.ID).ID, b.people["ana"]))
		},
		"revoked": func(t *testing.T, b *bundle, request db.Request) {
			require.NoError(t, b.Revoke(b.ctx, b.grant(t, request.ID).ID, b.people["ben"], "no"))
		},
	}
	for name, stop := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				request := b.starting(t, "ana")
				stop(t, b, request)
				b.pass(t, 49*hour)
				require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
				require.Zero(t, b.target.Mutations(), "the target was never touched")
				require.Equal(t, 1, b.count(t, request.ID, "grant.ended"))
			})
		})
	}
}

func TestApprovedForSomebodyWhoLeft(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		b.leave(t, "ana")
		b.approve(t, request.ID, "ben")
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Denied, sheet.Request.Status)
		require.Nil(t, sheet.Items[0].Grant)
		require.Equal(t, "The person is no longer active.", sheet.Items[0].Refusal)
		require.Zero(t, b.target.Mutations())
		actions := b.actions(t, request.ID)
		require.Equal(t, []string{"decision.approved", "flow.denied"}, actions[len(actions)-2:])
	})
}

// Access that should be gone is tried again every five minutes, and its owner is told each time.
func TestFailedDeprovisioningGoesOn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		b.target.SetMode(target.ReadOnly)
		b.pass(t, 9*hour)
		for n := 1; n <= 3; n++ {
			require.Equal(t, n, b.count(t, grant.RequestID, "action_flow.failed"))
			require.Equal(t, db.Ending, b.grant(t, grant.RequestID).Status)
			b.pass(t, 4*minute)
			require.Equal(t, n, b.count(t, grant.RequestID, "action_flow.failed"))
			b.pass(t, 2*minute)
		}
		b.target.SetMode(target.Online)
		b.pass(t, 5*minute)
		require.Equal(t, db.Ended, b.grant(t, grant.RequestID).Status)
		require.Empty(t, b.target.Members("Editors"))
		b.scriptsOnce(t, grant.RequestID)
	})
}
