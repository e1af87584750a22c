package views

import (
	"regexp"

	"github.com/usherhq/usher/db"
)

// slackUser is the form of Slack's user ids; anything else in that column is shown as text.
var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)

// person mentions somebody, or names who is not in Slack.
func person(p *db.Person) string {
	if p == nil {
		return "somebody who is no longer known"
	}
	if slackUser.MatchString(p.SlackID) {
		return "<@" + p.SlackID + ">"
	}
	return escape(name(p), 80)
}

// name is what a person is called where Slack draws no mentions. It is not escaped.
func name(p *db.Person) string {
	switch {
	case p == nil:
		return "somebody"
	case !blank(p.Name):
		return p.Name
	case p.Label() != "":
		return p.Label()
	}
	return "somebody"
}

// people mentions at most eight people.
func people(rows []db.Approver, word string) string {
	names := make([]string, 0, len(rows))
	for _, row := range rows {
		names = append(names, inPlaceOf(row.Person, row.ForID, row.For))
	}
	return enumerate(names, 8, word)
}
