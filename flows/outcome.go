package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// settleScript records what came of an attempt and moves the flow on. An attempt whose claim was lost says nothing.
func (f *Flows) settleScript(ctx context.Context, w work, made attempt) error {
	err := f.withScript(ctx, w.script.ID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
		if run.Status != db.Running || script.ClaimedBy != w.script.ClaimedBy || script.Status != db.Running {
			return errNothing
		}
		script.ClaimedBy, script.ClaimedUntil = "", time.Time{}
		return c.outcome(ctx, run, grant, script, made)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// outcome is what the five outcomes do to a flow.
func (c *change) outcome(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript, made attempt) error {
	result := made.Result
	script.Outcome, script.Summary = string(result.Outcome), result.Summary
	script.Output, script.Evidence = orEmpty(result.Output), append(script.Evidence, evidence(result)...)
	switch result.Outcome {
	case connectors.Applied, connectors.Already:
		return c.succeedScript(ctx, run, grant, script)
	case connectors.Transient, connectors.Unknown:
		if errors.Is(result.Err, errBusy) && !run.Cancelling {
			script.Attempts-- // waiting for our own rate limit is no attempt
			return c.tryLater(ctx, script, result.RetryAfter)
		}
	case connectors.Refused:
	case outcomePaused:
		return c.pauseScript(ctx, run, grant, script, made)
	}
	if mayTryAgain(script, result.Outcome) && !run.Cancelling {
		return c.tryLater(ctx, script, result.RetryAfter)
	}
	return c.failScript(ctx, run, grant, script, result)
}

func (c *change) succeedScript(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
	action, details := "script.succeeded", db.Details{Summary: script.Summary, Attempts: script.Attempts, Evidence: script.Evidence}
	script.Status, script.EndedAt = db.Succeeded, c.now
	actor := system
	if script.VerifyFor != "" {
		script.Status, action, actor = db.DoneByHand, "script.done_by_hand", by{name: script.VerifyFor, kind: "person"}
		details.Reason = saidByHand(script)
	}
	if script.Type == scripts.SlackNotification {
		details.NotifyTo, details.NotifyText = fmt.Sprint(script.Output["to"]), fmt.Sprint(script.Output["text"])
	}
	if err := db.MoveScript(ctx, c, script, db.Running); err != nil {
		return err
	}
	if err := c.recordScript(actor, action, run, grant, script, details); err != nil {
		return err
	}
	return c.goOn(ctx, run)
}

// saidByHand is what a person wrote when saying last that a script was done.
func saidByHand(script db.FlowScript) string {
	said := ""
	for _, one := range script.Evidence {
		if facts, is := one.(map[string]any); is && facts["step"] == "by_hand" {
			said = text(facts, "summary")
		}
	}
	return said
}

// goOn runs the next script, unless the flow is being given up.
func (c *change) goOn(ctx context.Context, run db.ActionFlow) error {
	if !run.Cancelling {
		return c.advance(ctx, run)
	}
	if err := c.cancelRun(ctx, run, db.Running); err != nil {
		return err
	}
	return c.startNext(ctx, run.TargetKey)
}

func (c *change) skipScript(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
	was := script.Status
	script.Status, script.EndedAt, script.Summary = db.Skipped, c.now, "Not needed: "+script.Spec.When+" does not hold."
	if err := db.MoveScript(ctx, c, script, was); err != nil {
		return err
	}
	if err := c.recordScript(system, "script.skipped", run, grant, script, db.Details{Summary: script.Summary}); err != nil {
		return err
	}
	return c.goOn(ctx, run)
}

// tryLater leaves the script to a later attempt.
func (c *change) tryLater(ctx context.Context, script db.FlowScript, asked time.Duration) error {
	wait := max(backoff(script.Spec, script.Attempts), asked)
	script.WakeAt = db.UTC(c.now.Add(wait))
	if err := db.MoveScript(ctx, c, script, db.Running); err != nil {
		return err
	}
	c.enqueue(ScriptRun{ScriptID: script.ID}, queueOf(script), wait)
	return nil
}

// failScript is the end of a script's attempts. What follows is the chain's choice: stop and ask the owner, go on, or
// leave this script to a person.
func (c *change) failScript(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript, result connectors.Result) error {
	was := script.Status
	script.Outcome, script.Summary, script.EndedAt = string(result.Outcome), result.Summary, c.now
	details := db.Details{Error: result.Summary, Attempts: script.Attempts, Evidence: script.Evidence}
	switch {
	case run.Cancelling:
		script.Status = db.Failed
	case script.Spec.OnFailure == "continue":
		script.Status = db.Skipped
	case script.Spec.OnFailure == "manual_task":
		script.Status, script.EndedAt = db.Paused, time.Time{}
	default:
		script.Status = db.Failed
	}
	if err := db.MoveScript(ctx, c, script, was); err != nil {
		return err
	}
	if err := c.recordScript(system, "script.failed", run, grant, script, details); err != nil {
		return err
	}
	switch {
	case run.Cancelling || script.Status == db.Skipped:
		return c.goOn(ctx, run)
	case script.Status == db.Paused:
		return c.askMenders(ctx, "script.paused", run, grant, script, db.Details{Error: result.Summary})
	}
	return c.failRun(ctx, run, grant, script, result)
}

// failRun stops a flow at a failed script. The owner is asked; what takes something away also tries again by itself.
func (c *change) failRun(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript, result connectors.Result) error {
	run.Status = db.Failed
	details := db.Details{Error: result.Summary}
	urgent, err := c.endsUse(ctx, run, grant)
	if err != nil {
		return err
	}
	if urgent {
		pause := retryDeprovision
		if isApproval(script.Type) {
			pause = askAgain
		}
		run.RetryAt = db.UTC(c.now.Add(pause))
		details.RetryAt = run.RetryAt.Format(time.RFC3339)
	}
	if err := db.MoveActionFlow(ctx, c, run, db.Running); err != nil {
		return err
	}
	if err := c.askMenders(ctx, "action_flow.failed", run, grant, script, details); err != nil {
		return err
	}
	return c.startNext(ctx, run.TargetKey)
}

// askMenders records that a flow needs a person, and whom it asks.
func (c *change) askMenders(ctx context.Context, action string, run db.ActionFlow, grant db.Grant, script db.FlowScript, details db.Details) error {
	menders, err := c.mendersOf(ctx, grant, script)
	if err != nil {
		return err
	}
	details.Approvers = labels(menders)
	details.AskIn = channelOf(script)
	return c.recordScript(system, action, run, grant, script, details)
}

// mendersOf reads whom a script asks that needs a person: the one whom a manual task names, else the owner. Owner and
// admins may do it in any case.
func (c *change) mendersOf(ctx context.Context, grant db.Grant, script db.FlowScript) ([]db.Person, error) {
	if script.Type == scripts.ManualTask {
		named, err := c.peopleOf(ctx, script)
		if err != nil || len(named) > 0 {
			return named, err
		}
	}
	return c.f.menders(ctx, c, *grant.Entitlement)
}
