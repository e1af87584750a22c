package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/time/rate"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// The script types that Usher does itself. Stored names: they never change.
const (
	typeNone         = "none"
	typeSleep        = "sleep"
	typeNotification = "slack_notification"
	typeManual       = "manual_task"
)

// outcomePaused says that a script waits: for a time, or for a person. It is never stored.
const outcomePaused connectors.Outcome = "paused"

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
	args, err := rules.Expand(script.Spec.Args, scope)
	if err != nil {
		return prepared{}, &scriptError{fmt.Errorf("an argument of %s can't be filled in: %w", script.Name, err)}
	}
	expanded, _ := args.(map[string]any)
	return prepared{wanted: true, work: work{
		script: script, item: item, provider: *item.Entitlement.Provider, scope: scope, args: expanded,
	}}, nil
}

// perform makes the attempt, outside of any transaction.
func (f *Flows) perform(ctx context.Context, w work) connectors.Result {
	switch w.script.Type {
	case typeNone:
		return connectors.Result{Outcome: connectors.Applied, Summary: "Nothing to do."}
	case typeSleep:
		return f.sleep(w)
	case typeManual:
		return connectors.Result{Outcome: outcomePaused, Summary: text(w.args, "text"), Output: w.args}
	case typeNotification:
		return connectors.Result{
			Outcome: connectors.Applied, Summary: "Told " + text(w.args, "to") + ".",
			Output: map[string]any{"to": text(w.args, "to"), "text": text(w.args, "text")},
		}
	}
	return f.call(ctx, w)
}

// sleep pauses a script until its time has come. When that is stands in its output: a process that dies in between
// does not make it sleep anew.
func (f *Flows) sleep(w work) connectors.Result {
	length, err := db.ParseDuration(text(w.args, "for"))
	if err != nil {
		return connectors.Result{Outcome: connectors.Refused, Summary: "sleep: " + err.Error(), Err: err}
	}
	until, err := time.Parse(time.RFC3339Nano, text(w.script.Output, "until"))
	if err != nil { // it has not slept yet
		until = f.Now().Add(time.Duration(length))
	}
	output := map[string]any{"until": until.Format(time.RFC3339Nano)}
	if rest := until.Sub(f.Now()); rest > 0 {
		return connectors.Result{Outcome: outcomePaused, Summary: "Waits " + length.Words() + ".", RetryAfter: rest, Output: output}
	}
	return connectors.Result{Outcome: connectors.Applied, Summary: "Waited " + length.Words() + ".", Output: output}
}

// call runs a provider's endpoint; when a person said that it was done by hand, it only looks.
func (f *Flows) call(ctx context.Context, w work) connectors.Result {
	slug, name, ok := strings.Cut(w.script.Type, "_api_")
	if !ok {
		err := fmt.Errorf("no script type is called %s", w.script.Type)
		return connectors.Result{Outcome: connectors.Refused, Summary: err.Error(), Err: err}
	}
	endpoint, limiter, err := f.providers.endpoint(ctx, f.store, slug, name)
	if err != nil {
		return notCalled(w, err.Error(), err)
	}
	if err := limiter.Wait(ctx); err != nil {
		result := notCalled(w, slug+" is busy: its rate limit left no room in time.", connectors.Retry(errBusy, 0))
		result.RetryAfter = roomIn(limiter)
		return result
	}
	subject := w.item.Subject
	call := connectors.Call{
		Args: w.args, Target: w.item.Entitlement.Target, IdempotencyKey: w.script.ID, Settle: w.settle,
		Subject: connectors.Person{
			Email: subject.Email, Name: subject.Name, Department: subject.Department, Title: subject.Title, Attributes: subject.Attributes,
		},
	}
	if w.script.VerifyFor != "" {
		return verify(ctx, endpoint, call)
	}
	return connectors.Run(ctx, endpoint, call)
}

// errBusy says that a provider's rate limit left no room for a call.
var errBusy = errors.New("rate limit")

// roomIn says how long it takes until a rate limit has room for one more call.
func roomIn(limiter *rate.Limiter) time.Duration {
	reservation := limiter.Reserve()
	defer reservation.Cancel()
	return min(reservation.Delay(), longestBackoff)
}

// notCalled is an attempt that never reached the target. While an earlier attempt is being settled, that one's outcome
// stays as unknown as it was: otherwise the next attempt would write without looking.
func notCalled(w work, summary string, err error) connectors.Result {
	result := connectors.Result{Outcome: connectors.Refused, Summary: summary, Err: err}
	var transient *connectors.TransientError
	switch {
	case !errors.As(err, &transient):
	case w.settle:
		result.Outcome = connectors.Unknown
	default:
		result.Outcome = connectors.Transient
	}
	return result
}

// verify looks whether what a person says he did by hand shows at the target.
func verify(ctx context.Context, endpoint connectors.Endpoint, call connectors.Call) connectors.Result {
	state, err := connectors.Plan(ctx, endpoint, call)
	switch {
	case err != nil:
		return connectors.Result{Outcome: connectors.Refused, Summary: "It could not be checked at the target: " + err.Error(), Err: err}
	case !state.Done && endpoint.Effect != connectors.Reads:
		err := errors.New("the target does not show it yet: " + state.Summary)
		return connectors.Result{Outcome: connectors.Refused, Summary: "Done by hand, but " + err.Error(), Err: err}
	}
	return connectors.Result{Outcome: connectors.Already, Summary: state.Summary, Output: state.Output}
}

// pauseScript lets a script wait: until a time, or, without one, for a person.
func (c *change) pauseScript(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript, result connectors.Result) error {
	script.Status, script.Outcome, script.Output = db.Paused, "", orEmpty(result.Output)
	if result.RetryAfter > 0 {
		script.WakeAt = db.UTC(c.now.Add(result.RetryAfter))
		c.enqueue(ScriptRun{ScriptID: script.ID}, c.f.jobs.queueOf(script.Type), result.RetryAfter)
	}
	if err := db.MoveScript(ctx, c, script, db.Running); err != nil {
		return err
	}
	if run.Cancelling {
		return c.goOn(ctx, run)
	}
	if script.WakeAt.IsZero() {
		return c.askMenders(ctx, "script.paused", run, grant, script, db.Details{Summary: result.Summary})
	}
	return c.recordScript(system, "script.paused", run, grant, script, db.Details{Summary: result.Summary})
}

func text(args map[string]any, name string) string {
	if value, ok := args[name]; ok && value != nil {
		return strings.TrimSpace(fmt.Sprint(value))
	}
	return ""
}
