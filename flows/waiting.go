package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// scriptDue looks after a waiting script whose reminder or deadline has come.
func (f *Flows) scriptDue(ctx context.Context, scriptID string) error {
	return f.withScript(ctx, scriptID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
		if run.Status != db.Running || script.Status != db.Paused {
			return nil
		}
		if overdue(script.DueAt, c.now) {
			return c.scriptOverdue(ctx, run, grant, script)
		}
		if overdue(script.RemindAt, c.now) {
			return c.remindOf(ctx, run, grant, script)
		}
		return nil
	})
}

// errNoAnswer says that what a script waited for did not come.
var errNoAnswer = errors.New("nothing came in time")

// scriptOverdue ends a wait for an answer or a callback. Work by hand stays to be done: owner and admins are asked too.
func (c *change) scriptOverdue(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
	late := map[string]string{
		db.WaitsAnswer:   "Nobody answered in time.",
		db.WaitsCallback: "The receiver did not call back in time.",
	}[script.WaitsFor]
	if late == "" {
		return c.taskOverdue(ctx, run, grant, script)
	}
	script, err := c.wake(ctx, script)
	if err != nil {
		return err
	}
	return c.failScript(ctx, run, grant, script, connectors.Result{Outcome: connectors.Refused, Summary: late, Err: errNoAnswer})
}

// wake ends a script's wait: what it waited for has come, or its time is over.
func (c *change) wake(ctx context.Context, script db.FlowScript) (db.FlowScript, error) {
	script.WaitsFor, script.DueAt, script.RemindAt, script.Status = "", timeless, timeless, db.Running
	return script, db.MoveScript(ctx, c, script, db.Paused)
}

func (c *change) taskOverdue(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
	script.DueAt = timeless
	if err := db.MoveScript(ctx, c, script, db.Paused); err != nil {
		return err
	}
	owners, err := c.f.menders(ctx, c, *grant.Entitlement)
	if err != nil {
		return err
	}
	admins, err := c.f.adminPeople(ctx, c)
	if err != nil {
		return err
	}
	details := db.Details{Summary: script.Summary, Approvers: labels(append(owners, admins...))}
	return c.recordScript(system, "script.overdue", run, grant, script, details)
}

// remindOf reminds whoever was asked.
func (c *change) remindOf(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
	every := lengthOf(script.Args, "remind", 24*time.Hour)
	script.RemindAt = db.UTC(c.now.Add(every))
	if err := db.MoveScript(ctx, c, script, db.Paused); err != nil {
		return err
	}
	asked, err := c.askedNow(ctx, grant, script)
	if err != nil {
		return err
	}
	return c.recordScript(system, "script.reminded", run, grant, script, db.Details{Summary: script.Summary, Approvers: labels(asked)})
}

// askedNow reads whom a waiting script asks.
func (c *change) askedNow(ctx context.Context, grant db.Grant, script db.FlowScript) ([]db.Person, error) {
	if script.WaitsFor != db.WaitsAnswer {
		return c.mendersOf(ctx, grant, script)
	}
	return c.peopleOf(ctx, script)
}

// peopleOf reads whom a script asked.
func (c *change) peopleOf(ctx context.Context, script db.FlowScript) ([]db.Person, error) {
	rows, err := db.ScriptPeople(ctx, c, script.ID)
	var people []db.Person
	for _, row := range rows {
		people = append(people, *row.Person)
	}
	return people, err
}

// labels are people as the audit log names them.
func labels(people []db.Person) []string {
	var names []string
	for _, p := range people {
		names = append(names, p.Label())
	}
	return names
}

// pauseScript lets a script wait: for a time, for an answer, a callback, or for somebody who does it by hand.
func (c *change) pauseScript(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript, made attempt) error {
	script.Status, script.Outcome, script.Output, script.WaitsFor = db.Paused, "", orEmpty(made.Output), made.wait.answer
	if made.wait.rest > 0 {
		script.WakeAt = db.UTC(c.now.Add(made.wait.rest))
		c.enqueue(ScriptRun{ScriptID: script.ID}, queueOf(script), made.wait.rest)
	}
	script.DueAt, script.RemindAt = c.later(made.wait.due), c.later(made.wait.remind)
	asked, err := c.nowAsked(ctx, run, grant, script)
	if err != nil {
		return err
	}
	if len(asked) > 0 {
		script.Output["asked"] = namesOf(asked)
	}
	if err := db.MoveScript(ctx, c, script, db.Running); err != nil {
		return err
	}
	if asks(script.Type) {
		if err := db.SetScriptPeople(ctx, c, script.ID, asked); err != nil {
			return err
		}
	}
	if run.Cancelling {
		return c.goOn(ctx, run)
	}
	details := db.Details{Summary: made.Summary}
	switch {
	case made.wait.again:
		return nil // the log has one entry of the wait, not one for each look
	case script.WaitsFor == db.WaitsAnswer:
		return c.recordAsked(run, grant, script, asked)
	case script.WaitsFor == "" && script.WakeAt.IsZero():
		return c.askMenders(ctx, "script.paused", run, grant, script, details)
	}
	return c.recordScript(system, "script.paused", run, grant, script, details)
}

// later is a moment after now, or never.
func (c *change) later(by time.Duration) time.Time {
	if by <= 0 {
		return timeless
	}
	return db.UTC(c.now.Add(by))
}

// nowAsked resolves whom a script asks that waits for an answer or for work by hand.
func (c *change) nowAsked(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript) ([]db.ScriptPerson, error) {
	if !asks(script.Type) {
		return nil, nil
	}
	request, err := db.RequestByID(ctx, c, run.RequestID)
	if err != nil {
		return nil, err
	}
	item, err := db.ItemByID(ctx, c, grant.ItemID)
	if err != nil {
		return nil, err
	}
	return c.f.askedBy(ctx, c, work{script: script, request: request, item: item, args: script.Args})
}

func namesOf(asked []db.ScriptPerson) []any {
	names := make([]any, 0, len(asked))
	for _, one := range asked {
		names = append(names, one.Person.Name)
	}
	return names
}

// recordAsked writes down whom an approval script asked.
func (c *change) recordAsked(run db.ActionFlow, grant db.Grant, script db.FlowScript, asked []db.ScriptPerson) error {
	details := db.Details{Summary: script.Summary}
	for _, one := range asked {
		details.Approvers = append(details.Approvers, one.Person.Label())
	}
	return c.recordScript(system, "script.asked", run, grant, script, details)
}
