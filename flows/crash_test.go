package flows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// forget lets all claims run out, as they do when the process that holds them is gone.
func (b *bundle) forget(t testing.TB) {
	t.Helper()
	_, err := b.store.NewUpdate().Model((*db.FlowScript)(nil)).Set("claimed_until = ?", db.UTC(time.Now().Add(-time.Second))).
		Where("claimed_by <> ''").Exec(b.ctx)
	require.NoError(t, err)
}

// joining is a request whose next script is the one that adds to the group.
func (b *bundle) joining(t testing.TB) (requestID, scriptID string) {
	t.Helper()
	request := b.ask(t, "ana", "editors", "8h").Request
	require.NoError(t, b.Approve(b.ctx, b.step(t, request.ID), b.people["ben"], flows.Consent{}))
	for _, name := range []string{"find", "account"} {
		require.NoError(t, b.RunScript(b.ctx, b.script(t, request.ID, name).ID))
	}
	return request.ID, b.script(t, request.ID, "join").ID
}

func TestKilledBeforeTheCall(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, join := b.joining(t)
		require.NoError(t, b.ClaimScript(b.ctx, join))
		b.drive(t)
		require.Equal(t, db.Running, b.script(t, request, "join").Status, "the claim is respected while it lasts")
		require.Empty(t, b.target.Members("Editors"))
		b.forget(t)
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		b.scriptsOnce(t, request)
	})
}

// The write was made and its answer lost: the next attempt looks and writes nothing.
func TestKilledBehindTheCall(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, join := b.joining(t)
		settle, err := b.PerformScript(b.ctx, join)
		require.NoError(t, err)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		written := b.target.Mutations()
		b.forget(t)
		b.drive(t)
		require.Equal(t, written, b.target.Mutations(), "no second write")
		require.Equal(t, db.Active, b.grant(t, request).Status)
		require.Equal(t, "applied", b.script(t, request, "join").Outcome, "it was us who wrote")

		require.NoError(t, settle(), "the first process was only slow")
		require.Equal(t, 1, b.count(t, request, "grant.activated"))
		b.scriptsOnce(t, request)
	})
}

// A slow process comes back while another one works on its script: what it found says nothing.
func TestALostClaimRecordsNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, join := b.joining(t)
		slow, err := b.PerformScript(b.ctx, join)
		require.NoError(t, err)
		b.forget(t)
		fast, err := b.PerformScript(b.ctx, join)
		require.NoError(t, err)
		require.NoError(t, slow())
		require.Equal(t, db.Running, b.script(t, request, "join").Status)
		require.NoError(t, fast())
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request).Status)
		b.scriptsOnce(t, request)
	})
}

// The flow was given up while its script was lost: whoever comes back brings nothing to life.
func TestALostScriptOfAGivenUpFlow(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, join := b.joining(t)
		slow, err := b.PerformScript(b.ctx, join)
		require.NoError(t, err)
		b.forget(t)
		require.NoError(t, b.Return(b.ctx, b.grant(t, request).ID, b.people["ana"]))
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request).Status)
		require.NoError(t, slow())
		b.drive(t)
		require.Zero(t, b.count(t, request, "grant.activated"))
		require.Empty(t, b.target.Members("Editors"))
		actions := b.actions(t, request)
		require.Equal(t, "grant.ended", actions[len(actions)-1])
	})
}

func TestManyClaimsOnOneScript(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, join := b.joining(t)
		second := b.second(t)
		before := b.target.Mutations()
		for _, err := range atOnce(20, func(n int) error {
			if n%2 == 0 {
				return unlessConflict(second.RunScript(b.ctx, join))
			}
			return unlessConflict(b.RunScript(b.ctx, join))
		}) {
			require.NoError(t, err)
		}
		require.Equal(t, before+1, b.target.Mutations(), "one of them wrote, once")
		require.Equal(t, db.Active, b.grant(t, request).Status)
		b.scriptsOnce(t, request)
	})
}

// A process that dies when a sleep ends does not make it begin anew.
func TestKilledWhenASleepEnds(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.sleeping(t)
		b.clock.Advance(3 * hour)
		require.NoError(t, b.ClaimScript(b.ctx, b.script(t, request.ID, "rest").ID))
		b.forget(t)
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, 1, b.count(t, request.ID, "script.paused"))
	})
}

// sleeping is a request whose provisioning sleeps for two hours.
func (b *bundle) sleeping(t testing.TB) db.Request {
	t.Helper()
	b.chain(t, "slow-in", "provision", `{name: rest, type: sleep, args: {for: 2h}}`, "{name: account, type: drive_api_create_user}", "{name: join, type: drive_api_add_user_to_group}")
	b.offer(t, "slow", "Editors", "[{chain: auto}]", "slow-in", "editors-out")
	request := b.ask(t, "ana", "slow", "8h").Request
	b.drive(t)
	require.Equal(t, db.Paused, b.script(t, request.ID, "rest").Status)
	return request
}

// Jobs are lost with the queue: the sweep finds everything again.
func TestAllJobsLost(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "1h").Request
		_, err := b.store.ExecContext(b.ctx, "DELETE FROM river_job")
		require.NoError(t, err)
		b.work(t)
		b.untilGrant(t, request.ID, db.Active)
		b.scriptsOnce(t, request.ID)
	})
}
