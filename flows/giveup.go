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
