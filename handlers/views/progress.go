package views

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Progress is the thread message of one action flow: a line for each script in order, drawn anew as they finish. An
// unknown run gives an empty message.
func Progress(sheet db.Sheet, runID string, now time.Time) Message {
	item, run := sheet.RunByID(runID)
	if run == nil {
		return Message{}
	}
	heading := fmt.Sprintf("%s: %s for %s", doing(run.Kind), what(*item), person(item.Subject))
	lead := "*" + doing(run.Kind) + "* · " + at(item.Entitlement) + " for " + person(item.Subject)
	if isWork(*item) {
		heading, lead = effort(*item, *run), effort(*item, *run)
	}
	text := heading + ". " + runState(*run) + " Steps: " + scriptNames(*run) + "."
	blocks := []slack.Block{section(lead)}
	blocks = append(blocks, sections(scriptLines(*run, now), 5)...)
	return message(text, append(blocks, footnote(runState(*run)))...)
}

// doing is the title of an action flow.
func doing(kind string) string {
	if kind == db.Deprovision {
		return "Taking access back"
	}
	return "Giving access"
}

func runState(run db.SheetRun) string {
	switch run.Status {
	case db.Queued:
		return "Waits until another change of the same access is done."
	case db.Failed:
		if script := stopped(run); script != nil && isQuestion(*script) {
			return "Stopped: a question was not approved, and the owner was asked."
		}
		return "Stopped: a step failed and waits for the owner." + again(run)
	case db.Succeeded:
		return "Done " + on(run.EndedAt) + "."
	case db.Cancelled:
		return "Given up."
	}
	if script := stopped(run); script != nil {
		return "Waits for a person to do *" + escape(script.Name, 80) + "*."
	}
	for _, script := range run.Scripts {
		switch {
		case script.Status == db.Paused && script.WaitsFor == db.WaitsAnswer:
			return "Waits for an answer to *" + escape(script.Name, 80) + "*."
		case script.Status == db.Paused && script.WaitsFor == db.WaitsCallback:
			return "Waits for the receiver of *" + escape(script.Name, 80) + "*."
		}
	}
	return "In progress."
}

func again(run db.SheetRun) string {
	if run.RetryAt.IsZero() {
		return ""
	}
	return " It is tried again " + on(run.RetryAt) + "."
}

// scriptLines shows each script with its state, how long it took and what it found.
func scriptLines(run db.SheetRun, now time.Time) []string {
	if len(run.Scripts) == 0 {
		return []string{"There is nothing to do at the provider."}
	}
	lines := make([]string, 0, len(run.Scripts))
	for n, script := range run.Scripts {
		lines = append(lines, fmt.Sprintf("%d. *%s*: %s", n+1, escape(script.Name, 80), stateIn(run, script, now)))
	}
	return lines
}

// stateIn is a script's state in its flow: nothing waits in one that was given up.
func stateIn(run db.SheetRun, script db.FlowScript, now time.Time) string {
	if run.Status == db.Cancelled {
		switch script.Status {
		case db.Waiting:
			return "not done."
		case db.Running, db.Paused:
			return "given up."
		}
	}
	return scriptState(script, now)
}

func scriptState(script db.FlowScript, now time.Time) string {
	settled := script.Status == db.DoneByHand || script.Status == db.Skipped
	if word := scriptWord(script, now); settled && strings.HasPrefix(strings.ToLower(script.Summary), word+" by ") {
		return sentence(escape(script.Summary, 200)) // it names who settled it
	}
	if answer := answerLine(script); answer != "" {
		return answer
	}
	if rule, is := unneeded(script); is {
		return "not needed, since " + code(rule, 160) + " does not hold."
	}
	text := scriptWord(script, now)
	if length := lasted(script); length != "" {
		text += timed(script) + length
	}
	text += "."
	if !blank(script.Summary) {
		text += " " + sentence(escape(script.Summary, 160))
	}
	return text + opens(script)
}

// unneeded is the condition by which a script was passed over, if it was.
func unneeded(script db.FlowScript) (rule string, is bool) {
	return script.Spec.When, script.Status == db.Skipped && script.Spec.When != "" && strings.HasPrefix(script.Summary, "Not needed: ")
}

// lasted is how long a script took, once it has ended. How long a person took who did it by hand is not known, and a
// sleep says itself how long it was.
func lasted(script db.FlowScript) string {
	if script.EndedAt.IsZero() || script.Status == db.DoneByHand || script.Type == "sleep" {
		return ""
	}
	return took(script.StartedAt, script.EndedAt)
}

// timed joins what became of a script and how long it took.
func timed(script db.FlowScript) string {
	if script.Status == db.Failed {
		return " after "
	}
	return " in "
}

// answerLine says who answered a question, and how soon; it is empty for all that was not answered.
func answerLine(script db.FlowScript) string {
	by, _ := script.Output["name"].(string)
	answer, _ := script.Output["button"].(string)
	if !isQuestion(script) || blank(by) {
		return ""
	}
	text := escape(by, 80) + " answered “" + escape(answer, 80) + "”"
	if length := lasted(script); length != "" {
		text += " after " + length
	}
	if script.Status == db.Failed {
		text = "not approved. " + text
	}
	return text + "."
}

// opens leads to what a script made, where its target has a page for it.
func opens(script db.FlowScript) string {
	address, _ := script.Output["url"].(string)
	if address = permalink(address); address == "" {
		return ""
	}
	return " <" + address + "|Open it>"
}

func scriptWord(script db.FlowScript, now time.Time) string {
	switch script.Status {
	case db.Waiting:
		return "waiting"
	case db.Running:
		if script.WakeAt.After(now) {
			return "tried " + plural(script.Attempts, "time", "times") + ", next try " + on(script.WakeAt)
		}
		if script.VerifyFor != "" {
			return "said to be done by hand, being checked"
		}
		return "running"
	case db.Paused:
		return pausedWord(script)
	case db.Skipped:
		return "skipped"
	case db.DoneByHand:
		return "done by hand"
	case db.Failed:
		return strings.TrimPrefix(wasNot(script), "was ") + failure(script)
	}
	switch {
	case isOwn(script.Type), strings.Contains(script.Type, "_api_get_"): // nothing was changed
		return "done"
	case script.Outcome == "already":
		return "already so"
	}
	return "applied"
}

// pausedWord says what a paused script waits for.
func pausedWord(script db.FlowScript) string {
	until := ""
	if !script.DueAt.IsZero() {
		until = " until " + on(script.DueAt)
	}
	switch {
	case script.WaitsFor == db.WaitsAnswer:
		return "waits for an answer" + of(script) + until
	case script.WaitsFor == db.WaitsCallback:
		return "waits for the receiver to call back" + until
	case script.WakeAt.IsZero():
		return "waits for a person" + until
	case script.Type == "wait_until":
		return "looks again " + on(script.WakeAt)
	}
	return "sleeps until " + on(script.WakeAt)
}

// of names who was asked.
func of(script db.FlowScript) string {
	asked, _ := script.Output["asked"].([]any)
	names := make([]string, 0, len(asked))
	for _, name := range asked {
		if text, is := name.(string); is {
			names = append(names, escape(text, 60))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " of " + enumerate(names, 5, "or")
}

// isOwn says whether a script of this type is done without a provider.
func isOwn(scriptType string) bool {
	switch scriptType {
	case "none", "sleep", "wait_until", "manual_task", "slack_notification", "slack_approval", "email_notification", "email_approval":
		return true
	}
	return false
}

// failure says what kind of failure a script's outcome is. Where no provider is called, none has
// failed.
func failure(script db.FlowScript) string {
	if isOwn(script.Type) || strings.HasPrefix(script.Summary, "Refused: ") {
		return "" // the summary says it in the target's words
	}
	switch script.Outcome {
	case "refused":
		return " (the provider refused)"
	case "transient":
		return " (the provider could not be reached or was busy)"
	case "unknown":
		return " (it is not known whether it took effect)"
	}
	return ""
}

func scriptNames(run db.SheetRun) string {
	names := make([]string, 0, len(run.Scripts))
	for _, script := range run.Scripts {
		names = append(names, escape(script.Name, 60))
	}
	if len(names) == 0 {
		return "none"
	}
	return enumerate(names, 12, "and")
}

// stopped is the script for which the run needs a person: failed, or paused with nothing that wakes it. It is nil
// when there is none.
func stopped(run db.SheetRun) *db.FlowScript {
	for n, script := range run.Scripts {
		if script.Status == db.Failed && run.Status != db.Succeeded && run.Status != db.Cancelled {
			return &run.Scripts[n]
		}
		if script.Status == db.Paused && script.WaitsFor == "" && script.WakeAt.IsZero() {
			return &run.Scripts[n]
		}
	}
	return nil
}
