package views

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// Mention turns an event's actor or subject, an e-mail address or a Slack id, into "<@U…>". Whatever is not such a
// mention is shown as text.
type Mention func(label string) string

// Line is one entry of the audit log as a sentence of mrkdwn for the thread, or nothing when the thread shows it
// otherwise: scripts stand in Progress, clicks that did not count are answered privately.
func Line(event db.AuditEvent, mention Mention) string {
	if strings.HasPrefix(event.Action, "script.") || event.Action == "click.refused" {
		return ""
	}
	entry := entry{AuditEvent: event, mention: mention, facts: factsOf(event.Details)}
	write, known := lines[event.Action]
	if !known {
		return entry.other()
	}
	return write(entry)
}

// Lines joins entries into one message of the thread. Without anything to show it is empty.
func Lines(events []db.AuditEvent, mention Mention) Message {
	var shown []string
	for _, event := range events {
		if line := Line(event, mention); line != "" {
			shown = append(shown, line)
		}
	}
	if len(shown) == 0 {
		return Message{}
	}
	return message(stack(shown, maxFallback), section(shown...))
}

// entry is an event with its details read. Details are lenient: a fact that is not there is left out of the sentence.
type entry struct {
	db.AuditEvent
	mention Mention
	facts   map[string]any
}

// lines has the sentence of each action that the log knows.
var lines = map[string]func(entry) string{
	"request.created": func(e entry) string {
		return e.who() + " asked for " + e.access() + e.fact(" for ", "duration") + "." + e.because()
	},
	"request.cancelled": func(e entry) string { return e.who() + " withdrew the request." + e.because() },
	"request.lapsed":    func(entry) string { return "The request lapsed: nobody decided in time." },
	"decision.approved": func(e entry) string { return e.who() + " approved" + e.fact(" *", "step", "*") + "." + e.said() },
	"decision.denied":   func(e entry) string { return e.who() + " denied" + e.fact(" *", "step", "*") + "." + e.because() },
	"duration.changed": func(e entry) string {
		return e.who() + " changed the duration" + e.fact(" from ", "from") + e.fact(" to ", "to") + "." + e.said()
	},
	"step.opened": func(e entry) string {
		return "Now" + e.fact(" *", "step", "*") + " decides" + e.fact(": ", "approvers") + "."
	},
	"step.escalated": func(e entry) string {
		return "Nobody decided in time, so" + e.fact(" *", "step", "*") + " was passed on" + e.fact(" to ", "approvers") + "."
	},
	"step.reminded": func(e entry) string { return "The approvers" + e.fact(" of *", "step", "*") + " were reminded." },
	"flow.approved": func(e entry) string {
		if e.system() {
			return "The request for " + e.access() + " is approved" + e.byRule() + "."
		}
		return "With that the request for " + e.access() + " is approved" + e.byRule() + "."
	},
	"flow.denied":   func(e entry) string { return "The request for " + e.access() + " is denied. No access is given." },
	"grant.created": func(e entry) string { return "The grant of " + e.access() + " to " + e.whom() + " was made." },
	"grant.scheduled": func(e entry) string {
		return "Access to " + e.access() + e.when(" starts ", "starts_at", "start") + "."
	},
	"grant.activated": func(e entry) string {
		return e.whom() + " now has " + e.access() + e.when(" until ", "expires_at", "until") + "."
	},
	"grant.extended": func(e entry) string {
		return e.whom() + " has " + e.access() + " for longer" + e.when(", until ", "expires_at", "until") + "."
	},
	"grant.expired":  func(e entry) string { return "The time of " + e.access() + " is over; it is being taken back." },
	"grant.returned": func(e entry) string { return e.who() + " gave " + e.access() + " back." },
	"grant.revoked":  func(e entry) string { return e.who() + " revoked " + e.access() + "." + e.because() },
	"grant.ended":    func(e entry) string { return "Access has ended: " + e.whom() + " no longer has " + e.access() + "." },
	"action_flow.failed": func(e entry) string {
		return "A step failed" + e.fact(": *", "script", "*") + ". Its owner was asked what to do." + e.tell("error", "summary")
	},
	"action_flow.retried": func(e entry) string { return e.who() + " had the failed step tried again." },
}

// who is the actor.
func (e entry) who() string {
	switch {
	case e.ActorKind == "system" || e.Actor == "":
		return "Usher"
	case e.ActorKind == "directory":
		return "The directory " + escape(e.Actor, 80)
	}
	return e.named(e.Actor)
}

func (e entry) system() bool { return e.ActorKind == "system" || e.Actor == "" }

// whom is the subject.
func (e entry) whom() string {
	if e.Subject == "" {
		return "the holder"
	}
	return e.named(e.Subject)
}

func (e entry) named(label string) string {
	shown := label
	if e.mention != nil {
		shown = e.mention(label)
	}
	id, is := strings.CutPrefix(strings.TrimSuffix(shown, ">"), "<@")
	if is && slackUser.MatchString(id) {
		return "<@" + id + ">"
	}
	return escape(shown, 80)
}

func (e entry) access() string {
	if e.Entitlement == "" {
		return "access"
	}
	return "*" + escape(e.Entitlement, 120) + "*"
}

// fact writes a detail between two texts, or nothing when it is not there.
func (e entry) fact(before, key string, after ...string) string {
	value := e.text(key)
	if value == "" {
		return ""
	}
	return before + escape(value, 200) + strings.Join(after, "")
}

func (e entry) text(keys ...string) string {
	for _, key := range keys {
		switch value := e.facts[key].(type) {
		case string:
			if !blank(value) {
				return value
			}
		case float64:
			return fmt.Sprint(value)
		case []any:
			parts := make([]string, 0, len(value))
			for _, part := range value {
				parts = append(parts, fmt.Sprint(part))
			}
			return enumerate(parts, 8, "and")
		}
	}
	return ""
}

// when writes a detail that is a time.
func (e entry) when(before string, keys ...string) string {
	moment, err := time.Parse(time.RFC3339, e.text(keys...))
	if err != nil {
		return ""
	}
	return before + on(moment)
}

func (e entry) because() string {
	if why := e.text("reason"); why != "" {
		return " Reason: " + sentence(escape(why, 500))
	}
	return ""
}

func (e entry) said() string {
	if words := e.text("comment", "reason"); words != "" {
		return " “" + escape(words, 500) + "”"
	}
	return ""
}

func (e entry) tell(keys ...string) string {
	if words := e.text(keys...); words != "" {
		return " " + sentence(escape(words, 300))
	}
	return ""
}

func (e entry) byRule() string {
	if rule := e.text("rule"); rule != "" {
		return ", by the rule " + code(rule, 300)
	}
	return ""
}

// other is the sentence of an action that is not known here: "Usher: grant adopted (Drive editors)."
func (e entry) other() string {
	action := strings.NewReplacer(".", " ", "_", " ").Replace(e.Action)
	text := e.who() + ": " + escape(action, 80)
	if e.Entitlement != "" {
		text += " (" + e.access() + ")"
	}
	return text + "." + e.tell("summary", "reason")
}

func factsOf(details string) map[string]any {
	var read map[string]any
	if err := json.Unmarshal([]byte(details), &read); err != nil {
		return nil // an entry whose details cannot be read is still shown
	}
	return read
}
