package views

import (
	"fmt"
	"strings"

	"github.com/usherhq/usher/db"
)

// planned says who will be asked on a step whose people are not named yet.
func planned(step db.SheetStep) string {
	if step.Spec.All && len(step.Spec.Approvers) > 1 {
		return "each of " + enumerate(sources(step.Spec.Approvers), 8, "and")
	}
	if step.Spec.All {
		return "everybody of: " + enumerate(sources(step.Spec.Approvers), 8, "and")
	}
	return Sources(step.Spec.Approvers, max(step.Need, step.Spec.Need, 1))
}

// Sources says who an approval step asks, from the words of the chain: "the manager or the owner". The answer is
// mrkdwn with everything escaped.
func Sources(approvers []string, need int) string {
	parts := sources(approvers)
	if len(parts) == 0 {
		return "nobody is named"
	}
	if need > 1 {
		return fmt.Sprintf("%d of %s", need, enumerate(parts, 8, "and"))
	}
	return enumerate(parts, 8, "or")
}

func sources(words []string) []string {
	parts := make([]string, 0, len(words))
	for _, word := range words {
		parts = append(parts, source(word))
	}
	return parts
}

// source says briefly whom a word of a chain means, where the reader knows whom the access is for.
func source(word string) string {
	switch {
	case word == "manager":
		return "the manager"
	case word == "managers_manager":
		return "the manager’s manager"
	case word == "owner":
		return "the owner"
	case word == "admins":
		return "the admins"
	case strings.HasPrefix(word, "@"):
		return "the people of " + escape(word, 80)
	}
	return sourceWord(word)
}

// search says how the people of a step were found, who else was told, and what an approval of it needs: a line each.
func search(sheet db.Sheet, step db.SheetStep) []string {
	var lines []string
	for _, hop := range step.Hops {
		lines = append(lines, aside(hopWords(hop)))
	}
	for _, handed := range step.Handed {
		lines = append(lines, aside(handedWords(sheet, handed)))
	}
	if step.Skipped == "" && (step.Status == db.Deciding || step.Status == db.Waiting) {
		lines = append(lines, terms(sheet, step)...)
	}
	return lines
}

func aside(text string) string { return "      ◦ " + text }

// hopWords tells one turn of the search: "The manager: Mira is away until 3 December. Asked instead: the owner."
func hopWords(hop db.Hop) string {
	text := "For " + source(hop.From) + ": " + sentence(escape(hop.Why, 240))
	if hop.To == "nobody" {
		return text + " Nobody else was left to ask."
	}
	return text + " Asked instead: " + source(hop.To) + "."
}

func handedWords(sheet db.Sheet, handed db.HandOver) string {
	from, to := sheet.People[handed.From], sheet.People[handed.To]
	text := person(from) + " handed the decision to " + person(to)
	if handed.By != handed.From {
		text = person(sheet.People[handed.By]) + " handed the decision of " + person(from) + " to " + person(to)
	}
	text += " " + on(handed.At)
	if blank(handed.Reason) {
		return text + "."
	}
	return text + ": “" + escape(handed.Reason, 160) + "”"
}

// terms are what holds for a step that is not decided yet.
func terms(sheet db.Sheet, step db.SheetStep) []string {
	var lines []string
	if wants := wanted(step.Spec); wants != "" {
		lines = append(lines, aside("Approving needs "+wants+"."))
	}
	if step.Spec.Self {
		lines = append(lines, aside("Who asks or benefits may decide here too: the chain says so."))
	}
	if len(step.Spec.Notify) > 0 {
		lines = append(lines, aside("Told besides: "+enumerate(sources(step.Spec.Notify), 5, "and")+"."))
	}
	if step.Status != db.Deciding {
		return lines
	}
	for _, approver := range step.Approvers {
		if at, later := sheet.Later[approver.PersonID]; later {
			lines = append(lines, aside(person(approver.Person)+" is asked "+on(at)+", when the quiet hours are over."))
		}
	}
	for _, word := range step.Spec.Approvers {
		if _, answered := step.OnCall[word]; strings.HasPrefix(word, "on_call:") && !answered {
			lines = append(lines, aside("Who is on call is being looked up."))
		}
	}
	if step.Short {
		lines = append(lines, aside("Fewer people can decide than are needed: an admin has to help."))
	}
	return lines
}

// wanted says what an approval of a step needs beyond the button, or nothing.
func wanted(spec db.Step) string {
	switch {
	case spec.Comment && spec.StepUp:
		return "a comment and a second factor"
	case spec.Comment:
		return "a comment"
	case spec.StepUp:
		return "a second factor"
	}
	return ""
}
