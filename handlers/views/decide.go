package views

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// decide is the row of buttons of an open step, with a menu of what else can be done before deciding.
func decide(sheet db.Sheet, item db.SheetItem, step db.SheetStep) slack.Block {
	subject := title(item.Entitlement)
	elements := []slack.BlockElement{
		primary(button(ActionRequestApprove, step.ID, "Approve", "Approve "+subject)),
		danger(button(ActionRequestDeny, step.ID, "Deny", "Deny "+subject)),
	}
	if sheet.Request.Kind != db.ForChange && !isHeld(sheet) && item.Birthright == "" { // else it has no duration
		elements = append(elements, button(ActionRequestChange, step.ID, "Change…", "Change the duration of "+subject))
	}
	var options []*slack.OptionBlockObject
	if sheet.Request.Origin == "" { // else nobody asked who could answer
		options = append(options, moreOption(MoreQuestion, step.ID, "Ask a question"))
	}
	if !step.Spec.Fixed {
		options = append(options, moreOption(MoreHandOver, step.ID, "Hand over…"))
	}
	options = append(options, moreOption(MoreWhy, step.ID, "Why?"))
	return slack.NewActionBlock("", append(elements, slack.NewOverflowBlockElement(ActionRequestMore, options...))...)
}

func moreOption(verb, stepID, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(verb+":"+stepID, plain(text, maxOption), nil)
}

// ReadMore reads what was chosen in the menu of an open step: the word and the step's id.
func ReadMore(value string) (verb, stepID string) {
	verb, stepID, _ = strings.Cut(value, ":")
	return verb, stepID
}
