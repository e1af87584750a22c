package flows

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// What wait_until takes when its arguments do not say.
const (
	defaultEvery  = 30 * time.Second
	defaultWithin = time.Hour
)

// waitUntil reads until what it reads is so. When it began stands in its output: a process that dies in between does
// not make it wait anew. A read that the target can't answer now is tried again like one that is not so yet.
func (f *Flows) waitUntil(ctx context.Context, w work) attempt {
	since, err := time.Parse(time.RFC3339Nano, text(w.script.Output, "since"))
	first := err != nil
	if first {
		since = f.Now()
	}
	within, every := lengthOf(w.args, "within", defaultWithin), lengthOf(w.args, "every", defaultEvery)
	found, err := f.look(ctx, w)
	if err != nil && !connectors.MayRetry(err) {
		return refusedAttempt(err)
	}
	output := map[string]any{"since": since.Format(time.RFC3339Nano), "result": found.Output}
	summary := found.Summary
	if err != nil {
		output["result"], summary = map[string]any{}, err.Error()
	} else {
		holds, err := w.until(found)
		if err != nil {
			return refusedAttempt(fmt.Errorf("the condition until of %s can't be decided: %w", w.script.Name, err))
		}
		if holds {
			return done(found.Summary, output)
		}
	}
	if over := since.Add(within); !f.Now().Before(over) {
		failed := refusedAttempt(fmt.Errorf("it was not so within %s: %s", db.Duration(within).Words(), summary))
		failed.Output = output
		return failed
	}
	return paused(wait{rest: every, again: !first}, "Looks again every "+db.Duration(every).Words()+": "+summary, output)
}

// look makes the read of wait_until.
func (f *Flows) look(ctx context.Context, w work) (connectors.State, error) {
	name, _ := scripts.EndpointOf(text(w.args, "read"))
	endpoint, opened, err := f.providers.endpoint(ctx, f.store, w.provider(), name)
	if err != nil {
		return connectors.State{}, err
	}
	if endpoint.Effect != connectors.Reads {
		return connectors.State{}, connectors.Refuse(fmt.Errorf("%s does not only read", text(w.args, "read")))
	}
	if busy := f.room(ctx, w, opened.limiter); busy != nil {
		return connectors.State{}, connectors.Retry(errBusy, 0)
	}
	call := w.call()
	call.Args, _ = w.args["args"].(map[string]any)
	return connectors.Plan(ctx, endpoint, call)
}

// until decides the condition of wait_until on what was found.
func (w work) until(found connectors.State) (bool, error) {
	scope := maps.Clone(w.scope)
	scope[scripts.Result] = found.Output
	return rules.Holds(text(w.script.Spec.Args, "until"), scope)
}
