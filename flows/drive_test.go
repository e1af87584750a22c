package flows_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

const batch = 1000

// drive does all that is due, one job after another in this goroutine, until nothing is: what the pools do, in an
// order that a test can know.
func (b *bundle) drive(t testing.TB) {
	t.Helper()
	for round := 0; b.driveOnce(t); round++ {
		require.Less(t, round, 100, "the work never ends")
	}
}

// driveOnce does what is due now and says whether anything was.
func (b *bundle) driveOnce(t testing.TB) bool {
	t.Helper()
	now := b.Now()
	starting, err := db.StartingGrants(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	expired, err := db.ExpiredGrants(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	steps, err := db.DueSteps(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	requests, err := db.OverdueRequests(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	for _, id := range starting {
		require.NoError(t, b.StartDue(b.ctx, id))
	}
	for _, id := range expired {
		require.NoError(t, b.ExpireDue(b.ctx, id))
	}
	for _, step := range steps {
		require.NoError(t, b.StepDue(b.ctx, step.ID))
	}
	for _, id := range requests {
		require.NoError(t, b.RequestDue(b.ctx, id))
	}
	return b.driveRuns(t, now)+b.driveSearches(t, now)+len(starting)+len(expired)+len(steps)+len(requests) > 0
}

// driveSearches looks anew for who may decide where absences began or ended and people are gone, and asks who is on call.
func (b *bundle) driveSearches(t testing.TB, now time.Time) int {
	t.Helper()
	begun, err := db.DelegationsToApply(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	over, err := db.DelegationsToSettle(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	again, err := db.StepsOfTheGone(b.ctx, b.store, batch)
	require.NoError(t, err)
	stale, err := db.StepsLookedAt(b.ctx, b.store, now.Add(-flows.LookAgain), batch)
	require.NoError(t, err)
	again = append(again, stale...)
	for _, id := range begun {
		require.NoError(t, b.DelegationBegin(b.ctx, id))
	}
	if len(over) > 0 {
		require.NoError(t, b.DelegationsEnd(b.ctx))
	}
	if len(begun)+len(over) > 0 {
		open, err := db.OpenSteps(b.ctx, b.store)
		require.NoError(t, err)
		again = append(again, open...)
	}
	for _, id := range again {
		require.NoError(t, b.StepAgain(b.ctx, id))
	}
	return len(begun) + len(over) + len(again) + b.driveOnCall(t, now)
}

func (b *bundle) driveOnCall(t testing.TB, now time.Time) int {
	t.Helper()
	asking, err := db.StepsToAskOnCall(b.ctx, b.store, now.Add(3*minute), batch) // their jobs come before the sweep looks
	require.NoError(t, err)
	for _, step := range asking {
		for _, source := range slices.Concat(step.Spec.Approvers, step.Spec.OnTimeout.Escalate) {
			if strings.HasPrefix(source, "on_call:") {
				require.NoError(t, unlessNothing(b.OnCallAsk(b.ctx, step.ID, source)))
			}
		}
	}
	return len(asking)
}

func (b *bundle) driveRuns(t testing.TB, now time.Time) int {
	t.Helper()
	scripts, err := db.StrandedScripts(b.ctx, b.store, now, db.UTC(time.Now()), batch)
	require.NoError(t, err)
	waiting, err := db.WaitingScripts(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	queued, err := db.StrandedFlows(b.ctx, b.store, batch)
	require.NoError(t, err)
	failed, err := db.FlowsToRetry(b.ctx, b.store, now, batch)
	require.NoError(t, err)
	for _, script := range scripts {
		require.NoError(t, unlessConflict(b.RunScript(b.ctx, script.ID)))
	}
	for _, script := range waiting {
		require.NoError(t, unlessConflict(b.ScriptDue(b.ctx, script.ID)))
	}
	for _, flow := range queued {
		require.NoError(t, unlessConflict(b.FlowDue(b.ctx, flow.ID)))
	}
	for _, flow := range failed {
		require.NoError(t, unlessConflict(b.FlowRetry(b.ctx, flow.ID)))
	}
	return len(scripts) + len(waiting) + len(queued) + len(failed)
}

// unlessConflict takes a lost race for done, as the jobs do.
func unlessConflict(err error) error {
	if errors.Is(err, db.ErrConflict) {
		return nil
	}
	return err
}

// pass lets time pass and does what is due then.
func (b *bundle) pass(t testing.TB, by time.Duration) {
	t.Helper()
	b.clock.Advance(by)
	b.drive(t)
}

// approve lets the people named approve the open step of a request's first item, and does what follows.
func (b *bundle) approve(t testing.TB, requestID string, names ...string) {
	t.Helper()
	for _, name := range names {
		step := b.sheet(t, requestID).Items[0].Current()
		require.NotNil(t, step, "no step is open for %s", name)
		require.NoError(t, b.Approve(b.ctx, step.ID, b.people[name], flows.Consent{}))
	}
	b.drive(t)
}

// held is an active grant of Carl's or Ana's for Drive editors.
func (b *bundle) held(t testing.TB, name, duration string) db.Grant {
	t.Helper()
	sheet := b.ask(t, name, "editors", duration)
	if sheet.Items[0].Current() != nil {
		b.approve(t, sheet.Request.ID, "ben")
	}
	b.drive(t)
	grant := b.grant(t, sheet.Request.ID)
	require.Equal(t, db.Active, grant.Status)
	return grant
}

// grant reads the grant of a request's first item.
func (b *bundle) grant(t testing.TB, requestID string) db.Grant {
	t.Helper()
	grant := b.sheet(t, requestID).Items[0].Grant
	require.NotNil(t, grant, "there is no grant")
	return *grant
}

// script reads the newest script with the name in the runs of a request's first item.
func (b *bundle) script(t testing.TB, requestID, name string) db.FlowScript {
	t.Helper()
	runs := b.sheet(t, requestID).Items[0].Runs
	for n := range runs {
		for _, script := range runs[len(runs)-1-n].Scripts {
			if script.Name == name {
				return script
			}
		}
	}
	require.Fail(t, "no script is called "+name)
	return db.FlowScript{}
}

// step is the open step of a request's first item.
func (b *bundle) step(t testing.TB, requestID string) string {
	t.Helper()
	step := b.sheet(t, requestID).Items[0].Current()
	require.NotNil(t, step, "no step is open")
	return step.ID
}

// refused requires a refusal that a person may read and that holds the words.
func refused(t testing.TB, err error, words string) {
	t.Helper()
	refusal, ok := refusalOf(err)
	require.True(t, ok, "not a refusal: %v", err)
	require.Contains(t, refusal, words)
}

// count counts an action in a request's rows of the audit log.
func (b *bundle) count(t testing.TB, requestID, action string) int {
	t.Helper()
	n := 0
	for _, one := range b.actions(t, requestID) {
		if one == action {
			n++
		}
	}
	return n
}

func refusalOf(err error) (string, bool) {
	refusal, ok := flows.Refusal(err)
	if !ok {
		return "", false
	}
	return refusal.Text, true
}
