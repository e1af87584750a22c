package views

import (
	"strings"
	"time"

	"github.com/usherhq/usher/db"
)

// entry is an event with its details read. A fact that is not there is left out of the sentence.
type entry struct {
	db.AuditEvent
	db.Details
	names Names
	many  []string // what several items do of which the same is told
}

// who is the actor.
func (e entry) who() string {
	switch {
	case e.ActorKind == "system" || e.Actor == "":
		return "Usher"
	case e.ActorKind == "directory":
		return "The directory " + escape(e.Actor, 80)
	}
	return e.names.person(e.Actor)
}

// whom is the subject.
func (e entry) whom() string {
	if e.Subject == "" {
		return "the holder"
	}
	return e.names.person(e.Subject)
}

func (n Names) person(label string) string {
	shown := label
	if n.People != nil {
		shown = n.People(label)
	}
	if id, is := strings.CutPrefix(shown, "<@"); is && shown != label && slackUser.MatchString(strings.TrimSuffix(id, ">")) {
		return "<@" + strings.TrimSuffix(id, ">") + ">"
	}
	return escape(shown, 80)
}

func (n Names) people(labels []string) []string {
	shown := make([]string, 0, len(labels))
	for _, label := range labels {
		shown = append(shown, n.person(label))
	}
	return shown
}

// entitlement names an entitlement in bold.
func (n Names) entitlement(slug string) string {
	shown := ""
	if n.Entitlements != nil {
		shown = n.Entitlements(slug)
	}
	if blank(shown) {
		shown = slug
	}
	return "*" + escape(shown, 120) + "*"
}

// ofWork says whether an event is about an item that carries something out for a directory.
func (e entry) ofWork() bool { return e.Entitlement == db.DirectoryItemSlug }

func (e entry) access() string {
	if len(e.many) > 0 {
		return enumerate(e.many, 10, "and")
	}
	if does := e.does(); does != "" {
		return does
	}
	if len(e.Items) > 0 {
		names := make([]string, 0, len(e.Items))
		for _, item := range e.Items {
			names = append(names, e.names.entitlement(item))
		}
		return enumerate(names, 5, "and")
	}
	if e.Entitlement == "" {
		return "access"
	}
	return e.names.entitlement(e.Entitlement)
}

// step names the approval step in bold behind a word, or is nothing.
func (e entry) step(before string) string {
	if blank(e.StepName) {
		return ""
	}
	return before + "*" + escape(e.StepName, 80) + "*"
}

func (e entry) approvers() string {
	return enumerate(e.names.people(e.Approvers), 8, "and")
}

func (e entry) because() string {
	if blank(e.Reason) {
		return ""
	}
	return " Reason: " + sentence(escape(e.Reason, 500))
}

func (e entry) said() string {
	if blank(e.Reason) {
		return ""
	}
	return " “" + escape(e.Reason, 500) + "”"
}

// inPlace says for whom a delegate decided, or nothing.
func (e entry) inPlace() string {
	if e.For == "" {
		return ""
	}
	return ", for " + e.names.person(e.For) + ","
}

// byRule names the rule or the condition that decided; the default needs no word.
func (e entry) byRule() string {
	if e.Ruled != "" {
		return ", by the approval rule " + code(e.Ruled, 80)
	}
	if e.Rule == "" || e.Rule == "default" {
		return ""
	}
	return ", by the rule " + code(e.Rule, 300)
}

// told is a text from the system, such as an error, as a sentence of its own.
func told(text string) string {
	if blank(text) {
		return ""
	}
	return " " + sentence(escape(text, 300))
}

// length writes a duration such as "8h" in words behind a word, or is nothing.
func length(before, text string) string {
	read, err := db.ParseDuration(text)
	if err != nil {
		return ""
	}
	return before + read.Words()
}

// moment writes a time behind a word, or is nothing.
func moment(before, text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return ""
	}
	return before + on(at)
}

// other is the sentence of an action that has none here: "Usher: grant adopted (Drive editors)."
func (e entry) other() string {
	action := strings.NewReplacer(".", " ", "_", " ").Replace(e.Action)
	text := e.who() + ": " + escape(action, 80)
	if e.Entitlement != "" {
		text += " (" + e.access() + ")"
	}
	return text + "." + told(e.Summary) + told(e.Error) + e.because()
}
