package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

// Approve records that a person approves a step, with what the step asks for. With enough approvals the step closes, the
// next one opens, and behind the last one the access is given. A click that does not count changes nothing and is
// refused with the reason.
func (f *Flows) Approve(ctx context.Context, stepID, personID string, consent Consent) error {
	return f.approve(ctx, stepID, personID, consent, func(context.Context, *change, *desk, db.Person) error { return nil })
}

// ApproveFor makes the time of an item shorter and approves it, both or neither.
func (f *Flows) ApproveFor(ctx context.Context, stepID, personID string, to db.Duration, consent Consent) error {
	return f.approve(ctx, stepID, personID, consent, func(ctx context.Context, c *change, d *desk, p db.Person) error {
		switch {
		case to == d.item.Duration:
			return nil
		case to > d.item.Duration:
			return refuseField(FieldDuration, 0, "With the approval it can only be made shorter than %s.", d.item.Duration.Words())
		}
		return c.changeDuration(ctx, d, p, to, consent.Comment)
	})
}

// approve records an approval, behind what happens first. The second factor is looked at before anything is written: a
// wrong code is kept, see counting.
func (f *Flows) approve(ctx context.Context, stepID, personID string, consent Consent, first func(context.Context, *change, *desk, db.Person) error) error {
	return f.decide(ctx, stepID, personID, func(ctx context.Context, c *change, d desk, p db.Person) error {
		if entitlement := d.item.Entitlement; d.request.Kind != db.ForChange && !isWork(d.item.EntitlementID) && !(entitlement.Active && entitlement.Provider.Active) {
			return refuse("%s is no longer offered, so it can't be approved. Deny the request, or ask an admin.", entitlement.Name)
		}
		if err := checkComment(d.step.Spec, consent.Comment); err != nil {
			return err
		}
		proof, err := c.prove(ctx, d, p, consent)
		if err != nil {
			return err
		}
		if err := first(ctx, c, &d, p); err != nil {
			return err
		}
		if err := c.decision(ctx, d, p, db.Decision{Verdict: db.Approved, Reason: consent.Comment, Proof: proof}); err != nil {
			return err
		}
		return c.countApprovals(ctx, d)
	})
}
