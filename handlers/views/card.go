package views

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Card is the root message of a request, in all its states. Buttons stand on it only while a step is open.
func Card(sheet db.Sheet, now time.Time) Message {
	blocks := []slack.Block{header("Access request: " + titles(sheet))}
	if len(sheet.Items) != 1 {
		blocks = append(blocks, why(sheet)...)
	}
	for n, item := range sheet.Items {
		if n == 5 {
			blocks = append(blocks, footnote(fmt.Sprintf("… and %d more", len(sheet.Items)-n)))
			break
		}
		if n > 0 {
			blocks = append(blocks, slack.NewDividerBlock())
		}
		blocks = append(blocks, cardItem(sheet, item, now)...)
	}
	blocks = append(blocks, footnote(about(sheet)))
	return message(wish(sheet)+" "+standing(sheet), blocks...)
}

// cardItem is one item's part of the card: at most seven blocks. The reason stands in it when the item is the only
// one, and above all items otherwise.
func cardItem(sheet db.Sheet, item db.SheetItem, now time.Time) []slack.Block {
	blocks := []slack.Block{section(itemState(sheet, item)), facts(sheet, item)}
	if len(sheet.Items) == 1 {
		blocks = append(blocks, why(sheet)...)
	}
	blocks = append(blocks,
		part(sheet, append([]string{"*Who decides*"}, deciders(item)...)),
		part(sheet, work(item, now)))
	if step := item.Current(); step != nil && sheet.Request.Status == db.Pending {
		blocks = append(blocks, decide(step.ID, title(item.Entitlement)))
	}
	return blocks
}

func why(sheet db.Sheet) []slack.Block {
	return []slack.Block{section("*Reason*"), quote(sheet.Request.Reason, "No reason was given.")}
}

// part is a section that leaves room for the other items: Slack takes no message of more than some 13,000 characters.
func part(sheet db.Sheet, lines []string) slack.Block {
	return section(stack(lines, maxText/max(1, min(len(sheet.Items), 5))))
}

func facts(sheet db.Sheet, item db.SheetItem) slack.Block {
	pairs := [][2]string{
		{"Requested by", person(sheet.Request.Requester)},
		{"For", person(item.Subject)},
		{"Access", escape(title(item.Entitlement), 120)},
		{"Provider", where(item.Entitlement)},
		{"Duration", item.Duration.Words()},
		{"Risk", risk(item.Entitlement)},
	}
	if item.ExtendsGrantID != "" {
		pairs[4] = [2]string{"More time", item.Duration.Words()}
	}
	if !item.StartsAt.IsZero() {
		pairs = append(pairs, [2]string{"Start", on(item.StartsAt)})
	}
	return fields(pairs...)
}

// work is what will be run, and once it runs, what became of it.
func work(item db.SheetItem, now time.Time) []string {
	if len(item.Runs) == 0 {
		lines := numbered(item.Plan)
		if len(lines) == 0 {
			lines = []string{"Nothing at the provider."}
		}
		return append([]string{"*What will be run*"}, lines...)
	}
	var lines []string
	for _, run := range item.Runs {
		lines = append(lines, "*"+doing(run.Kind)+"*")
		lines = append(lines, scriptLines(run, now)...)
	}
	return lines
}

// decide is the row of decision buttons of an open step.
func decide(stepID, subject string) slack.Block {
	return actions(
		primary(button(ActionRequestApprove, stepID, "Approve", "Approve "+subject)),
		danger(button(ActionRequestDeny, stepID, "Deny", "Deny "+subject)),
		button(ActionRequestChange, stepID, "Change…", "Change the duration of "+subject),
	)
}

// standing says in plain sentences where all items stand and what the reader can do.
func standing(sheet db.Sheet) string {
	text := ""
	for n, item := range sheet.Items {
		if n == 5 {
			break
		}
		text += itemState(sheet, item) + " "
		if step := item.Current(); step != nil {
			text += "To decide: " + quorum(*step) + ", with Approve, Deny or Change… "
		}
	}
	return text
}

// itemState is an item's state, with its name in front when there are others.
func itemState(sheet db.Sheet, item db.SheetItem) string {
	if len(sheet.Items) == 1 {
		return state(item)
	}
	return what(item) + " · " + state(item)
}

func about(sheet db.Sheet) string {
	text := "Request " + code(sheet.Request.ID, 60) + " · asked " + on(sheet.Request.CreatedAt)
	if sheet.Request.Status == db.Pending && !sheet.Request.LapsesAt.IsZero() {
		text += " · lapses " + on(sheet.Request.LapsesAt)
	}
	return text
}
