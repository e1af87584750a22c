package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Ask is the message that asks the approvers of one step, in a DM or in the channel that the chain names. While the
// step is open it has the three decision buttons; afterwards it says who decided. An unknown step gives an empty
// message.
func Ask(sheet db.Sheet, stepID string, _ time.Time) Message {
	item, step := sheet.StepByID(stepID)
	if step == nil {
		return Message{}
	}
	if !open(sheet, *step) {
		return decided(sheet, *item, *step)
	}
	request := person(sheet.Request.Requester) + " asks for " + ask(sheet, *item) + "."
	text := request + " Reason: " + sentence(reason(sheet.Request.Reason, 400)) + " Approve, deny or change it."
	return message(text, slack.NewHeaderBlock(plain("A request waits for your decision", maxHeader)),
		section(request), quote(sheet.Request.Reason, "No reason was given."),
		section(append([]string{"*Risk*: " + risk(item.Entitlement), "*What will be run*"}, numbered(item.Plan)...)...),
		decide(step.ID, title(item.Entitlement)), footnote("*"+escape(stepName(*step), 80)+"*: "+decider(*step)+due(*step)+" · "+about(sheet)))
}

// Reminder asks the approvers of one step again. Once the step is decided it says by whom, without buttons.
func Reminder(sheet db.Sheet, stepID string, _ time.Time) Message {
	item, step := sheet.StepByID(stepID)
	if step == nil {
		return Message{}
	}
	if !open(sheet, *step) {
		return decided(sheet, *item, *step)
	}
	asked := "since " + on(step.OpenedAt)
	if step.OpenedAt.IsZero() {
		asked = "for a while"
	}
	text := "A reminder: " + person(sheet.Request.Requester) + " has been waiting " + asked + " for your decision about " +
		ask(sheet, *item) + ". Reason: " + sentence(reason(sheet.Request.Reason, 300))
	return message(text+" Approve, deny or change it.", section(text),
		decide(step.ID, title(item.Entitlement)), footnote(about(sheet)+due(*step)))
}

func decided(sheet db.Sheet, item db.SheetItem, step db.SheetStep) Message {
	text := person(sheet.Request.Requester) + " asked for " + ask(sheet, item) + "."
	outcome := "*" + escape(stepName(step), 80) + "*: " + decider(step)
	left := footnote("There is nothing left for you to decide here. " + about(sheet))
	if item.Flow.Status == db.Approved {
		// What becomes of the access is told on the card: this message is not drawn anew for it.
		return message(text+" "+outcome, section(text), section(outcome), left)
	}
	return message(text+" "+outcome+" "+state(item), section(text), section(outcome), section(state(item)), left)
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

// DenyModal asks why a request is denied. Its private metadata is the step's id; only its submission decides.
func DenyModal(stepID string, sheet db.Sheet) slack.ModalViewRequest {
	modal := form("Deny request", "Deny", CallbackDeny, stepID)
	if item, _ := sheet.StepByID(stepID); item != nil {
		modal.Blocks.BlockSet = append(modal.Blocks.BlockSet, section(person(sheet.Request.Requester)+" asks for "+
			ask(sheet, *item)+"."), quote(sheet.Request.Reason, "No reason was given."))
	}
	return with(modal, reasonInput("The requester is told this reason."))
}

// ChangeModal lets an approver change how long an item would be held, within the entitlement's durations. Its private
// metadata is the step's id.
func ChangeModal(stepID string, sheet db.Sheet) slack.ModalViewRequest {
	modal := form("Change request", "Change", CallbackChange, stepID)
	item, _ := sheet.StepByID(stepID)
	if item == nil {
		return MessageModal("Change request", "This step is no longer there. Nothing was changed.")
	}
	modal.Blocks.BlockSet = append(modal.Blocks.BlockSet,
		section(person(sheet.Request.Requester)+" asks for "+ask(sheet, *item)+"."))
	comment := input(FieldComment, "Comment", "It stands in the request's thread.", multiline(FieldComment, ""))
	return with(modal, durationInput(FieldDuration, FieldDuration, "Duration", choices(item.Entitlement), item.Duration),
		comment.WithOptional(true))
}
