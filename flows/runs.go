package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// retryDeprovision is how long a failed deprovisioning waits before it tries again by itself: access that should be
// gone is not left to somebody's attention.
const retryDeprovision = 5 * time.Minute

// askAgain is the same for a question that was answered with no, or not at all: people are not asked every few minutes.
const askAgain = 24 * time.Hour

// startRun creates an action flow for a grant, its scripts copied from the version that the approver saw, and starts
// it when no other flow works on the same access. The caller holds the person's lock.
func (c *change) startRun(ctx context.Context, grant db.Grant, kind string) error {
	versionID := grant.ProvisionVersionID
	if kind == db.Deprovision {
		versionID = grant.DeprovisionVersionID
		if err := c.stopProvisioning(ctx, grant); err != nil {
			return err
		}
	}
	version, err := db.VersionByID(ctx, c, versionID)
	if err != nil {
		return err
	}
	run := db.ActionFlow{
		ID: db.NewID("run"), GrantID: grant.ID, RequestID: grant.RequestID, Kind: kind, VersionID: version.ID,
		TargetKey: grant.Entitlement.TargetKey(grant.SubjectID), Status: db.Queued, CreatedAt: c.now,
	}
	copies, err := c.copies(ctx, run, version.Scripts)
	if err != nil {
		return err
	}
	if err := db.InsertActionFlow(ctx, c, run, copies); err != nil {
		return err
	}
	return c.beginRun(ctx, run, grant)
}

// copies are the scripts of a flow. Where each works is settled here, once.
func (c *change) copies(ctx context.Context, run db.ActionFlow, specs []db.Script) ([]db.FlowScript, error) {
	var copies []db.FlowScript
	for n, spec := range specs {
		provider, err := c.providerOf(ctx, spec)
		if err != nil {
			return nil, err
		}
		copies = append(copies, db.FlowScript{
			ID: db.NewID("scr"), FlowID: run.ID, RequestID: run.RequestID, Position: n + 1, Name: spec.Name, Type: spec.Type,
			Spec: spec, Status: db.Waiting, Output: map[string]any{}, Evidence: []any{}, Args: map[string]any{},
			Provider: provider,
		})
	}
	return copies, nil
}

// providerOf is the slug of the provider that a script works at. Only an issue type may leave it to what is configured;
// for all others the catalogue, which describes every provider, is not read within the transaction of an approval.
func (c *change) providerOf(ctx context.Context, spec db.Script) (string, error) {
	if !scripts.IsIssue(spec.Type) {
		return scripts.ProviderOf(spec), nil
	}
	catalogue, err := c.f.scriptCatalogue(ctx, c)
	if err != nil {
		return "", err
	}
	return catalogue.Provider(spec), nil
}

// beginRun starts a queued flow unless its turn has not come. A deprovisioning whose access another grant still gives
// ends its grant without touching the target.
func (c *change) beginRun(ctx context.Context, run db.ActionFlow, grant db.Grant) error {
	_, err := db.RunningFlowOnTarget(ctx, c, run.TargetKey)
	if err == nil {
		return nil // stays queued; whoever ends the other flow starts this one
	}
	if !errors.Is(err, db.ErrNotFound) {
		return err
	}
	if turn, err := c.inTurn(ctx, run, grant); err != nil || !turn {
		return err
	}
	if run.Kind == db.Deprovision {
		covered, err := c.endCovered(ctx, run, grant)
		if err != nil || covered {
			return err
		}
	}
	was := run.Status
	run.Status, run.StartedAt, run.RetryAt = db.Running, c.now, time.Time{}
	if err := db.MoveActionFlow(ctx, c, run, was); err != nil {
		return err
	}
	if run.Kind == db.Deprovision {
		if err := c.startOver(ctx, grant); err != nil {
			return err
		}
	}
	return c.advance(ctx, run)
}

func (c *change) endCovered(ctx context.Context, run db.ActionFlow, grant db.Grant) (bool, error) {
	other, err := c.covering(ctx, grant)
	if err != nil || other == nil {
		return false, err
	}
	if err := c.cancelRun(ctx, run, run.Status); err != nil {
		return true, err
	}
	if err := c.grantOver(ctx, grant, db.Ending, db.Details{CoveredBy: other.ID}); err != nil {
		return true, err
	}
	return true, c.startNext(ctx, run.TargetKey)
}

// advance enqueues the next script of a running flow, or finishes the flow behind the last one.
func (c *change) advance(ctx context.Context, run db.ActionFlow) error {
	scripts, err := db.ScriptsOf(ctx, c, run.ID)
	if err != nil {
		return err
	}
	for _, script := range scripts {
		if !script.Finished() {
			c.enqueue(ScriptRun{ScriptID: script.ID}, queueOf(script), 0)
			return nil
		}
	}
	return c.finishRun(ctx, run, scripts)
}

// finishRun ends a flow whose scripts are all done, moves its grant, and starts the next flow on the same access.
func (c *change) finishRun(ctx context.Context, run db.ActionFlow, scripts []db.FlowScript) error {
	run.Status, run.EndedAt = db.Succeeded, c.now
	if err := db.MoveActionFlow(ctx, c, run, db.Running); err != nil {
		return err
	}
	grant, err := db.GrantByID(ctx, c, run.GrantID)
	if err != nil {
		return err
	}
	switch {
	case isWork(grant.EntitlementID):
		err = c.workDone(ctx, grant)
	case run.Kind == db.Provision:
		err = c.grantActive(ctx, grant)
	default:
		err = c.grantOver(ctx, grant, db.Ending, db.Details{Unverified: skippedByHand(scripts)})
	}
	if err != nil {
		return err
	}
	return c.startNext(ctx, run.TargetKey)
}

// skippedByHand says whether a person skipped a script: then the end of the access rests on his word.
func skippedByHand(scripts []db.FlowScript) bool {
	for _, script := range scripts {
		if script.Status == db.Skipped && script.Outcome != "" {
			return true
		}
	}
	return false
}

// startNext starts the flow that waits longest for the same access.
func (c *change) startNext(ctx context.Context, targetKey string) error {
	if inLane(targetKey) {
		return c.nextInLane(ctx, targetKey)
	}
	next, err := db.NextQueuedFlow(ctx, c, targetKey)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	// The next flow may belong to another request; it is started in its own transaction, under that request's lock.
	c.enqueue(FlowStart{FlowID: next.ID}, queueTimers, 0)
	return nil
}

// flowDue starts a queued flow whose turn has come.
func (f *Flows) flowDue(ctx context.Context, flowID string) error {
	return f.withRun(ctx, flowID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant) error {
		if run.Status != db.Queued {
			return nil
		}
		return c.beginRun(ctx, run, grant)
	})
}

// flowRetry lets a failed deprovisioning try again.
func (f *Flows) flowRetry(ctx context.Context, flowID string) error {
	return f.withRun(ctx, flowID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant) error {
		if run.Status != db.Failed || run.RetryAt.IsZero() || run.RetryAt.After(c.now) {
			return nil
		}
		script, err := c.failedScript(ctx, run)
		if err != nil {
			return err
		}
		return c.retryScript(ctx, run, grant, script, system)
	})
}

// failedScript reads the script at which a flow failed.
func (c *change) failedScript(ctx context.Context, run db.ActionFlow) (db.FlowScript, error) {
	scripts, err := db.ScriptsOf(ctx, c, run.ID)
	if err != nil {
		return db.FlowScript{}, err
	}
	for _, script := range scripts {
		if script.Status == db.Failed {
			return script, nil
		}
	}
	return db.FlowScript{}, refuse("No step of this has failed.")
}

// withRun runs do on an action flow and its grant under the request's and the holder's lock.
func (f *Flows) withRun(ctx context.Context, flowID string, do func(context.Context, *change, db.ActionFlow, db.Grant) error) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		run, err := db.ActionFlowByID(ctx, c, flowID)
		if err != nil {
			return err
		}
		if _, err := db.LockRequest(ctx, c, run.RequestID); err != nil {
			return err
		}
		grant, err := db.GrantByID(ctx, c, run.GrantID)
		if err != nil {
			return err
		}
		if _, err := db.LockPerson(ctx, c, grant.SubjectID); err != nil {
			return err
		}
		if run, err = db.ActionFlowByID(ctx, c, flowID); err != nil {
			return err
		}
		if grant, err = db.GrantByID(ctx, c, run.GrantID); err != nil {
			return err
		}
		if err := c.nameWork(ctx, &grant); err != nil {
			return err
		}
		return do(ctx, c, run, grant)
	})
}
