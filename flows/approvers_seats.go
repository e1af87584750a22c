package flows

import (
	"context"
	"slices"

	"github.com/usherhq/usher/db"
)

// handedOver is the source of an approver to whom somebody handed the decision; the step's Handed says who.
const handedOver = "handed_over"

// add gives seats to people whom a source names, and to the delegates of those who are away.
func (s *searching) add(ctx context.Context, source string, people []db.Person) error {
	var fresh []string
	for _, p := range people {
		to, err := s.handed(ctx, p)
		if err != nil {
			return err
		}
		from := source
		if to.ID != p.ID {
			from = handedOver
		}
		if s.sit(from, to) {
			fresh = append(fresh, to.ID)
		}
	}
	return s.sendAway(ctx, fresh)
}

// sit gives a person a seat of his own, unless he may not decide or has one. A seat as a delegate becomes his own.
func (s *searching) sit(source string, p db.Person) bool {
	if s.taken[p.ID] {
		return false
	}
	if why := s.whyNot(p, s.step.Spec.Self); why != "" {
		s.note(why)
		return false
	}
	n := slices.IndexFunc(s.seats, func(one seat) bool { return one.person.ID == p.ID })
	switch {
	case n < 0:
		s.seats = append(s.seats, seat{person: p, source: source})
		return true
	case s.seats[n].stands != nil:
		s.seats[n] = seat{person: p, source: source}
	}
	return false
}

// whyNot says in words why a person can't decide on the matter, or nothing.
func (s *searching) whyNot(p db.Person, self bool) string {
	switch {
	case !p.Active:
		return p.Name + " is deactivated"
	case !powerful(p):
		return p.Name + " is no member of the workspace"
	case p.ID == s.request.RequesterID && !self:
		return p.Name + " asks for it"
	case p.ID == s.item.SubjectID && !self:
		return p.Name + " is whom it is for"
	case s.earlier[p.ID]:
		return p.Name + " approved an earlier step"
	}
	return ""
}

func (s *searching) note(why string) {
	if !slices.Contains(s.notes, why) {
		s.notes = append(s.notes, why)
	}
}

// handed follows the decision from a person to whom it was handed over.
func (s *searching) handed(ctx context.Context, p db.Person) (db.Person, error) {
	to := handedTo(s.step, p.ID)
	if to == p.ID {
		return p, nil
	}
	return db.PersonByID(ctx, s.q, to)
}

// handedTo is the person who decides in place of another after all that was handed over, oldest first.
func handedTo(step db.ApprovalStep, personID string) string {
	for _, one := range step.Handed {
		if one.From == personID {
			personID = one.To
		}
	}
	return personID
}

// present counts the approvals that can be given by people who are there, and those that were.
func (s *searching) present() int {
	n := len(s.approved())
	for _, one := range s.seats {
		if !one.away {
			n++
		}
	}
	return n
}

// wanted is how many have to be found: those who must approve, of a step on which all must one.
func (s *searching) wanted() int {
	if s.step.Spec.All {
		return 1
	}
	return max(s.step.Need, 1)
}

func (s *searching) enough() bool { return s.present() >= s.wanted() }
