package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Ask is the message that asks the approvers of one step, in a DM to the reader, whose person id it is, or in the
// channel that the chain names. While the step is open it has the decision buttons; afterwards it says who decided. An
// unknown step gives an empty message.
func Ask(sheet db.Sheet, stepID, reader string, now time.Time) Message {
	item, step := sheet.StepByID(stepID)
	if step == nil {
		return Message{}
	}
	if !open(sheet, *step) || !mayPress(*step, reader) {
		return decided(sheet, *item, *step, reader)
	}
	if isHeld(sheet) {
		return heldAsk(sheet, *item, *step, reader, now)
	}
	request := plea(sheet, *item)
	text := request + " Reason: " + sentence(reason(sheet.Request.Reason, 400)) + invitation(sheet)
	blocks := append([]slack.Block{header("A request waits for your decision")}, alarm(sheet)...)
	blocks = append(blocks, section(request+standIn(*step, reader)), quote(sheet.Request.Reason, "No reason was given."))
	for _, lines := range [][]string{warnings(*item), asks(sheet, *item), toDo(sheet, *item, now)} {
		if len(lines) > 0 {
			blocks = append(blocks, section(lines...))
		}
	}
	where := "*" + escape(stepName(*step), 80) + "*: " + decider(*step) + due(*step) + " · " + about(sheet)
	if wants := wanted(step.Spec); wants != "" {
		where += " · approving needs " + wants
	}
	return message(text, append(blocks, decide(sheet, *item, *step), footnote(where))...)
}

// toDo is what an approval would lead to: the risk and what will be run, or what changes.
func toDo(sheet db.Sheet, item db.SheetItem, now time.Time) []string {
	lines := work(sheet, item, now)
	if sheet.Change != nil {
		return lines
	}
	return append([]string{"*Risk*: " + risk(item.Entitlement)}, lines...)
}

// mayPress says that a step is still with a reader: in a channel the buttons are there for whoever may.
func mayPress(step db.SheetStep, reader string) bool {
	return reader == "" || approverOf(step, reader) != nil
}

func approverOf(step db.SheetStep, reader string) *db.Approver {
	for n := range step.Approvers {
		if step.Approvers[n].PersonID == reader {
			return &step.Approvers[n]
		}
	}
	return nil
}

// standIn says to a delegate for whom he is asked, or nothing.
func standIn(step db.SheetStep, reader string) string {
	approver := approverOf(step, reader)
	if approver == nil || approver.ForID == "" {
		return ""
	}
	return " You are asked in place of " + person(approver.For) + "."
}

// Reminder asks the approvers of one step again. Once the step is decided it says by whom, without buttons.
func Reminder(sheet db.Sheet, stepID, reader string, now time.Time) Message {
	item, step := sheet.StepByID(stepID)
	if step == nil {
		return Message{}
	}
	if !open(sheet, *step) || !mayPress(*step, reader) {
		return decided(sheet, *item, *step, reader)
	}
	if isHeld(sheet) {
		return reminder(heldAsk(sheet, *item, *step, reader, now))
	}
	since := "since " + on(step.OpenedAt)
	if step.OpenedAt.IsZero() {
		since = "for a while"
	}
	text := "A reminder: " + person(sheet.Request.Requester) + " has been waiting " + since + " for your decision about " +
		ask(sheet, *item) + "." + standIn(*step, reader) + " Reason: " + sentence(reason(sheet.Request.Reason, 300))
	blocks := []slack.Block{section(text)}
	if lines := warnings(*item); len(lines) > 0 {
		blocks = append(blocks, section(lines...))
	}
	return message(text+invitation(sheet), append(blocks, decide(sheet, *item, *step), footnote(about(sheet)+due(*step)))...)
}

// Told is what those learn whom a step tells without asking them. It is sent once and stays.
func Told(sheet db.Sheet, stepID string, _ time.Time) Message {
	item, step := sheet.StepByID(stepID)
	if step == nil {
		return Message{}
	}
	text := "For your information: " + plea(sheet, *item)
	note := "You need not do anything: " + quorum(*step) + " decides. " + about(sheet)
	return message(text+" Reason: "+sentence(reason(sheet.Request.Reason, 400)), section(text),
		quote(sheet.Request.Reason, "No reason was given."), footnote(note))
}

// invitation says in a text without buttons which ones there are.
func invitation(sheet db.Sheet) string {
	if sheet.Change != nil || isHeld(sheet) {
		return " Approve or deny it."
	}
	return " Approve, deny or change it."
}

func decided(sheet db.Sheet, item db.SheetItem, step db.SheetStep, reader string) Message {
	text := pleaBefore(sheet, item)
	outcome := "*" + escape(stepName(step), 80) + "*: " + decider(step)
	left := footnote("There is nothing left for you to decide here. " + about(sheet))
	switch {
	case open(sheet, step) && !mayPress(step, reader):
		outcome = "Somebody else decides now: " + quorum(step) + "."
		return message(text+" "+outcome, section(text), section(outcome), left)
	case item.Flow.Status == db.Approved:
		// What becomes of the access is told on the card: this message is not drawn anew for it.
		return message(text+" "+outcome, section(text), section(outcome), left)
	}
	return message(text+" "+outcome+" "+state(item), section(text), section(outcome), section(state(item)), left)
}

// plea is one item of a request in a sentence: "<@U1> asks for *Drive editors* at Acme Drive, for 8 hours."
func plea(sheet db.Sheet, item db.SheetItem) string {
	if sheet.Change != nil {
		return person(sheet.Request.Requester) + " wants to change the configuration: " + what(item) + "."
	}
	if isHeld(sheet) {
		return person(sheet.Request.Requester) + " wants this: " + what(item) + "."
	}
	return person(sheet.Request.Requester) + " asks for " + ask(sheet, item) + "."
}

func pleaBefore(sheet db.Sheet, item db.SheetItem) string {
	if sheet.Change != nil {
		return person(sheet.Request.Requester) + " wanted to change the configuration: " + what(item) + "."
	}
	if isHeld(sheet) {
		return person(sheet.Request.Requester) + " wanted this: " + what(item) + "."
	}
	return person(sheet.Request.Requester) + " asked for " + ask(sheet, item) + "."
}

func open(sheet db.Sheet, step db.SheetStep) bool {
	return step.Status == db.Deciding && sheet.Request.Status == db.Pending
}

func due(step db.SheetStep) string {
	if step.DueAt.IsZero() {
		return ""
	}
	return " · due " + on(step.DueAt)
}
