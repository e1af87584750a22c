package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// A script is claimed before it talks to its target and the claim is kept fresh, so that no two processes run it and
// a process that died is noticed soon. Claims run by the wall clock.
const (
	claimFor     = 10 * time.Second
	claimRefresh = 3 * time.Second
)

// How long one attempt at a script may take unless its chain says otherwise. A mail server may look for viruses before
// it answers, and giving up leaves open whether it has the mail.
const (
	scriptTimeout = 30 * time.Second
	mailTimeout   = 6 * time.Minute
)

// claimScript takes a script for this process if it is due, and works out its condition and arguments.
func (f *Flows) claimScript(ctx context.Context, scriptID string) (work, error) {
	var w work
	err := f.withScript(ctx, scriptID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
		if err := c.due(ctx, run, script); err != nil {
			return err
		}
		prepared, err := f.prepare(ctx, c, run, grant, script)
		var problem *scriptError
		if errors.As(err, &problem) {
			if err := c.failScript(ctx, run, grant, script, connectors.Result{Outcome: connectors.Refused, Summary: problem.Error(), Err: problem}); err != nil {
				return err
			}
			w.script.ID = "" // settled: there is nothing to run
			return nil
		}
		if err != nil {
			return err
		}
		if !prepared.wanted {
			return c.skipScript(ctx, run, grant, script)
		}
		w = prepared.work
		return c.claim(ctx, run, grant, &w)
	})
	if err == nil && w.script.ID == "" {
		return w, errNothing
	}
	return w, err
}

// due says errNothing unless the script is to be run now.
func (c *change) due(ctx context.Context, run db.ActionFlow, script db.FlowScript) error {
	wall := time.Now()
	switch {
	case run.Status != db.Running, script.Finished(), script.Status == db.Failed:
		return errNothing
	case script.Status == db.Running && script.ClaimedUntil.After(wall):
		return errNothing
	case script.Status == db.Paused && script.WakeAt.IsZero():
		return errNothing // waits for a person
	case script.WakeAt.After(c.now):
		return errNothing // the sweep or its own later job comes back
	}
	scripts, err := db.ScriptsOf(ctx, c, run.ID)
	if err != nil {
		return err
	}
	for _, earlier := range scripts {
		if earlier.Position < script.Position && !earlier.Finished() {
			return errNothing
		}
	}
	return nil
}

// claim marks the script as run by this attempt.
func (c *change) claim(ctx context.Context, run db.ActionFlow, grant db.Grant, w *work) error {
	script, was := w.script, w.script.Status
	w.settle = script.Outcome == string(connectors.Unknown) || (was == db.Running && script.Outcome == "" && !script.StartedAt.IsZero())
	first := script.StartedAt.IsZero()
	script.Status, script.Attempts, script.Outcome = db.Running, script.Attempts+1, ""
	script.ClaimedBy, script.ClaimedUntil = db.NewID("clm"), db.UTC(time.Now().Add(claimFor))
	script.WakeAt, script.WaitsFor = time.Time{}, ""
	if first {
		script.StartedAt = c.now
	}
	if err := db.MoveScript(ctx, c, script, was); err != nil {
		return err
	}
	w.script = script
	if !first {
		return nil
	}
	return c.recordScript(system, "script.started", run, grant, script, db.Details{})
}

// keepClaim renews the claim while the attempt lasts. The context ends with the attempt's time or the lost claim.
func (f *Flows) keepClaim(ctx context.Context, script db.FlowScript) (context.Context, func()) {
	limit := time.Duration(script.Spec.Timeout)
	switch {
	case limit != 0:
	case script.Type == scripts.EmailNotification || script.Type == scripts.EmailApproval:
		limit = mailTimeout
	default:
		limit = scriptTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(claimRefresh)
		defer ticker.Stop()
		for held := script.ClaimedUntil; ; {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Until(held)):
				cancel() // nothing could be renewed in time: another process may take over now
			case <-ticker.C:
				until := db.UTC(time.Now().Add(claimFor))
				err := db.ExtendScriptClaim(ctx, f.store, script.ID, script.ClaimedBy, until)
				if errors.Is(err, db.ErrConflict) {
					cancel()
				}
				if err == nil {
					held = until
				}
			}
		}
	}()
	return ctx, func() { cancel(); <-done }
}
