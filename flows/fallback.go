package flows

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// fallback is the source of an approver who stands in because the step names too few who may decide.
const fallback = "fallback"

// fallBack asks owner, provider owner and admins, in this order, until enough who may decide are found. While it is not
// known who is on call, nobody stands in yet.
func (s *searching) fallBack(ctx context.Context) error {
	from := strings.Join(s.specs, ", ")
	for _, to := range []string{owner, providerOwner, "admins"} {
		if s.done() {
			return nil
		}
		if slices.Contains(s.specs, to) {
			continue // the step names it, and it was not enough
		}
		people, err := s.standIns(ctx, to)
		if err != nil {
			return err
		}
		if len(people) == 0 && to != "admins" {
			continue // nobody is named for it
		}
		s.hop(from, to)
		if err := s.add(ctx, fallback, people); err != nil {
			return err
		}
		from = to
	}
	if !s.waiting && !s.enough() {
		s.hop(from, db.Nobody)
	}
	return nil
}

// done says whether nobody has to stand in.
func (s *searching) done() bool { return !s.widened && (s.waiting || s.enough()) }

// standIns are the people at one turn of the fallback.
func (s *searching) standIns(ctx context.Context, turn string) ([]db.Person, error) {
	switch turn {
	case owner:
		return personNamed(ctx, s.q, s.item.Entitlement.OwnerEmail)
	case providerOwner:
		return personNamed(ctx, s.q, s.item.Entitlement.Provider.OwnerEmail)
	}
	return remembered(ctx, "admins", func() ([]db.Person, error) { return s.f.adminPeople(ctx, s.q) })
}

// hop notes that the search goes on, and why.
func (s *searching) hop(from, to string) {
	why := "nobody decided in time"
	if !s.widened {
		why = s.whyFew()
	}
	s.hops = append(s.hops, db.Hop{From: from, Why: why, To: to})
	s.notes = nil
}

// whyFew says why who was found so far is not enough.
func (s *searching) whyFew() string {
	words := "nobody who may decide was found"
	if n := s.present(); n > 0 {
		words = fmt.Sprintf("only %d of %d who have to decide were found", n, s.wanted())
	}
	if len(s.notes) > 0 {
		words += ": " + strings.Join(s.notes, ", ")
	}
	return words
}
