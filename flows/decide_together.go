package flows

import (
	"cmp"
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// Together is what one person decides at once on several items of a request.
type Together struct {
	RequestID string
	Approve   []string // items; all others that wait for him are denied, or left as they are
	Deny      bool     // the others
	Reason    string   // why they are denied
	Consent   Consent  // to what is approved
}

// TogetherAsks says what the approval of all items of a request that wait for a person will want of him. It refuses when
// he may decide on none of them now.
func (f *Flows) TogetherAsks(ctx context.Context, requestID, personID string) (Asks, error) {
	var desks []desk
	err := f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var err error
		desks, _, err = f.sitDownTogether(ctx, tx, requestID, personID)
		return err
	})
	if err != nil {
		return Asks{}, f.refusedTogether(ctx, requestID, personID, err)
	}
	var asks Asks
	for _, d := range desks {
		asks.Comment, asks.StepUp = asks.Comment || d.step.Spec.Comment, asks.StepUp || d.step.Spec.StepUp
	}
	if !asks.StepUp {
		return asks, nil
	}
	now := f.Now()
	factor, err := f.factorOf(ctx, f.store, personID, now)
	asks.Factor, asks.Why = f.howToProve(factor, now)
	return asks, err
}

// DecideTogether records one person's decisions on all items of a request that wait for him: all of them or none are
// kept. A second factor is given once for all.
func (f *Flows) DecideTogether(ctx context.Context, personID string, t Together) error {
	if len(t.Approve) == 0 && !t.Deny {
		return refuse("Choose what is approved, or that the others are denied. Nothing was changed.")
	}
	if t.Deny {
		if err := checkReason(t.Reason); err != nil {
			return err
		}
	}
	return f.refusedTogether(ctx, t.RequestID, personID, f.counting(ctx, func(ctx context.Context, c *change) error {
		desks, p, err := f.sitDownTogether(ctx, c, t.RequestID, personID)
		if err != nil {
			return err
		}
		return c.decideEach(ctx, desks, p, t)
	}))
}

// refusedTogether records a press on all items of a request that did not count, and passes the refusal on.
func (f *Flows) refusedTogether(ctx context.Context, requestID, personID string, err error) error {
	return f.refusedPress(ctx, personID, err, func(context.Context, *change) (db.AuditEvent, db.Details, error) {
		return db.AuditEvent{Request: requestID}, db.Details{}, nil
	})
}

// sitDownTogether reads the open steps of a request on which a person may decide now, in the order of the people whom
// they are about, who are locked one after another.
func (f *Flows) sitDownTogether(ctx context.Context, q bun.IDB, requestID, personID string) ([]desk, db.Person, error) {
	if _, err := db.LockRequest(ctx, q, requestID); err != nil {
		return nil, db.Person{}, err
	}
	steps, err := db.StepsOf(ctx, q, requestID)
	if err != nil {
		return nil, db.Person{}, err
	}
	var desks []desk
	var p db.Person
	refused := refuse("Nothing of this waits for a decision any more. Nothing was changed.")
	for _, step := range steps {
		if step.Status != db.Deciding {
			continue
		}
		d, who, err := f.sitDown(ctx, q, step.ID, personID)
		if _, is := Refusal(err); is {
			refused = err
			continue
		}
		if err != nil {
			return nil, p, err
		}
		desks, p = append(desks, d), who
	}
	if len(desks) == 0 {
		return nil, p, refused
	}
	slices.SortStableFunc(desks, func(a, b desk) int { return cmp.Compare(a.item.SubjectID, b.item.SubjectID) })
	return desks, p, nil
}

// decideEach decides on each item. What was proven for one holds for all.
func (c *change) decideEach(ctx context.Context, desks []desk, p db.Person, t Together) error {
	var proof *db.Proof
	for _, d := range desks {
		if !slices.Contains(t.Approve, d.item.ID) {
			continue
		}
		if err := checkComment(d.step.Spec, t.Consent.Comment); err != nil {
			return err
		}
		if d.step.Spec.StepUp && proof == nil {
			var err error
			if proof, err = c.prove(ctx, d, p, t.Consent); err != nil {
				return err
			}
		}
	}
	for _, d := range desks {
		if err := c.decideOne(ctx, d, p, t, proof); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) decideOne(ctx context.Context, d desk, p db.Person, t Together, proof *db.Proof) error {
	switch {
	case slices.Contains(t.Approve, d.item.ID):
		decision := db.Decision{Verdict: db.Approved, Reason: t.Consent.Comment}
		if d.step.Spec.StepUp {
			decision.Proof = proof
		}
		if err := c.decision(ctx, d, p, decision); err != nil {
			return err
		}
		return c.countApprovals(ctx, d)
	case t.Deny:
		return c.denyStep(ctx, d, p, t.Reason)
	}
	return nil
}
