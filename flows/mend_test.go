package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
)

// stuck is a request whose provisioning failed because the target refuses every change.
func (b *bundle) stuck(t testing.TB) db.Request {
	t.Helper()
	b.target.SetMode(target.ReadOnly)
	request := b.ask(t, "ana", "editors", "8h").Request
	b.approve(t, request.ID, "ben")
	require.Equal(t, db.Provisioning, b.grant(t, request.ID).Status)
	require.Equal(t, 1, b.count(t, request.ID, "action_flow.failed"))
	return request
}

func TestRetryAfterTheCauseIsMended(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.stuck(t)
		script := b.script(t, request.ID, "account")
		require.Equal(t, db.Failed, script.Status)

		refused(t, b.Retry(b.ctx, script.ID, b.people["ben"]), "Only the owner of Drive editors and admins")
		b.target.SetMode(target.Online)
		require.NoError(t, b.Retry(b.ctx, script.ID, b.people["dana"]))
		refused(t, b.Retry(b.ctx, script.ID, b.people["dana"]), "does not need help any more")
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		b.scriptsOnce(t, request.ID)
	})
}

// scriptsOnce requires that each script that ran succeeded once in the log, and started before.
func (b *bundle) scriptsOnce(t testing.TB, requestID string) {
	t.Helper()
	scriptsOnce(t, b.events(t, requestID))
}

// events reads a request's rows of the log.
func (b *bundle) events(t testing.TB, requestID string) []db.AuditEvent {
	t.Helper()
	events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{Request: requestID}, batch)
	require.NoError(t, err)
	return events
}

func scriptsOnce(t testing.TB, events []db.AuditEvent) {
	t.Helper()
	started, succeeded := map[string]int{}, map[string]int{}
	for _, event := range events {
		key := event.Flow + " " + event.Script
		switch event.Action {
		case "script.started":
			started[key]++
		case "script.succeeded":
			succeeded[key]++
			require.Equal(t, 1, started[key], "%s succeeded without a start", event.Script)
		}
	}
	for key, n := range succeeded {
		require.Equal(t, 1, n, "%s succeeded %d times", key, n)
	}
	for key, n := range started {
		require.Equal(t, 1, n, "%s started %d times", key, n)
	}
}

func TestSkip(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.stuck(t)
		script := b.script(t, request.ID, "account")
		refused(t, b.Skip(b.ctx, script.ID, b.people["dana"], "  "), "Write a reason")
		refused(t, b.Skip(b.ctx, script.ID, b.people["eve"], "why not"), "Only the owner")
		b.target.SetMode(target.Online)
		require.NoError(t, b.Skip(b.ctx, script.ID, b.people["ada"], "the account comes from elsewhere"))
		b.drive(t)
		require.Equal(t, db.Skipped, b.script(t, request.ID, "account").Status)
		require.Equal(t, db.Failed, b.script(t, request.ID, "join").Status, "nobody can join without an account")
	})
}

// What a person says is believed only when the target shows it.
func TestDoneByHandIsChecked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.stuck(t)
		script := b.script(t, request.ID, "account")
		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], ""), "Write what you did")
		before := b.target.Mutations()
		require.NoError(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], "ticket 12"))
		b.drive(t)
		require.Equal(t, db.Failed, b.script(t, request.ID, "account").Status)
		require.Equal(t, before, b.target.Mutations(), "looking writes nothing")

		b.target.SetMode(target.Online)
		b.provide(t, "ana@example.com")
		require.NoError(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], "ticket 12"))
		b.drive(t)
		require.Equal(t, db.DoneByHand, b.script(t, request.ID, "account").Status)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, 1, b.count(t, request.ID, "script.done_by_hand"))
	})
}

func TestNobodyMendsTheirOwnAccess(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.target.SetMode(target.ReadOnly)
		request := b.ask(t, "dana", "crossed", "8h").Request
		b.approve(t, request.ID, "ana")
		script := b.script(t, request.ID, "account")
		refused(t, b.Skip(b.ctx, script.ID, b.people["dana"], "it is fine"), "your own access")
		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], "it is fine"), "your own access")
		require.NoError(t, b.MayMend(b.ctx, script.ID, b.people["ada"]))
	})
}

// An old message still has its buttons when the access was given back: they bring nothing back.
func TestMendingAGivenUpFlow(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.stuck(t)
		script := b.script(t, request.ID, "account")
		require.NoError(t, b.Return(b.ctx, b.grant(t, request.ID).ID, b.people["ana"]))
		b.target.SetMode(target.Online)
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)

		refused(t, b.Retry(b.ctx, script.ID, b.people["dana"]), "does not need help any more")
		refused(t, b.Skip(b.ctx, script.ID, b.people["dana"], "go on"), "does not need help any more")
		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], "done"), "does not need help any more")
		b.drive(t)
		_, known := b.target.User("ana@example.com")
		require.False(t, known, "nothing was given without a grant")
	})
}

func TestManualTaskOfAGivenUpFlow(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "by-hand", "8h").Request
		b.drive(t)
		script := b.script(t, request.ID, "desk")
		require.Equal(t, db.Paused, script.Status)
		require.Equal(t, 1, b.count(t, request.ID, "script.paused"))
		require.NoError(t, b.Return(b.ctx, b.grant(t, request.ID).ID, b.people["ana"]))
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)

		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], "done"), "does not need help any more")
		b.drive(t)
		require.Empty(t, b.target.Members("Desk"))
	})
}

func TestManualTaskIsDone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "by-hand", "8h").Request
		b.drive(t)
		script := b.script(t, request.ID, "desk")
		require.Equal(t, "Make room for ana@example.com", script.Summary)
		refused(t, b.Retry(b.ctx, script.ID, b.people["dana"]), "nothing to retry")
		require.NoError(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], "third floor"))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Desk"))
	})
}

// The chain names who does a task: he is asked, and may say that it is done, but not pass over it.
func TestManualTaskIsDoneByWhomItNames(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "by-hand", "8h").Request
		b.drive(t)
		events := b.events(t, request.ID)
		facts, err := events[len(events)-1].Facts()
		require.NoError(t, err)
		require.Equal(t, []string{"ben@example.com"}, facts.Approvers)

		script := b.script(t, request.ID, "desk")
		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["carl"], "third floor"), "Only the owner")
		refused(t, b.Skip(b.ctx, script.ID, b.people["ben"], "no desk"), "You can say that it is done")
		require.NoError(t, b.MayMend(b.ctx, script.ID, b.people["ben"]))
		require.NoError(t, b.DoneByHand(b.ctx, script.ID, b.people["ben"], "third floor"))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
	})
}
