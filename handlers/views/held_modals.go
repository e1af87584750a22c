package views

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// heldBox is how many checkboxes Slack takes in one group.
const heldBox = 10

// HeldListModal shows a page of all that a request would change, counted from 0, with every value in full: what is decided on is
// what can be seen.
func HeldListModal(sheet db.Sheet, page int) (slack.ModalViewRequest, error) {
	var lines []string
	for n, item := range sheet.Items {
		if len(sheet.Items) > 1 {
			lines = append(append(lines, heldLine(n+1, item)), differences(item.Held).together()...)
			continue
		}
		for _, one := range differences(item.Held) {
			lines = append(lines, one.whole()...)
		}
		if len(item.Plan) > 0 {
			lines = append(append(lines, "*What will be written*"), numbered(item.Plan)...)
		}
	}
	return pagesOf(listing{
		heading: "All changes", above: []slack.Block{quote(sheet.Request.Reason, "–"), section(heldStanding(sheet))}, lines: lines,
		of: sheet.Request.ID, page: page, before: ActionHeldBefore, after: ActionHeldAfter,
	})
}

// HeldApproveModal asks for what the approval of all changes of a batch needs beyond the button.
func HeldApproveModal(sheet db.Sheet, asks Consent) slack.ModalViewRequest {
	modal := with(form("Approve all", "Approve all", CallbackHeldApprove, sheet.Request.ID), heldBrief(sheet)...)
	return with(modal, heldConsent(asks)...)
}

// HeldDenyModal asks why all changes of a batch are denied.
func HeldDenyModal(sheet db.Sheet) slack.ModalViewRequest {
	modal := with(form("Deny all", "Deny all", CallbackHeldDeny, sheet.Request.ID), heldBrief(sheet)...)
	return with(modal, reasonInput("It stands on the card, in the channel and in the log."))
}

// HeldChooseModal lets somebody approve some of the changes of a batch that wait, all of which are chosen at first, and
// say what becomes of the others.
func HeldChooseModal(sheet db.Sheet, asks Consent) slack.ModalViewRequest {
	modal := with(form("Choose changes", "Decide", CallbackHeldChoose, sheet.Request.ID), quote(sheet.Request.Reason, "–"))
	var open []db.SheetItem
	for _, item := range sheet.Items {
		if item.Current() != nil {
			open = append(open, item)
		}
	}
	for first := 0; first < len(open); first += heldBox {
		some := open[first:min(first+heldBox, len(open))]
		options := make([]*slack.OptionBlockObject, 0, len(some))
		for _, item := range some {
			options = append(options, slack.NewOptionBlockObject(item.ID, plain(title(item.Entitlement), maxOption), heldBelow(item)))
		}
		boxes := slack.NewCheckboxGroupsBlockElement(HeldBox(first/heldBox), options...)
		boxes.InitialOptions = options
		label := "Approve"
		if first > 0 {
			label = fmt.Sprintf("Approve, from %d", first+1)
		}
		modal = with(modal, input(HeldBox(first/heldBox), label, "", boxes).WithOptional(true))
	}
	leave := slack.NewOptionBlockObject(HeldLeave, plain("Leave them waiting", maxOption), nil)
	deny := slack.NewOptionBlockObject(HeldDeny, plain("Deny them", maxOption), nil)
	others := slack.NewRadioButtonsBlockElement(FieldHeldOthers, leave, deny)
	others.InitialOption = leave
	modal = with(modal, input(FieldHeldOthers, "The others", "", others),
		input(FieldReason, "Reason", "Why the others are denied. It stands on the card and in the log.", multiline(FieldReason, "")).WithOptional(true))
	return with(modal, heldConsent(asks)...)
}

// heldBelow is what stands below a change that can be chosen.
func heldBelow(item db.SheetItem) *slack.TextBlockObject {
	parts := heldAbout(item)
	if len(parts) == 0 {
		return nil
	}
	return plain(oneLine(strings.Join(parts, ", ")), maxOption)
}

func heldBrief(sheet db.Sheet) []slack.Block {
	return []slack.Block{quote(sheet.Request.Reason, "–"), section(heldCounts(sheet))}
}

// heldConsent are the fields for what an approval needs beyond the button.
func heldConsent(asks Consent) []slack.Block {
	var blocks []slack.Block
	if asks.Code {
		element := slack.NewPlainTextInputBlockElement(plain("123456", maxPlaceholder), FieldCode).WithMaxLength(10)
		blocks = append(blocks, input(FieldCode, "Code", "The six digits that your authenticator app shows now.", element))
	}
	if asks.Comment {
		blocks = append(blocks, commentInput(false))
	}
	return blocks
}
