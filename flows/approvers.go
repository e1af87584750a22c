package flows

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// matter is what approvers are searched for: a step of an item of a request. Of a step that is not stored only Spec and
// Need count.
type matter struct {
	request db.Request
	item    db.RequestItem
	step    db.ApprovalStep
}

func (d desk) matter() matter { return matter{request: d.request, item: d.item, step: d.step} }

// found is who may decide on a matter.
type found struct {
	approvers []db.Approver // who is asked and has not decided, with Person, and For of delegates
	away      []db.Approver // who may decide as well, but is away and so is not asked
	hops      []db.Hop      // how far the search went beyond whom the step names
	must      []string      // of a step on which all must approve: ids of the people whose approvals it needs
	need      int           // how many approvals the step needs
	given     int           // how many of them it has
	short     bool          // fewer could be found than have to approve
	decided   []db.Decision // on the step so far
}

// searching is a search for approvers under way.
type searching struct {
	f *Flows
	q bun.IDB
	matter

	specs   []string
	widened bool            // the fallback is asked besides
	earlier map[string]bool // people whose approval of an earlier step counted
	decided []db.Decision   // on this step
	taken   map[string]bool // people who decided on this step, and those for whom somebody did
	seats   []seat          // whom the search came upon
	notes   []string        // why people who were named can't decide, in words
	hops    []db.Hop
	waiting bool // it is not known yet who is on call
}

// seat is one approval that somebody can give.
type seat struct {
	person db.Person
	source string
	stands *db.Person // in whose place, of a delegate
	away   bool
}

// findApprovers resolves who may decide on a matter now: the people whom the step names and who hold power, without the
// requester and the person who benefits, with delegates for those who are away. When they are too few, owner, provider
// owner and admins stand in, in this order, until there are enough.
func (f *Flows) findApprovers(ctx context.Context, q bun.IDB, m matter) (found, error) {
	s := &searching{f: f, q: q, matter: m, earlier: map[string]bool{}, taken: map[string]bool{}}
	s.specs, s.widened = specsOf(m.step)
	if err := s.readDecisions(ctx); err != nil {
		return found{}, err
	}
	if err := s.addNamed(ctx); err != nil {
		return found{}, err
	}
	if err := s.fallBack(ctx); err != nil {
		return found{}, err
	}
	return s.finish(), nil
}

// readDecisions reads who approved an earlier step, where that excludes from this one, and who decided on this one.
func (s *searching) readDecisions(ctx context.Context) error {
	if s.step.ID == "" {
		return nil
	}
	if !s.step.Spec.Repeat && s.step.Position > 1 {
		before, err := db.ApprovedBefore(ctx, s.q, s.step.FlowID, s.step.Position)
		if err != nil {
			return err
		}
		count(s.earlier, before)
	}
	var err error
	s.decided, err = db.DecisionsOn(ctx, s.q, s.step.ID)
	count(s.taken, s.decided)
	return err
}

// count adds the people who decided, and those in whose place they did.
func count(people map[string]bool, decisions []db.Decision) {
	for _, one := range decisions {
		people[one.PersonID] = true
		if one.ForID != "" {
			people[one.ForID] = true
		}
	}
}

// specsOf are the sources of a step as they count now. widened says that the fallback is asked besides.
func specsOf(step db.ApprovalStep) (specs []string, widened bool) {
	timeout := step.Spec.OnTimeout
	switch {
	case !step.Escalated:
		return step.Spec.Approvers, false
	case len(timeout.Reassign) > 0:
		return timeout.Reassign, false
	}
	return append(slices.Clone(step.Spec.Approvers), timeout.Escalate...), timeout.GoOn
}

// finish says what came of the search.
func (s *searching) finish() found {
	result := found{hops: s.hops, decided: s.decided, short: !s.waiting && !s.enough()}
	for _, one := range s.seats {
		approver := db.Approver{StepID: s.step.ID, PersonID: one.person.ID, Source: one.source, Person: &one.person}
		if one.stands != nil {
			approver.ForID, approver.For = one.stands.ID, one.stands
		}
		if one.away {
			result.away = append(result.away, approver)
		} else {
			result.approvers = append(result.approvers, approver)
		}
	}
	result.must, result.need, result.given = s.tally()
	return result
}

// among returns as what a person may decide, if he may.
func (n found) among(personID string) (db.Approver, bool) {
	for _, one := range slices.Concat(n.approvers, n.away) {
		if one.PersonID == personID {
			return one, true
		}
	}
	return db.Approver{}, false
}

// mustHold returns as what a person may decide on something, or answer it. It refuses whoever may not, and names those
// who may.
func (n found) mustHold(p db.Person, verb string) (db.Approver, error) {
	if one, ok := n.among(p.ID); ok {
		return one, nil
	}
	for _, one := range n.decided {
		switch p.ID {
		case one.PersonID:
			return db.Approver{}, refuse("You have already decided on this step. It waits for others. Nothing was changed.")
		case one.ForID:
			return db.Approver{}, refuse("%s has already decided on this step in your place. Nothing was changed.", one.Person.Name)
		}
	}
	var names []string
	for _, one := range n.approvers {
		names = append(names, one.Person.Name)
	}
	return db.Approver{}, refuse("You are not one of the people who may %s here. It waits for %s.", verb, listed(names))
}
