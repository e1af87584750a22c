package flows

import (
	"context"
	"time"

	"github.com/usherhq/usher/db"
)

// stopProvisioning gives up a grant's provisioning flow before its access is taken back. A script that is under way
// is let finish: the deprovisioning waits for it in the queue.
func (c *change) stopProvisioning(ctx context.Context, grant db.Grant) error {
	runs, err := db.ActionFlowsOfGrant(ctx, c, grant.ID)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if run.Kind != db.Provision {
			continue
		}
		switch run.Status {
		case db.Running:
			busy, err := c.underWay(ctx, run)
			if err != nil {
				return err
			}
			if !busy {
				if err := c.cancelRun(ctx, run, db.Running); err != nil {
					return err
				}
				continue
			}
			run.Cancelling = true
			if err := db.MoveActionFlow(ctx, c, run, db.Running); err != nil {
				return err
			}
		case db.Failed, db.Queued:
			if err := c.cancelRun(ctx, run, run.Status); err != nil {
				return err
			}
		}
	}
	return nil
}

// underWay says whether a script of a flow may be talking to its target now.
func (c *change) underWay(ctx context.Context, run db.ActionFlow) (bool, error) {
	scripts, err := db.ScriptsOf(ctx, c, run.ID)
	for _, script := range scripts {
		if script.Status == db.Running && script.ClaimedUntil.After(time.Now()) {
			return true, err
		}
	}
	return false, err
}

func (c *change) cancelRun(ctx context.Context, run db.ActionFlow, was string) error {
	run.Status, run.EndedAt, run.Cancelling = db.Cancelled, c.now, false
	return db.MoveActionFlow(ctx, c, run, was)
}

// startOver gives up the failed provisioning flows of other grants on the access that is being taken back now, and
// queues each anew behind it: what their first scripts did is undone, so they can't go on where they stopped.
func (c *change) startOver(ctx context.Context, ending db.Grant) error {
	others, err := db.LiveGrantsOnTarget(ctx, c, *ending.Entitlement, ending.SubjectID)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Status != db.Provisioning {
			continue
		}
		runs, err := db.ActionFlowsOfGrant(ctx, c, other.ID)
		if err != nil {
			return err
		}
		for _, run := range runs {
			if run.Status != db.Failed {
				continue
			}
			if err := c.startAnew(ctx, run, other); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *change) startAnew(ctx context.Context, run db.ActionFlow, grant db.Grant) error {
	script, err := c.failedScript(ctx, run)
	if err != nil {
		return err
	}
	if err := c.cancelRun(ctx, run, db.Failed); err != nil {
		return err
	}
	why := db.Details{Summary: "From the start: an earlier grant of the same access is being taken back."}
	if err := c.recordScript(system, "script.retried", run, grant, script, why); err != nil {
		return err
	}
	return c.startRun(ctx, grant, db.Provision)
}

// GiveUp cancels a grant whose provisioning needs help: what was done so far is taken back. Owners and admins may, but
// not for access of their own: that they give back. Taking access back can't be cancelled.
func (f *Flows) GiveUp(ctx context.Context, scriptID, personID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return f.mend(ctx, scriptID, personID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, _ db.FlowScript, p db.Person) error {
		may, err := f.mayMend(ctx, c, p, *grant.Entitlement)
		if err != nil {
			return err
		}
		switch {
		case !may:
			return refuse("Only the owner of %s and admins can cancel this.", grant.Entitlement.Name)
		case p.ID == grant.SubjectID:
			return refuse("You can't cancel a step of your own access, but you can give the access back: /access mine.")
		case run.Kind == db.Deprovision:
			return refuse("Access that is being taken back can't be left half taken. Retry the step, or do it by hand.")
		}
		if isWork(grant.EntitlementID) {
			return c.giveUpWork(ctx, run, grant, person(p), reason)
		}
		return c.endGrant(ctx, grant, person(p), db.CauseCancelled, reason)
	})
}
