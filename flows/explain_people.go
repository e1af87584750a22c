package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// deciders are those who can decide on a step, and why each can.
func (f *Flows) deciders(d desk, who found) []Decider {
	var all []Decider
	for _, one := range who.approvers {
		all = append(all, Decider{Person: *one.Person, Source: one.Source, For: one.For, Why: sourceWords(one.Source, d.item)})
	}
	for _, one := range who.away {
		why := sourceWords(one.Source, d.item) + " Away now, and so not asked."
		all = append(all, Decider{Person: *one.Person, Source: one.Source, For: one.For, Why: why})
	}
	return all
}

// sourceWords says by what somebody may decide on an item.
func sourceWords(source string, item db.RequestItem) string {
	switch source {
	case manager:
		return "Manager of " + item.Subject.Name + "."
	case managersManager:
		return "Manager of the manager of " + item.Subject.Name + "."
	case owner:
		return "Owner of " + item.Entitlement.Name + "."
	case providerOwner:
		return "Owner of " + item.Entitlement.Provider.Name + "."
	case fallback:
		return "Stands in, because too few were found."
	case handedOver:
		return "The decision was handed over."
	}
	if handle, is := strings.CutPrefix(source, "group:"); is {
		return "In the group " + handle + "."
	}
	if endpoint, is := strings.CutPrefix(source, onCall); is {
		return "On call, says " + endpoint + "."
	}
	if strings.HasPrefix(source, "@") {
		return "In " + source + "."
	}
	return "Named by the step."
}

// barred are those whom a step names and who can't decide on it, and why each can't.
func (f *Flows) barred(ctx context.Context, q bun.IDB, d desk, who found) ([]Decider, error) {
	s := &searching{f: f, q: q, matter: d.matter(), earlier: map[string]bool{}, taken: map[string]bool{}}
	s.specs, _ = specsOf(d.step)
	if err := s.readDecisions(ctx); err != nil {
		return nil, err
	}
	var all []Decider
	for _, spec := range s.specs {
		people, err := s.named(ctx, spec)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			_, may := who.among(p.ID)
			known := slices.ContainsFunc(all, func(one Decider) bool { return one.Person.ID == p.ID })
			if why := s.whyBarred(p); !may && !known && why != "" {
				all = append(all, Decider{Person: p, Source: spec, Why: why})
			}
		}
	}
	return all, nil
}

func (s *searching) whyBarred(p db.Person) string {
	if s.taken[p.ID] {
		return "Decided already."
	}
	if handedTo(s.step, p.ID) != p.ID {
		return "Handed the decision over."
	}
	if why := s.whyNot(p, s.step.Spec.Self); why != "" {
		return why + "."
	}
	return ""
}
