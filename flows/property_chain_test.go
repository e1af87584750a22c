package flows_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows"
)

// How many runs the property test of approval chains makes: USHER_PROPERTY_RUNS, or a few. Runs share a database until it
// has grown, since making one takes longer than a run.
const (
	fewRuns     = 300
	runsPerBase = 1000
)

// still is a clock that stands still until the test moves it.
type still struct {
	mu sync.Mutex
	at time.Time
}

func (s *still) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *still) advance(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(by)
}

// stage is one database on which runs of the property test play, one after another.
type stage struct {
	*bundle

	still *still
	runs  int
}

// Whatever chain, whatever people, whatever they click in whatever order: nobody decides who may not, nobody who may is
// refused, no access without the approvals that the chain wants, and what is decided stays decided.
func TestApprovalChainsHoldInAnyOrder(t *testing.T) {
	t.Parallel()
	runs := fewRuns
	if wanted := os.Getenv("USHER_PROPERTY_RUNS"); wanted != "" {
		var err error
		runs, err = strconv.Atoi(wanted)
		require.NoError(t, err)
	}
	began, made, all := time.Now(), 0, map[string]int{}
	for made < runs {
		t.Run(fmt.Sprint("from ", made), func(t *testing.T) {
			s := newStage(t)
			for s.runs < min(runs-made, runsPerBase) && !t.Failed() {
				rapid.Check(t, func(r *rapid.T) { s.play(r) })
			}
			s.verified(t)
			made += s.runs
			s.tally(t, all)
		})
		if t.Failed() {
			return
		}
	}
	t.Logf("%d runs, %.0f in a second: %v", made, float64(made)/time.Since(began).Seconds(), all)
}

// tally adds what happened on a stage, by the log.
func (s *stage) tally(t *testing.T, all map[string]int) {
	t.Helper()
	var rows []struct {
		Action string
		N      int
	}
	require.NoError(t, s.store.NewSelect().Table("audit_events").ColumnExpr("action, count(*) AS n").Group("action").Scan(s.ctx, &rows))
	for _, row := range rows {
		all[row.Action] += row.N
	}
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{bundle: setup(t, dbtest.Open(t, "sqlite")), still: &still{at: time.Date(2030, 1, 7, 9, 0, 0, 0, time.UTC)}}
	s.chain(t, "nothing", "provision", "{name: nothing, type: none}")
	s.chain(t, "nothing-back", "deprovision", "{name: nothing, type: none}")
	s.approvals(t, "prop", "{name: Step, approvers: [manager]}")
	s.offer(t, "prop", "Editors", "[{chain: prop}]", "nothing", "nothing-back")
	s.options.Clock, s.options.Admins = s.still.Now, nil
	var err error
	s.Flows, err = flows.New(s.options)
	require.NoError(t, err)
	return s
}

// run is one run: people of its own, a chain, and one request.
type run struct {
	*stage
	*model

	r       *rapid.T
	crowd   []string // everybody who clicks
	crewID  string
	request db.Request
	again   func() error // the last decision that counted, once more
	final   string       // the status of the item once it was decided
	clicks  int          // clicks that were refused
}

func (s *stage) play(r *rapid.T) {
	s.runs++
	p := &run{stage: s, r: r}
	p.cast()
	for range rapid.IntRange(0, 2).Draw(r, "absences") {
		p.goAway()
	}
	p.ask()
	p.check()
	for range rapid.IntRange(2, 12).Draw(r, "length") {
		p.act()
		p.check()
	}
	p.finish()
}

// act does one thing that may come at any time.
func (p *run) act() {
	switch rapid.IntRange(0, 19).Draw(p.r, "act") {
	case 0, 1, 2, 3, 4, 5, 6, 7, 8:
		p.click(true)
	case 9:
		p.click(false)
	case 10, 11:
		p.goAway()
	case 12:
		p.comeBack()
	case 13:
		p.comeOrGo()
	case 14:
		p.joinOrLeave()
	case 15, 16:
		p.pass(rapid.SampledFrom([]time.Duration{minute, hour, 5 * hour, 30 * hour}).Draw(p.r, "time"))
	case 17:
		p.answerOnCall()
	case 18:
		p.twice()
	case 19:
		p.cancel()
	}
}

// click lets somebody press something on a step: mostly on the one that is open.
func (p *run) click(open bool) {
	steps := p.steps()
	if len(steps) == 0 {
		return
	}
	step := rapid.SampledFrom(steps).Draw(p.r, "step")
	for _, one := range steps {
		if open && one.Status == db.Deciding {
			step = one
		}
	}
	var found verdict
	if step.Status == db.Deciding {
		found = p.judge(step, p.decisions(), steps, p.Now())
	}
	who := p.clicker(found.may)
	may := found.may[who]
	switch rapid.IntRange(0, 9).Draw(p.r, "verb") {
	case 0:
		p.said(steps, may, func() error { return p.Deny(p.ctx, step.ID, who, "no") })
	case 1:
		p.handOver(step, who, found)
	case 2:
		_, err := p.AskQuestion(p.ctx, step.ID, who, "why?")
		p.pressed(may, err)
	case 3:
		p.said(steps, may, func() error {
			return p.ApproveFor(p.ctx, step.ID, who, db.Duration(hour), flows.Consent{Comment: "shorter"})
		})
	default:
		comment := rapid.SampledFrom([]string{"well", "well", "well", ""}).Draw(p.r, "comment")
		p.said(steps, may && (comment != "" || !step.Spec.Comment), func() error {
			return p.Approve(p.ctx, step.ID, who, flows.Consent{Comment: comment})
		})
	}
}

// clicker is anybody, and more often somebody who may.
func (p *run) clicker(able map[string]bool) string {
	among := slices.DeleteFunc(slices.Clone(p.crowd), func(id string) bool { return !able[id] })
	if len(among) == 0 || p.sometimes("anybody") {
		among = p.crowd
	}
	return rapid.SampledFrom(among).Draw(p.r, "who")
}

// said requires that a decision counts exactly when it may.
func (p *run) said(steps []db.ApprovalStep, may bool, decide func() error) {
	var err error
	p.watched(steps, func() { err = decide() })
	if may {
		require.NoError(p.r, err)
		p.again = decide
		return
	}
	p.refused(err)
}

func (p *run) refused(err error) {
	_, ok := flows.Refusal(err)
	require.True(p.r, ok, "not refused: %v", err)
	p.clicks++
}

// pressed requires that nobody gets through who may not decide. There may be other reasons to refuse who may.
func (p *run) pressed(may bool, err error) {
	if !may || err != nil {
		p.refused(err)
	}
}

// handOver hands a decision to somebody, who can decide then and never asks for it himself.
func (p *run) handOver(step db.ApprovalStep, who string, found verdict) {
	to := p.person("to")
	can := !step.Spec.Fixed && !found.may[to] && found.able[to]
	err := p.HandOver(p.ctx, step.ID, who, to, "")
	if found.may[who] && can {
		require.NoError(p.r, err)
	} else {
		p.pressed(can && p.admins[0] == who, err)
	}
	if err == nil {
		steps := p.steps()
		n := slices.IndexFunc(steps, func(s db.ApprovalStep) bool { return s.ID == step.ID })
		require.True(p.r, p.judge(steps[n], p.decisions(), steps, p.Now()).may[to])
	}
}

// twice presses again what counted before.
func (p *run) twice() {
	if p.again != nil {
		p.refused(p.again())
	}
}

func (p *run) cancel() {
	if rapid.IntRange(0, 3).Draw(p.r, "really") == 0 {
		p.allowed(p.Cancel(p.ctx, p.request.ID, p.person("who")))
	}
}

// allowed takes a refusal for an answer.
func (p *run) allowed(err error) {
	if _, ok := flows.Refusal(err); !ok {
		require.NoError(p.r, err)
	}
}

// pass lets time pass, and does what is due then.
func (p *run) pass(by time.Duration) {
	p.still.advance(by)
	now := p.Now()
	steps, err := db.DueSteps(p.ctx, p.store, now, batch)
	require.NoError(p.r, err)
	for _, step := range steps {
		require.NoError(p.r, p.StepDue(p.ctx, step.ID))
	}
	requests, err := db.OverdueRequests(p.ctx, p.store, now, batch)
	require.NoError(p.r, err)
	for _, id := range requests {
		require.NoError(p.r, p.RequestDue(p.ctx, id))
	}
	p.look()
}

// look does what the sweep has done about absences and people who are gone.
func (p *run) look() {
	begun, err := db.DelegationsToApply(p.ctx, p.store, p.Now(), batch)
	require.NoError(p.r, err)
	for _, id := range begun {
		require.NoError(p.r, p.DelegationBegin(p.ctx, id))
	}
	over, err := db.DelegationsToSettle(p.ctx, p.store, p.Now(), 1)
	require.NoError(p.r, err)
	if len(over) > 0 {
		require.NoError(p.r, p.DelegationsEnd(p.ctx))
	}
	steps := p.steps()
	for _, step := range steps {
		if step.Status == db.Deciding {
			p.watched(steps, func() { require.NoError(p.r, p.StepAgain(p.ctx, step.ID)) })
		}
	}
}
