package views

import "github.com/usherhq/usher/db"

// FactorTold tells somebody what was done about his second factor, so that he notices when it was not he.
func FactorTold(event db.AuditEvent, names Names) Message {
	facts, err := event.Facts()
	if err != nil {
		facts = db.Details{}
	}
	const alarm = " If that was not you, tell an admin now."
	text := "An authenticator app was set up for you. It counts for approvals" + moment(" from ", facts.Until) + "." + alarm
	switch event.Action {
	case "factor.dropped":
		text = "Your authenticator app was removed." + alarm
	case "factor.locked":
		text = "There were too many wrong codes of your authenticator app. None is taken" + moment(" until ", facts.Until) + "." + alarm
	case "factor.reset":
		text = names.person(event.Actor) + " removed your authenticator app. Set up another in Usher's Home when you need one."
	}
	return message(text, section(text))
}
