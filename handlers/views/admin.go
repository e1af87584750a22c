package views

import (
	"fmt"

	"github.com/slack-go/slack"
)

// AdminStart is what somebody who administers sees first.
type AdminStart struct {
	Admin, Auditor, Owner bool
}

// AdminStartModal is the table of contents of the administration: what this person may see of it.
func AdminStartModal(start AdminStart) slack.ModalViewRequest {
	modal := adminForm(AdminState{}, "Administration", "", CallbackMessage)
	all := start.Admin || start.Auditor
	modal = with(modal, section(adminWelcome(start)))
	for _, part := range adminParts {
		if all || part.owners {
			block := section("*"+part.title+"*", part.text)
			block.Accessory = slack.NewAccessory(button(part.action, part.value, "Open", "Open "+part.title))
			modal = with(modal, block)
		}
	}
	if start.Admin || start.Owner {
		workflows := section("*Workflows*", "Write, test, publish and link what is done to give and to take back access.")
		workflows.Accessory = slack.NewAccessory(button(ActionWorkflowList, "", "Workflows", ""))
		modal = with(modal, workflows)
	}
	return modal
}

func adminWelcome(start AdminStart) string {
	switch {
	case start.Admin:
		return "You are an admin: you see and change everything."
	case start.Auditor && start.Owner:
		return "You are an auditor and an owner: you see everything, and change what you own."
	case start.Auditor:
		return "You are an auditor: you see everything and change nothing."
	}
	return "You see and change the access that you own."
}

// adminParts are the parts of the administration in the order in which they are listed.
var adminParts = []struct {
	title, text, action, value string
	owners                     bool
}{
	{"People", "Who works here, with manager, department and groups of the configuration.", ActionAdminList, "person", false},
	{"Roles and settings", "Admins, auditors, the channel of the cards, time limits, four eyes.", ActionAdminOpen, "settings", false},
	{"Providers", "The systems in which access lives.", ActionAdminList, "provider", false},
	{"Entitlements", "What people can ask for, who owns it, for how long and by whose approval.", ActionAdminList, "entitlement", true},
	{"Approval chains", "Who decides, in which order.", ActionAdminList, "approval_chain", false},
	{"Action chains", "What is done to give and to take back access.", ActionAdminList, "action_chain", false},
	{"Approval rules", "What is approved or denied without asking anybody.", ActionAdminList, "approval_rule", false},
	{"Separation of duties", "What nobody may hold together.", ActionAdminList, "separation", false},
	{"Directories", "Identity providers and what becomes of what they write: who decides, what is written where.", ActionAdminList, "directory", false},
	{"Birthrights", "What people get and lose because of who they are.", ActionAdminList, "birthright", false},
	{"Access reviews", "Who still needs what he holds: begin a review, see how far it is, export it.", ActionReviewList, "", true},
	{"Directory", "Groups and their members, people without a manager, the last synchronisation.", ActionAdminDirectory, "", false},
	{"State of the system", "What has failed, what is overdue, the connections.", ActionAdminSystem, "", false},
}

// AdminRow is one object in a list.
type AdminRow struct {
	Slug, Title, Note string
	Active            bool
}

// AdminList is a page of the objects of one kind.
type AdminList struct {
	State        AdminState
	Rows         []AdminRow
	Pages, Total int
	MayAdd       bool
}

// AdminRowsShown is how many rows a list shows at most: a modal takes 100 blocks.
const AdminRowsShown = 50

// AdminListModal lists the objects of one kind, a page at a time.
func AdminListModal(list AdminList) slack.ModalViewRequest {
	kind := adminKinds[list.State.Kind]
	modal := adminForm(list.State, kind.many, "Search", CallbackAdminSearch)
	search := typed(FieldAdminSearch, list.State.Text, "A part of its name", 100)
	modal = with(modal, input(list.State.SearchBlock(), "Search", "", search).WithOptional(true))
	if len(list.Rows) == 0 {
		modal = with(modal, section("Nothing is found."))
	}
	for _, row := range list.Rows[:min(len(list.Rows), AdminRowsShown)] {
		modal = with(modal, adminListed(row))
	}
	return with(modal, footnote(adminCount(list)), actions(adminListButtons(list, kind)...))
}

func adminListed(row AdminRow) slack.Block {
	line := "*" + escape(row.Title, 120) + "*"
	if !row.Active {
		line += " · disabled"
	}
	lines := []string{line}
	if !blank(row.Note) {
		lines = append(lines, escape(row.Note, 200))
	}
	block := section(lines...)
	block.Accessory = slack.NewAccessory(button(ActionAdminOpen, clip(row.Slug, maxSlug), "Open", "Open "+row.Title))
	return block
}

func adminCount(list AdminList) string {
	return fmt.Sprintf("%d in all · page %d of %d", list.Total, list.State.Page+1, max(list.Pages, 1))
}

func adminListButtons(list AdminList, kind adminKind) []*slack.ButtonBlockElement {
	var buttons []*slack.ButtonBlockElement
	if list.State.Page > 0 {
		buttons = append(buttons, button(ActionAdminPage+"_before", fmt.Sprint(list.State.Page-1), "Previous page", ""))
	}
	if list.State.Page+1 < list.Pages {
		buttons = append(buttons, button(ActionAdminPage+"_after", fmt.Sprint(list.State.Page+1), "Next page", ""))
	}
	if list.MayAdd {
		buttons = append(buttons, primary(button(ActionAdminNew, "", "New "+kind.one, "")))
	}
	return append(buttons, adminBack())
}

// AdminNotice says something in place of a modal of the administration, with a way back.
func AdminNotice(state AdminState, heading, text string) slack.ModalViewRequest {
	modal := adminForm(state, heading, "", CallbackMessage)
	return with(modal, slack.NewSectionBlock(plain(text, maxText), nil, nil), actions(adminBack()))
}
