package views

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// accessBlocks is two blocks for each grant. Named says that each is shown with its id, for who types commands.
func accessBlocks(data HomeData, named bool, now time.Time) []slack.Block {
	var blocks []slack.Block
	for _, grant := range data.Grants.Rows {
		text := at(grant.Entitlement) + ": " + grantState(grant, nil) + left(grant, now)
		if named {
			text += " " + code(grant.ID, 60)
		}
		if !blank(grant.DoNotRenew) {
			text += "\nA review decided that it is not to be given longer: " + sentence(escape(grant.DoNotRenew, 300))
		}
		blocks = append(blocks, section(text))
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

// requestBlocks is at most two blocks for each request. Named is as in accessBlocks.
func requestBlocks(data HomeData, named bool) []slack.Block {
	var blocks []slack.Block
	for _, sheet := range data.Requests.Rows {
		var lines []string
		for n, item := range sheet.Items {
			line := requested(sheet, item) + ": " + state(item)
			if n == 0 {
				line += link(data, sheet.Request.ID)
			}
			lines = append(lines, line)
		}
		blocks = append(blocks, section(append(lines, askedAt(sheet, named))...))
		if sheet.Request.Status == db.Pending {
			blocks = append(blocks, actions(withdrawing(sheet)...))
		}
	}
	return blocks
}

// requested is what an item asks for, and for whom when that is not who asked.
func requested(sheet db.Sheet, item db.SheetItem) string {
	if sheet.Change != nil {
		return "Change of " + entitlement(item.Entitlement)
	}
	if other := forOther(sheet, item); other != "" {
		return at(item.Entitlement) + " for " + other
	}
	return at(item.Entitlement)
}

func askedAt(sheet db.Sheet, named bool) string {
	text := "Asked " + on(sheet.Request.CreatedAt)
	if named {
		text = code(sheet.Request.ID, 60) + " asked " + on(sheet.Request.CreatedAt)
	}
	if sheet.Request.Nudges > 0 && sheet.Request.Status == db.Pending {
		text += " · approvers reminded " + on(sheet.Request.NudgedAt)
	}
	return text
}

// withdrawing are the buttons of a request that is not decided yet.
func withdrawing(sheet db.Sheet) []*slack.ButtonBlockElement {
	cancel := button(ActionRequestCancel, sheet.Request.ID, "Cancel", "Cancel the request for "+titles(sheet))
	for _, item := range sheet.Items {
		if item.Current() != nil {
			return []*slack.ButtonBlockElement{button(ActionRequestNudge, sheet.Request.ID, "Remind them", "Remind who decides on "+titles(sheet)), cancel}
		}
	}
	return []*slack.ButtonBlockElement{cancel}
}

// link leads to a request's card.
func link(data HomeData, requestID string) string {
	if url := permalink(data.Links[requestID]); url != "" {
		return " <" + url + "|Open the request>"
	}
	return ""
}
