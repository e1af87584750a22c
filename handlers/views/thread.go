package views

import (
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// Names turns what the audit log calls people and entitlements into what readers call them. What it does not know, and
// the zero value knows nothing, is shown in the log's own words.
type Names struct {
	// People turns an e-mail address or a Slack id into "<@U…>". Whatever it returns that is not such a mention, or is
	// what it was given, is shown as text.
	People func(label string) string
	// Entitlements turns a slug into a name.
	Entitlements func(slug string) string
	// Work says what the item does that an event is about, where it carries something out instead of giving access.
	Work func(event db.AuditEvent) string
}

// Line is one entry of the audit log as a sentence of mrkdwn for the thread, or nothing when the thread shows it
// otherwise: what scripts do by themselves stands in Progress, clicks that did not count are answered privately.
func Line(event db.AuditEvent, names Names) string {
	return read(event, names).line()
}

func read(event db.AuditEvent, names Names) entry {
	facts, _ := event.Facts() // an entry whose details cannot be read is shown with its columns alone
	return entry{AuditEvent: event, Details: facts, names: names}
}

func (e entry) line() string {
	if e.Action == "click.refused" || strings.HasPrefix(e.Action, "script.") && e.ActorKind != "person" {
		return ""
	}
	write, known := sentences[e.Action]
	if !known {
		write, known = leavingSentences[e.Action]
	}
	if ofWork, is := workSentences[e.Action]; is && e.ofWork() {
		write, known = ofWork, true
	}
	if !known {
		return e.other()
	}
	return write(e)
}

// Lines joins entries into one message of the thread. Without anything to show it is empty.
func Lines(events []db.AuditEvent, names Names) Message {
	var shown []string
	for _, told := range together(events, names) {
		if line := told.line(); line != "" && !slices.Contains(shown, line) { // the same may hold for many items
			shown = append(shown, line)
		}
	}
	if len(shown) == 0 {
		return Message{}
	}
	return message(stack(shown, maxFallback), sections(shown, 4)...)
}
