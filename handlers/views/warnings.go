package views

import "github.com/usherhq/usher/db"

// warnings are what whoever decides on an item should not miss: separations of duties that it touches, and that a review
// said not to give the access for longer.
func warnings(item db.SheetItem) []string {
	var lines []string
	for _, conflict := range item.Flow.Conflicts {
		lines = append(lines, "⚠️ *Separation of duties*: "+conflictWords(item, conflict))
	}
	if item.ExtendsGrantID != "" && item.Grant != nil && !blank(item.Grant.DoNotRenew) {
		lines = append(lines, "⚠️ *Not to be renewed*, says a review: "+sentence(escape(item.Grant.DoNotRenew, 300)))
	}
	return lines
}

func conflictWords(item db.SheetItem, conflict db.Conflict) string {
	held := make([]string, 0, len(conflict.Holds))
	for _, name := range conflict.Holds {
		held = append(held, "*"+escape(name, 80)+"*")
	}
	text := person(item.Subject) + " has or asks for " + enumerate(held, 4, "and") + " besides, which “" +
		escape(conflict.Name, 80) + "” keeps apart."
	if len(held) == 0 {
		text = "“" + escape(conflict.Name, 80) + "” stands against it."
	}
	if blank(conflict.Reason) {
		return text
	}
	return text + " " + sentence(escape(conflict.Reason, 200))
}
