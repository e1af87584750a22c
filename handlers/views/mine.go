package views

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Mine lists what a person holds and has asked for, with the buttons that act on it.
func Mine(data HomeData, now time.Time) Message {
	blocks := append([]slack.Block{header("My access")}, accessBlocks(data.Grants, 15, now)...)
	blocks = append(blocks, slack.NewDividerBlock(), section("*My requests*"))
	blocks = append(blocks, requestBlocks(data, 10)...)
	requests := plural(len(data.Requests), "request", "requests")
	text := "You hold no access through Usher. You have made " + requests + "."
	if len(data.Grants) > 0 {
		text = "You hold " + plural(len(data.Grants), "entitlement", "entitlements") + " and have made " + requests +
			". Use Extend or Give back on what you hold."
	}
	return message(text, blocks...)
}

// Approvals lists what waits for a person's decision.
func Approvals(data HomeData, _ time.Time) Message {
	blocks := append([]slack.Block{header("Waiting on me")}, waitingBlocks(data, 15)...)
	steps, scripts := 0, 0
	for _, waits := range data.Waiting {
		if waits.ScriptID == "" {
			steps++
		} else {
			scripts++
		}
	}
	var text []string
	if steps > 0 {
		text = append(text, plural(steps, "request waits", "requests wait")+" for your decision: approve or deny.")
	}
	if scripts > 0 {
		text = append(text, plural(scripts, "question or task waits", "questions or tasks wait")+" for you.")
	}
	if len(text) == 0 {
		text = []string{"Nothing waits for your decision."}
	}
	return message(strings.Join(text, " "), blocks...)
}

// Status tells where a request stands: what the card says, without the buttons that decide.
func Status(sheet db.Sheet, now time.Time) Message {
	card := Card(sheet, now)
	var blocks []slack.Block
	for _, block := range card.Blocks {
		if block.BlockType() != slack.MBTAction {
			blocks = append(blocks, block)
		}
	}
	if sheet.Request.Status == db.Pending {
		blocks = append(blocks, footnote("To withdraw it: "+code("/access cancel "+sheet.Request.ID, 80)))
	}
	return message(card.Text, blocks...)
}

// Who lists the holders of an entitlement. Grants hold their subjects.
func Who(row db.Entitlement, grants []db.Grant, now time.Time) Message {
	if len(grants) == 0 {
		text := "Nobody holds " + at(&row) + " through Usher."
		return message(text, section(text))
	}
	holders := make([]string, 0, len(grants))
	for _, grant := range grants {
		holders = append(holders, "• "+person(grant.Subject)+": "+grantState(grant, nil)+left(grant, now)+" "+code(grant.ID, 60))
	}
	text := fmt.Sprintf("%s %s %s.", plural(len(grants), "person", "people"), holdWord(len(grants)), at(&row))
	return message(text, section(text), section(holders...))
}

func holdWord(n int) string {
	if n == 1 {
		return "holds"
	}
	return "hold"
}
