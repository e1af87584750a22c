package views

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// inMessage is how many rows of a list stand in a message, which has at most 50 blocks.
const inMessage = 10

// Mine lists what a person holds and has asked for, with the buttons that act on it.
func Mine(data HomeData, now time.Time) Message {
	data.Grants, data.Requests = data.Grants.first(inMessage), data.Requests.first(inMessage)
	blocks := []slack.Block{header("My access")}
	if data.Grants.Total == 0 {
		blocks = append(blocks, section(holdsNothing))
	}
	blocks = append(append(blocks, accessBlocks(data, true, now)...), rest(data.Grants.Total-len(data.Grants.Rows))...)
	blocks = append(blocks, slack.NewDividerBlock(), section("*My requests*"))
	if data.Requests.Total == 0 {
		blocks = append(blocks, section(askedNothing))
	}
	blocks = append(append(blocks, requestBlocks(data, true)...), rest(data.Requests.Total-len(data.Requests.Rows))...)
	requests := plural(data.Requests.Total, "request", "requests")
	text := holdsNothing + " You have made " + requests + "."
	if n := data.Grants.Total; n > 0 {
		text = "You hold " + plural(n, "entitlement", "entitlements") + " and have made " + requests + ". Use Extend or Give back on what you hold."
	}
	return message(text, blocks...)
}

// Approvals lists what waits for a person's decision.
func Approvals(data HomeData) Message {
	data.Waiting = data.Waiting.first(2 * inMessage)
	blocks := []slack.Block{header("Waiting on me")}
	text := nothingWaits
	if n := data.Waiting.Total; n > 0 {
		text = plural(n, "request, question or task waits", "requests, questions or tasks wait") + " for you."
	} else {
		blocks = append(blocks, section(nothingWaits))
	}
	blocks = append(append(blocks, waitingBlocks(data)...), rest(data.Waiting.Total-len(data.Waiting.Rows))...)
	return message(text, blocks...)
}

// Status tells where a request stands: what the card says, without the buttons that decide. Whoever made it, whose
// person id the reader is then, can act on it.
func Status(sheet db.Sheet, reader string, now time.Time) Message {
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
	if reader == sheet.Request.RequesterID && sheet.Request.Status == db.Pending {
		blocks = append(blocks, actions(withdrawing(sheet)...))
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
