package views

import (
	"github.com/usherhq/usher/db"
)

// What a change takes up on a card, and how much of what stays the same is shown around what does not, in characters.
const (
	changeRoom   = 2400
	valueRoom    = 240 // of each value, however many there are
	changeAround = 20
)

// changes are the keys of an object that an edit of the configuration would change, before and after. Whoever decides
// has to see the whole of it: of long values only what differs is shown, and where that is still too long he is told.
func changes(edit db.ConfigChange) []string {
	lines := []string{"*What changes*"}
	if edit.After == nil {
		lines = append(lines, "It is taken out of use.")
	}
	room, whole, taken := max(valueRoom, changeRoom/(2*max(len(edit.Diff), 1))), true, 0
	for _, field := range edit.Diff {
		before, after := unlike(field.Old, field.New, room)
		line := "• *" + escape(field.Key, 80) + "*: " + written(before, room) + " → " + written(after, room)
		lines, taken = append(lines, line), taken+size(line)+1
		whole = whole && size(oneLine(before)) <= room && size(oneLine(after)) <= room
	}
	if len(lines) == 1 {
		return append(lines, "Nothing.")
	}
	if !whole || taken > maxText-300 {
		told := ":warning: Not all of it fits here. Before you approve, have an admin or an auditor show you the whole: " + code("/access audit "+edit.RequestID, 80)
		lines = append([]string{lines[0], told}, lines[1:]...)
	}
	return lines
}

// unlike leaves out what two values that are too long to be shown begin and end with alike.
func unlike(before, after string, room int) (string, string) {
	if size(before) <= room && size(after) <= room {
		return before, after
	}
	a, b := []rune(before), []rune(after)
	first, last := 0, 0
	for first < min(len(a), len(b)) && a[first] == b[first] {
		first++
	}
	for last < min(len(a), len(b))-first && a[len(a)-1-last] == b[len(b)-1-last] {
		last++
	}
	return middle(a, first-changeAround, last-changeAround), middle(b, first-changeAround, last-changeAround)
}

// middle is a text without its first and last characters, with an ellipsis for them.
func middle(text []rune, first, last int) string {
	out := string(text[max(first, 0) : len(text)-max(last, 0)])
	if first > 0 {
		out = "…" + out
	}
	if last > 0 {
		out += "…"
	}
	return out
}

// written is one value of the configuration file, or that there is none.
func written(value string, room int) string {
	if blank(value) {
		return "_nothing_"
	}
	return code(value, room)
}

// changeState says where an edit of the configuration stands.
func changeState(item db.SheetItem, edit db.ConfigChange) string {
	switch item.Flow.Status {
	case db.Cancelled:
		return "*Cancelled* before it was decided. Nothing was changed."
	case db.Lapsed:
		return "*Lapsed*: nobody decided in time. Nothing was changed."
	case db.Approved:
	default:
		return state(item)
	}
	by := "*Approved*" + approvedBy(item) + ". "
	switch edit.Status {
	case db.ChangeApplied:
		return by + "*In effect* since " + on(edit.EndedAt) + "."
	case db.ChangeStale:
		return by + "*Not carried out*: somebody else changed it meanwhile. Make the change anew." + told(edit.Error)
	case db.ChangeRefused:
		return by + "*Not carried out*." + told(edit.Error)
	}
	return by + "It is being carried out."
}

// changeNotice tells whoever wanted to change the configuration what became of it, or nothing.
func changeNotice(item db.SheetItem, edit db.ConfigChange, event db.AuditEvent, names Names) string {
	edited := "Your change of " + what(item)
	switch event.Action {
	case "flow.denied":
		return edited + ": " + denied(item) + " Nothing was changed."
	case "request.lapsed":
		return edited + " has lapsed: nobody decided in time. Nothing was changed."
	case "request.cancelled":
		return edited + " was withdrawn by " + names.person(event.Actor) + "."
	case "question.answered":
		return answeredNotice(item, event, names)
	case "change.applied", "change.refused", "change.stale":
		return edited + ": " + changeState(item, edit)
	}
	return ""
}
