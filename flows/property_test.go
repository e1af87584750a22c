package flows_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/flows"
)

// world is what one run of the property test plays with: people of its own, and the requests that they made.
type world struct {
	*bundle

	asker, other string   // who asks, and for whom perhaps
	crowd        []string // who clicks
	requests     []string
	logged       map[string]int // events of a request that were checked
}

// groups are the targets, and offers the entitlements on them: two share one.
var offers = []struct{ slug, group, chain string }{
	{"ruled", "Editors", "[{chain: auto}]"},
	{"short", "Editors", "[{chain: auto, when: \"duration <= duration('1h')\"}, {chain: manager}]"},
	{"paired", "Admins", "[{chain: two}]"},
	{"single", "Admins", "[{chain: crew}]"},
}

// Whatever people click in whatever order, with targets that fail and processes that die: the rules hold after each
// step, and at the end nobody is inside.
func TestTheRulesHoldInAnyOrder(t *testing.T) {
	t.Parallel()
	for part := range 2 {
		t.Run(fmt.Sprint("part ", part), func(t *testing.T) {
			t.Parallel()
			b := setup(t, dbtest.Open(t, "sqlite"))
			b.approvals(t, "crew", "{name: Crew, approvers: [eve@example.com, carl@example.com]}")
			for _, one := range offers {
				b.offer(t, one.slug, one.group, one.chain, "editors-in", "editors-out")
			}
			rapid.Check(t, func(r *rapid.T) {
				w := newWorld(t, b)
				r.Repeat(w.actions(t))
				w.finish(t)
			})
			b.verified(t)
		})
	}
}

func newWorld(t *testing.T, b *bundle) *world {
	b.target.SetMode(target.Online)
	b.target.Fail(0, 0)
	mark := db.NewID("p")[2:]
	w := &world{bundle: b, asker: "asker" + mark, other: "other" + mark, logged: map[string]int{}}
	for _, name := range []string{w.asker, w.other} {
		b.hire(t, name)
		row, err := db.PersonByID(b.ctx, b.store, b.people[name])
		require.NoError(t, err)
		row.ManagerEmail = "ben@example.com"
		require.NoError(t, db.UpdatePerson(b.ctx, b.store, row))
	}
	w.crowd = []string{w.asker, w.other, "ben", "dana", "eve", "carl", "ada", "greta"}
	return w
}

// actions are the steps that may come in any order; the one without a name looks after each.
func (w *world) actions(t *testing.T) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"":         func(*rapid.T) { w.check(t) },
		"ask":      func(r *rapid.T) { w.askSomething(t, r) },
		"click":    func(r *rapid.T) { w.click(t, r) },
		"click 2":  func(r *rapid.T) { w.click(t, r) },
		"take":     func(r *rapid.T) { w.take(t, r) },
		"mend":     func(r *rapid.T) { w.mend(t, r) },
		"one job":  func(r *rapid.T) { w.oneJob(t, r) },
		"all jobs": func(*rapid.T) { w.drive(t) },
		"time": func(r *rapid.T) {
			w.clock.Advance(rapid.SampledFrom([]time.Duration{time.Second, minute, hour, 5 * hour, 9 * hour, 80 * hour}).Draw(r, "time"))
		},
		"trouble": func(r *rapid.T) {
			w.target.SetMode(rapid.SampledFrom([]target.Mode{target.Online, target.Online, target.ReadOnly}).Draw(r, "mode"))
			w.target.Fail(rapid.IntRange(0, 2).Draw(r, "failures"), http.StatusServiceUnavailable)
		},
	}
}

// allowed takes a refusal for an answer; anything else that went wrong is a defect.
func allowed(t *testing.T, err error) {
	t.Helper()
	if _, ok := flows.Refusal(err); !ok {
		require.NoError(t, unlessConflict(err))
	}
}

func (w *world) askSomething(t *testing.T, r *rapid.T) {
	form := w.form(t, rapid.SampledFrom([]string{w.asker, w.asker, "eve"}).Draw(r, "by"), rapid.SampledFrom(offers).Draw(r, "offer").slug, rapid.SampledFrom([]string{"1m", "1h", "8h"}).Draw(r, "for"))
	if rapid.Bool().Draw(r, "for the other") {
		form.For = w.people[w.other]
	}
	if rapid.IntRange(0, 4).Draw(r, "later") == 0 {
		form.StartsAt = w.Now().Add(4 * hour)
	}
	request, err := w.Request(w.ctx, form)
	require.NoError(t, err)
	w.requests = append(w.requests, request.ID)
}

// one picks a request that was made.
func (w *world) one(r *rapid.T) string {
	if len(w.requests) == 0 {
		r.Skip("nothing was asked for yet")
	}
	return rapid.SampledFrom(w.requests).Draw(r, "request")
}

func (w *world) click(t *testing.T, r *rapid.T) {
	step := rapid.SampledFrom(append(w.sheet(t, w.one(r)).Items[0].Steps, db.SheetStep{})).Draw(r, "step")
	if step.ID == "" {
		return
	}
	who := w.people[rapid.SampledFrom(w.crowd).Draw(r, "who")]
	switch rapid.IntRange(0, 5).Draw(r, "what") {
	case 0:
		allowed(t, w.Deny(w.ctx, step.ID, who, "no"))
	case 1:
		allowed(t, w.ChangeDuration(w.ctx, step.ID, who, db.Duration(30*minute), ""))
	default:
		allowed(t, w.Approve(w.ctx, step.ID, who, flows.Consent{}))
	}
}

func (w *world) take(t *testing.T, r *rapid.T) {
	id := w.one(r)
	who := w.people[rapid.SampledFrom([]string{w.asker, w.other, "dana", "eve", "ben"}).Draw(r, "who")]
	grant := w.sheet(t, id).Items[0].Grant
	if grant == nil {
		allowed(t, w.Cancel(w.ctx, id, who))
		return
	}
	if rapid.Bool().Draw(r, "revoke") {
		allowed(t, w.Revoke(w.ctx, grant.ID, who, "enough"))
		return
	}
	allowed(t, w.Return(w.ctx, grant.ID, who))
}

func (w *world) mend(t *testing.T, r *rapid.T) {
	for _, run := range w.sheet(t, w.one(r)).Items[0].Runs {
		for _, script := range run.Scripts {
			if script.Status == db.Failed {
				allowed(t, w.Retry(w.ctx, script.ID, w.people[rapid.SampledFrom([]string{"dana", "ben"}).Draw(r, "who")]))
			}
		}
	}
}

// oneJob does one of the jobs that are due, or dies behind the call to the target.
func (w *world) oneJob(t *testing.T, r *rapid.T) {
	scripts, err := db.StrandedScripts(w.ctx, w.store, w.Now(), db.UTC(time.Now()), batch)
	require.NoError(t, err)
	if len(scripts) == 0 {
		r.Skip("nothing is due")
	}
	script := rapid.SampledFrom(scripts).Draw(r, "script")
	switch rapid.IntRange(0, 3).Draw(r, "dies") {
	case 0:
		allowed(t, unlessNothing(w.ClaimScript(w.ctx, script.ID)))
		w.forget(t)
	case 1:
		_, err := w.PerformScript(w.ctx, script.ID)
		allowed(t, unlessNothing(err))
		w.forget(t)
	default:
		require.NoError(t, unlessConflict(w.RunScript(w.ctx, script.ID)))
	}
}

func unlessNothing(err error) error {
	if err != nil && err.Error() == "nothing to do" {
		return nil
	}
	return err
}

// check looks whether everything that must hold at any time does.
func (w *world) check(t *testing.T) {
	for _, id := range w.requests {
		events := w.events(t, id)
		if w.logged[id] == len(events) {
			continue // nothing happened to it
		}
		w.logged[id] = len(events)
		sheet := w.sheet(t, id)
		w.checkDecisions(t, sheet)
		checkLog(t, sheet, events)
	}
	for _, name := range []string{w.asker, w.other, "eve"} {
		w.checkTarget(t, name)
	}
}

func (w *world) checkDecisions(t *testing.T, sheet db.Sheet) {
	item := sheet.Items[0]
	require.Equal(t, sheet.Request.Status, item.Status)
	for _, step := range item.Steps {
		approvals := 0
		for _, decision := range step.Decisions {
			require.NotEqual(t, sheet.Request.RequesterID, decision.PersonID, "nobody decides on a request of their own")
			require.NotEqual(t, item.SubjectID, decision.PersonID, "nobody decides on access of their own")
			require.Contains(t, []string{w.people["ben"], w.people["dana"], w.people["eve"], w.people["carl"]}, decision.PersonID)
			if decision.Verdict == db.Approved {
				approvals++
			}
		}
		if item.Status == db.Approved {
			require.Equal(t, db.Approved, step.Status)
			require.Equal(t, step.Need, approvals)
		}
	}
	if item.Status != db.Approved {
		require.True(t, item.Grant == nil || item.ExtendsGrantID != "", "a grant without an approval")
	} else {
		require.NotNil(t, item.Grant)
	}
}

func checkLog(t *testing.T, sheet db.Sheet, events []db.AuditEvent) {
	var actions []string
	times := map[string]int{}
	for _, event := range events {
		actions = append(actions, event.Action)
		times[event.Action]++
	}
	require.Equal(t, sheet.Request.Status == db.Approved, times["flow.approved"] == 1)
	require.Equal(t, sheet.Request.Status == db.Denied, times["flow.denied"] == 1)
	require.LessOrEqual(t, max(times["flow.approved"], times["flow.denied"], times["grant.activated"], times["grant.ended"]), 1)
	scriptsOnce(t, events)
	inOrder(t, actions)
}

// checkTarget compares what a person has at the target with the grants: an active grant is there, and what is there
// has a grant that has not ended.
func (w *world) checkTarget(t *testing.T, name string) {
	grants, err := db.LiveGrantsOf(w.ctx, w.store, w.people[name])
	require.NoError(t, err)
	for _, group := range []string{"Editors", "Admins"} {
		inside := slices.Contains(w.target.Members(group), name+"@example.com")
		held, live := false, false
		for _, grant := range grants {
			if grant.Entitlement.Target == group {
				held = held || grant.Status == db.Active
				live = live || grant.Status != db.Scheduled
			}
		}
		require.True(t, !held || inside, "%s has an active grant and is not in %s", name, group)
		require.True(t, !inside || live, "%s is in %s without a grant", name, group)
	}
}

// finish lets all time pass: then everything has ended and nobody is inside.
func (w *world) finish(t *testing.T) {
	w.target.SetMode(target.Online)
	w.target.Fail(0, 0)
	for range 4 {
		w.pass(t, 200*hour)
		for _, id := range w.requests { // what failed waits for a person for ever
			grant := w.sheet(t, id).Items[0].Grant
			if grant != nil && grant.Status == db.Provisioning {
				allowed(t, w.Revoke(w.ctx, grant.ID, w.people["dana"], "over"))
			}
		}
	}
	w.drive(t)
	w.check(t)
	for _, id := range w.requests {
		sheet := w.sheet(t, id)
		require.NotEqual(t, db.Pending, sheet.Request.Status)
		if grant := sheet.Items[0].Grant; grant != nil {
			require.Equal(t, db.Ended, grant.Status)
		}
	}
	for _, group := range []string{"Editors", "Admins"} {
		require.NotContains(t, w.target.Members(group), w.asker+"@example.com")
		require.NotContains(t, w.target.Members(group), w.other+"@example.com")
		require.NotContains(t, w.target.Members(group), "eve@example.com")
	}
}
