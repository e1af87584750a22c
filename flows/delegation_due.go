package flows

import (
	"context"
	"slices"
	"time"

	"github.com/usherhq/usher/db"
)

// delegationBegin tells who stands in for somebody from now on, and looks anew for who decides on the steps on which he
// is asked.
func (f *Flows) delegationBegin(ctx context.Context, id string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		row, err := db.DelegationByID(ctx, c, id)
		if err != nil {
			return err
		}
		if !row.EndedAt.IsZero() {
			return errNothing
		}
		if err := db.MarkDelegationApplied(ctx, c, id, c.now); err != nil {
			return err
		}
		if err := c.recordAway(system, "delegation.begun", row); err != nil {
			return err
		}
		if err := c.reviewsAgain(ctx, row.PersonID); err != nil {
			return err
		}
		steps, err := db.StepsAsking(ctx, c, row.PersonID)
		c.stepsAgain(steps)
		return err
	})
}

// delegationsEnd looks anew for who decides on all open steps: whoever is back may have been left out of any of them.
func (f *Flows) delegationsEnd(ctx context.Context) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		over, err := db.DelegationsToSettle(ctx, c, c.now, sweepBatch)
		if err != nil || len(over) == 0 {
			return err
		}
		for _, id := range over {
			if err := db.MarkDelegationSettled(ctx, c, id, c.now); err != nil {
				return err
			}
		}
		steps, err := db.OpenSteps(ctx, c)
		c.stepsAgain(steps)
		return err
	})
}

func (c *change) stepsAgain(steps []string) {
	for _, id := range steps {
		c.enqueue(StepAgain{StepID: id}, queueTimers, 0)
	}
}

// dueAbsences are the delegations that have begun or are over.
func (f *Flows) dueAbsences(ctx context.Context, now time.Time) ([]job, error) {
	begun, err := db.DelegationsToApply(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	over, err := db.DelegationsToSettle(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, id := range begun {
		due = append(due, job{args: DelegationBegin{DelegationID: id}, queue: queueTimers})
	}
	if len(over) > 0 {
		due = append(due, job{args: DelegationsEnd{}, queue: queueTimers})
	}
	return due, nil
}

// lookAgain is how long who may decide on an open step is taken as it was found: groups, managers and owners change, and
// nobody is to wait for somebody who has left a group. At a click it is always looked up.
const lookAgain = 15 * time.Minute

// dueSearches are the steps on which somebody is asked who can't decide any more, those that were not looked at for long,
// and those that wait for who is on call.
func (f *Flows) dueSearches(ctx context.Context, now time.Time) ([]job, error) {
	gone, err := db.StepsOfTheGone(ctx, f.store, sweepBatch)
	if err != nil {
		return nil, err
	}
	stale, err := db.StepsLookedAt(ctx, f.store, now.Add(-lookAgain), sweepBatch)
	if err != nil {
		return nil, err
	}
	asking, err := db.StepsToAskOnCall(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	var due []job
	for _, id := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(gone, stale)))) {
		due = append(due, job{args: StepAgain{StepID: id}, queue: queueTimers})
	}
	for _, step := range asking {
		for _, source := range onCallOf(step) {
			due = append(due, job{args: OnCallAsk{StepID: step.ID, Source: source}, queue: onCallQueue(source)})
		}
	}
	return due, nil
}
