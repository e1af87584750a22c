package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// heldAsk asks somebody about one change of a directory.
func heldAsk(sheet db.Sheet, item db.SheetItem, step db.SheetStep, reader string, now time.Time) Message {
	told := sentence(escape(sheet.Request.Reason, 400))
	blocks := []slack.Block{header("A change of the directory waits"), section(told + standIn(step, reader)), heldFacts(sheet, item)}
	blocks = append(append(blocks, heldValuesOf(sheet, item.Held)...), section(heldWork(item, now)...))
	where := "*" + escape(stepName(step), 80) + "*: " + decider(step) + due(step) + " · " + about(sheet)
	if wants := wanted(step.Spec); wants != "" {
		where += " · approving needs " + wants
	}
	return message(told+invitation(sheet), append(blocks, decide(sheet, item, step), footnote(where))...)
}

// HeldBatch asks somebody about several changes of a directory at once. Once none waits any more it says how it ended.
func HeldBatch(sheet db.Sheet) Message {
	told := sentence(escape(sheet.Request.Reason, 400))
	text := told + " " + heldCounts(sheet)
	if sheet.Request.Status != db.Pending {
		left := footnote("There is nothing left for you to decide here. " + about(sheet))
		return message(text, section(told), section(heldCounts(sheet)), left)
	}
	blocks := append([]slack.Block{header("Changes of the directory wait"), section(told)}, heldBatch(sheet)...)
	return message(text+" Approve all of them, some or none.", append(blocks, footnote(about(sheet)))...)
}

// HeldBatchAgain reminds somebody of changes that still wait.
func HeldBatchAgain(sheet db.Sheet) Message { return reminder(HeldBatch(sheet)) }

// reminder is a message that was sent before, as a reminder.
func reminder(asked Message) Message {
	return message("A reminder: "+asked.Text, append([]slack.Block{section("*A reminder*")}, asked.Blocks...)...)
}
