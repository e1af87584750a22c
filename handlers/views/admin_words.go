package views

import (
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// ChainWords says in plain language who decides along the steps of an approval chain: "the manager of whoever it is for,
// then two of @drive-admins within 24 hours; who approved before does not count again". The answer is mrkdwn with
// everything escaped.
func ChainWords(steps []db.Step) string {
	if len(steps) == 0 {
		return "nobody is asked: it is approved at once"
	}
	parts := make([]string, 0, len(steps))
	for _, step := range steps {
		parts = append(parts, StepWords(step))
	}
	text := strings.Join(parts, ", then ")
	if slices.ContainsFunc(steps[1:], func(s db.Step) bool { return !s.Repeat }) {
		text += "; who approved before does not count again"
	}
	return text
}

// StepWords says who decides on one step and on what terms, as ChainWords.
func StepWords(step db.Step) string {
	text := who(step)
	if step.Timeout > 0 {
		text += " within " + step.Timeout.Words()
	}
	if !blank(step.When) {
		text += " if " + code(step.When, 200)
	}
	if terms := stepTerms(step); len(terms) > 0 {
		text += " (" + strings.Join(terms, "; ") + ")"
	}
	return text
}

// who says who decides and how many of them must approve.
func who(step db.Step) string {
	parts := sourceWords(step.Approvers)
	one := len(step.Approvers) == 1 && single(step.Approvers[0])
	switch {
	case len(parts) == 0:
		return "nobody is named"
	case one:
		return parts[0]
	case step.All:
		return "each of " + enumerate(parts, 8, "and")
	case step.Need > 1:
		return count(step.Need) + " of " + enumerate(parts, 8, "and")
	}
	for n := range parts {
		if !single(step.Approvers[n]) {
			parts[n] = "one of " + parts[n]
		}
	}
	return enumerate(parts, 8, "or")
}

// sourceWords says of each source of approvers in plain language whom it means.
func sourceWords(approvers []string) []string {
	parts := make([]string, 0, len(approvers))
	for _, source := range approvers {
		parts = append(parts, sourceWord(source))
	}
	return parts
}

func sourceWord(source string) string {
	if words := sourceNames[source]; words != "" {
		return words
	}
	if group, is := strings.CutPrefix(source, "group:"); is {
		return "the group " + escape(group, 80)
	}
	if call, is := strings.CutPrefix(source, "on_call:"); is {
		return "whoever is on call by " + code(call, 80)
	}
	return escape(source, 80)
}

// sourceNames are the sources of approvers that depend on what is asked for and for whom.
var sourceNames = map[string]string{
	"manager":          "the manager of whoever it is for",
	"managers_manager": "the manager’s manager of whoever it is for",
	"owner":            "the owner of the access",
	"provider_owner":   "the owner of the provider",
}

// single says that a source means one person.
func single(source string) bool {
	return !strings.HasPrefix(source, "@") && !strings.HasPrefix(source, "group:")
}

// stepTerms are what else holds for a step, each a few words.
func stepTerms(step db.Step) []string {
	var terms []string
	for _, one := range []struct {
		holds bool
		words string
	}{
		{step.Comment, "who approves says why"},
		{step.StepUp, "who approves proves anew who it is"},
		{step.Repeat, "who approved before counts again"},
		{step.Self, "who asks or benefits may decide too"},
		{step.Fixed, "it cannot be handed over"},
		{len(step.Notify) > 0, enumerate(sourceWords(step.Notify), 5, "and") + " are told"},
		{!blank(step.AskIn), "asked in " + escape(step.AskIn, 80)},
		{step.Remind > 0, "reminded every " + step.Remind.Words()},
	} {
		if one.holds {
			terms = append(terms, one.words)
		}
	}
	if late := lateWords(step.OnTimeout); late != "" {
		terms = append(terms, late)
	}
	return terms
}

// lateWords says what happens when a step's time is over.
func lateWords(late db.OnTimeout) string {
	switch {
	case len(late.Escalate) > 0:
		return "after that " + enumerate(sourceWords(late.Escalate), 5, "and") + " may decide too"
	case len(late.Reassign) > 0:
		return "after that " + enumerate(sourceWords(late.Reassign), 5, "or") + " decides instead"
	case late.Close:
		return "after that the request lapses"
	case late.Deny:
		return "after that it is denied"
	case late.GoOn:
		return "after that the step is passed over"
	}
	return ""
}

// count writes small numbers as words.
func count(n int) string {
	if words := []string{"none", "one", "two", "three", "four", "five", "six"}; n >= 0 && n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}
