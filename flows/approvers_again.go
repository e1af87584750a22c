package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// search looks anew for who may decide on an open step and stores what it found: who is asked, in place of whoever can't
// decide any more. It returns besides who was not asked before, and tells of turns of the search that are new.
func (c *change) search(ctx context.Context, d desk) (who found, fresh []db.Approver, err error) {
	before, err := db.ApproversOf(ctx, c, d.step.ID)
	if err != nil {
		return who, nil, err
	}
	if who, err = c.f.findApprovers(ctx, c, d.matter()); err != nil {
		return who, nil, err
	}
	for _, one := range who.approvers {
		if !slices.ContainsFunc(before, func(b db.Approver) bool { return b.PersonID == one.PersonID }) {
			fresh = append(fresh, one)
		}
	}
	hops := slices.DeleteFunc(slices.Clone(who.hops), func(hop db.Hop) bool { return slices.Contains(d.step.Hops, hop) })
	d.step.Hops, d.step.Short, d.step.LookedAt = who.hops, who.short, c.now
	if err := db.SaveSearch(ctx, c, d.step, who.approvers); err != nil {
		return who, nil, err
	}
	return who, fresh, c.recordHops(d, hops)
}

// stepAgain looks anew for who may decide on a step: somebody who was asked is away or gone, or is back.
func (f *Flows) stepAgain(ctx context.Context, stepID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		d, err := readDesk(ctx, c, stepID)
		if err != nil || d.step.Status != db.Deciding {
			return err
		}
		_, err = c.askAgain(ctx, d)
		return err
	})
}

// askAgain asks whoever may decide on an open step now and was not asked yet. A step that waited only for people who are
// gone is closed; closed says so.
func (c *change) askAgain(ctx context.Context, d desk) (closed bool, err error) {
	who, fresh, err := c.search(ctx, d)
	if err != nil {
		return false, err
	}
	var own []db.Approver
	for _, one := range fresh {
		if one.ForID == "" {
			own = append(own, one)
			continue
		}
		err := c.record(system, "delegation.started", d.request.ID, &d.item, db.Details{
			Step: d.step.ID, StepName: d.step.Spec.Name, For: one.For.Label(), To: one.Person.Label(), Approvers: []string{one.Person.Label()},
		})
		if err != nil {
			return false, err
		}
	}
	if len(own) > 0 {
		err := c.record(system, "step.approvers_changed", d.request.ID, &d.item, db.Details{
			Step: d.step.ID, StepName: d.step.Spec.Name, Approvers: labelsOf(own), Need: who.need,
		})
		if err != nil {
			return false, err
		}
	}
	return c.closeFull(ctx, d, who)
}

// countApprovals closes the step when enough people approved it, and moves the flow on.
func (c *change) countApprovals(ctx context.Context, d desk) error {
	who, err := c.f.findApprovers(ctx, c, d.matter())
	if err != nil {
		return err
	}
	_, err = c.closeFull(ctx, d, who)
	return err
}

// closeFull closes a step that has the approvals it needs. None is never enough.
func (c *change) closeFull(ctx context.Context, d desk, who found) (closed bool, err error) {
	if who.given == 0 || who.given < who.need {
		return false, nil
	}
	if err := db.CloseStep(ctx, c, d.step.ID, db.Approved, c.now); err != nil {
		return false, err
	}
	return true, c.flowOn(ctx, d)
}

// flowOn moves a flow on behind a step that was closed or passed over.
func (c *change) flowOn(ctx context.Context, d desk) error {
	for n := range d.steps {
		if d.steps[n].ID == d.step.ID {
			d.steps[n] = d.step
			d.steps[n].Status = db.Approved
		}
	}
	if err := c.openNext(ctx, d.request, d.flow, d.item, d.steps); err != nil {
		return err
	}
	return c.settleRequest(ctx, d.request)
}

// notified resolves who is told of a step without deciding: people as in the log, and channels as they are written.
func (c *change) notified(ctx context.Context, d desk) ([]string, error) {
	var told []string
	for _, spec := range d.step.Spec.Notify {
		if strings.HasPrefix(spec, "#") {
			told = append(told, spec)
			continue
		}
		people, err := c.f.namedBy(ctx, c, spec, d.item)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if p.Active && !slices.Contains(told, p.Label()) {
				told = append(told, p.Label())
			}
		}
	}
	return told, nil
}
