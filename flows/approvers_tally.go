package flows

import (
	"slices"

	"github.com/usherhq/usher/db"
)

// tally says how many approvals the step needs and has; of a step on which all must approve also whose.
//
// All means each one who was found when the step was opened and can decide still: whoever was deactivated, lost the place
// by which he was found, or went away without a delegate, is not waited for. People who joined later may approve, and
// count only where the step escalated.
func (s *searching) tally() (must []string, need, given int) {
	approved := s.approved()
	if !s.step.Spec.All {
		return nil, max(s.step.Need, 1), len(approved)
	}
	must = s.musts(approved)
	for _, id := range approved {
		if s.step.Escalated || slices.Contains(must, id) {
			given++
		}
	}
	if len(must) == 0 {
		given = len(approved)
	}
	need = max(len(must), 1)
	if s.waiting {
		need++ // who is on call belongs to all
	}
	return must, need, given
}

// approved are the seats whose approval the step has.
func (s *searching) approved() []string {
	var ids []string
	for _, one := range s.decided {
		id := one.PersonID
		if one.ForID != "" {
			id = one.ForID
		}
		if one.Verdict == db.Approved && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// musts are the seats that have to approve: at opening all that are there, later those of them that still are, and those
// that have approved.
func (s *searching) musts(approved []string) []string {
	var there []string
	for _, one := range s.seats {
		if !one.away {
			there = append(there, one.id())
		}
	}
	if s.step.OpenedAt.IsZero() {
		return there
	}
	var must []string
	for _, id := range s.step.Must {
		id = handedTo(s.step, id)
		still := slices.Contains(there, id) || slices.Contains(approved, id)
		if still && !slices.Contains(must, id) {
			must = append(must, id)
		}
	}
	return must
}

// id is the person whose approval the seat stands for.
func (s seat) id() string {
	if s.stands != nil {
		return s.stands.ID
	}
	return s.person.ID
}
