package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// deliver sends a webhook. When its receiver answers that it will call back, the script waits for that.
func (f *Flows) deliver(ctx context.Context, w work) attempt {
	name, _ := scripts.EndpointOf(w.script.Type)
	hook, opened, err := f.providers.hook(ctx, f.store, w.provider(), name)
	if err != nil {
		return attempt{Result: notCalled(w, err.Error(), err)}
	}
	if busy := f.room(ctx, w, opened.limiter); busy != nil {
		return attempt{Result: *busy}
	}
	callback, err := f.callback(ctx, w.script)
	if err != nil {
		return attempt{Result: notCalled(w, "the callback's address could not be made", connectors.Retry(err, 0))}
	}
	result := hook.Send(ctx, w.call(), callback)
	if result.Waits {
		return paused(wait{answer: db.WaitsCallback, due: hook.Deadline}, firstText(result.Summary, "Sent; waits for the receiver to call back."), result.Output)
	}
	return attempt{Result: result.Result}
}

// callback is the address at which the receiver of a script's webhook may answer later, or nothing when nobody could
// reach it.
func (f *Flows) callback(ctx context.Context, script db.FlowScript) (string, error) {
	if f.publicURL == "" {
		return "", nil
	}
	token, err := f.sign(ctx, purposeCallback, script.ID, fmt.Sprint(script.Round))
	if err != nil {
		return "", err
	}
	return strings.TrimRight(f.publicURL, "/") + "/callbacks/" + token, nil
}

// CallbackAnswer is what the receiver of a webhook says when it calls back.
type CallbackAnswer struct {
	Status  string         // "done" or "failed"
	Message string         // a sentence for people; may be empty
	Output  map[string]any // for later scripts
}

// The refusals of a callback that its receiver can tell apart.
var (
	// ErrNoLink says that a token was never given out.
	ErrNoLink = errors.New("unknown link")
	// ErrLinkOver says that a link was used already, or that its time is over.
	ErrLinkOver = errors.New("the link is over")
	// ErrLinkEarly says that what the link answers is not waiting yet: try again in a moment.
	ErrLinkEarly = errors.New("the link is not open yet")
)

// longestMessage bounds what a receiver may say to people, in characters.
const longestMessage = 500

// Callback takes the answer of a webhook's receiver. A link counts once: errors are ErrNoLink, ErrLinkOver and
// ErrLinkEarly.
func (f *Flows) Callback(ctx context.Context, token string, answer CallbackAnswer) error {
	scriptID, round, err := f.verify(ctx, purposeCallback, token)
	if err != nil {
		return err
	}
	if answer.Status != "done" && answer.Status != "failed" {
		return refuse(`The status must be "done" or "failed".`)
	}
	return f.withScript(ctx, scriptID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
		if err := awaited(run, script, db.WaitsCallback, round, c); err != nil {
			return err
		}
		script, err := c.wake(ctx, script)
		if err != nil {
			return err
		}
		result := connectors.Result{Outcome: connectors.Applied, Output: map[string]any{"response": connectors.Redact(answer.Output)}}
		if answer.Status == "failed" {
			result.Outcome, result.Err = connectors.Refused, errReceiver
		}
		result.Summary = firstText(clipText(answer.Message, longestMessage), "The receiver says that it is "+answer.Status+".")
		return c.outcome(ctx, run, grant, script, attempt{Result: result})
	})
}

// errReceiver says that a webhook's receiver called back with a failure.
var errReceiver = errors.New("the receiver says that it failed")

// awaited says whether a link's script waits for it now.
func awaited(run db.ActionFlow, script db.FlowScript, waitsFor, round string, c *change) error {
	switch {
	case fmt.Sprint(script.Round) != round || run.Cancelling || run.Status != db.Running:
		return ErrLinkOver
	case script.Status == db.Waiting || (script.Status == db.Running && script.WaitsFor == "" && script.Outcome == ""):
		return ErrLinkEarly
	case script.Status != db.Paused || script.WaitsFor != waitsFor || overdue(script.DueAt, c.now):
		return ErrLinkOver
	}
	return nil
}

func firstText(texts ...string) string {
	for _, one := range texts {
		if strings.TrimSpace(one) != "" {
			return one
		}
	}
	return ""
}

// clipText cuts a text at a rune.
func clipText(text string, most int) string {
	runes := []rune(strings.TrimSpace(text))
	if len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return string(runes)
}
