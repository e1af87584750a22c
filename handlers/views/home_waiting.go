package views

import (
	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Waiting is one thing that waits for a person: an approval step, a question about his request, or a script of an
// action flow that asked him, each with its request; or an access review.
type Waiting struct {
	Sheet    db.Sheet
	StepID   string
	Question *db.Question
	ScriptID string
	Review   *db.Review
	Left     int // of the review: how many decisions of the person are open
}

// waitingBlocks is at most three blocks for each thing.
func waitingBlocks(data HomeData) []slack.Block {
	var blocks []slack.Block
	for _, waits := range data.Waiting.Rows {
		switch {
		case waits.Review != nil:
			blocks = append(blocks, reviewRow(data, waits))
		case waits.Question != nil:
			blocks = append(blocks, questionRow(data, waits))
		case waits.ScriptID != "":
			blocks = append(blocks, askedBlocks(data, waits)...)
		default:
			blocks = append(blocks, stepBlocks(data, waits)...)
		}
	}
	return blocks
}

// stepBlocks is an approval step with the buttons that decide.
func stepBlocks(data HomeData, waits Waiting) []slack.Block {
	item, step := waits.Sheet.StepByID(waits.StepID)
	if step == nil {
		return nil
	}
	lines := []string{
		asksFor(waits.Sheet, *item) + standIn(*step, data.Me) + link(data, waits.Sheet.Request.ID),
		"Reason: " + reason(waits.Sheet.Request.Reason, 300) + due(*step),
	}
	return []slack.Block{section(lines...), decide(waits.Sheet, *item, *step)}
}

// asksFor is what a request asks for on one item, as a sentence.
func asksFor(sheet db.Sheet, item db.SheetItem) string {
	who := person(sheet.Request.Requester)
	switch {
	case sheet.Change != nil:
		return who + " wants to change the configuration: " + entitlement(item.Entitlement) + "."
	case isHeld(sheet):
		return who + " wants this: " + entitlement(item.Entitlement) + "."
	case sheet.Request.Emergency:
		return who + " asks *in an emergency* for " + ask(sheet, item) + "."
	}
	return who + " asks for " + ask(sheet, item) + "."
}

// questionRow is a question about the reader's own request.
func questionRow(data HomeData, waits Waiting) slack.Block {
	text := person(waits.Question.Asker) + " asks about " + questioned(waits) + ":" + link(data, waits.Sheet.Request.ID)
	row := section(text, "“"+escape(waits.Question.Text, 500)+"”")
	row.Accessory = slack.NewAccessory(primary(button(ActionQuestionAnswer, waits.Question.ID, "Answer", "Answer a question about "+titles(waits.Sheet))))
	return row
}

func questioned(waits Waiting) string {
	for _, item := range waits.Sheet.Items {
		if item.ID == waits.Question.ItemID {
			return "your request for " + at(item.Entitlement)
		}
	}
	return "your request"
}

// askedBlocks is a question of a script or work by hand that waits for the person: what it is, and its buttons.
func askedBlocks(data HomeData, waits Waiting) []slack.Block {
	item, run, script := scriptOf(waits.Sheet, waits.ScriptID)
	if script == nil {
		return nil
	}
	text := effort(*item, *run)
	open := link(data, waits.Sheet.Request.ID)
	switch {
	case script.WaitsFor == db.WaitsAnswer && script.Type == "email_approval": // it is answered on the page behind the link
		return []slack.Block{section(text+": a question was mailed to you."+open, escape(asked(*script), 300))}
	case script.WaitsFor == db.WaitsAnswer:
		return []slack.Block{section(text+" needs your answer."+open, escape(asked(*script), 300)), answers(*script)}
	}
	byHand := button(ActionScriptByHand, script.ID, "Done by hand", "Say that "+script.Name+" was done by hand")
	return []slack.Block{
		section(text+" waits for you to do something by hand."+open, escape(asked(*script), 300)), actions(primary(byHand)),
	}
}

// reviewRow is an access review in which the reader has decisions to make.
func reviewRow(data HomeData, waits Waiting) slack.Block {
	text := "Access review *" + escape(waits.Review.Title, 120) + "*: " + plural(waits.Left, "decision waits", "decisions wait") +
		" for you, until " + on(waits.Review.DueAt) + "."
	if url := permalink(data.Links[waits.Review.ID]); url != "" {
		text += " <" + url + "|Open the review>"
	}
	return section(text)
}

// rest says where the rest of a list is that does not fit into a message.
func rest(left int) []slack.Block {
	if left <= 0 {
		return nil
	}
	return []slack.Block{footnote("… and " + plural(left, "more stands", "more stand") + " on Usher's Home tab.")}
}
