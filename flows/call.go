package flows

import (
	"context"
	"errors"
	"time"

	"golang.org/x/time/rate"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// call runs a provider's endpoint; when a person said that it was done by hand, it only looks.
func (f *Flows) call(ctx context.Context, w work) connectors.Result {
	name, _ := scripts.EndpointOf(w.script.Type)
	endpoint, opened, err := f.providers.endpoint(ctx, f.store, w.provider(), name)
	if err != nil {
		return notCalled(w, err.Error(), err)
	}
	if busy := f.room(ctx, w, opened.limiter); busy != nil {
		return *busy
	}
	if w.script.VerifyFor != "" {
		return verify(ctx, endpoint, w.call())
	}
	return connectors.Run(ctx, endpoint, w.call())
}

// call is what a provider is told of an attempt. The idempotency key is the same until a person has it tried anew.
func (w work) call() connectors.Call {
	args := w.args
	if _, named := args["provider"]; named && scripts.IsIssue(w.script.Type) {
		args = without(args, "provider")
	}
	return connectors.Call{
		Args: args, Target: w.item.Entitlement.Target, IdempotencyKey: w.key(), Settle: w.settle, Subject: callPerson(*w.item.Subject),
	}
}

// callPerson is how connectors see a person.
func callPerson(p db.Person) connectors.Person {
	return connectors.Person{Email: p.Email, Name: p.Name, Department: p.Department, Title: p.Title, Attributes: p.Attributes}
}

func without(args map[string]any, name string) map[string]any {
	rest := make(map[string]any, len(args))
	for key, value := range args {
		if key != name {
			rest[key] = value
		}
	}
	return rest
}

// room waits for the provider's rate limit. It answers what to do when that leaves no room in time.
func (f *Flows) room(ctx context.Context, w work, limiter *rate.Limiter) *connectors.Result {
	if err := limiter.Wait(ctx); err == nil {
		return nil
	}
	result := notCalled(w, w.provider()+" is busy: its rate limit left no room in time.", connectors.Retry(errBusy, 0))
	result.RetryAfter = roomIn(limiter)
	return &result
}

// errBusy says that a provider's rate limit left no room for a call.
var errBusy = errors.New("rate limit")

// errNowhere says that a script's provider is not known.
var errNowhere = errors.New("the script names no provider that is configured")

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
