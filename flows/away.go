package flows

import (
	"context"
	"slices"

	"github.com/usherhq/usher/db"
)

// sendAway marks the seats of people who are away and gives their delegates a seat. Who is away may still decide, but is
// not asked and not counted upon.
func (s *searching) sendAway(ctx context.Context, people []string) error {
	if replaying(ctx) {
		return nil
	}
	rows, err := db.AwayAmong(ctx, s.q, people, s.f.Now())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if s.ownDoing(row) {
			continue
		}
		for n := range s.seats {
			if s.seats[n].person.ID == row.PersonID && s.seats[n].stands == nil && !s.seats[n].away {
				s.seats[n].away = true
				if err := s.delegate(ctx, s.seats[n], row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ownDoing says whether somebody else's absence was written by whoever asks or benefits: an admin can't choose that way
// who decides on what is his. For him the person counts as there.
func (s *searching) ownDoing(row db.Delegation) bool {
	his := row.CreatedBy == s.request.RequesterID || row.CreatedBy == s.item.SubjectID
	return his && row.CreatedBy != row.PersonID
}

// delegate gives a seat to whoever stands in for somebody who is away, if there is anybody who may. For whoever asks or
// benefits nobody stands in, also where the chain lets him decide himself.
func (s *searching) delegate(ctx context.Context, away seat, row db.Delegation) error {
	if s.whyNot(away.person, false) != "" {
		return nil
	}
	to, there, err := s.standIn(ctx, row)
	if err != nil {
		return err
	}
	switch why := s.whyNot(to, false); {
	case !there:
		s.note(away.person.Name + " is away until " + row.EndsAt.Format("2 January 2006"))
	case s.taken[to.ID] || s.seated(to.ID):
		s.note(to.Name + ", who stands in for " + away.person.Name + ", decides already")
	case why != "":
		s.note(away.person.Name + " is away, and " + why)
	default:
		s.seats = append(s.seats, seat{person: to, source: away.source, stands: &away.person})
	}
	return nil
}

// standIn follows delegations from one to the next until somebody is there. Nobody is when the last one named nobody, and
// when they go round in a ring.
func (s *searching) standIn(ctx context.Context, row db.Delegation) (to db.Person, there bool, err error) {
	passed := map[string]bool{row.PersonID: true}
	for row.To != nil && !passed[row.ToID] {
		if to, err = s.handed(ctx, *row.To); err != nil {
			return to, false, err
		}
		passed[row.ToID], passed[to.ID] = true, true
		next, err := db.AwayAmong(ctx, s.q, []string{to.ID}, s.f.Now())
		if err != nil || len(next) == 0 || s.ownDoing(next[0]) {
			return to, true, err
		}
		row = next[0]
	}
	return db.Person{}, false, nil
}

func (s *searching) seated(personID string) bool {
	return slices.ContainsFunc(s.seats, func(one seat) bool { return one.person.ID == personID })
}
