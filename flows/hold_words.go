package flows

import (
	"fmt"

	"github.com/usherhq/usher/db"
)

// verbs are what a directory wants to do, by kind of change: with one user or group, and with several.
var verbs = map[string][2]string{
	db.UserCreated:    {"create %s", "create %d people"},
	db.UserUpdated:    {"change %s", "change %d people"},
	db.UserSuspended:  {"suspend %s", "suspend %d people"},
	db.UserResumed:    {"let %s back in", "let %d people back in"},
	db.UserDeleted:    {"delete %s", "delete %d people"},
	db.GroupCreated:   {"create the group %s", "create %d groups"},
	db.GroupUpdated:   {"change the group %s", "change %d groups"},
	db.GroupDeleted:   {"delete the group %s", "delete %d groups"},
	db.GroupEmptied:   {"empty the group %s", "empty %d groups"},
	db.MembersAdded:   {"add %s to a group", "add %d people to groups"},
	db.MembersRemoved: {"remove %s from a group", "remove %d people from groups"},

	db.DirectoryDeleted: {"end the directory %s", "end %d directories"},
}

// wants says in a sentence what a directory wants to do.
func wants(directory db.Directory, rows []db.HeldChange) string {
	verb := verbs[rows[0].Kind]
	if len(rows) == 1 {
		return fmt.Sprintf("%s wants to "+verb[0]+".", directory.Name, rows[0].Label)
	}
	return fmt.Sprintf("%s wants to "+verb[1]+".", directory.Name, len(rows))
}

// titles are what an item is called that asks about a change: the name of the user or the group, and of the group of a
// membership.
var titles = map[string]string{
	db.UserCreated:    "Create %s",
	db.UserUpdated:    "Change %s",
	db.UserSuspended:  "Suspend %s",
	db.UserResumed:    "Let %s back in",
	db.UserDeleted:    "Delete %s",
	db.GroupCreated:   "Create the group %s",
	db.GroupUpdated:   "Change the group %s",
	db.GroupDeleted:   "Delete the group %s",
	db.GroupEmptied:   "Empty the group %s",
	db.MembersAdded:   "Add %s to %s",
	db.MembersRemoved: "Remove %s from %s",

	db.DirectoryDeleted: "End the directory %s",
}

func titleOf(directory db.Directory, held db.HeldChange, told mirrored) string {
	switch held.Kind {
	case db.MembersAdded, db.MembersRemoved:
		return fmt.Sprintf(titles[held.Kind], held.Label, told.group.DisplayName)
	case db.DirectoryDeleted:
		return fmt.Sprintf(titles[held.Kind], directory.Name)
	}
	return fmt.Sprintf(titles[held.Kind], held.Label)
}

// supersededWords say why an older change is not asked about any more.
func supersededWords(directory db.Directory, newer db.HeldChange) string {
	return fmt.Sprintf("%s wrote something newer: "+verbs[newer.Kind][0]+".", directory.Name, newer.Label)
}
