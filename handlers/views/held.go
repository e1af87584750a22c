package views

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// What a card about a directory's changes has room for.
const (
	heldRows   = 10  // changes of a batch; a modal shows the others
	heldValues = 10  // attributes of one change
	heldValue  = 160 // characters of a value
	heldPiece  = 500 // characters of a value on one line of a list, of which each may be written as five
)

// isHeld says whether a request asks about what a directory wants to change.
func isHeld(sheet db.Sheet) bool { return sheet.Request.Origin == db.FromHeld }

// heldCard is the card about changes of a directory, in all its states: one change with all that it does, or a batch of
// them as a list.
func heldCard(sheet db.Sheet, now time.Time) Message {
	blocks := []slack.Block{header(clip(oneLine(sheet.Request.Reason), maxHeader))}
	if len(sheet.Items) == 1 {
		blocks = append(blocks, heldOne(sheet, sheet.Items[0], now)...)
	} else {
		blocks = append(blocks, heldBatch(sheet)...)
	}
	text := sentence(escape(sheet.Request.Reason, 400)) + " " + heldStanding(sheet)
	return message(text, append(blocks, footnote(about(sheet)))...)
}

// heldOne is the card of a single change.
func heldOne(sheet db.Sheet, item db.SheetItem, now time.Time) []slack.Block {
	blocks := append([]slack.Block{section(heldState(item)), heldFacts(sheet, item)}, heldValuesOf(sheet, item.Held)...)
	decides := append([]string{"*Who decides*"}, heldDeciders(sheet, item)...)
	if item.Held != nil && item.Held.Status == db.HeldSuperseded {
		decides = nil
	}
	for _, lines := range [][]string{decides, heldWork(item, now)} {
		if len(lines) > 0 {
			blocks = append(blocks, section(lines...))
		}
	}
	if step := item.Current(); step != nil && sheet.Request.Status == db.Pending {
		blocks = append(blocks, decide(sheet, item, *step))
	}
	return blocks
}

// heldFacts say whom a change is about and who told of it.
func heldFacts(sheet db.Sheet, item db.SheetItem) slack.Block {
	pairs := [][2]string{{"Change", escape(title(item.Entitlement), 120)}, {"Told by", person(sheet.Request.Requester)}}
	switch {
	case item.Held == nil || item.Held.UserID == "" || item.Subject == nil:
	case item.Held.Kind == db.UserCreated: // what somebody new does, and where, stands among what changes
		pairs[0] = [2]string{"Person", heldPerson(*item.Subject)}
	default:
		pairs = append([][2]string{
			{"Person", heldPerson(*item.Subject)}, {"Role", escape(item.Subject.Title, 120)}, {"Team", escape(item.Subject.Department, 120)},
		}, pairs...)
	}
	return fields(pairs...)
}

// heldPerson names somebody together with the address by which the directory knows him.
func heldPerson(p db.Person) string {
	if label := p.Label(); label != "" && !strings.EqualFold(label, p.Name) {
		return person(&p) + " (" + escape(label, 120) + ")"
	}
	return person(&p)
}

// heldDeciders are who decides on a change; where nobody does, the directory's policy let it through.
func heldDeciders(sheet db.Sheet, item db.SheetItem) []string {
	if len(item.Steps) == 0 {
		return []string{"Nobody: by the directory's policy it is carried out at once."}
	}
	return deciders(sheet, item)
}

// heldWork is what will be written elsewhere, and once it is, what became of it.
func heldWork(item db.SheetItem, now time.Time) []string {
	if len(item.Runs) > 0 && len(item.Runs[0].Scripts) > 0 {
		lines := []string{"*What is written*"}
		for _, run := range item.Runs {
			lines = append(lines, heldScripts(item, run, now)...)
		}
		return lines
	}
	if item.Held != nil && item.Held.Status != db.HeldWaiting && item.Held.Status != db.Approved {
		return nil // nothing will be
	}
	if len(item.Plan) == 0 {
		return []string{"*What will be written*", "Nothing elsewhere: Usher alone takes it over."}
	}
	return append([]string{"*What will be written*"}, numbered(item.Plan)...)
}

// heldScripts are the scripts of a change with their states, each called what it does rather than by its name.
func heldScripts(item db.SheetItem, run db.SheetRun, now time.Time) []string {
	if len(run.Scripts) != len(item.Plan) {
		return scriptLines(run, now)
	}
	lines := make([]string, 0, len(run.Scripts))
	for n, script := range run.Scripts {
		lines = append(lines, fmt.Sprintf("%d. %s: %s", n+1, escape(item.Plan[n], 240), stateIn(run, script, now)))
	}
	return lines
}

// heldState says where a change stands.
func heldState(item db.SheetItem) string {
	if item.Held == nil {
		return state(item)
	}
	switch item.Held.Status {
	case db.HeldSuperseded:
		return "*Replaced* by a newer change of the same. Nothing was changed by this one." + told(item.Refusal)
	case db.HeldExpired:
		return "*Not changed*: nobody decided in time. The directory goes on saying it, and it is listed among the differences."
	case db.HeldDiscarded:
		return "*Discarded*. The directory goes on saying it, and it is listed among the differences."
	case db.HeldWritten:
		return heldBy(item) + "*Done* " + on(item.Held.SettledAt) + "."
	case db.Failed:
		return heldBy(item) + "*It could not be done*, and is listed among the differences." + told(item.Refusal)
	case db.Denied:
		return denied(item) + " The directory goes on saying it, and it is listed among the differences."
	case db.Approved:
		if stuck := trouble(item.Runs); stuck != "" {
			return heldBy(item) + "*Writing it has stopped*: " + stuck
		}
		return heldBy(item) + "It is being written."
	}
	return waiting(item)
}

func heldBy(item db.SheetItem) string {
	if len(item.Steps) == 0 {
		return "*Carried out at once* by the directory's policy. "
	}
	return "*Approved*" + approvedBy(item) + ". "
}

// heldStanding says in a sentence where all changes stand.
func heldStanding(sheet db.Sheet) string {
	if len(sheet.Items) == 1 {
		text := heldState(sheet.Items[0])
		if step := sheet.Items[0].Current(); step != nil {
			text += " To decide: " + quorum(*step) + ", with Approve or Deny."
		}
		return text
	}
	return heldCounts(sheet)
}

// heldWord is a change's state in one word or two, for lists.
func heldWord(item db.SheetItem) string {
	if item.Held == nil {
		return ""
	}
	switch item.Held.Status {
	case db.HeldWaiting:
		if step := item.Current(); step != nil && need(*step) > 1 {
			return fmt.Sprintf("waiting, %d of %d approvals", approvals(*step), need(*step))
		}
		return "waiting"
	case db.Approved:
		if trouble(item.Runs) != "" {
			return "writing it has stopped"
		}
		return "being written"
	case db.HeldWritten:
		return "done"
	case db.Failed:
		return "could not be done"
	case db.HeldSuperseded:
		return "replaced by a newer change"
	case db.HeldExpired:
		return "nobody decided"
	}
	return escape(item.Held.Status, 40)
}

// heldCounts says how many changes of a batch are in which state: "3 waiting, 2 done and 1 denied".
func heldCounts(sheet db.Sheet) string {
	var order []string
	counts := map[string]int{}
	for _, item := range sheet.Items {
		word := heldWord(item)
		if counts[word] == 0 {
			order = append(order, word)
		}
		counts[word]++
	}
	parts := make([]string, 0, len(order))
	for _, word := range order {
		parts = append(parts, fmt.Sprintf("%d %s", counts[word], word))
	}
	return "Of " + plural(len(sheet.Items), "change", "changes") + ": " + enumerate(parts, 8, "and") + "."
}

// heldLine is one change of a batch in a list.
func heldLine(n int, item db.SheetItem) string {
	line := fmt.Sprintf("%d. *%s*", n, escape(title(item.Entitlement), 120))
	var about []string
	for _, part := range heldAbout(item) {
		if !strings.Contains(title(item.Entitlement), part) {
			about = append(about, escape(part, 120))
		}
	}
	if len(about) > 0 {
		line += " · " + strings.Join(about, ", ")
	}
	return line + " · " + heldWord(item)
}

// heldAbout says whom a change is about: the name, and what changes or else what he does and where.
func heldAbout(item db.SheetItem) []string {
	var parts []string
	if item.Held != nil && item.Held.UserID != "" && item.Subject != nil {
		parts = []string{name(item.Subject), item.Subject.Title, item.Subject.Department}
	}
	if changes := changing(item.Held); changes != "" {
		parts = append(parts[:min(len(parts), 1)], changes)
	}
	return slices.DeleteFunc(parts, blank)
}

// heldBatch is the card of several changes: how many stand where, the first of them, and the buttons for all.
func heldBatch(sheet db.Sheet) []slack.Block {
	lines := make([]string, 0, heldRows)
	for n, item := range sheet.Items[:min(len(sheet.Items), heldRows)] {
		lines = append(lines, heldLine(n+1, item))
	}
	if more := len(sheet.Items) - heldRows; more > 0 {
		lines = append(lines, fmt.Sprintf("… and %d more", more))
	}
	blocks := []slack.Block{section(heldReach(sheet) + heldCounts(sheet)), section(lines...)}
	if who := heldWho(sheet); len(who) > 0 {
		blocks = append(blocks, section(who...))
	}
	return append(blocks, heldButtons(sheet))
}

// heldReach says of how many people or groups of the directory the changes are.
func heldReach(sheet db.Sheet) string {
	if sheet.Of < len(sheet.Items) {
		return ""
	}
	one, many := "person", "people"
	if held := sheet.Items[0].Held; held != nil && held.UserID == "" {
		one, many = "group", "groups"
	}
	return fmt.Sprintf("*%d of %s* of %s. ", len(sheet.Items), plural(sheet.Of, one, many), escape(name(sheet.Request.Requester), 80))
}

// heldWho says who decides on what waits of a batch, or else who decided, on how many and why.
func heldWho(sheet db.Sheet) []string {
	for _, item := range sheet.Items {
		if item.Current() != nil || len(item.Steps) == 0 {
			return append([]string{"*Who decides*"}, heldDeciders(sheet, item)...)
		}
	}
	var order []string
	counts := map[string]int{}
	for _, item := range sheet.Items {
		for _, step := range item.Steps {
			for _, decision := range step.Decisions {
				word := decision.Verdict + " by " + decidedBy(decision)
				if !blank(decision.Reason) {
					word += ": “" + escape(decision.Reason, 300) + "”"
				}
				if counts[word] == 0 {
					order = append(order, word)
				}
				counts[word]++
			}
		}
	}
	if len(order) == 0 {
		return nil
	}
	lines := []string{"*Who decided*"}
	for _, word := range order {
		lines = append(lines, fmt.Sprintf("• %d %s", counts[word], word))
	}
	return lines
}

// heldButtons decide on all that waits, or on some of it, and show the whole list.
func heldButtons(sheet db.Sheet) slack.Block {
	id, waits := sheet.Request.ID, 0
	for _, item := range sheet.Items {
		if item.Current() != nil {
			waits++
		}
	}
	show := button(ActionHeldShow, id, "Show all", "Show all changes")
	if waits == 0 || sheet.Request.Status != db.Pending {
		return actions(show)
	}
	sure := slack.NewConfirmationBlockObject(plain("Approve all?", maxTitle),
		plain(fmt.Sprintf("%s Approve %s.", oneLine(sheet.Request.Reason), plural(waits, "change", "changes")), maxConfirm),
		plain("Approve all", maxChoice), plain("Not yet", maxChoice))
	return actions(
		primary(button(ActionHeldApproveAll, id, "Approve all", "Approve all changes")).WithConfirm(sure),
		danger(button(ActionHeldDenyAll, id, "Deny all…", "Deny all changes")),
		button(ActionHeldChoose, id, "Choose…", "Choose which changes to approve"),
		show,
	)
}
