package flows

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/scripts"
)

// answerWithin is how long there is to answer an approval script that does not say.
const answerWithin = 7 * 24 * time.Hour

// isApproval says whether a script asks people and waits for their answer.
func isApproval(scriptType string) bool {
	return scriptType == scripts.SlackApproval || scriptType == scripts.EmailApproval
}

// asks says whether a script of a type asks people for something.
func asks(scriptType string) bool { return scriptType == scripts.ManualTask || isApproval(scriptType) }

// askedBy resolves whom a script asks. Those whom an approval asks are found by the same rules as for an approval step:
// never the requester, never the person who benefits; owners and admins stand in for nobody.
func (f *Flows) askedBy(ctx context.Context, q bun.IDB, w work) ([]db.ScriptPerson, error) {
	if w.script.Type == scripts.ManualTask {
		return f.workersOf(ctx, q, w)
	}
	if !isApproval(w.script.Type) {
		return nil, nil
	}
	who, err := f.findApprovers(ctx, q, scriptMatter(w.request, w.item, w.args["to"]))
	if err != nil {
		return nil, err
	}
	asked := make([]db.ScriptPerson, 0, len(who.approvers))
	for _, one := range who.approvers {
		asked = append(asked, db.ScriptPerson{ScriptID: w.script.ID, PersonID: one.PersonID, Source: one.Source, Person: one.Person})
	}
	return asked, nil
}

// writeButtons writes an approval's buttons out, so that whoever draws them need not know what stands for nothing. What
// can't be read stays and is refused when the script is run.
func writeButtons(args map[string]any) {
	buttons, err := scripts.ReadButtons(args["buttons"])
	if err != nil {
		return
	}
	written := make([]any, 0, len(buttons))
	for _, b := range buttons {
		written = append(written, map[string]any{"text": b.Text, "style": b.Style, "value": b.Value})
	}
	args["buttons"] = written
}

// deciders reads the argument to, after its placeholders were filled in: one name or a list of them.
func deciders(to any) []string {
	items, isList := to.([]any)
	if !isList {
		items = []any{to}
	}
	var names []string
	for _, item := range items {
		if name := strings.TrimSpace(fmt.Sprint(item)); item != nil && name != "" {
			names = append(names, name)
		}
	}
	return names
}

// ask lets a script wait for somebody to press one of its buttons in Slack.
func ask(w work) attempt {
	if _, err := scripts.ReadButtons(w.args["buttons"]); err != nil {
		return refusedAttempt(fmt.Errorf("argument buttons %w", err))
	}
	if len(w.asked) == 0 {
		return refusedAttempt(fmt.Errorf("nobody who may answer could be found: %s", strings.Join(deciders(w.args["to"]), ", ")))
	}
	return paused(wait{
		answer: db.WaitsAnswer, due: lengthOf(w.args, "within", answerWithin), remind: lengthOf(w.args, "remind", 0),
	}, text(w.args, "text"), nil)
}

// Answer records the button, counted from 0, that a person pressed on an approval script in Slack. A press that does
// not count changes nothing and is refused with the reason.
func (f *Flows) Answer(ctx context.Context, scriptID, personID string, button int) error {
	return f.refusedOnScript(ctx, scriptID, personID, f.withScript(ctx, scriptID, func(ctx context.Context, c *change, run db.ActionFlow, grant db.Grant, script db.FlowScript) error {
		p, err := f.mayAnswer(ctx, c, run, grant, script, personID)
		if err != nil {
			return err
		}
		buttons, err := scripts.ReadButtons(script.Args["buttons"])
		if err != nil || button < 0 || button >= len(buttons) {
			return refuse("This button does not exist any more. Nothing was changed.")
		}
		return c.answer(ctx, run, grant, script, p, buttons[button], "")
	}))
}

// mayAnswer says why a person's answer to a script does not count, or nothing. Power is looked up anew at each press.
func (f *Flows) mayAnswer(ctx context.Context, q bun.IDB, run db.ActionFlow, grant db.Grant, script db.FlowScript, personID string) (db.Person, error) {
	p, err := actor(ctx, q, personID)
	if err != nil {
		return p, err
	}
	if run.Cancelling || run.Status != db.Running || script.Status != db.Paused || script.WaitsFor != db.WaitsAnswer {
		return p, refuse("%s", whyAnswered(run, script))
	}
	request, err := db.RequestByID(ctx, q, run.RequestID)
	if err != nil {
		return p, err
	}
	if p.ID == request.RequesterID || p.ID == grant.SubjectID {
		return p, refuse("You can't decide on access of your own. Somebody else who was asked has to.")
	}
	item, err := db.ItemByID(ctx, q, grant.ItemID)
	if err != nil {
		return p, err
	}
	who, err := f.findApprovers(ctx, q, scriptMatter(request, item, script.Args["to"]))
	if err != nil {
		return p, err
	}
	_, err = who.mustHold(p, "answer")
	return p, err
}

// scriptMatter is what the people are searched for whom a script asks: a step of its own, as it were.
func scriptMatter(request db.Request, item db.RequestItem, to any) matter {
	return matter{request: request, item: item, step: db.ApprovalStep{Spec: db.Step{Approvers: deciders(to)}, Need: 1}}
}

// whyAnswered says what became of a question that is no longer open.
func whyAnswered(run db.ActionFlow, script db.FlowScript) string {
	by, answer := text(script.Output, "name"), text(script.Output, "button")
	switch {
	case by != "":
		return fmt.Sprintf("%s already answered “%s”. Nothing was changed.", by, answer)
	case run.Cancelling || run.Status == db.Cancelled:
		return "This is not needed any more: the access was given up. Nothing was changed."
	case script.Status == db.Running:
		return "This question is being asked just now. Try again in a moment."
	}
	return "Nobody answered in time, so this question is closed. Nothing was changed."
}

// answer settles an approval script. A red button is a no: the script is refused, and the chain's on_failure decides.
func (c *change) answer(ctx context.Context, run db.ActionFlow, grant db.Grant, script db.FlowScript, p db.Person, button scripts.Button, comment string) error {
	output := map[string]any{"answer": button.Value, "button": button.Text, "approved": button.Style != scripts.Red, "by": p.Label(), "name": p.Name, "comment": comment}
	script, err := c.wake(ctx, script)
	if err != nil {
		return err
	}
	details := db.Details{Summary: button.Text, Reason: comment}
	if err := c.recordScript(person(p), "script.answered", run, grant, script, details); err != nil {
		return err
	}
	result := connectors.Result{Outcome: connectors.Applied, Summary: p.Name + " answered “" + button.Text + "”.", Output: output}
	if button.Style == scripts.Red {
		result.Outcome, result.Err = connectors.Refused, errNo
	}
	return c.outcome(ctx, run, grant, script, attempt{Result: result})
}

// errNo says that somebody who was asked said no.
var errNo = fmt.Errorf("the answer was no")
