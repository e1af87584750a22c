package flows

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// whySkipped says in a sentence why a step is passed over when its turn comes, or "". A condition that can't be decided
// passes over nothing: the step is asked, which is the safe side, and problem says what is wrong with it.
func (f *Flows) whySkipped(ctx context.Context, q bun.IDB, m matter) (why, problem string, err error) {
	if m.step.Spec.When == "" {
		return "", "", nil
	}
	if m.request.Requester == nil {
		requester, err := db.PersonByID(ctx, q, m.request.RequesterID)
		if err != nil {
			return "", "", err
		}
		m.request.Requester = &requester
	}
	scope, err := f.scope(ctx, q, m.request, m.item, nil)
	if err != nil {
		return "", "", err
	}
	holds, err := rules.Holds(m.step.Spec.When, scope)
	var wrong *rules.Error
	switch {
	case errors.As(err, &wrong):
		return "", "The condition of this step can't be decided, so it is asked: " + wrong.Error(), nil
	case err != nil || holds:
		return "", "", err
	}
	return "It is asked only if " + conditionWords(m.step.Spec.When) + ".", "", nil
}

// mayPass says whether a flow may go on without a step: always where the chain's conditions say so, except that neither
// a change of the configuration or of a directory nor a flow of which a step ran out of time is ever approved without anybody's consent.
func mayPass(d desk, timeout bool) bool {
	guarded := timeout || d.request.Kind == db.ForChange || d.request.Origin == db.FromHeld
	for _, other := range d.steps {
		switch {
		case other.ID == d.step.ID:
		case other.Status == db.Approved && other.Skipped == "":
			return true // somebody consented
		case other.Status == db.Approved && !other.OpenedAt.IsZero():
			guarded = true // it ran out of time
		case other.Status == db.Waiting && other.Spec.When == "":
			return true // somebody will have to
		}
	}
	return !guarded
}

// passStep passes over a step.
func (c *change) passStep(ctx context.Context, d desk, why string) error {
	if err := db.PassStep(ctx, c, d.step.ID, why, c.now); err != nil {
		return err
	}
	return c.record(system, "step.skipped", d.request.ID, &d.item, db.Details{Step: d.step.ID, StepName: d.step.Spec.Name, Skipped: why})
}
