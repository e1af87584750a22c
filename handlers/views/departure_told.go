package views

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// toldEnds is how many accesses a manager is told of by name.
const toldEnds = 10

// LeftNote tells the manager of somebody who left what ends by that, once for all of it. Card leads to the card.
func LeftNote(sheet db.Sheet, card string) Message {
	d := sheet.Departure
	if d == nil {
		return Message{}
	}
	text := person(d.Person) + " has left: " + sentence(escape(d.Cause, 300)) + " "
	switch d.Status {
	case db.DepartureUndone:
		text = "The departure of " + person(d.Person) + " was a mistake. " + departureState(sheet, *d)
	case db.DepartureDone:
		text += departureState(sheet, *d)
	default:
		text += "All sessions and accesses are being ended now."
	}
	blocks := []slack.Block{header(departureTitle(*d)), section(text)}
	if len(d.Ends) > 0 && d.Status != db.DepartureUndone {
		blocks = append(blocks, section(append([]string{counted("Access that ends", len(d.Ends))}, leftLines(d.Ends)...)...))
	}
	foot := ""
	if url := permalink(card); url != "" {
		foot = "<" + url + "|Open the card>, which has the proof for each system. "
	}
	if d.Status != db.DepartureUndone {
		foot += "If this is a mistake, an admin" + orOwner(d) + " can undo it there."
	}
	if foot != "" {
		blocks = append(blocks, footnote(foot))
	}
	return message(text, blocks...)
}

// orOwner names who else may undo a departure.
func orOwner(d *db.SheetDeparture) string {
	if d.Directory == nil || blank(d.Directory.OwnerEmail) {
		return ""
	}
	return " or the owner of " + escape(d.Directory.Name, 80)
}

// leftLines are the accesses that end, by name.
func leftLines(ends []db.SheetGrant) []string {
	var lines []string
	for n, end := range ends {
		if n == toldEnds {
			return append(lines, fmt.Sprintf("… and %d more", len(ends)-n))
		}
		lines = append(lines, "• "+at(end.Entitlement))
	}
	return lines
}

// Back is somebody who is here again.
type Back struct {
	Of        *db.Person
	Directory string             // what the directory that says so is called; empty: none does
	Departure *db.SheetDeparture // the last; nil: none is known
}

// BackNote tells the manager of somebody that he is here again, and what that means for his access.
func BackNote(back Back) Message {
	text := person(back.Of) + " is here again"
	if !blank(back.Directory) {
		text += ", " + escape(back.Directory, 80) + " says"
	}
	text += ". Accounts are woken."
	if back.Departure != nil && len(back.Departure.Grants) > 0 {
		text += " What rules give comes back by itself. Other access that had ended does not: whoever needs it asks for it anew with /access request."
	}
	if d := back.Departure; d != nil && d.Status == db.DepartureUndone {
		text = person(back.Of) + " is here again: " + person(d.UndoneBy) + " undid the departure. Reason: " + sentence(reason(d.Why, 500)) +
			" Accounts are woken, and what had ended is given back for as long as it would have lasted."
	}
	return message(text, header(clip(oneLine(name(back.Of)), 90)+" is here again"), section(text))
}
