package views

import (
	"fmt"
	"strings"

	"github.com/usherhq/usher/db"
)

// deciders is one line for each approval step of an item: who may decide, who did, and how many must approve. With no
// step it names the rule that approved.
func deciders(item db.SheetItem) []string {
	if len(item.Steps) == 0 {
		return []string{byRule(item.Flow)}
	}
	lines := make([]string, 0, len(item.Steps))
	for n, step := range item.Steps {
		lines = append(lines, fmt.Sprintf("%d. *%s*: %s", n+1, escape(stepName(step), 80), decider(step)))
	}
	return lines
}

func byRule(flow db.ApprovalFlow) string {
	text := "Nobody: approved at once by chain " + code(flow.Chain, 80)
	if flow.Rule == "" || flow.Rule == "default" {
		return text + ", which is the default."
	}
	return text + ", because this holds: " + code(flow.Rule, 400)
}

func decider(step db.SheetStep) string {
	var said []string
	for _, decision := range step.Decisions {
		said = append(said, verdict(decision))
	}
	given := strings.Join(head(said, 6), "; ")
	switch step.Status {
	case db.Deciding:
		text := quorum(step) + " decides"
		if need(step) > 1 && len(step.Approvers) > 0 {
			text = fmt.Sprintf("%d of these %d must approve: %s", need(step), len(step.Approvers), people(step.Approvers, "and"))
		}
		if given != "" {
			text += ". So far: " + given
		}
		if step.Escalated {
			text += ". Others were asked too, since nobody decided in time"
		}
		return text + "."
	case db.Waiting:
		return "next, " + planned(step) + "."
	case db.Cancelled:
		return "cancelled."
	case db.Lapsed:
		return "nobody decided in time."
	}
	if given == "" {
		return escape(step.Status, 40) + "."
	}
	return given + "."
}

func verdict(decision db.Decision) string {
	word := "approved"
	if decision.Verdict == db.Denied {
		word = "denied"
	}
	text := word + " by " + person(decision.Person) + " " + on(decision.DecidedAt)
	if !blank(decision.Reason) && decision.Verdict == db.Approved { // why it was denied is in the state
		text += " (“" + escape(decision.Reason, 160) + "”)"
	}
	return text
}

// quorum names who may decide on an open step: "<@U1> or <@U2>", "2 of <@U1>, <@U2> and <@U3>".
func quorum(step db.SheetStep) string {
	if len(step.Approvers) == 0 {
		return planned(step)
	}
	if need(step) > 1 {
		return fmt.Sprintf("%d of %d (%s)", need(step), len(step.Approvers), people(step.Approvers, "and"))
	}
	return people(step.Approvers, "or")
}

// planned says who will be asked on a step whose people are not named yet.
func planned(step db.SheetStep) string { return Sources(step.Spec.Approvers, need(step)) }

// Sources says who an approval step asks, from the words of the chain: "the manager or the owner". The answer is
// mrkdwn with everything escaped.
func Sources(approvers []string, need int) string {
	parts := make([]string, 0, len(approvers))
	for _, source := range approvers {
		switch {
		case source == "manager":
			parts = append(parts, "the manager")
		case source == "owner":
			parts = append(parts, "the owner")
		case strings.HasPrefix(source, "@"):
			parts = append(parts, "the people of "+escape(source, 80))
		case strings.HasPrefix(source, "group:"):
			parts = append(parts, "the group "+escape(strings.TrimPrefix(source, "group:"), 80))
		default:
			parts = append(parts, escape(source, 80))
		}
	}
	if len(parts) == 0 {
		return "nobody is named"
	}
	if need > 1 {
		return fmt.Sprintf("%d of %s", need, enumerate(parts, 8, "and"))
	}
	return enumerate(parts, 8, "or")
}

func stepName(step db.SheetStep) string {
	if blank(step.Spec.Name) {
		return fmt.Sprintf("Step %d", step.Position+1)
	}
	return step.Spec.Name
}

func need(step db.SheetStep) int { return max(step.Need, step.Spec.Need, 1) }

func approvals(step db.SheetStep) int {
	n := 0
	for _, decision := range step.Decisions {
		if decision.Verdict == db.Approved {
			n++
		}
	}
	return n
}

// head is the first most parts and a word about the others.
func head(parts []string, most int) []string {
	if len(parts) <= most {
		return parts
	}
	return append(parts[:most:most], fmt.Sprintf("and %d more", len(parts)-most))
}
