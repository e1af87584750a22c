package flows

import (
	"context"
	"slices"

	"github.com/usherhq/usher/db"
)

// gone looks for people who left and hold access all the same.
func (r *reconciling) gone(ctx context.Context) error {
	people, err := db.GoneWithAccess(ctx, r.f.store, r.directory.Slug, sweepBatch)
	if err != nil || len(people) == 0 {
		return err
	}
	r.found.Righted += len(people)
	return r.f.change(ctx, func(ctx context.Context, c *change) error {
		return c.markAll(ctx, people, db.Unsettled{Directory: r.directory.Slug, Leaving: "Somebody who left held access all the same."})
	})
}

// rules compares what rules give the people of the directory with what they hold.
func (r *reconciling) rules(ctx context.Context) error {
	open, err := db.OpenDriftsLike(ctx, r.f.store, r.directory.ID, "rule|")
	if err != nil {
		return err
	}
	missing := map[string]bool{} // keys of drifts that are still so
	for after := ""; ; {
		people, err := db.PeopleToldBy(ctx, r.f.store, r.directory.Slug, after, reconcileBatch)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			break
		}
		after = people[len(people)-1].ID
		r.found.People += len(people)
		if err := r.rulesOf(ctx, people, missing); err != nil {
			return err
		}
	}
	var over []string
	for _, one := range open {
		if one.Kind == driftMissing && !missing[one.Key] {
			over = append(over, one.Key)
		}
	}
	return r.f.change(ctx, func(ctx context.Context, c *change) error {
		for _, key := range over {
			if err := r.noDrift(ctx, c, key, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// rulesOf has the access of some people looked at of whom something has to be done, and reports what a person said no to.
func (r *reconciling) rulesOf(ctx context.Context, people []db.Person, missing map[string]bool) error {
	book, differing, err := r.f.differing(ctx, r.f.store, people)
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(people))
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	has, err := standings(ctx, r.f.store, ids)
	if err != nil {
		return err
	}
	return r.f.change(ctx, func(ctx context.Context, c *change) error {
		r.found.Righted += len(differing)
		if err := c.noteDiffering(ctx, people, differing); err != nil {
			return err
		}
		for _, p := range people {
			if slices.Contains(differing, p.ID) {
				continue
			}
			for _, one := range refusedOf(has[p.ID], c) {
				missing[ruleDrift(one)] = true
				r.found.Differ++
				e, _ := book.entitlement(one.EntitlementID)
				words := "The rule " + book.rule(one.Birthright).Name + " gives " + p.Name + " " + e.Name + ". It was denied, given back or revoked, or nobody decided in time."
				if err := r.open(ctx, c, db.Drift{Key: ruleDrift(one), Kind: driftMissing, PersonID: p.ID, Words: words}, p.Label()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// refusedOf is what rules give a person that is neither held nor asked for, though nothing stands against it: somebody said no.
func refusedOf(has standing, c *change) []db.BirthrightPerson {
	var refused []db.BirthrightPerson
	for _, one := range has.said {
		held := slices.ContainsFunc(has.grants, func(g db.Grant) bool { return g.EntitlementID == one.EntitlementID })
		asked := slices.ContainsFunc(has.items, func(item db.RequestItem) bool { return item.EntitlementID == one.EntitlementID })
		if !held && !asked && one.Blocked == "" && !overdue(one.Until, c.now) {
			refused = append(refused, one)
		}
	}
	return refused
}
