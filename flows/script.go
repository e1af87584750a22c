package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// errNothing says that a job found nothing to do: its row is done, claimed by another, or not due.
var errNothing = errors.New("nothing to do")

// work is one attempt at a script: all that is needed to run it without a transaction.
type work struct {
	script  db.FlowScript
	request db.Request
	item    db.RequestItem
	scope   rules.Scope
	args    map[string]any
	asked   []db.ScriptPerson // by an approval
	settle  bool              // an earlier attempt may have written
}

// provider is the slug of the provider at which the script works.
func (w work) provider() string {
	if w.script.Provider != "" {
		return w.script.Provider
	}
	return scripts.ProviderOf(w.script.Spec) // copied by a version that did not write it down
}

// key is the same for each attempt at the script, until a person has it tried anew after a final no.
func (w work) key() string {
	if w.script.Round == 0 {
		return w.script.ID
	}
	return fmt.Sprintf("%s-%d", w.script.ID, w.script.Round)
}

// runScript makes one attempt at a script: claim it, run it, settle what came of it.
func (f *Flows) runScript(ctx context.Context, scriptID string) error {
	w, err := f.claimScript(ctx, scriptID)
	if errors.Is(err, errNothing) {
		return nil
	}
	if err != nil {
		return err
	}
	runCtx, release := f.keepClaim(ctx, w.script)
	result := f.perform(runCtx, w)
	release()
	return f.settleScript(context.WithoutCancel(ctx), w, result)
}

// withScript runs do on a script, its flow and grant, under the request's and the holder's lock.
func (f *Flows) withScript(ctx context.Context, scriptID string, do func(context.Context, *change, db.ActionFlow, db.Grant, db.FlowScript) error) error {
	script, err := db.ScriptByID(ctx, f.store, scriptID)
	if err != nil {
		return err
	}
	return f.withRun(ctx, script.FlowID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant) error {
		script, err := db.ScriptByID(ctx, c, scriptID)
		if err != nil {
			return err
		}
		return do(ctx, c, run, grant, script)
	})
}

// recordScript adds an event about a script.
func (c *change) recordScript(actor by, action string, run db.ActionFlow, grant db.Grant, script db.FlowScript, details db.Details) error {
	event := grantEvent(actor, action, grant)
	event.Flow, event.Script, event.Outcome = run.ID, script.Name, script.Outcome
	details.Kind, details.ScriptID, details.ScriptType = run.Kind, script.ID, script.Type
	return c.append(event, details)
}
