package views

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// The action id of the button on a departure's card, whose value is the departure, and the callback id of its modal.
const (
	ActionDepartureUndo   = "departure_undo"
	CallbackDepartureUndo = "departure_undo_submit"
)

// departureCard is the card about somebody who left, in all its states: what was done at each provider, what became of each
// access, and when the last of it was gone.
func departureCard(sheet db.Sheet, d db.SheetDeparture, now time.Time) Message {
	state := departureState(sheet, d)
	blocks := []slack.Block{header(departureTitle(d)), section(state), departureFacts(d)}
	blocks = append(blocks, outlined("Sessions and accounts", shutLines(sheet, now))...)
	blocks = append(blocks, outlined("Access", endLines(d))...)
	if d.Status != db.DepartureUndone {
		blocks = append(blocks, actions(button(ActionDepartureUndo, d.ID, "Undo…", "Undo the departure of "+name(d.Person))))
	}
	return message(person(d.Person)+" has left. "+state, append(blocks, footnote(about(sheet)))...)
}

func departureTitle(d db.SheetDeparture) string {
	if d.Status == db.DepartureUndone {
		return clip(oneLine(name(d.Person)), 90) + " had not left"
	}
	return clip(oneLine(name(d.Person)), 90) + " has left"
}

// departureState says how far a departure is.
func departureState(sheet db.Sheet, d db.SheetDeparture) string {
	switch d.Status {
	case db.DepartureUndone:
		return "*Undone* by " + person(d.UndoneBy) + " " + on(d.UndoneAt) + ". Reason: " + sentence(reason(d.Why, 500)) +
			" What it ended is given back, for as long as it would have lasted."
	case db.DepartureDone:
		text := "*Complete* after " + took(d.StartedAt, d.DoneAt) + "."
		if !d.SessionsAt.IsZero() {
			text += " The last session had ended after " + took(d.StartedAt, d.SessionsAt) + "."
		}
		return text
	}
	done, all, stuck := 0, len(sheet.Items)+len(d.Ends), false
	for _, item := range sheet.Items {
		if item.Grant != nil && item.Grant.Status == db.Ended {
			done++
		}
		stuck = stuck || trouble(item.Runs) != ""
	}
	for _, grant := range d.Ends {
		if grant.Status == db.Ended {
			done++
		}
		stuck = stuck || trouble(grant.Runs) != ""
	}
	text := fmt.Sprintf("*Under way*: %d of %d done.", done, all)
	if stuck {
		text = fmt.Sprintf("⚠ *Not complete*: %d of %d done, and a step needs somebody.", done, all)
	}
	return text
}

// departureFacts say who left, who told of it and when.
func departureFacts(d db.SheetDeparture) slack.Block {
	told := "Usher, by the end date"
	if d.Directory != nil {
		told = escape(d.Directory.Name, 80)
	}
	pairs := [][2]string{}
	if d.Person != nil {
		pairs = [][2]string{{"Person", heldPerson(*d.Person)}, {"Role", escape(d.Person.Title, 120)}, {"Team", escape(d.Person.Department, 120)}}
	}
	return fields(append(pairs, [2]string{"Told by", told}, [2]string{"Cause", sentence(escape(d.Cause, 300))}, [2]string{"Began", on(d.StartedAt)})...)
}

// outlined is a heading with lines below it, or nothing where there are none.
func outlined(heading string, lines []string) []slack.Block {
	if len(lines) == 0 {
		return nil
	}
	return sections(append([]string{"*" + heading + "*"}, lines...), 3)
}

// shutLines are what was done at each provider: sessions first, then the account. What is open stands above what is done.
func shutLines(sheet db.Sheet, now time.Time) []string {
	var open, done []string
	for _, item := range sheet.Items {
		if len(item.Scripts) == 0 {
			continue
		}
		line := "• " + what(item) + ": "
		if len(item.Runs) == 0 {
			open = append(open, line+"waits.")
			continue
		}
		run := item.Runs[len(item.Runs)-1]
		for n, script := range run.Scripts {
			word := shutWord(run, script, now)
			if n > 0 {
				word = " " + strings.ToUpper(word[:1]) + word[1:]
			}
			line += word
		}
		if stuck := trouble(item.Runs); stuck != "" {
			line += " Open since " + on(run.StartedAt) + "."
		}
		if item.Grant != nil && item.Grant.Status == db.Ended {
			done = append(done, "✓"+line[len("•"):])
			continue
		}
		open = append(open, line)
	}
	return append(open, done...)
}

// shutWords say what the scripts do that shut somebody out or let him in again, by their names.
var shutWords = map[string]struct{ does, did, already string }{
	"sessions": {"ending the sessions", "sessions ended", "no session is open"},
	"suspend":  {"suspending the account", "account suspended", "no account is active"},
	"wake":     {"waking the account", "account woken", "the account is active"},
}

// shutWord is what one script did: "sessions ended in 0.4 s, …".
func shutWord(run db.SheetRun, script db.FlowScript, now time.Time) string {
	words, known := shutWords[script.Name]
	switch {
	case !known:
		return escape(script.Name, 80) + ": " + stateIn(run, script, now)
	case script.Status != db.Succeeded:
		return words.does + ": " + stateIn(run, script, now)
	}
	text := words.did + " " + on(script.EndedAt)
	if length := lasted(script); length != "" {
		text += ", in " + length
	}
	if script.Outcome == "already" {
		text = words.already + ", as read " + on(script.EndedAt)
	}
	text += "."
	if !blank(script.Summary) {
		text += " " + sentence(escape(script.Summary, 160))
	}
	return text
}

// endLines are what became of each access, what is open first.
func endLines(d db.SheetDeparture) []string {
	ends := slices.Clone(d.Ends)
	slices.SortStableFunc(ends, func(a, b db.SheetGrant) int { return rank(a) - rank(b) })
	lines := make([]string, 0, len(ends))
	for _, grant := range ends {
		lines = append(lines, endLine(d, grant))
	}
	return lines
}

func rank(grant db.SheetGrant) int {
	switch {
	case grant.Status != db.Ended && trouble(grant.Runs) != "":
		return 0
	case grant.Status != db.Ended:
		return 1
	}
	return 2
}

func endLine(d db.SheetDeparture, grant db.SheetGrant) string {
	access := at(grant.Entitlement)
	if grant.Status != db.Ended {
		since := d.StartedAt
		if len(grant.Runs) > 0 && !grant.Runs[len(grant.Runs)-1].StartedAt.IsZero() {
			since = grant.Runs[len(grant.Runs)-1].StartedAt
		}
		if stuck := trouble(grant.Runs); stuck != "" {
			return "⚠ " + access + ": taking it back has stopped: " + stuck + " Open since " + on(since) + "."
		}
		return "• " + access + ": is being taken back since " + on(since) + "."
	}
	text := "✓ " + access + ": ended " + on(grant.EndedAt)
	switch {
	case covered(grant.Runs):
		return text + "; another grant of the same access ends by itself."
	case len(grant.Runs) == 0:
		return text + ", before it had begun."
	}
	return text + proof(grant.Runs[len(grant.Runs)-1]) + "."
}

// proof is on what the end of an access rests: the last thing that was read or done at the target.
func proof(run db.SheetRun) string {
	for _, script := range slices.Backward(run.Scripts) {
		switch {
		case script.Status == db.Skipped && script.Spec.When != "":
			continue
		case script.Status == db.DoneByHand || script.Status == db.Skipped:
			return ". This rests on a person's word: " + escape(script.Summary, 160)
		case !blank(script.Summary):
			return ". " + escape(script.Summary, 160)
		}
	}
	return ""
}

// DepartureUndoModal asks why a departure was a mistake. Its private metadata is the departure's id.
func DepartureUndoModal(d db.Departure, p db.Person) slack.ModalViewRequest {
	modal := form("Undo a departure", "Undo", CallbackDepartureUndo, d.ID)
	return with(modal, section(person(&p)+" will be here again: accounts are woken, and what the departure ended is given back for as long as it would have lasted."),
		reasonInput("It stands on the card and in the log, and the manager reads it. The directory goes on saying that the person is gone, until somebody changes that there."))
}
