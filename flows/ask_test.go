package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// asking is a request whose provisioning asks in Slack first.
func (b *bundle) asking(t testing.TB, args string) db.Request {
	t.Helper()
	b.chain(t, "asks", "provision", "{name: ask, type: slack_approval, args: {text: \"Ready for {{ subject.name }}?\", "+args+"}}",
		"{name: account, type: drive_api_create_user, when: ask.approved}")
	b.offer(t, "asked", "Editors", "[{chain: auto}]", "asks", "editors-out")
	request := b.ask(t, "ana", "asked", "8h").Request
	b.drive(t)
	return request
}

func TestASlackApprovalAsksAndGoesOn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.asking(t, `to: manager, buttons: [{text: Ship it, style: green, value: ship}, {text: Stop, style: red}]`)
		script := b.script(t, request.ID, "ask")
		require.Equal(t, db.Paused, script.Status)
		require.Equal(t, db.WaitsAnswer, script.WaitsFor)
		require.Equal(t, "Ready for Ana?", script.Args["text"])
		people, err := db.ScriptPeople(b.ctx, b.store, script.ID)
		require.NoError(t, err)
		require.Len(t, people, 1)
		require.Equal(t, b.people["ben"], people[0].PersonID)

		refused(t, b.Answer(b.ctx, script.ID, b.people["ana"], 0), "You can't decide on access of your own")
		refused(t, b.Answer(b.ctx, script.ID, b.people["carl"], 0), "not one of the people who may answer")
		refused(t, b.Answer(b.ctx, script.ID, b.people["greta"], 0), "Guests")
		refused(t, b.Answer(b.ctx, script.ID, b.people["ben"], 7), "does not exist any more")
		refused(t, b.Skip(b.ctx, script.ID, b.people["dana"], "hurry"), "does not need help")
		require.Empty(t, b.target.Members("Editors"))

		require.NoError(t, b.Answer(b.ctx, script.ID, b.people["ben"], 0))
		refused(t, b.Answer(b.ctx, script.ID, b.people["ben"], 1), "already answered “Ship it”")
		require.Equal(t, 6, b.count(t, request.ID, "click.refused"), "each press is in the log")
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		script = b.script(t, request.ID, "ask")
		require.Equal(t, map[string]any{"answer": "ship", "button": "Ship it", "approved": true, "by": "ben@example.com", "name": "Ben", "comment": ""}, script.Output)
		require.Equal(t, 1, b.count(t, request.ID, "script.answered"))
		b.scriptsOnce(t, request.ID)
	})
}

// A no stops the flow; nobody can talk it away, but it can be asked again or given up.
func TestANoStopsTheFlow(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.asking(t, `to: [manager, eve@example.com]`)
		script := b.script(t, request.ID, "ask")
		require.NoError(t, b.Answer(b.ctx, script.ID, b.people["eve"], 1))
		b.drive(t)
		require.Equal(t, db.Failed, b.script(t, request.ID, "ask").Status)
		require.Equal(t, 1, b.count(t, request.ID, "action_flow.failed"))
		refused(t, b.Skip(b.ctx, script.ID, b.people["dana"], "hurry"), "A question can't be skipped")
		refused(t, b.DoneByHand(b.ctx, script.ID, b.people["dana"], "I asked him"), "can only be given by those who were asked")

		require.NoError(t, b.Retry(b.ctx, script.ID, b.people["dana"]))
		b.drive(t)
		again := b.script(t, request.ID, "ask")
		require.Equal(t, db.WaitsAnswer, again.WaitsFor)
		require.Equal(t, 1, again.Round)
		require.Equal(t, 2, b.count(t, request.ID, "script.asked"))
		require.NoError(t, b.Answer(b.ctx, script.ID, b.people["eve"], 1))

		refused(t, b.GiveUp(b.ctx, script.ID, b.people["dana"], " "), "Write a reason")
		refused(t, b.GiveUp(b.ctx, script.ID, b.people["carl"], "no"), "Only the owner")
		require.NoError(t, b.GiveUp(b.ctx, script.ID, b.people["dana"], "Eve said no twice"))
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
		require.Equal(t, db.CauseCancelled, b.grant(t, request.ID).EndCause)
		refused(t, b.Retry(b.ctx, script.ID, b.people["dana"]), "does not need help")
		refused(t, b.Answer(b.ctx, script.ID, b.people["eve"], 0), "Nothing was changed")
	})
}

// With on_failure: continue a no is an answer that later conditions can read.
func TestANoCanBeAnAnswer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "asks", "provision", `{name: ask, type: slack_approval, on_failure: continue, args: {to: owner, text: Also admin?}}`,
			`{name: account, type: drive_api_create_user}`,
			`{name: admin, type: drive_api_add_user_to_group, args: {group: Admins}, when: "has(ask.approved) && ask.approved"}`)
		b.offer(t, "asked", "Editors", "[{chain: auto}]", "asks", "editors-out")
		request := b.ask(t, "ana", "asked", "8h").Request
		b.drive(t)
		require.NoError(t, b.Answer(b.ctx, b.script(t, request.ID, "ask").ID, b.people["dana"], 1))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
		require.Equal(t, db.Skipped, b.script(t, request.ID, "admin").Status)
		require.Empty(t, b.target.Members("Admins"))
	})
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.asking(t, `to: manager, within: 2d, remind: 1d`)
		b.pass(t, 25*hour)
		require.Equal(t, 1, b.count(t, request.ID, "script.reminded"))
		b.pass(t, 24*hour)
		script := b.script(t, request.ID, "ask")
		require.Equal(t, db.Failed, script.Status)
		require.Equal(t, "Nobody answered in time.", script.Summary)
		refused(t, b.Answer(b.ctx, script.ID, b.people["ben"], 0), "Nobody answered in time")
		require.Equal(t, 1, b.count(t, request.ID, "script.reminded"))
	})
}

// Where those who are named may not answer, owners and admins stand in, as for approval steps.
func TestSomebodyElseAnswersForTheRequester(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.asking(t, `to: ana@example.com`)
		script := b.script(t, request.ID, "ask")
		require.NoError(t, b.Answer(b.ctx, script.ID, b.people["dana"], 0))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
	})
}

// Ten people press at once, in two processes: one answer counts.
func TestOneAnswerCounts(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		other := b.second(t)
		request := b.asking(t, `to: [manager, eve@example.com, dana@example.com]`)
		script := b.script(t, request.ID, "ask")
		answers := make(chan error, 10)
		for n := range 10 {
			on, who := b.Flows, []string{"ben", "eve", "dana"}[n%3]
			if n%2 == 1 {
				on = other
			}
			go func() { answers <- on.Answer(b.ctx, script.ID, b.people[who], n%2) }()
		}
		counted := 0
		for range 10 {
			if err := <-answers; err == nil {
				counted++
			} else {
				refused(t, err, "already answered")
			}
		}
		require.Equal(t, 1, counted)
		require.Equal(t, 1, b.count(t, request.ID, "script.answered"))
	})
}

// When the access is given up while a question is open, the question is over.
func TestAQuestionEndsWithItsGrant(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.asking(t, `to: manager`)
		require.NoError(t, b.Return(b.ctx, b.grant(t, request.ID).ID, b.people["ana"]))
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
		runs := b.sheet(t, request.ID).Items[0].Runs
		refused(t, b.Answer(b.ctx, runs[0].Scripts[0].ID, b.people["ben"], 0), "given up")
		require.Empty(t, b.target.Members("Editors"))
	})
}

// A question on the way out that was answered with no is asked again after a day, not every few minutes.
func TestANoOnTheWayOutIsAskedAgainLater(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "asks-out", "deprovision", `{name: ask, type: slack_approval, args: {to: owner, text: Gone?}}`, `{name: leave, type: drive_api_remove_user_from_group}`)
		b.offer(t, "asked", "Editors", "[{chain: auto}]", "editors-in", "asks-out")
		request := b.ask(t, "ana", "asked", "8h").Request
		b.drive(t)
		b.pass(t, 9*hour)
		require.NoError(t, b.Answer(b.ctx, b.script(t, request.ID, "ask").ID, b.people["dana"], 1))
		b.pass(t, hour)
		require.Equal(t, 1, b.count(t, request.ID, "script.asked"))
		b.pass(t, 24*hour)
		require.Equal(t, 2, b.count(t, request.ID, "script.asked"))
		require.NoError(t, b.Answer(b.ctx, b.script(t, request.ID, "ask").ID, b.people["dana"], 0))
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
		require.Empty(t, b.target.Members("Editors"))
	})
}

// Whoever is asked finds it among what waits, until somebody has answered.
func TestAQuestionWaitsForThoseWhoAreAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.asking(t, `to: [manager, eve@example.com]`)
		waiting := func(name string) int {
			rows, err := db.ScriptsWaitingFor(b.ctx, b.store, b.people[name], 10)
			require.NoError(t, err)
			return len(rows)
		}
		require.Equal(t, []int{1, 1, 0}, []int{waiting("ben"), waiting("eve"), waiting("dana")})
		require.NoError(t, b.Answer(b.ctx, b.script(t, request.ID, "ask").ID, b.people["ben"], 0))
		require.Equal(t, []int{0, 0}, []int{waiting("ben"), waiting("eve")})
	})
}
