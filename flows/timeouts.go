package flows

import (
	"context"
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

// stepRemind reminds whoever may decide now: who was asked may be gone, and others on call.
func (c *change) stepRemind(ctx context.Context, d desk) error {
	d.step.RemindAt = time.Time{}
	if d.step.Spec.Remind > 0 {
		d.step.RemindAt = c.now.Add(time.Duration(d.step.Spec.Remind))
	}
	if err := db.SetStepClock(ctx, c, d.step); err != nil {
		return err
	}
	closed, err := c.askAgain(ctx, d)
	if err != nil || closed {
		return err
	}
	if d.step.OnCallAt = c.askOnCall(d.step); !d.step.OnCallAt.IsZero() {
		if err := db.SetOnCall(ctx, c, d.step); err != nil {
			return err
		}
	}
	return c.record(system, "step.reminded", d.request.ID, &d.item, db.Details{Step: d.step.ID, StepName: d.step.Spec.Name})
}

// inTime is what people are told when time ran out.
const inTime = "Nobody decided in time."

// stepTimeout does what the step says for when nobody decided in time. The second time that ends the request.
// Where the step says nothing, it stays open until the request's own limit.
func (c *change) stepTimeout(ctx context.Context, d desk) error {
	timeout := d.step.Spec.OnTimeout
	switch {
	case timeout.Deny:
		return c.denyLate(ctx, d)
	case timeout.Close || d.step.Escalated:
		return c.lapse(ctx, d.request, inTime)
	case timeout.GoOn && mayPass(d, true):
		if err := c.passStep(ctx, d, inTime); err != nil {
			return err
		}
		d.step.Skipped = inTime
		return c.flowOn(ctx, d)
	case timeout.GoOn || len(timeout.Escalate)+len(timeout.Reassign) > 0:
		return c.escalate(ctx, d)
	}
	d.step.DueAt = time.Time{}
	return db.SetStepClock(ctx, c, d.step)
}

// escalate asks further people, or others instead. A step that may not be passed over asks those who stand in.
func (c *change) escalate(ctx context.Context, d desk) error {
	d.step.Escalated, d.step.DueAt = true, c.now.Add(time.Duration(d.step.Spec.Timeout))
	if err := db.SetStepClock(ctx, c, d.step); err != nil {
		return err
	}
	if d.step.OnCallAt = c.askOnCall(d.step); !d.step.OnCallAt.IsZero() {
		if err := db.SetOnCall(ctx, c, d.step); err != nil {
			return err
		}
	}
	who, _, err := c.search(ctx, d)
	if err != nil {
		return err
	}
	action := "step.escalated"
	if len(d.step.Spec.OnTimeout.Reassign) > 0 {
		action = "step.reassigned"
	}
	err = c.record(system, action, d.request.ID, &d.item, db.Details{
		Step: d.step.ID, StepName: d.step.Spec.Name, Approvers: labelsOf(who.approvers), Need: who.need,
	})
	if err != nil {
		return err
	}
	_, err = c.closeFull(ctx, d, who)
	return err
}

// denyLate denies an item because nobody decided on it in time.
func (c *change) denyLate(ctx context.Context, d desk) error {
	if err := db.CloseStep(ctx, c, d.step.ID, db.Denied, c.now); err != nil {
		return err
	}
	if err := c.endFlow(ctx, d.flow, d.item, db.Denied); err != nil {
		return err
	}
	err := c.record(system, "flow.denied", d.request.ID, &d.item, db.Details{Step: d.step.ID, StepName: d.step.Spec.Name, Error: inTime})
	if err != nil {
		return err
	}
	return c.settleRequest(ctx, d.request)
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
	return c.settleRequest(ctx, request)
}
