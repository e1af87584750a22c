package views

import (
	"github.com/slack-go/slack"

	"github.com/usherhq/usher/db"
)

// Alarm tells a channel that somebody took the emergency path to an entitlement. Link is the address of the card, or
// empty.
func Alarm(sheet db.Sheet, event db.AuditEvent, link string, names Names) Message {
	item := itemOf(sheet, event)
	if item == nil {
		return Message{}
	}
	facts, _ := event.Facts() // without details it is told all the same
	text := emergency(entry{AuditEvent: event, Details: facts, names: names})
	note := "Somebody else looks at it afterwards. " + about(sheet)
	if address := permalink(link); address != "" {
		note = "<" + address + "|Open the request> · " + note
	}
	return message(text, header("🚨 Emergency access: "+title(item.Entitlement)), section(text), footnote(note))
}

// alarm is the loud line of a request by the emergency path, or nothing.
func alarm(sheet db.Sheet) []slack.Block {
	if !sheet.Request.Emergency {
		return nil
	}
	return []slack.Block{section("🚨 *Emergency*: asked for by the declared emergency path. It is short, it was told of at once, and " +
		"somebody else looks at it afterwards.")}
}
