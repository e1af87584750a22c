package views

import (
	"strings"

	"github.com/usherhq/usher/db"
)

// AdminLists are the lists from which fields choose.
var AdminLists = []string{
	AdminPeople, AdminProviders, AdminEntitlements, AdminChains, AdminGiving, AdminTaking, AdminApprovers, AdminTold,
}

// ApproverWords are the words for approvers whom a request determines, as far as they fit what was typed.
func ApproverWords(typed string) []AdminRow {
	var rows []AdminRow
	for _, row := range []AdminRow{
		{Slug: "manager", Title: "Manager", Note: "of whoever it is for", Active: true},
		{Slug: "managers_manager", Title: "Manager’s manager", Note: "of whoever it is for", Active: true},
		{Slug: "owner", Title: "Owner of the access", Active: true},
		{Slug: "provider_owner", Title: "Owner of the provider", Active: true},
	} {
		if strings.Contains(strings.ToLower(row.Title+" "+row.Slug), strings.ToLower(typed)) {
			rows = append(rows, row)
		}
	}
	return rows
}

// AdminListed says whether a kind of object has a list: there is only one of the settings.
func AdminListed(kind string) bool { return adminKinds[kind].one != "" && kind != "settings" }

// AdminMade says whether objects of a kind are made here.
func AdminMade(kind string) bool { return AdminListed(kind) && kind != "action_chain" }

// AdminSwitched says whether objects of a kind are disabled and enabled here: of people Slack and the directory say it.
func AdminSwitched(kind string) bool { return AdminMade(kind) && kind != "person" }

// AdminLabel is what a form calls a key of a kind of object.
func AdminLabel(kind, key string) string {
	for _, field := range adminKinds[kind].fields {
		if field.Key == key {
			return field.Label
		}
	}
	return capital(strings.NewReplacer("_", " ", ".", " ").Replace(key))
}

// AdminText is a text from a row, for a value that is shown.
func AdminText(text string) string { return escape(text, 600) }

// StepLines say of each step of a chain who decides on it, a line each. The lines are mrkdwn with everything escaped.
func StepLines(steps []db.Step) []string {
	lines := make([]string, 0, len(steps))
	for _, step := range steps {
		lines = append(lines, "*"+escape(step.Name, 80)+"*: "+StepWords(step))
	}
	return lines
}
