package flows

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// Retry lets the failed script of a flow be tried again. Owners and admins may.
func (f *Flows) Retry(ctx context.Context, scriptID, personID string) error {
	return f.mend(ctx, scriptID, personID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript, p db.Person) error {
		if script.Status != db.Failed {
			return refuse("This step has not failed, so there is nothing to retry.")
		}
		return c.retryScript(ctx, run, grant, script, person(p))
	})
}

func (c *change) retryScript(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript, actor by) error {
	script.VerifyFor = ""
	if err := c.recordScript(actor, "script.retried", run, grant, script, db.Details{}); err != nil {
		return err
	}
	return c.reopen(ctx, run, script)
}

// reopen sets a script up for another round of attempts and its flow going again.
func (c *change) reopen(ctx context.Context, run db.ActionFlow, script db.FlowScript) error {
	was := script.Status
	if script.Outcome == string(connectors.Refused) && script.VerifyFor == "" {
		script.Round++ // a final no was heard: this is a new try, and the target may answer anew
	}
	script.Status, script.EndedAt, script.WakeAt = db.Running, time.Time{}, time.Time{}
	script.WaitsFor, script.DueAt, script.RemindAt = "", time.Time{}, time.Time{}
	script.Attempts, script.Output = 0, map[string]any{}
	if err := db.MoveScript(ctx, c, script, was); err != nil {
		return err
	}
	if run.Status == db.Running {
		c.enqueue(ScriptRun{ScriptID: script.ID}, queueOf(script), 0)
		return nil
	}
	grant, err := db.GrantByID(ctx, c, run.GrantID)
	if err != nil {
		return err
	}
	was = run.Status
	run.Status, run.RetryAt = db.Queued, time.Time{}
	if err := db.MoveActionFlow(ctx, c, run, was); err != nil {
		return err
	}
	return c.beginRun(ctx, run, grant)
}

// Skip passes over a failed or waiting script. Owners and admins may, but not for access of their own. When access is
// being taken back, its end then rests on the person's word and is marked so.
func (f *Flows) Skip(ctx context.Context, scriptID, personID, reason string) error {
	if err := checkReason(reason); err != nil {
		return err
	}
	return f.mend(ctx, scriptID, personID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript, p db.Person) error {
		may, err := f.mayMend(ctx, c, p, *grant.Entitlement)
		if err != nil {
			return err
		}
		if !may {
			return refuse("Only the owner of %s and admins can skip a step. You can say that it is done.", grant.Entitlement.Name)
		}
		if p.ID == grant.SubjectID {
			return refuse("You can't skip a step of your own access. Another owner or an admin has to.")
		}
		if isApproval(script.Type) {
			return refuse("A question can't be skipped: retry it to ask again, or cancel.")
		}
		was := script.Status
		script.Status, script.EndedAt, script.Summary = db.Skipped, c.now, "Skipped by "+p.Name+"."
		script.DueAt, script.RemindAt = time.Time{}, time.Time{}
		if script.Outcome == "" {
			script.Outcome = "refused"
		}
		if err := db.MoveScript(ctx, c, script, was); err != nil {
			return err
		}
		if err := c.recordScript(person(p), "script.skipped", run, grant, script, db.Details{Reason: reason, Summary: script.Summary}); err != nil {
			return err
		}
		return c.resume(ctx, run, grant)
	})
}

// resume sets a flow going again behind a script that was settled by a person.
func (c *change) resume(ctx context.Context, run db.ActionFlow, grant db.Grant) error {
	if run.Status == db.Running {
		return c.goOn(ctx, run)
	}
	was := run.Status
	run.Status, run.RetryAt = db.Queued, time.Time{}
	if err := db.MoveActionFlow(ctx, c, run, was); err != nil {
		return err
	}
	return c.beginRun(ctx, run, grant)
}

// DoneByHand says that a person did what a script should have done, with evidence. Where the target can be read, it
// is believed only when the target shows it.
func (f *Flows) DoneByHand(ctx context.Context, scriptID, personID, evidence string) error {
	if strings.TrimSpace(evidence) == "" {
		return refuseField(FieldReason, 0, "Write what you did, so that others can check it: a ticket, a link, a sentence.")
	}
	return f.mend(ctx, scriptID, personID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript, p db.Person) error {
		if p.ID == grant.SubjectID {
			return refuse("You can't confirm a step of your own access. Another owner or an admin has to.")
		}
		if isApproval(script.Type) {
			return refuse("An answer can only be given by those who were asked: retry it to ask again, or cancel.")
		}
		script.Evidence = append(script.Evidence, map[string]any{"step": "by_hand", "summary": evidence, "by": p.Label()})
		if endpoint, hook := scripts.EndpointOf(script.Type); endpoint != "" && !hook {
			script.VerifyFor = p.Label()
			return c.reopen(ctx, run, script)
		}
		was := script.Status
		script.Status, script.EndedAt, script.Summary = db.DoneByHand, c.now, "Done by hand by "+p.Name+"."
		script.DueAt, script.RemindAt = time.Time{}, time.Time{}
		script.Output = maps.Clone(orEmpty(script.Output))
		script.Output["by"], script.Output["evidence"] = p.Label(), evidence
		if err := db.MoveScript(ctx, c, script, was); err != nil {
			return err
		}
		if err := c.recordScript(person(p), "script.done_by_hand", run, grant, script, db.Details{Reason: evidence, Summary: script.Summary}); err != nil {
			return err
		}
		return c.resume(ctx, run, grant)
	})
}

// MayMend refuses when a person may not repair a script now; it changes nothing.
func (f *Flows) MayMend(ctx context.Context, scriptID, personID string) error {
	return f.mend(ctx, scriptID, personID, func(context.Context, *change, db.ActionFlow, db.Grant, db.FlowScript, db.Person) error { return nil })
}

type mendFunc func(context.Context, *change, db.ActionFlow, db.Grant, db.FlowScript, db.Person) error

// mend checks that a person may repair a script and that it needs it. Each press is in the log, also one that does not
// count.
func (f *Flows) mend(ctx context.Context, scriptID, personID string, do mendFunc) error {
	return f.refusedOnScript(ctx, scriptID, personID, f.withScript(ctx, scriptID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
		p, err := actor(ctx, c, personID)
		if err != nil {
			return err
		}
		may, err := f.mayMend(ctx, c, p, *grant.Entitlement)
		if err != nil {
			return err
		}
		asked, err := askedToDo(ctx, c, script, p)
		if err != nil {
			return err
		}
		if !may && !asked {
			return refuse("Only the owner of %s and admins can do this.", grant.Entitlement.Name)
		}
		if !needsPerson(run, script) {
			return refuse("This step does not need help any more. Nothing was changed.")
		}
		return do(ctx, c, run, grant, script, p)
	}))
}

// askedToDo says whether a manual task asked the person to do it.
func askedToDo(ctx context.Context, q bun.IDB, script db.FlowScript, p db.Person) (bool, error) {
	if script.Type != scripts.ManualTask {
		return false, nil
	}
	rows, err := db.ScriptPeople(ctx, q, script.ID)
	return slices.ContainsFunc(rows, func(row db.ScriptPerson) bool { return row.PersonID == p.ID }), err
}

// needsPerson says whether a script waits for a person: it failed or asks for work by hand, and its flow was not given
// up meanwhile. A given-up flow never goes on, or it would give access that nobody holds a grant for.
func needsPerson(run db.ActionFlow, script db.FlowScript) bool {
	if run.Cancelling || (run.Status != db.Running && run.Status != db.Failed) {
		return false
	}
	return script.Status == db.Failed || (script.Status == db.Paused && script.WaitsFor == "" && script.WakeAt.IsZero())
}
