package views

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// AdminDirectory is what is known of groups and people.
type AdminDirectory struct {
	State   AdminState
	Groups  []AdminGroup
	People  int // active members
	Lonely  int // of those without a manager
	Synced  time.Time
	Pages   int
	Total   int // groups
	Members []db.Person
	Title   string
}

// AdminGroup is a group with how many people are in it.
type AdminGroup struct {
	Group   db.Group
	Members int
}

// AdminDirectoryModal shows the groups, a page at a time, and what is missing of the people.
func AdminDirectoryModal(d AdminDirectory) slack.ModalViewRequest {
	modal := adminForm(d.State, "Directory", "Search", CallbackAdminSearch)
	synced := "Slack was not read yet."
	if !d.Synced.IsZero() {
		synced = "Last synchronisation with Slack: " + on(d.Synced) + "."
	}
	people := section(fmt.Sprintf("%s, %d of them without a manager. %s", plural(d.People, "active person", "active people"), d.Lonely, synced))
	if d.Lonely > 0 {
		people.Accessory = slack.NewAccessory(button(ActionAdminLonely, "", "Without a manager", ""))
	}
	search := typed(FieldAdminSearch, d.State.Text, "A part of a group's name", 100)
	modal = with(modal, people, input(d.State.SearchBlock(), "Search", "", search).WithOptional(true))
	if len(d.Groups) == 0 {
		modal = with(modal, section("No group is found."))
	}
	for _, row := range d.Groups[:min(len(d.Groups), AdminRowsShown)] {
		block := section("*"+escape(groupName(row.Group), 120)+"*", sourceOf(row.Group)+" · "+plural(row.Members, "member", "members"))
		block.Accessory = slack.NewAccessory(button(ActionAdminGroup, row.Group.ID, "Members", "Members of "+groupName(row.Group)))
		modal = with(modal, block)
	}
	return with(modal, directoryFoot(d)...)
}

func directoryFoot(d AdminDirectory) []slack.Block {
	list := AdminList{State: d.State, Pages: d.Pages, Total: d.Total}
	return []slack.Block{footnote(adminCount(list)), actions(adminListButtons(list, adminKind{})...)}
}

func groupName(group db.Group) string {
	if blank(group.Name) {
		return group.Handle
	}
	return group.Name
}

// sourceOf says how chains name a group.
func sourceOf(group db.Group) string {
	if group.Source == "slack" {
		return "Slack, named " + code("@"+group.Handle, 80)
	}
	return "Directory, named " + code("group:"+group.Handle, 80)
}

// AdminPeopleModal lists people: the members of a group, or who has no manager.
func AdminPeopleModal(d AdminDirectory) slack.ModalViewRequest {
	modal := adminForm(d.State, "Directory", "", CallbackMessage)
	lines := []string{"*" + escape(d.Title, 120) + "*"}
	for n := range d.Members {
		line := "• " + person(&d.Members[n]) + " · " + escape(d.Members[n].Label(), 80)
		if !d.Members[n].Active {
			line += " · deactivated"
		}
		lines = append(lines, line)
	}
	if len(d.Members) == 0 {
		lines = append(lines, "Nobody.")
	}
	modal = with(modal, sections(lines, 10)...)
	return with(modal, directoryFoot(d)...)
}

// AdminSystemModal shows the state of the system.
func AdminSystemModal(system System, now time.Time) slack.ModalViewRequest {
	modal := adminForm(AdminState{Screen: AdminAtSystem}, "State of the system", "", CallbackMessage)
	return with(with(modal, SystemState(system, now).Blocks...), actions(adminBack()))
}
