package flows_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
)

// tasked is a request whose provisioning waits for work by hand.
func (b *bundle) tasked(t testing.TB, args string) db.Request {
	t.Helper()
	b.chain(t, "tasks", "provision", "{name: desk, type: manual_task, args: {text: Make room, "+args+"}}",
		`{name: tell, type: slack_notification, args: {to: "{{ subject.email }}", text: "{{ desk.by }}: {{ desk.evidence }}"}}`)
	b.offer(t, "tasked", "Editors", "[{chain: auto}]", "tasks", "editors-out")
	request := b.ask(t, "ana", "tasked", "8h").Request
	b.drive(t)
	return request
}

func TestAManualTaskHasReminderDueDateAndEvidence(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.tasked(t, `to: eve@example.com, due: 2d, remind: 1d`)
		script := b.script(t, request.ID, "desk")
		require.Equal(t, db.Paused, script.Status)
		b.pass(t, 25*hour)
		require.Equal(t, 1, b.count(t, request.ID, "script.reminded"))
		require.Equal(t, []string{"eve@example.com"}, b.told(t, request.ID, "script.reminded"))
		b.pass(t, 24*hour)
		require.Equal(t, 1, b.count(t, request.ID, "script.overdue"))
		require.Equal(t, []string{"dana@example.com", "ada@example.com"}, b.told(t, request.ID, "script.overdue"))
		require.Equal(t, db.Paused, b.script(t, request.ID, "desk").Status, "work by hand stays to be done")

		require.NoError(t, b.DoneByHand(b.ctx, script.ID, b.people["eve"], "Room 12, ticket 4711"))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, "eve@example.com: Room 12, ticket 4711", b.script(t, request.ID, "tell").Output["text"])
		b.pass(t, 100*hour)
		require.Equal(t, 1, b.count(t, request.ID, "script.overdue"), "nobody is reminded of what is done")
	})
}

// told are the people whom the newest event of an action names.
func (b *bundle) told(t testing.TB, requestID, action string) []string {
	t.Helper()
	var people []string
	for _, event := range b.events(t, requestID) {
		if event.Action == action {
			facts, err := event.Facts()
			require.NoError(t, err)
			people = facts.Approvers
		}
	}
	return people
}

// waits is a request whose provisioning waits until the account exists.
func (b *bundle) waits(t testing.TB, args string) db.Request {
	t.Helper()
	b.chain(t, "waits", "provision",
		"{name: there, type: wait_until, args: {read: drive_api_get_user, until: \"result.exists && result.active\", every: 1m"+args+"}}",
		`{name: join, type: drive_api_add_user_to_group, when: "there.result.exists"}`)
	b.offer(t, "waited", "Editors", "[{chain: auto}]", "waits", "editors-out")
	request := b.ask(t, "ana", "waited", "8h").Request
	b.drive(t)
	return request
}

func TestWaitUntilSomethingIsSo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.waits(t, "")
		script := b.script(t, request.ID, "there")
		require.Equal(t, db.Paused, script.Status)
		require.Contains(t, script.Summary+b.summary(t, request.ID, "script.paused"), "has no account")
		b.target.Fail(1, http.StatusServiceUnavailable)
		b.pass(t, minute)
		require.Equal(t, db.Paused, b.script(t, request.ID, "there").Status, "a target that is away is looked at again")
		b.provide(t, "ana@example.com")
		b.pass(t, 2*minute)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		require.Equal(t, 1, b.count(t, request.ID, "script.paused"), "the log has one entry of the wait")
		b.scriptsOnce(t, request.ID)
	})
}

func TestWaitUntilGivesUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.waits(t, ", within: 10m")
		for range 12 {
			b.pass(t, minute)
		}
		script := b.script(t, request.ID, "there")
		require.Equal(t, db.Failed, script.Status)
		require.Contains(t, script.Summary, "it was not so within 10 minutes: ana@example.com has no account")
		b.provide(t, "ana@example.com")
		require.NoError(t, b.Retry(b.ctx, script.ID, b.people["dana"]))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status, "a retry waits anew")
	})
}

// summary is what the newest event of an action says.
func (b *bundle) summary(t testing.TB, requestID, action string) string {
	t.Helper()
	summary := ""
	for _, event := range b.events(t, requestID) {
		if event.Action == action {
			facts, err := event.Facts()
			require.NoError(t, err)
			summary = facts.Summary
		}
	}
	return summary
}

// What a target refuses is tried again only where the chain says so, and what the chain leaves out is not.
func TestRetryOnlyAfterTheOutcomesNamed(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		on       string
		mode     target.Mode
		attempts int
	}{
		"refused is named":      {"[refused]", target.ReadOnly, 3},
		"transient is left out": {"[refused]", target.Offline, 1},
		"by default":            {"[]", target.Offline, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				b.chain(t, "other-in", "provision", "{name: account, type: drive_api_create_user, retry: {attempts: 3, backoff: 1s, on: "+one.on+"}}")
				b.offer(t, "other", "Editors", "[{chain: auto}]", "other-in", "editors-out")
				b.target.SetMode(one.mode)
				request := b.ask(t, "ana", "other", "8h").Request
				for range 5 {
					b.pass(t, minute)
				}
				script := b.script(t, request.ID, "account")
				require.Equal(t, db.Failed, script.Status)
				require.Equal(t, one.attempts, script.Attempts)
			})
		})
	}
}

// Cancelling a half-done provisioning takes back what was done.
func TestGivingUpTakesBackWhatWasDone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "half", "provision", "{name: account, type: drive_api_create_user}", "{name: join, type: drive_api_add_user_to_group}",
			"{name: nowhere, type: drive_api_add_user_to_group, args: {group: Nowhere}}")
		b.offer(t, "halved", "Editors", "[{chain: auto}]", "half", "editors-out")
		request := b.ask(t, "ana", "halved", "8h").Request
		b.drive(t)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		script := b.script(t, request.ID, "nowhere")
		require.NoError(t, b.GiveUp(b.ctx, script.ID, b.people["ada"], "the group will never be there"))
		b.drive(t)
		require.Empty(t, b.target.Members("Editors"))
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
		require.Equal(t, 1, b.count(t, request.ID, "grant.cancelled"))
	})
}

func TestTakingBackCannotBeGivenUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "1h")
		b.target.SetMode(target.ReadOnly)
		b.pass(t, 2*hour)
		script := b.script(t, grant.RequestID, "leave")
		require.Equal(t, db.Failed, script.Status)
		refused(t, b.GiveUp(b.ctx, script.ID, b.people["dana"], "never mind"), "can't be left half taken")
	})
}

// A task may be for a group or a channel; whoever of the group was asked may say that it is done.
func TestAManualTaskForAGroup(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		var members []string
		for _, name := range []string{"eve", "ana", "greta"} {
			row, err := db.PersonByID(b.ctx, b.store, b.people[name])
			require.NoError(t, err)
			members = append(members, row.SlackID)
		}
		require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "keepers", "Keepers", members))
		request := b.tasked(t, `to: ["@keepers", "#keys"]`)
		script := b.script(t, request.ID, "desk")
		require.Equal(t, []string{"ana@example.com", "eve@example.com"}, b.told(t, request.ID, "script.paused"), "guests hold no power")
		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["carl"], "I did it"), "Only the owner")
		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["ana"], "I did it"), "your own access")
		require.NoError(t, b.DoneByHand(b.ctx, script.ID, b.people["eve"], "Key 12"))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
	})
}

// A message to nobody is no success.
func TestANotificationToNobody(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "tells", "provision", `{name: tell, type: slack_notification, args: {to: nobody@example.com, text: Hello}}`)
		b.offer(t, "told", "Editors", "[{chain: auto}]", "tells", "editors-out")
		request := b.ask(t, "ana", "told", "8h").Request
		b.drive(t)
		require.Equal(t, db.Failed, b.script(t, request.ID, "tell").Status)
		require.Contains(t, b.script(t, request.ID, "tell").Summary, "Nobody in Slack is known by the address nobody@example.com")
	})
}
