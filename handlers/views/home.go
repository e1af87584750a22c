package views

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// HomeData is what one person's App Home, /access mine and /access approvals show.
type HomeData struct {
	Waiting  []Waiting         // open steps on which the person may decide and has not, then questions and work by hand
	Grants   []db.Grant        // held and not ended, with Entitlement and Provider
	Requests []db.Sheet        // made by the person, newest first
	Links    map[string]string // request id to the permalink of its card, as far as known
	System   *System           // for admins only
}

// Waiting is an open approval step, or a script of an action flow that asked the person, with its request.
type Waiting struct {
	Sheet    db.Sheet
	StepID   string
	ScriptID string
}

// Home is a person's App Home. It has at most 100 blocks: each list is cut and says where the rest is.
func Home(data HomeData, now time.Time) slack.HomeTabViewRequest {
	blocks := []slack.Block{header("Access"), actions(requestButton())}
	var system []slack.Block
	if data.System != nil {
		system = systemBlocks(*data.System, now)
	}
	if data.System != nil && data.System.ill() { // what needs an admin stands above everything
		blocks, system = append(blocks, system...), nil
	}
	blocks = append(blocks, slack.NewDividerBlock(), section("*Waiting on me*"))
	blocks = append(blocks, waitingBlocks(data, 10)...)
	blocks = append(blocks, slack.NewDividerBlock(), section("*My access*"))
	blocks = append(blocks, accessBlocks(data.Grants, 15, now)...)
	blocks = append(blocks, slack.NewDividerBlock(), section("*My requests*"))
	blocks = append(append(blocks, requestBlocks(data, 15)...), system...)
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

// waitingBlocks is two blocks for each step and one for the rest.
func waitingBlocks(data HomeData, most int) []slack.Block {
	var blocks []slack.Block
	for n, waits := range data.Waiting {
		if n == most {
			return append(blocks, rest(len(data.Waiting)-n, "approvals"))
		}
		if waits.ScriptID != "" {
			blocks = append(blocks, askedBlocks(data, waits)...)
			continue
		}
		item, step := waits.Sheet.StepByID(waits.StepID)
		if step == nil {
			continue
		}
		text := person(waits.Sheet.Request.Requester) + " asks for " + ask(waits.Sheet, *item) + "." + link(data, waits.Sheet.Request.ID)
		blocks = append(blocks, section(text, "Reason: "+sentence(reason(waits.Sheet.Request.Reason, 300))+due(*step)),
			decide(step.ID, title(item.Entitlement)))
	}
	if len(blocks) == 0 {
		return []slack.Block{section("Nothing waits for your decision.")}
	}
	return blocks
}

// askedBlocks is a question or work by hand that waits for the person: what it is, and its buttons.
func askedBlocks(data HomeData, waits Waiting) []slack.Block {
	item, run, script := scriptOf(waits.Sheet, waits.ScriptID)
	if script == nil {
		return nil
	}
	text := toward(run.Kind) + at(item.Entitlement) + " for " + person(item.Subject)
	if script.WaitsFor == db.WaitsAnswer {
		if script.Type == "email_approval" { // it is answered on the page behind the link
			return []slack.Block{section(text+": a question was mailed to you."+link(data, waits.Sheet.Request.ID), escape(asked(*script), 300))}
		}
		return []slack.Block{section(text+" needs your answer."+link(data, waits.Sheet.Request.ID), escape(asked(*script), 300)), answers(*script)}
	}
	byHand := button(ActionScriptByHand, script.ID, "Done by hand", "Say that "+script.Name+" was done by hand")
	return []slack.Block{
		section(text+" waits for you to do something by hand."+link(data, waits.Sheet.Request.ID), escape(asked(*script), 300)),
		actions(primary(byHand)),
	}
}

// accessBlocks is two blocks for each grant and one for the rest.
func accessBlocks(grants []db.Grant, most int, now time.Time) []slack.Block {
	if len(grants) == 0 {
		return []slack.Block{section("You hold no access through Usher.")}
	}
	var blocks []slack.Block
	for n, grant := range grants {
		if n == most {
			return append(blocks, rest(len(grants)-n, "mine"))
		}
		blocks = append(blocks, section(at(grant.Entitlement)+": "+grantState(grant, nil)+left(grant, now)+" "+code(grant.ID, 60)))
		if returnable(grant) {
			blocks = append(blocks, holding(grant))
		}
	}
	return blocks
}

// left says how much time a grant has left, for lists that are drawn when they are asked for.
func left(grant db.Grant, now time.Time) string {
	switch {
	case grant.Status != db.Active || grant.ExpiresAt.IsZero():
		return ""
	case !grant.ExpiresAt.After(now):
		return " Its time is over."
	}
	return " " + span(grant.ExpiresAt.Sub(now)) + " left."
}

// requestBlocks is one block for each request and one for the rest.
func requestBlocks(data HomeData, most int) []slack.Block {
	if len(data.Requests) == 0 {
		return []slack.Block{section("You have asked for nothing yet.")}
	}
	var blocks []slack.Block
	for n, sheet := range data.Requests {
		if n == most {
			return append(blocks, rest(len(data.Requests)-n, "mine"))
		}
		lines := []string{code(sheet.Request.ID, 60) + " asked " + on(sheet.Request.CreatedAt) + link(data, sheet.Request.ID)}
		for _, item := range sheet.Items {
			lines = append(lines, "• "+at(item.Entitlement)+": "+state(item))
		}
		shown := section(lines...)
		if sheet.Request.Status == db.Pending {
			cancel := button(ActionRequestCancel, sheet.Request.ID, "Cancel", "Cancel the request for "+titles(sheet))
			shown.Accessory = slack.NewAccessory(cancel)
		}
		blocks = append(blocks, shown)
	}
	return blocks
}

func rest(n int, command string) slack.Block {
	return footnote(fmt.Sprintf("… and %d more: /access %s", n, command))
}

// link leads to a request's card.
func link(data HomeData, requestID string) string {
	if url := permalink(data.Links[requestID]); url != "" {
		return " <" + url + "|Open the request>"
	}
	return ""
}
