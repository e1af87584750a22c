package views

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// maxItems is how many items of a request a message shows.
const maxItems = 5

// Card is the root message of a request, in all its states. Buttons stand on it only while a step is open.
func Card(sheet db.Sheet, now time.Time) Message {
	switch {
	case isHeld(sheet):
		return heldCard(sheet, now)
	case sheet.Departure != nil:
		return departureCard(sheet, *sheet.Departure, now)
	case allWork(sheet):
		return workCard(sheet, now)
	}
	blocks := append([]slack.Block{header(heading(sheet))}, alarm(sheet)...)
	if len(sheet.Items) != 1 {
		blocks = append(blocks, why(sheet)...)
	}
	for n, item := range sheet.Items {
		if n == maxItems {
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

func heading(sheet db.Sheet) string {
	switch {
	case sheet.Request.Kind == db.ForChange:
		return "Change to the configuration: " + titles(sheet)
	case sheet.Request.Emergency:
		return "🚨 Emergency access: " + titles(sheet)
	case sheet.Request.Origin == db.FromReturn:
		return "Access given back: " + titles(sheet)
	case sheet.Request.Origin == db.FromBirthright:
		return "Access by a rule: " + titles(sheet)
	}
	return "Access request: " + titles(sheet)
}

// cardItem is one item's part of the card: at most nine blocks. The reason stands in it when the item is the only
// one, and above all items otherwise.
func cardItem(sheet db.Sheet, item db.SheetItem, now time.Time) []slack.Block {
	blocks := []slack.Block{section(itemState(sheet, item)), facts(sheet, item)}
	if len(sheet.Items) == 1 {
		blocks = append(blocks, why(sheet)...)
	}
	for _, lines := range [][]string{
		warnings(item), append([]string{"*Who decides*"}, deciders(sheet, item)...), asks(sheet, item), work(sheet, item, now),
	} {
		if len(lines) > 0 {
			blocks = append(blocks, part(sheet, lines))
		}
	}
	if step := item.Current(); step != nil && sheet.Request.Status == db.Pending {
		blocks = append(blocks, decide(sheet, item, *step))
	}
	return blocks
}

func why(sheet db.Sheet) []slack.Block {
	return []slack.Block{section("*Reason*"), quote(sheet.Request.Reason, "No reason was given.")}
}

// part is a section that leaves room for the other items: Slack takes no message of more than some 13,000 characters.
func part(sheet db.Sheet, lines []string) slack.Block {
	return section(stack(lines, maxText/max(1, min(len(sheet.Items), maxItems))))
}

// facts are what is asked for. Where there are several items they stand on one line, so that the card stays short.
func facts(sheet db.Sheet, item db.SheetItem) slack.Block {
	if sheet.Request.Kind == db.ForChange {
		return fields([2]string{"Requested by", person(sheet.Request.Requester)}, [2]string{"Object", escape(title(item.Entitlement), 120)})
	}
	length := [2]string{"Duration", item.Duration.Words()}
	if item.ExtendsGrantID != "" {
		length[0] = "More time"
	}
	pairs := [][2]string{
		{"Requested by", person(sheet.Request.Requester)},
		{"For", person(item.Subject)},
		{"Access", escape(title(item.Entitlement), 120)},
		{"Provider", where(item.Entitlement)},
		length,
		{"Risk", risk(item.Entitlement)},
	}
	switch sheet.Request.Origin {
	case db.FromBirthright:
		pairs[0] = [2]string{"Told by", person(sheet.Request.Requester)}
	case db.FromReturn: // for how long is said by until when
		pairs[0], pairs[4] = [2]string{}, [2]string{}
	}
	if !item.StartsAt.IsZero() {
		pairs = append(pairs, [2]string{"Start", on(item.StartsAt)})
	}
	if len(sheet.Items) > 1 {
		return footnote(pairLine(pairs))
	}
	return fields(pairs...)
}

// pairLine writes labels and values on one line.
func pairLine(pairs [][2]string) string {
	text := ""
	for _, pair := range pairs {
		if pair[1] == "" || pair[0] == "Access" { // which stands in front of the state
			continue
		}
		if text != "" {
			text += " · "
		}
		text += pair[0] + ": " + pair[1]
	}
	return text
}

// work is what will be run, and once it runs, what became of it. Of a change it is what changes.
func work(sheet db.Sheet, item db.SheetItem, now time.Time) []string {
	if sheet.Change != nil {
		return changes(*sheet.Change)
	}
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

// standing says in plain sentences where all items stand and what the reader can do.
func standing(sheet db.Sheet) string {
	text := ""
	for n, item := range sheet.Items {
		if n == maxItems {
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
	text := state(item)
	switch {
	case sheet.Change != nil:
		text = changeState(item, *sheet.Change)
	case sheet.Request.Origin == db.FromReturn && item.Grant != nil:
		text = grantState(*item.Grant, item.Runs)
	}
	if len(sheet.Items) == 1 {
		return text
	}
	return what(item) + " · " + text
}

func about(sheet db.Sheet) string {
	text := "Request " + code(sheet.Request.ID, 60) + " · asked " + on(sheet.Request.CreatedAt)
	if sheet.Request.Status == db.Pending && !sheet.Request.LapsesAt.IsZero() {
		text += " · lapses " + on(sheet.Request.LapsesAt)
	}
	return text
}
