package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Trouble asks the owner what to do about an action flow that needs a person: a script failed, or one is to be done
// by hand. Afterwards it says what became of it, without buttons. An unknown run gives an empty message.
func Trouble(sheet db.Sheet, runID string, now time.Time) Message {
	item, run := sheet.RunByID(runID)
	if run == nil {
		return Message{}
	}
	script := stopped(*run)
	if script == nil {
		return settled(*item, *run, now)
	}
	what := effort(*item, *run) + " waits: step *" +
		escape(script.Name, 80) + "* is to be done by hand."
	ask := "Do it, then press Done by hand and say what you did." + dueBy(*script, now)
	if script.Status == db.Failed {
		what = effort(*item, *run) + " stopped: step *" +
			escape(script.Name, 80) + "* " + wasNot(*script) + failure(*script) + "." + attempts(*script)
		ask = "Retry it, skip it, or do it yourself and say so." + again(*run)
		if isQuestion(*script) {
			ask = "Retry it to ask again, or cancel the access."
		}
	}
	return message(what+told(script.Summary)+" "+ask,
		header(troubleTitle(*script)), section(what), quote(script.Summary, "No explanation was given."),
		section(before(*run, *script, now)...), repairs(*item, *run, *script),
		footnote(ask+" · "+target(item.Entitlement)+" · "+about(sheet)))
}

// wasNot says of a script that failed what became of it, behind its name.
func wasNot(script db.FlowScript) string {
	if isQuestion(script) {
		return "was not approved"
	}
	return "failed"
}

func troubleTitle(script db.FlowScript) string {
	if isQuestion(script) {
		return "A question was not answered with yes"
	}
	if script.Status == db.Failed {
		return "A step failed and waits for you"
	}
	return "A step waits to be done by hand"
}

// before is what was done ahead of the script, so that whoever repairs knows what the target is like.
func before(run db.SheetRun, script db.FlowScript, now time.Time) []string {
	ahead := run
	ahead.Scripts = nil
	for _, other := range run.Scripts {
		if other.Position < script.Position {
			ahead.Scripts = append(ahead.Scripts, other)
		}
	}
	if len(ahead.Scripts) == 0 {
		return []string{"*Done before*: nothing. This is the first step."}
	}
	return append([]string{"*Done before*"}, scriptLines(ahead, now)...)
}

// repairs are the buttons that can help. A question can only be asked again: its answer belongs to those who were
// asked. Access that is being taken back can't be cancelled.
func repairs(item db.SheetItem, run db.SheetRun, script db.FlowScript) slack.Block {
	byHand := button(ActionScriptByHand, script.ID, "Done by hand", "Say that "+script.Name+" was done by hand")
	offered := []*slack.ButtonBlockElement{primary(byHand)}
	if script.Status == db.Failed {
		retry := primary(button(ActionScriptRetry, script.ID, "Retry", "Retry "+script.Name))
		skip := button(ActionScriptSkip, script.ID, "Skip", "Skip "+script.Name)
		byHand.Style = slack.StyleDefault
		offered = []*slack.ButtonBlockElement{retry, skip, byHand}
		if isQuestion(script) {
			offered = offered[:1]
		}
	}
	switch {
	case run.Kind == db.Provision && isWork(item):
		offered = append(offered, danger(button(ActionScriptCancel, script.ID, "Give up…", "Give up: "+title(item.Entitlement))))
	case run.Kind == db.Provision:
		offered = append(offered, danger(button(ActionScriptCancel, script.ID, "Cancel", "Cancel this access")))
	}
	return actions(offered...)
}

func isQuestion(script db.FlowScript) bool {
	return script.Type == "slack_approval" || script.Type == "email_approval"
}

// dueBy says until when work by hand is to be done.
func dueBy(script db.FlowScript, now time.Time) string {
	switch {
	case script.DueAt.IsZero():
		return ""
	case script.DueAt.After(now):
		return " It is due " + on(script.DueAt) + "."
	}
	return " It was due " + on(script.DueAt) + "."
}

// settled is what stands in place of the question once nobody is needed any more.
func settled(item db.SheetItem, run db.SheetRun, now time.Time) Message {
	text := effort(item, run) + " needs no help any more. " + runState(run)
	return message(text, section(text), section(scriptLines(run, now)...))
}

func attempts(script db.FlowScript) string {
	if script.Attempts < 2 {
		return ""
	}
	return " It was tried " + plural(script.Attempts, "time", "times") + "."
}

func target(row *db.Entitlement) string {
	if row == nil {
		return "Target unknown"
	}
	if row.ID == db.DirectoryItemID {
		return "For a directory"
	}
	return "Target " + escape(row.Kind, 40) + " " + code(row.Target, 120)
}

// toward begins a sentence about an action flow, in front of the entitlement.
func toward(kind string) string {
	if kind == db.Deprovision {
		return "Taking back access to "
	}
	return "Giving access to "
}

// ByHandModal asks what was done by hand. Its private metadata is the script's id.
func ByHandModal(script db.FlowScript) slack.ModalViewRequest {
	modal := form("Done by hand", "Done by hand", CallbackScriptByHand, script.ID)
	return with(modal, section("You say that *"+escape(script.Name, 80)+"* was done by hand. The flow goes on behind it."),
		input(FieldEvidence, "Evidence", "What you did and where it can be seen. It goes into the audit log.",
			multiline(FieldEvidence, "")))
}

// GiveUpModal asks why access is given up before it was given, or why something that a directory caused is not carried out.
// Its private metadata is the script's id.
func GiveUpModal(sheet db.Sheet, script db.FlowScript) slack.ModalViewRequest {
	heading, text := "Cancel access", "The access is not given. What was done so far is taken back."
	if item, _ := sheet.RunByID(script.FlowID); item != nil && isWork(*item) {
		heading, text = "Give up", what(*item)+" is not tried again. "+withoutWork(sheet.Request)
	}
	modal := form(heading, heading, CallbackScriptCancel, script.ID)
	return with(modal, section("You give up at step *"+escape(script.Name, 80)+"*. "+text), reasonInput("It goes into the audit log."))
}

// withoutWork says what is so when something that a directory caused is given up.
func withoutWork(request db.Request) string {
	switch request.Origin {
	case db.FromHeld:
		return "What was written so far stays. The directory goes on saying it, and it is listed among the differences."
	case db.FromDeparture:
		return "The departure is completed without it: the person may still have this account or an open session. See to it in that system itself."
	case db.FromReturn:
		return "The person is here, but this account stays as it is. See to it in that system itself."
	}
	return "What was done so far stays, and the system may not fit the person any more. See to it in that system itself."
}

// SkipModal asks why a script is left out. Its private metadata is the script's id.
func SkipModal(script db.FlowScript) slack.ModalViewRequest {
	modal := form("Skip step", "Skip", CallbackScriptSkip, script.ID)
	return with(modal, section("The flow goes on without *"+escape(script.Name, 80)+"*."),
		reasonInput("It goes into the audit log."))
}
