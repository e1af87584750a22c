package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// refusedPress records a press that did not count in the log, where about says what it was about, and passes the
// refusal on. What is no longer there is not written down.
func (f *Flows) refusedPress(ctx context.Context, personID string, err error, about func(context.Context, *change) (db.AuditEvent, db.Details, error)) error {
	refusal, ok := Refusal(err)
	if !ok {
		return err
	}
	logErr := f.change(ctx, func(ctx context.Context, c *change) error {
		p, err := db.PersonByID(ctx, c, personID)
		if err != nil {
			return err
		}
		event, details, err := about(ctx, c)
		if errors.Is(err, db.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		event.Actor, event.ActorKind, event.Action = p.Label(), "person", "click.refused"
		details.Error = refusal.Text
		return c.append(event, details)
	})
	if logErr != nil {
		f.log.ErrorContext(ctx, "record refused press", "person", personID, "error", logErr)
	}
	return err
}

// refusedOnScript records a press on a script of an action flow that did not count, and passes the refusal on.
func (f *Flows) refusedOnScript(ctx context.Context, scriptID, personID string, err error) error {
	return f.refusedPress(ctx, personID, err, func(ctx context.Context, c *change) (db.AuditEvent, db.Details, error) {
		script, err := db.ScriptByID(ctx, c, scriptID)
		if err != nil {
			return db.AuditEvent{}, db.Details{}, err
		}
		run, err := db.ActionFlowByID(ctx, c, script.FlowID)
		return db.AuditEvent{Request: script.RequestID, Grant: run.GrantID, Flow: run.ID, Script: script.Name},
			db.Details{Kind: run.Kind, ScriptID: script.ID, ScriptType: script.Type}, err
	})
}
