package flows

import (
	"context"
	"errors"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// desk is an approval step with everything around it, read under the request's lock.
type desk struct {
	request db.Request
	flow    db.ApprovalFlow
	item    db.RequestItem
	step    db.ApprovalStep
	steps   []db.ApprovalStep // of this flow
	as      db.Approver       // as what the person at the desk may decide
}

// Deny records that a person denies; one denial ends the item's flow. The reason is required.
func (f *Flows) Deny(ctx context.Context, stepID, personID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return f.decide(ctx, stepID, personID, func(ctx context.Context, c *change, d desk, p db.Person) error {
		return c.denyStep(ctx, d, p, reason)
	})
}

func (c *change) denyStep(ctx context.Context, d desk, p db.Person, reason string) error {
	if err := c.decision(ctx, d, p, db.Decision{Verdict: db.Denied, Reason: reason}); err != nil {
		return err
	}
	if err := db.CloseStep(ctx, c, d.step.ID, db.Denied, c.now); err != nil {
		return err
	}
	if err := c.endFlow(ctx, d.flow, d.item, db.Denied); err != nil {
		return err
	}
	if err := c.record(person(p), "flow.denied", d.request.ID, &d.item, db.Details{Step: d.step.ID, StepName: d.step.Spec.Name, Reason: reason}); err != nil {
		return err
	}
	return c.settleRequest(ctx, d.request)
}

// MayDecide refuses with a reason when a person may not decide on a step now. It changes nothing: it is asked before
// a form is shown.
func (f *Flows) MayDecide(ctx context.Context, stepID, personID string) error {
	return f.refusedClick(ctx, stepID, personID, f.store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, _, err := f.sitDown(ctx, tx, stepID, personID)
		return err
	}))
}

// decide runs one person's decision under the request's lock.
func (f *Flows) decide(ctx context.Context, stepID, personID string, do func(context.Context, *change, desk, db.Person) error) error {
	return f.refusedClick(ctx, stepID, personID, f.counting(ctx, func(ctx context.Context, c *change) error {
		d, p, err := f.sitDown(ctx, c, stepID, personID)
		if err != nil {
			return err
		}
		return do(ctx, c, d, p)
	}))
}

// sitDown reads a step under its request's lock and checks that the person may decide on it now.
func (f *Flows) sitDown(ctx context.Context, q bun.IDB, stepID, personID string) (desk, db.Person, error) {
	p, err := db.PersonByID(ctx, q, personID)
	if err != nil {
		return desk{}, p, err
	}
	d, err := readDesk(ctx, q, stepID)
	if errors.Is(err, db.ErrNotFound) {
		return d, p, refuse("This request does not exist any more.")
	}
	if err != nil {
		return d, p, err
	}
	d.as, err = f.checkDecider(ctx, q, d, p)
	return d, p, err
}

func readDesk(ctx context.Context, q bun.IDB, stepID string) (desk, error) {
	step, err := db.StepByID(ctx, q, stepID)
	if err != nil {
		return desk{}, err
	}
	d := desk{}
	if d.request, err = db.LockRequest(ctx, q, step.RequestID); err != nil {
		return d, err
	}
	if d.flow, err = db.FlowByID(ctx, q, step.FlowID); err != nil {
		return d, err
	}
	if d.item, err = db.ItemByID(ctx, q, d.flow.ItemID); err != nil {
		return d, err
	}
	all, err := db.StepsOf(ctx, q, d.request.ID)
	for _, other := range all {
		if other.FlowID == d.flow.ID {
			d.steps = append(d.steps, other)
		}
		if other.ID == stepID {
			d.step = other // as it is under the lock
		}
	}
	return d, err
}

// checkDecider says as what a person may decide on a step now, or refuses with the reason. Power is looked up anew at
// each click.
func (f *Flows) checkDecider(ctx context.Context, q bun.IDB, d desk, p db.Person) (db.Approver, error) {
	if why := whyPowerless(p); why != "" {
		return db.Approver{}, &Error{Text: why}
	}
	if d.step.Status != db.Deciding {
		return db.Approver{}, f.tooLate(ctx, q, d, p)
	}
	if p.ID == d.request.RequesterID && !d.step.Spec.Self {
		return db.Approver{}, refuse("You can't decide on your own request. Somebody else who may decide has to.")
	}
	if p.ID == d.item.SubjectID && !d.step.Spec.Self {
		return db.Approver{}, refuse("You can't decide on access for yourself. Somebody else who may decide has to.")
	}
	who, err := f.findApprovers(ctx, q, d.matter())
	if err != nil {
		return db.Approver{}, err
	}
	return who.mustHold(p, "decide")
}

// tooLate says what became of a step that is no longer open.
func (f *Flows) tooLate(ctx context.Context, q bun.IDB, d desk, p db.Person) error {
	if d.step.Status == db.Waiting {
		return refuse("It is not this step's turn yet.")
	}
	decisions, err := db.DecisionsOf(ctx, q, d.request.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, decision := range decisions {
		if decision.StepID != d.step.ID {
			continue
		}
		if decision.PersonID == p.ID {
			return refuse("You have already %s this. Nothing was changed.", decision.Verdict)
		}
		if decision.Verdict == d.step.Status {
			names = append(names, decision.Person.Name)
		}
	}
	switch d.step.Status {
	case db.Cancelled:
		return refuse("This request was cancelled. Nothing was changed.")
	case db.Lapsed:
		return refuse("This request lapsed because nobody decided in time. Nothing was changed.")
	}
	if len(names) == 0 {
		return refuse("This was already %s. Nothing was changed.", d.step.Status)
	}
	return refuse("This was already %s by %s. Nothing was changed.", d.step.Status, listed(names))
}

// decision writes one person's decision: its verdict, reason and proof. A second one of the same person is refused.
func (c *change) decision(ctx context.Context, d desk, p db.Person, decision db.Decision) error {
	decision.ID, decision.StepID, decision.PersonID, decision.DecidedAt = db.NewID("dec"), d.step.ID, p.ID, c.now
	decision.ForID = d.as.ForID
	err := db.InsertDecision(ctx, c, decision)
	if errors.Is(err, db.ErrConflict) {
		return refuse("You have already decided on this step. It waits for others. Nothing was changed.")
	}
	if err != nil {
		return err
	}
	decided := db.Approver{StepID: d.step.ID, PersonID: p.ID, Source: d.as.Source, ForID: d.as.ForID}
	if err := db.AddApprovers(ctx, c, []db.Approver{decided}); err != nil {
		return err
	}
	details := db.Details{Step: d.step.ID, StepName: d.step.Spec.Name, Reason: decision.Reason, Proof: decision.Proof}
	if d.as.For != nil {
		details.For = d.as.For.Label()
	}
	return c.record(person(p), "decision."+decision.Verdict, d.request.ID, &d.item, details)
}

// refusedClick records a refused decision in the log and passes the refusal on.
func (f *Flows) refusedClick(ctx context.Context, stepID, personID string, err error) error {
	return f.refusedPress(ctx, personID, err, func(ctx context.Context, c *change) (db.AuditEvent, db.Details, error) {
		step, err := db.StepByID(ctx, c, stepID)
		return db.AuditEvent{Request: step.RequestID}, db.Details{Step: stepID}, err
	})
}

// listed joins names for a sentence: "Ana, Ben or Carl".
func listed(names []string) string {
	switch {
	case len(names) == 0:
		return "nobody who can be found; tell an admin"
	case len(names) == 1:
		return names[0]
	case len(names) > 6:
		return strings.Join(names[:5], ", ") + " or others"
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}
