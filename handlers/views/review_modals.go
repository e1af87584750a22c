package views

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// brief is what the forms of whoever decides say about the item at hand.
func brief(sheet db.Sheet, stepID string) []slack.Block {
	item, _ := sheet.StepByID(stepID)
	if item == nil {
		return nil
	}
	blocks := []slack.Block{section(plea(sheet, *item)), quote(sheet.Request.Reason, "No reason was given.")}
	if lines := warnings(*item); len(lines) > 0 {
		blocks = append(blocks, section(lines...))
	}
	return blocks
}

// Consent is what an approval of a step asks of the person at hand.
type Consent struct {
	Comment bool       // he has to say why
	Code    bool       // he has to give a time-based code
	SignIn  *db.SignIn // he has to sign in here
}

// ApproveModal asks for what an approval needs beyond the button. Its private metadata names the step and the sign-in;
// only its submission decides.
func ApproveModal(stepID string, sheet db.Sheet, asks Consent) slack.ModalViewRequest {
	modal := with(form("Approve request", "Approve", CallbackApprove, stepID), brief(sheet, stepID)...)
	if asks.SignIn != nil {
		modal.PrivateMetadata += " " + asks.SignIn.ID
		modal.Submit = plain("I have signed in", maxTitle)
		modal = with(modal, signIn(*asks.SignIn))
	}
	if asks.Code {
		element := slack.NewPlainTextInputBlockElement(plain("123456", maxPlaceholder), FieldCode).WithMinLength(6).WithMaxLength(10)
		modal = with(modal, input(FieldCode, "Code", "The six digits that your authenticator app shows now.", element))
	}
	return with(modal, commentInput(!asks.Comment))
}

// ReadApprove reads the private metadata of the approval form: the step and the sign-in, which may be empty.
func ReadApprove(metadata string) (stepID, signIn string) {
	stepID, signIn, _ = strings.Cut(metadata, " ")
	return stepID, signIn
}

// signIn says where to sign in and with which code.
func signIn(row db.SignIn) slack.Block {
	lines := []string{"*Prove that it is you.* This decision needs a sign-in of its own."}
	if address := permalink(row.VerifyURL); address != "" {
		lines = append(lines, "1. Open <"+address+"|the sign-in page>: "+code(row.VerifyURL, 300))
	}
	if !blank(row.UserCode) {
		lines = append(lines, "2. Enter the code "+code(row.UserCode, 40)+" there, or compare it, and sign in.")
	}
	return section(append(lines, "Then come back and press *I have signed in*. The code holds until "+on(row.EndsAt)+".")...)
}

func commentInput(optional bool) slack.Block {
	hint := "It stands on the card and in the request's thread."
	return input(FieldComment, "Comment", hint, multiline(FieldComment, "")).WithOptional(optional)
}

// DenyModal asks why a request is denied. Its private metadata is the step's id; only its submission decides.
func DenyModal(stepID string, sheet db.Sheet) slack.ModalViewRequest {
	modal := with(form("Deny request", "Deny", CallbackDeny, stepID), brief(sheet, stepID)...)
	if isHeld(sheet) {
		return with(modal, reasonInput("It stands on the card, in the channel and in the log."))
	}
	return with(modal, reasonInput("The requester is told this reason."))
}

// ChangeModal lets an approver change how long an item would be held, within the entitlement's durations, and approve
// that in one go, where no sign-in is needed for it. Its private metadata is the step's id.
func ChangeModal(stepID string, sheet db.Sheet, asks Consent, atOnce bool) slack.ModalViewRequest {
	modal := form("Change request", "Change", CallbackChange, stepID)
	item, _ := sheet.StepByID(stepID)
	if item == nil {
		return MessageModal("Change request", "This step is no longer there. Nothing was changed.")
	}
	modal = with(modal, brief(sheet, stepID)...)
	modal = with(modal, durationInput(FieldDuration, FieldDuration, "Duration", choices(item.Entitlement), item.Duration), commentInput(true))
	if !atOnce {
		return modal
	}
	option := slack.NewOptionBlockObject(FieldAtOnce, plain("Approve with this", maxOption), nil)
	box := input(FieldAtOnce, "And then", "", slack.NewCheckboxGroupsBlockElement(FieldAtOnce, option))
	modal = with(modal, box.WithOptional(true))
	if asks.Code {
		element := slack.NewPlainTextInputBlockElement(plain("123456", maxPlaceholder), FieldCode).WithMaxLength(10)
		modal = with(modal, input(FieldCode, "Code", "Of your authenticator app, if you approve with this.", element).WithOptional(true))
	}
	return modal
}

// HandOverModal lets an approver give the decision to somebody else. Its private metadata is the step's id.
func HandOverModal(stepID string, sheet db.Sheet) slack.ModalViewRequest {
	modal := with(form("Hand over", "Hand over", CallbackHandOver, stepID), brief(sheet, stepID)...)
	to := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person", maxPlaceholder), FieldPerson)
	return with(modal, input(FieldPerson, "To", "This person decides in your place and is asked now.", to),
		reasonInput("It stands in the request's thread."))
}
