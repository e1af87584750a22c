package bot

import (
	"cmp"

	"github.com/slack-go/slack"
)

// Person is who acted, as Slack's payload says it: never from a name or a button's value. People of
// other workspaces (Slack Connect) come with their own TeamID.
type Person struct {
	UserID string
	TeamID string
}

// by reads who acted from an interaction. The user's own team goes before the team in which it
// happened.
func by(callback *slack.InteractionCallback) Person {
	return Person{
		UserID: callback.User.ID,
		TeamID: cmp.Or(callback.User.TeamID, callback.Team.ID),
	}
}
