package views

import (
	"github.com/usherhq/usher/db"
)

// changes are the keys of an object that an edit of the configuration would change, before and after.
func changes(edit db.ConfigChange) []string {
	lines := []string{"*What changes*"}
	if edit.After == nil {
		lines = append(lines, "It is taken out of use.")
	}
	for _, field := range edit.Diff {
		lines = append(lines, "• *"+escape(field.Key, 80)+"*: "+written(field.Old)+" → "+written(field.New))
	}
	if len(lines) == 1 {
		return append(lines, "Nothing.")
	}
	return lines
}

// written is one value of the configuration file, or that there is none.
func written(value string) string {
	if blank(value) {
		return "_nothing_"
	}
	return code(value, 240)
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
