package flows

import (
	"context"
	"errors"
	"slices"

	"github.com/usherhq/usher/db"
)

// ChangeDuration lets a person who may decide on a step change how long the access would be held, within the policy.
// It is no decision. Once somebody has approved, the time can only be made shorter.
func (f *Flows) ChangeDuration(ctx context.Context, stepID, personID string, to db.Duration, comment string) error {
	return f.decide(ctx, stepID, personID, func(ctx context.Context, c *change, d desk, p db.Person) error {
		if d.request.Kind == db.ForChange {
			return refuse("A change of the configuration has no duration. Approve or deny it.")
		}
		if isWork(d.item.EntitlementID) {
			return refuse("A change of the directory has no duration. Approve or deny it.")
		}
		if err := checkComment(db.Step{}, comment); err != nil { // it is asked for with the approval only
			return err
		}
		if to == d.item.Duration {
			return refuseField(FieldDuration, 0, "That is the duration already.")
		}
		if to > d.item.Duration {
			if err := c.mayLengthen(ctx, d, to); err != nil {
				return err
			}
		}
		return c.changeDuration(ctx, &d, p, to, comment)
	})
}

// changeDuration changes how long an item would be held, within what the entitlement allows.
func (c *change) changeDuration(ctx context.Context, d *desk, p db.Person, to db.Duration, comment string) error {
	if err := checkDuration(*d.item.Entitlement, 0, to); err != nil {
		return err
	}
	if err := db.SetItemDuration(ctx, c, d.item.ID, to); err != nil {
		return err
	}
	was := d.item.Duration
	d.item.Duration = to
	return c.record(person(p), "duration.changed", d.request.ID, &d.item, db.Details{
		Step: d.step.ID, Reason: comment, WasDuration: was.String(), Duration: to.String(),
	})
}

// mayLengthen refuses a longer time that somebody has not consented to: who approved the shorter one already, and who
// would have been asked, had the longer one been asked for.
func (c *change) mayLengthen(ctx context.Context, d desk, to db.Duration) error {
	decisions, err := db.DecisionsOf(ctx, c, d.request.ID)
	if err != nil {
		return err
	}
	for _, decision := range decisions {
		if slices.ContainsFunc(d.steps, func(s db.ApprovalStep) bool { return s.ID == decision.StepID }) {
			return refuseField(FieldDuration, 0, "Somebody has approved %s already, so it can only be made shorter.", d.item.Duration.Words())
		}
	}
	request, err := db.RequestByID(ctx, c, d.request.ID)
	if err != nil {
		return err
	}
	longer := d.item
	longer.Duration = to
	scope, err := c.f.scope(ctx, c, request, longer, nil)
	if err != nil {
		return err
	}
	rule, err := chooseRule(*longer.Entitlement, scope)
	if err != nil {
		return err
	}
	others, err := c.othersFor(ctx, d, longer)
	if err != nil {
		return err
	}
	if others || rule.Chain != d.flow.Chain {
		return refuseField(FieldDuration, 0, "For %s other people have to decide. Ask for it in a request of its own.", to.Words())
	}
	return nil
}

// othersFor says whether a longer time would need people who were passed over, or would be no emergency any more.
func (c *change) othersFor(ctx context.Context, d desk, longer db.RequestItem) (bool, error) {
	if path := longer.Entitlement.Emergency; d.request.Emergency && path != nil && longer.Duration > path.Max {
		return true, nil
	}
	for _, step := range d.steps {
		if step.Skipped == "" || step.Spec.When == "" {
			continue
		}
		skipped, _, err := c.f.whySkipped(ctx, c, matter{request: d.request, item: longer, step: step})
		if err != nil || skipped == "" {
			return true, err
		}
	}
	return false, nil
}

// Cancel takes a request back: items that are not decided are cancelled, grants that have not begun are given up.
// The requester, the person it is for and admins may.
func (f *Flows) Cancel(ctx context.Context, requestID, personID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		request, items, p, err := f.takeBack(ctx, c, requestID, personID)
		if err != nil {
			return err
		}
		done, err := c.endPending(ctx, request, db.Cancelled)
		if err != nil {
			return err
		}
		for _, item := range done {
			if err := c.record(person(p), "request.cancelled", request.ID, &item, db.Details{}); err != nil {
				return err
			}
		}
		given, err := c.giveUpScheduled(ctx, request, p)
		if err != nil {
			return err
		}
		if len(done)+given == 0 {
			return refuse("There is nothing to cancel: %s is %s already. To end access that you hold, use /access return.", requestID, words(items, request))
		}
		return c.settleRequest(ctx, request)
	})
}

func (f *Flows) takeBack(ctx context.Context, c *change, requestID, personID string) (db.Request, []db.RequestItem, db.Person, error) {
	p, err := actor(ctx, c, personID)
	if err != nil {
		return db.Request{}, nil, p, err
	}
	request, err := db.LockRequest(ctx, c, requestID)
	if errors.Is(err, db.ErrNotFound) {
		return request, nil, p, refuse("There is no request %s. /access mine lists yours.", requestID)
	}
	if err != nil {
		return request, nil, p, err
	}
	items, err := db.ItemsOf(ctx, c, requestID)
	if err != nil {
		return request, items, p, err
	}
	if request.RequesterID == p.ID || (len(items) > 0 && items[0].SubjectID == p.ID) {
		return request, items, p, nil
	}
	admin, err := f.IsAdmin(ctx, c, p)
	if err == nil && !admin {
		err = refuse("Only the person who asked, the person it is for, and admins can cancel a request.")
	}
	return request, items, p, err
}

// endPending ends the items of a request that are not decided and returns them.
func (c *change) endPending(ctx context.Context, request db.Request, status string) ([]db.RequestItem, error) {
	flows, err := db.FlowsOf(ctx, c, request.ID)
	if err != nil {
		return nil, err
	}
	var ended []db.RequestItem
	for _, flow := range flows {
		if flow.Status != db.Deciding {
			continue
		}
		item, err := db.ItemByID(ctx, c, flow.ItemID)
		if err != nil {
			return nil, err
		}
		if err := c.endFlow(ctx, flow, item, status); err != nil {
			return nil, err
		}
		ended = append(ended, item)
	}
	return ended, nil
}

// giveUpScheduled ends the grants of a request whose start has not come.
func (c *change) giveUpScheduled(ctx context.Context, request db.Request, p db.Person) (int, error) {
	grants, err := db.GrantsOfRequest(ctx, c, request.ID)
	if err != nil {
		return 0, err
	}
	given := 0
	for _, grant := range grants {
		if grant.Status != db.Scheduled {
			continue
		}
		if err := c.endGrant(ctx, grant, person(p), db.CauseCancelled, ""); err != nil {
			return 0, err
		}
		given++
	}
	return given, nil
}

func words(items []db.RequestItem, request db.Request) string {
	if len(items) == 1 {
		return items[0].Status
	}
	return request.Status
}
