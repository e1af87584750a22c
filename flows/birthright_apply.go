package flows

import (
	"context"
	"maps"
	"slices"

	"github.com/usherhq/usher/db"
)

// BirthrightApply applies a rule that was changed or has opened to everybody.
type BirthrightApply struct {
	Slug string `json:"slug"`
}

// Kind names the job in the queue; it never changes.
func (BirthrightApply) Kind() string { return "birthright_apply" }

// birthrightsChanged has rules applied to everybody that were added, changed, or are no longer active. Whoever changes the
// configuration calls it in the same transaction, behind the change.
func (c *change) birthrightsChanged(ctx context.Context, slugs []string) error {
	for _, slug := range slugs {
		rule, err := db.BirthrightBySlug(ctx, c, slug)
		if err != nil {
			return err
		}
		rule.NextAt, rule.Pending, rule.Behind = opensNext(rule, c.now), true, ""
		if err := db.ScheduleBirthright(ctx, c, rule); err != nil {
			return err
		}
		c.enqueue(BirthrightApply{Slug: slug}, queueDirectory, 0)
	}
	return nil
}

// applyBirthright looks at everybody, in the order of their ids and a few at a time, and marks those of whom something has to
// be done. It goes on where it was when its process died. A rule that is changed meanwhile is applied from the beginning.
func (f *Flows) applyBirthright(ctx context.Context, slug string) error {
	for {
		rule, err := db.BirthrightBySlug(ctx, f.store, slug)
		if err != nil || !rule.Pending {
			return err
		}
		people, err := db.PeopleBehind(ctx, f.store, rule.Behind, settleBatch)
		if err != nil {
			return err
		}
		_, differing, err := f.differing(ctx, f.store, people)
		if err != nil {
			return err
		}
		was := rule.Behind
		if rule.Pending = len(people) > 0; rule.Pending {
			rule.Behind = people[len(people)-1].ID
		}
		if err := f.change(ctx, func(ctx context.Context, c *change) error {
			if err := db.PassBirthright(ctx, c, rule, was); err != nil {
				return err
			}
			return c.noteDiffering(ctx, people, differing)
		}); err != nil {
			return err
		}
	}
}

// noteDiffering marks those of some people of whom something has to be done.
func (c *change) noteDiffering(ctx context.Context, people []db.Person, differing []string) error {
	byTeller := map[string][]string{}
	for _, p := range people {
		if slices.Contains(differing, p.ID) {
			byTeller[p.ToldBy] = append(byTeller[p.ToldBy], p.ID)
		}
	}
	for _, teller := range slices.Sorted(maps.Keys(byTeller)) { // in one order, so that no two wait for each other
		if err := c.noteAll(ctx, byTeller[teller], teller); err != nil {
			return err
		}
	}
	return nil
}

// dueBirthrights finds the rules that have to open, and those whose job may have been lost with a process.
func (f *Flows) dueBirthrights(ctx context.Context) ([]job, error) {
	opening, pending, err := db.DueBirthrights(ctx, f.store, f.Now())
	if err != nil {
		return nil, err
	}
	var due []job
	for _, slug := range opening {
		due = append(due, job{args: BirthrightOpen{Slug: slug}, queue: queueDirectory})
	}
	for _, slug := range pending {
		due = append(due, job{args: BirthrightApply{Slug: slug}, queue: queueDirectory})
	}
	return due, nil
}
