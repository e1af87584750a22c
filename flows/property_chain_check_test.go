package flows_test

import (
	"errors"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

var errOutOfOrder = errors.New("out of order")

func (p *run) steps() []db.ApprovalStep {
	steps, err := db.StepsOf(p.ctx, p.store, p.request.ID)
	require.NoError(p.r, err)
	return steps
}

func (p *run) decisions() []db.Decision {
	decisions, err := db.DecisionsOf(p.ctx, p.store, p.request.ID)
	require.NoError(p.r, err)
	return decisions
}

// check looks whether everything that must hold at any time does.
func (p *run) check() {
	steps, decisions := p.steps(), p.decisions()
	items, err := db.ItemsOf(p.ctx, p.store, p.request.ID)
	require.NoError(p.r, err)
	status := items[0].Status
	if p.final != "" {
		require.Equal(p.r, p.final, status, "what was decided stays decided")
	}
	if status != db.Pending {
		p.final = status
	}
	p.checkOrder(steps, status)
	for n, step := range steps {
		p.checkStep(steps[:n], step, decisions)
	}
	p.checkGrant(steps, decisions, status)
}

// checkOrder requires that steps are decided one after another.
func (p *run) checkOrder(steps []db.ApprovalStep, status string) {
	open := 0
	for n, step := range steps {
		if step.Status == db.Deciding {
			open++
		}
		if n > 0 && step.Status != db.Waiting && !step.OpenedAt.IsZero() {
			require.Equal(p.r, db.Approved, steps[n-1].Status, "a step opened before its turn")
		}
		if status == db.Approved {
			require.Equal(p.r, db.Approved, step.Status)
		}
	}
	pending := 0
	if status == db.Pending {
		pending = 1
	}
	require.Equal(p.r, pending, open, "one step is open while anything is to be decided, and none else")
}

// checkStep requires that the decisions on a step were those of people who might, and enough of them.
func (p *run) checkStep(before []db.ApprovalStep, step db.ApprovalStep, decisions []db.Decision) {
	earlier := map[string]bool{}
	var seats, people []string
	for _, d := range decisions {
		switch {
		case slices.ContainsFunc(before, func(s db.ApprovalStep) bool { return s.ID == d.StepID }):
			earlier[d.PersonID], earlier[seatOf(d)] = true, true
		case d.StepID == step.ID:
			p.checkDecider(step, d)
			require.NotContains(p.r, people, d.PersonID, "one decision of a person on a step")
			require.NotContains(p.r, seats, seatOf(d), "one decision in the place of a person")
			seats, people = append(seats, seatOf(d)), append(people, d.PersonID)
			if !step.Spec.Repeat {
				require.False(p.r, earlier[d.PersonID] || earlier[seatOf(d)], "counted in two steps")
			}
		}
	}
	if step.Skipped != "" {
		p.checkSkipped(step)
		return
	}
	if step.Status == db.Approved {
		need := step.Need
		if step.Spec.All {
			need = 1
		}
		require.GreaterOrEqual(p.r, len(seats), need, "too few approved")
	}
}

// watched does something by which a step may close, and requires that one on which all must approve waits for each.
func (p *run) watched(steps []db.ApprovalStep, do func()) {
	n := slices.IndexFunc(steps, func(s db.ApprovalStep) bool { return s.Status == db.Deciding })
	do()
	if n < 0 || !steps[n].Spec.All || steps[n].Escalated || p.steps()[n].Status != db.Approved {
		return
	}
	found := p.judge(steps[n], p.decisions(), steps, p.Now())
	require.True(p.r, found.given > 0 && len(found.missing) == 0 && !found.waiting, "closed, and some are missing")
}

// mustApproved says whether somebody approved a step who was found when it was opened.
func (p *run) mustApproved(step db.ApprovalStep) bool {
	return slices.ContainsFunc(p.decisions(), func(d db.Decision) bool {
		return d.StepID == step.ID && d.Verdict == db.Approved && slices.Contains(step.Must, seatOf(d))
	})
}

// checkDecider requires that nobody decides for himself, nor has it decided.
func (p *run) checkDecider(step db.ApprovalStep, d db.Decision) {
	own := []string{p.requester, p.subject}
	if d.ForID != "" {
		require.NotContains(p.r, own, d.PersonID)
		require.NotContains(p.r, own, d.ForID)
	}
	if !step.Spec.Self {
		require.NotContains(p.r, own, d.PersonID)
	}
}

// checkSkipped requires that a step was passed over because its condition does not hold or its time ran out.
func (p *run) checkSkipped(step db.ApprovalStep) {
	require.Equal(p.r, db.Approved, step.Status)
	if step.OpenedAt.IsZero() {
		holds, known := conditions[step.Spec.When]
		require.True(p.r, known && !holds)
		return
	}
	require.True(p.r, step.Spec.OnTimeout.GoOn)
}

// checkGrant requires that there is access exactly when everything is approved, and never for want of anybody's time.
func (p *run) checkGrant(steps []db.ApprovalStep, decisions []db.Decision, status string) {
	grants, err := db.GrantsOfRequest(p.ctx, p.store, p.request.ID)
	require.NoError(p.r, err)
	require.Equal(p.r, status == db.Approved, len(grants) == 1)
	late := slices.ContainsFunc(steps, func(s db.ApprovalStep) bool { return s.Skipped != "" && !s.OpenedAt.IsZero() })
	if status == db.Approved && late {
		require.True(p.r, slices.ContainsFunc(decisions, func(d db.Decision) bool { return d.Verdict == db.Approved }), "nobody consented")
	}
	if status == db.Approved {
		jobs, err := p.store.NewSelect().Table("river_job").Where("kind <> 'lane_flush'").Count(p.ctx)
		require.NoError(p.r, err)
		require.Positive(p.r, jobs, "approved without work that follows")
	}
}

// checkEvents requires that the log tells of each decision, once.
func (p *run) checkEvents(decisions []db.Decision, status string) {
	events, err := db.AuditPage(p.ctx, p.store, db.AuditFilter{Request: p.request.ID}, 1000)
	require.NoError(p.r, err)
	times := map[string]int{}
	for _, event := range events {
		times[event.Action]++
	}
	said := map[string]int{}
	for _, d := range decisions {
		said[d.Verdict]++
	}
	require.Equal(p.r, said[db.Approved], times["decision.approved"])
	require.Equal(p.r, said[db.Denied], times["decision.denied"])
	require.Equal(p.r, p.clicks, times["click.refused"])
	for end, action := range map[string]string{
		db.Approved: "flow.approved", db.Denied: "flow.denied", db.Lapsed: "request.lapsed", db.Cancelled: "request.cancelled",
	} {
		require.Equal(p.r, end == status, times[action] == 1, action)
	}
	require.Equal(p.r, times["flow.approved"], times["grant.created"])
}

// finish lets everything be looked after, and all time pass: a step that waits has people who can decide it, or says that
// it has not; and in the end nothing waits.
func (p *run) finish() {
	if p.final == "" {
		p.look()
		p.check()
		p.checkAsked()
	}
	for n := 0; p.final == "" && n < 4; n++ {
		p.pass(100 * hour)
		p.check()
	}
	require.NotEmpty(p.r, p.final, "it waits for ever")
	p.checkEvents(p.decisions(), p.final)
}

// checkAsked requires that whoever is there and may decide is asked, and that too few are called too few.
func (p *run) checkAsked() {
	steps := p.steps()
	for _, step := range steps {
		if step.Status != db.Deciding {
			continue
		}
		found := p.judge(step, p.decisions(), steps, p.Now())
		require.Equal(p.r, found.short, step.Short)
		if step.Spec.All && p.mustApproved(step) {
			require.True(p.r, len(found.missing) > 0 || found.waiting, "nobody is missing, and it waits")
		}
		approvers, err := db.ApproversOf(p.ctx, p.store, step.ID)
		require.NoError(p.r, err)
		asked := 0
		for _, one := range approvers {
			if slices.ContainsFunc(p.decisions(), func(d db.Decision) bool { return d.StepID == step.ID && d.PersonID == one.PersonID }) {
				continue
			}
			require.True(p.r, found.may[one.PersonID], "asked, and may not decide")
			asked++
		}
		require.Equal(p.r, found.present, asked, "who is there and may decide is asked")
	}
}
