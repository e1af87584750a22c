package flows_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
)

func TestRetryWithBackoff(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, join := b.joining(t)
		b.target.Fail(2, http.StatusServiceUnavailable)
		require.NoError(t, b.RunScript(b.ctx, join))
		script := b.script(t, request, "join")
		require.Equal(t, db.Running, script.Status)
		require.Equal(t, "transient", script.Outcome)
		require.WithinDuration(t, b.Now().Add(time.Second), script.WakeAt, time.Second)
		require.NoError(t, b.RunScript(b.ctx, join), "not yet")
		require.Equal(t, 1, b.script(t, request, "join").Attempts)
		b.pass(t, 2*time.Second)
		require.Equal(t, 2, b.script(t, request, "join").Attempts)
		b.pass(t, 3*time.Second)
		require.Equal(t, db.Active, b.grant(t, request).Status)
		b.scriptsOnce(t, request)
	})
}

// Attempts run out; the owner is asked once.
func TestRetriesRunOut(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, _ := b.joining(t)
		b.target.SetMode(target.Offline)
		for range 8 {
			b.pass(t, minute)
		}
		script := b.script(t, request, "join")
		require.Equal(t, db.Failed, script.Status)
		require.Equal(t, 3, script.Attempts)
		require.Equal(t, 1, b.count(t, request, "action_flow.failed"))
		require.Equal(t, 1, b.count(t, request, "script.failed"))
		b.pass(t, 100*hour)
		require.Equal(t, db.Provisioning, b.grant(t, request).Status, "a failed provisioning waits for a person")
	})
}

func TestOnFailure(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		then   string
		status string
		grant  string
	}{
		"continue":    {"continue", db.Skipped, db.Active},
		"manual task": {"manual_task", db.Paused, db.Provisioning},
		"stop":        {"stop", db.Failed, db.Provisioning},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				b.chain(t, "other-in", "provision", "{name: join, type: drive_api_add_user_to_group, args: {group: Nowhere}, on_failure: "+one.then+"}")
				b.offer(t, "other", "Editors", "[{chain: auto}]", "other-in", "editors-out")
				request := b.ask(t, "ana", "other", "8h").Request
				b.drive(t)
				script := b.script(t, request.ID, "join")
				require.Equal(t, one.status, script.Status)
				require.Contains(t, script.Summary, "there is no group called Nowhere")
				require.Equal(t, one.grant, b.grant(t, request.ID).Status)
				require.Equal(t, 1, b.count(t, request.ID, "script.failed"))
				if one.then == "manual_task" {
					require.NoError(t, b.Skip(b.ctx, script.ID, b.people["dana"], "not needed"))
					b.drive(t)
					require.Equal(t, db.Active, b.grant(t, request.ID).Status)
				}
			})
		})
	}
}

// Conditions, outputs of earlier scripts, and the types that call nobody.
func TestScriptsOfOurOwn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "own-in", "provision", "{name: look-up, type: drive_api_get_user}", "{name: never, type: none, when: look_up.exists}",
			"{name: always, type: none, when: '!look_up.exists'}",
			`{name: tell, type: slack_notification, args: {to: "{{ subject.manager }}", text: "{{ subject.name }} has {{ entitlement.name }}: {{ look_up.exists }}"}}`)
		b.offer(t, "own", "Editors", "[{chain: auto}]", "own-in", "editors-out")
		request := b.ask(t, "ana", "own", "8h").Request
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, db.Skipped, b.script(t, request.ID, "never").Status)
		require.Equal(t, db.Succeeded, b.script(t, request.ID, "always").Status)
		events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{Request: request.ID}, batch)
		require.NoError(t, err)
		for _, event := range events {
			if event.Action != "script.succeeded" || event.Script != "tell" {
				continue
			}
			facts, err := event.Facts()
			require.NoError(t, err)
			require.Equal(t, "ben@example.com", facts.NotifyTo)
			require.Equal(t, "Ana has More of own: false", facts.NotifyText)
		}
		b.scriptsOnce(t, request.ID)
	})
}

func TestAPlaceholderWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "odd-in", "provision", `{name: tell, type: slack_notification, args: {to: "#x", text: "{{ subject.attributes.badge }}"}}`)
		b.offer(t, "odd", "Editors", "[{chain: auto}]", "odd-in", "editors-out")
		request := b.ask(t, "ana", "odd", "8h").Request
		b.drive(t)
		script := b.script(t, request.ID, "tell")
		require.Equal(t, db.Failed, script.Status)
		require.Contains(t, script.Summary, "can't be filled in")
		require.Equal(t, 1, b.count(t, request.ID, "action_flow.failed"))

		row, err := db.PersonByID(b.ctx, b.store, b.people["ana"])
		require.NoError(t, err)
		row.Attributes = map[string]any{"badge": "17"}
		require.NoError(t, db.UpdatePerson(b.ctx, b.store, row))
		require.NoError(t, b.Retry(b.ctx, script.ID, b.people["dana"]))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		b.scriptsOnce(t, request.ID)
	})
}

func TestSleepMovesWithTheClock(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.sleeping(t)
		b.pass(t, hour)
		require.Equal(t, db.Paused, b.script(t, request.ID, "rest").Status)
		b.pass(t, hour+minute)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		b.scriptsOnce(t, request.ID)
	})
}

func TestGiveBackWhileItSleeps(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.sleeping(t)
		require.NoError(t, b.Return(b.ctx, b.grant(t, request.ID).ID, b.people["ana"]))
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
		b.pass(t, 5*hour)
		require.Empty(t, b.target.Members("Editors"))
		require.Zero(t, b.count(t, request.ID, "grant.activated"))
	})
}

// Waiting for the provider's rate limit is no failure, however long it takes.
func TestRateLimitIsNoFailure(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.reconfigure(t, "    owner: dana@example.com", "    owner: dana@example.com\n    rate: 2/h")
		request := b.ask(t, "ana", "editors", "1h").Request
		for range 20 {
			b.pass(t, 10*minute)
		}
		script := b.script(t, request.ID, "join")
		require.Equal(t, db.Running, script.Status)
		require.Zero(t, script.Attempts)
		require.True(t, script.WakeAt.After(b.Now()))
		require.Zero(t, b.count(t, request.ID, "script.failed"))

		b.reconfigure(t, "rate: 2/h", "rate: 100/s")
		b.pass(t, 10*minute)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		b.scriptsOnce(t, request.ID)
	})
}
