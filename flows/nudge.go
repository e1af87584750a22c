package flows

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/usherhq/usher/db"
)

// How often somebody may have the approvers of one request reminded, and how long he has to wait in between.
const (
	maxNudges  = 3
	nudgeEvery = time.Hour
)

// Nudge reminds those who have not decided on a pending request yet, for the person who asked or the one it is for.
func (f *Flows) Nudge(ctx context.Context, requestID, personID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		request, items, p, err := c.nudging(ctx, requestID, personID)
		if err != nil {
			return err
		}
		if err := db.CountNudge(ctx, c, request, c.now); err != nil {
			return err
		}
		if err := c.record(person(p), "request.nudged", request.ID, &items[0], db.Details{}); err != nil {
			return err
		}
		return c.remindAll(ctx, request)
	})
}

// nudging reads a request under its lock, for somebody who may have its approvers reminded now.
func (c *change) nudging(ctx context.Context, requestID, personID string) (request db.Request, items []db.RequestItem, p db.Person, err error) {
	if p, err = holder(ctx, c, personID); err != nil {
		return request, items, p, err
	}
	request, err = db.LockRequest(ctx, c, requestID)
	if errors.Is(err, db.ErrNotFound) {
		return request, items, p, refuse("There is no request %s. /access mine lists yours.", requestID)
	}
	if err != nil {
		return request, items, p, err
	}
	if items, err = db.ItemsOf(ctx, c, requestID); err != nil {
		return request, items, p, err
	}
	return request, items, p, mayNudge(request, items, p, c.now)
}

// mayNudge says why a person can't have the approvers of a request reminded, or nil.
func mayNudge(request db.Request, items []db.RequestItem, p db.Person, now time.Time) error {
	holds := slices.ContainsFunc(items, func(item db.RequestItem) bool { return item.SubjectID == p.ID })
	switch next := request.NudgedAt.Add(nudgeEvery); {
	case request.RequesterID != p.ID && !holds:
		return refuse("Only the person who asked and the person it is for can have the approvers reminded.")
	case request.Status != db.Pending:
		return refuse("This request is %s already: nobody has to be reminded.", request.Status)
	case request.Nudges >= maxNudges:
		return refuse("They were reminded %d times for you. Ask one of them yourself, or an admin.", maxNudges)
	case request.Nudges > 0 && now.Before(next):
		return refuse("They were reminded for you just now. You can do it again in %s.", inWords(next, now))
	}
	return nil
}

// remindAll reminds the approvers of all open steps of a request. The steps' own reminders go on as they would.
func (c *change) remindAll(ctx context.Context, request db.Request) error {
	steps, err := db.StepsOf(ctx, c, request.ID)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if step.Status != db.Deciding {
			continue
		}
		d, err := readDesk(ctx, c, step.ID)
		if err != nil {
			return err
		}
		err = c.record(system, "step.reminded", request.ID, &d.item, db.Details{Step: step.ID, StepName: step.Spec.Name})
		if err != nil {
			return err
		}
	}
	return nil
}
