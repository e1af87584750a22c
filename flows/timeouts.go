package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
)

// stepDue looks after an open approval step whose reminder or time limit has come.
func (f *Flows) stepDue(ctx context.Context, stepID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		d, err := readDesk(ctx, c, stepID)
		if err != nil || d.step.Status != db.Deciding {
			return err
		}
		if overdue(d.step.DueAt, c.now) {
			return c.stepTimeout(ctx, d)
		}
		if overdue(d.step.RemindAt, c.now) {
			return c.stepRemind(ctx, d)
		}
		return nil
	})
}

func overdue(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

func (c *change) stepRemind(ctx context.Context, d desk) error {
	d.step.RemindAt = c.now.Add(time.Duration(d.step.Spec.Remind))
	if err := db.SetStepClock(ctx, c, d.step); err != nil {
		return err
	}
	return c.record(system, "step.reminded", d.request.ID, &d.item, db.Details{Step: d.step.ID, StepName: d.step.Spec.Name})
}

// stepTimeout does what the step says for when nobody decided in time: ask further people, or close the request.
// Without either, the step stays open until the request's own limit.
func (c *change) stepTimeout(ctx context.Context, d desk) error {
	timeout := d.step.Spec.OnTimeout
	if timeout.Close || (d.step.Escalated && len(timeout.Escalate) > 0) {
		return c.lapse(ctx, d.request, "Nobody decided in time.")
	}
	if len(timeout.Escalate) == 0 {
		d.step.DueAt = time.Time{}
		return db.SetStepClock(ctx, c, d.step)
	}
	specs := append(append([]string{}, d.step.Spec.Approvers...), timeout.Escalate...)
	approvers, err := c.f.findApprovers(ctx, c, d.request, d.item, specs, d.step.Need)
	if err != nil {
		return err
	}
	var names []string
	for n := range approvers {
		approvers[n].StepID = d.step.ID
		names = append(names, approvers[n].Person.Label())
	}
	if err := db.AddApprovers(ctx, c, approvers); err != nil {
		return err
	}
	d.step.Escalated, d.step.DueAt = true, c.now.Add(time.Duration(d.step.Spec.Timeout))
	if err := db.SetStepClock(ctx, c, d.step); err != nil {
		return err
	}
	return c.record(system, "step.escalated", d.request.ID, &d.item, db.Details{
		Step: d.step.ID, StepName: d.step.Spec.Name, Approvers: names, Need: d.step.Need,
	})
}

// requestDue ends a request that waited too long for its decisions.
func (f *Flows) requestDue(ctx context.Context, requestID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		request, err := db.LockRequest(ctx, c, requestID)
		if err != nil || request.Status != db.Pending || !overdue(request.LapsesAt, c.now) {
			return err
		}
		return c.lapse(ctx, request, "The request was open for too long.")
	})
}

func (c *change) lapse(ctx context.Context, request db.Request, why string) error {
	items, err := c.endPending(ctx, request, db.Lapsed)
	if err != nil {
		return err
	}
	for _, item := range items {
		if err := c.record(system, "request.lapsed", request.ID, &item, db.Details{Error: why}); err != nil {
			return err
		}
	}
	err = c.settleRequest(ctx, request)
	if errors.Is(err, db.ErrConflict) {
		return nil
	}
	return err
}
