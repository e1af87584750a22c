package flows

import (
	"context"
	"time"

	"github.com/usherhq/usher/db"
)

// SettlePeople and the others do what their job does, in all of its turns.
func (f *Flows) SettlePeople(ctx context.Context) error { return inTurns(f.settling(ctx)) }

func (f *Flows) SettlePerson(ctx context.Context, id string) error { return f.settlePerson(ctx, id) }

// DuePeople does what the sweep finds about people and rules, and says whether it found anything.
func (f *Flows) DuePeople(ctx context.Context) (bool, error) {
	opening, pending, err := db.DueBirthrights(ctx, f.store, f.Now())
	if err != nil {
		return false, err
	}
	for _, slug := range opening {
		if err := f.openBirthright(ctx, slug); err != nil {
			return true, err
		}
	}
	for _, slug := range append(opening, pending...) {
		if err := f.applyBirthright(ctx, slug); err != nil {
			return true, err
		}
	}
	leaving, err := db.PeopleToLeave(ctx, f.store, f.Now(), sweepBatch)
	if err != nil {
		return false, err
	}
	for _, id := range leaving {
		if err := f.timeOver(ctx, id); err != nil {
			return true, err
		}
	}
	lost, err := db.LostGrants(ctx, f.store, f.Now(), sweepBatch)
	if err != nil {
		return false, err
	}
	for _, id := range lost {
		if err := f.expireDue(ctx, id); err != nil {
			return true, err
		}
	}
	marked, err := db.AnyUnsettled(ctx, f.store)
	if err != nil {
		return false, err
	}
	return len(opening)+len(pending)+len(leaving)+len(lost) > 0 || marked, f.settlePeople(ctx)
}

// BirthrightsChanged has rules applied to everybody, as a change of the configuration does.
func (f *Flows) BirthrightsChanged(ctx context.Context, slugs ...string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error { return c.birthrightsChanged(ctx, slugs) })
}

// Reconcile compares a directory in full with what is so.
func (f *Flows) Reconcile(ctx context.Context, id string) error {
	directory, err := db.DirectoryByID(ctx, f.store, id)
	if err != nil {
		return err
	}
	return f.reconcile(ctx, directory)
}

// ReconcileRun does what the job of a comparison does.
func (f *Flows) ReconcileRun(ctx context.Context, id string, at time.Time) error {
	return f.reconcileRun(ctx, ReconcileRun{DirectoryID: id, At: at})
}
