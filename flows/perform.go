package flows

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
	"github.com/usherhq/usher/flows/scripts"
)

// outcomePaused says that a script waits: for a time, a person, an answer or a callback. It is never stored.
const outcomePaused connectors.Outcome = "paused"

// attempt is what one attempt at a script came to. Wait is set when its outcome is outcomePaused.
type attempt struct {
	connectors.Result

	wait wait
}

// wait says what a paused script waits for. The zero value waits for somebody to do it by hand.
type wait struct {
	rest   time.Duration // until it is to be run again
	answer string        // db.WaitsAnswer or db.WaitsCallback
	due    time.Duration // until when that has to come
	remind time.Duration // how often to remind
	again  bool          // it goes on waiting, as the log says already
}

// paused is an attempt that waits.
func paused(w wait, summary string, output map[string]any) attempt {
	return attempt{Result: connectors.Result{Outcome: outcomePaused, Summary: summary, Output: output}, wait: w}
}

// done is an attempt that has nothing left to do.
func done(summary string, output map[string]any) attempt {
	return attempt{Result: connectors.Result{Outcome: connectors.Applied, Summary: summary, Output: output}}
}

// refusedAttempt is an attempt that a person has to look at.
func refusedAttempt(err error) attempt {
	return attempt{Result: connectors.Result{Outcome: connectors.Refused, Summary: err.Error(), Err: err}}
}

// scriptError says that a script can't be run as it is written: a condition or placeholder without an answer.
type scriptError struct{ err error }

func (p *scriptError) Error() string { return p.err.Error() }

type prepared struct {
	work   work
	wanted bool
}

// prepare works out a script's condition and arguments from what is known by now.
func (f *Flows) prepare(ctx context.Context, q bun.IDB, run db.ActionFlow, grant db.Grant, script db.FlowScript) (prepared, error) {
	request, err := db.RequestByID(ctx, q, run.RequestID)
	if err != nil {
		return prepared{}, err
	}
	item, err := db.ItemByID(ctx, q, grant.ItemID)
	if err != nil {
		return prepared{}, err
	}
	scope, err := f.scope(ctx, q, request, item, &grant)
	if err != nil {
		return prepared{}, err
	}
	scripts, err := db.ScriptsOf(ctx, q, run.ID)
	if err != nil {
		return prepared{}, err
	}
	for _, earlier := range scripts {
		if earlier.Position < script.Position {
			scope[rules.Name(earlier.Name)] = earlier.Output
		}
	}
	wanted, err := rules.Holds(script.Spec.When, scope)
	if err != nil {
		return prepared{}, &scriptError{fmt.Errorf("the condition of %s can't be decided: %w", script.Name, err)}
	}
	if !wanted {
		return prepared{}, nil
	}
	args, err := rules.Expand(fillable(script.Spec), scope)
	if err != nil {
		return prepared{}, &scriptError{fmt.Errorf("an argument of %s can't be filled in: %w", script.Name, err)}
	}
	script.Args, _ = args.(map[string]any)
	if isApproval(script.Type) {
		writeButtons(script.Args)
	}
	w := work{script: script, request: request, item: item, scope: scope, args: script.Args}
	w.asked, err = f.askedBy(ctx, q, w)
	return prepared{wanted: true, work: w}, err
}

// fillable are a script's arguments. They are never nil, so that what is stored is a map.
func fillable(spec db.Script) map[string]any {
	if spec.Args == nil {
		return map[string]any{}
	}
	return spec.Args
}

// perform makes the attempt, outside of any transaction.
func (f *Flows) perform(ctx context.Context, w work) attempt {
	switch w.script.Type {
	case scripts.None:
		return done("Nothing to do.", nil)
	case scripts.Sleep:
		return f.sleep(w)
	case scripts.WaitUntil:
		return f.waitUntil(ctx, w)
	case scripts.ManualTask:
		return manualTask(w)
	case scripts.SlackNotification:
		return f.notify(ctx, w)
	case scripts.SlackApproval:
		return ask(w)
	case scripts.EmailNotification:
		return f.mail(ctx, w)
	case scripts.EmailApproval:
		return f.askByMail(ctx, w)
	}
	if _, hook := scripts.EndpointOf(w.script.Type); hook {
		return f.deliver(ctx, w)
	}
	return attempt{Result: f.call(ctx, w)}
}

// sleep pauses a script until its time has come. When that is stands in its output: a process that dies in between
// does not make it sleep anew.
func (f *Flows) sleep(w work) attempt {
	length, err := db.ParseDuration(text(w.args, "for"))
	if err != nil {
		return refusedAttempt(fmt.Errorf("sleep: %w", err))
	}
	until, err := time.Parse(time.RFC3339Nano, text(w.script.Output, "until"))
	if err != nil { // it has not slept yet
		until = f.Now().Add(time.Duration(length))
	}
	output := map[string]any{"until": until.Format(time.RFC3339Nano)}
	if rest := until.Sub(f.Now()); rest > 0 {
		return paused(wait{rest: rest}, "Waits "+length.Words()+".", output)
	}
	return done("Waited "+length.Words()+".", output)
}

// lengthOf reads an argument that is a length of time; what can't be read is the fallback.
func lengthOf(args map[string]any, name string, fallback time.Duration) time.Duration {
	length, err := db.ParseDuration(text(args, name))
	if err != nil {
		return fallback
	}
	return time.Duration(length)
}

func text(args map[string]any, name string) string {
	if value, ok := args[name]; ok && value != nil {
		return strings.TrimSpace(fmt.Sprint(value))
	}
	return ""
}
