package views

import (
	"fmt"
	"strings"

	"github.com/usherhq/usher/db"
)

// deciders is what stands for the approval steps of an item: who may decide, who did, how many must approve, and how
// these people were found. With no step it names what decided.
func deciders(sheet db.Sheet, item db.SheetItem) []string {
	if len(item.Steps) == 0 {
		return []string{byRule(sheet, item.Flow)}
	}
	lines := make([]string, 0, len(item.Steps))
	for n, step := range item.Steps {
		lines = append(lines, fmt.Sprintf("%d. *%s*: %s", n+1, escape(stepName(step), 80), decider(step)))
		lines = append(lines, search(sheet, step)...)
	}
	return lines
}

func byRule(sheet db.Sheet, flow db.ApprovalFlow) string {
	switch {
	case sheet.Request.Origin == db.FromReturn:
		return "Nobody: it was approved before, and what ended it was a mistake."
	case sheet.Request.Origin == db.FromBirthright && flow.Ruled == "":
		return "Nobody: the rule gives it at once."
	case sheet.Request.Emergency && flow.Ruled == "":
		return "Nobody: given at once by the emergency path."
	case flow.Ruled != "" && flow.Status == db.Denied:
		return "Nobody: denied at once by the approval rule " + code(flow.Ruled, 80) + "."
	case flow.Ruled != "":
		return "Nobody: approved at once by the approval rule " + code(flow.Ruled, 80) + "."
	}
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
	if step.Skipped != "" {
		if given != "" {
			given = " " + given + "."
		}
		return "passed over. " + sentence(escape(step.Skipped, 300)) + given
	}
	switch step.Status {
	case db.Deciding:
		text := askedOf(step)
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

// askedOf says of an open step who has to do what: "<@U1> or <@U2> decides".
func askedOf(step db.SheetStep) string {
	switch {
	case len(step.Approvers) == 0 || need(step) == 1:
		return quorum(step) + " decides"
	case step.Spec.All:
		return "each of these " + fmt.Sprint(need(step)) + " must approve: " + people(step.Approvers, "and")
	}
	return fmt.Sprintf("%d of these %d must approve: %s", need(step), len(step.Approvers), people(step.Approvers, "and"))
}

func verdict(decision db.Decision) string {
	word := "approved"
	if decision.Verdict == db.Denied {
		word = "denied"
	}
	text := word + " by " + decidedBy(decision) + " " + on(decision.DecidedAt) + proven(decision.Proof)
	if !blank(decision.Reason) && decision.Verdict == db.Approved { // why it was denied is in the state
		text += " (“" + escape(decision.Reason, 160) + "”)"
	}
	return text
}

// decidedBy names who decided and, of a delegate, for whom.
func decidedBy(decision db.Decision) string {
	return inPlaceOf(decision.Person, decision.ForID, decision.For)
}

func inPlaceOf(p *db.Person, forID string, other *db.Person) string {
	if forID == "" {
		return person(p)
	}
	return person(p) + " for " + person(other)
}

// proven says by which second factor somebody proved who he is, or nothing.
func proven(proof *db.Proof) string {
	switch {
	case proof == nil:
		return ""
	case proof.Kind == "oidc":
		return " with a sign-in at " + escape(strings.TrimPrefix(proof.Issuer, "https://"), 80)
	}
	return " with a code"
}

// quorum names who may decide on an open step: "<@U1> or <@U2>", "2 of 3 (<@U1>, <@U2> and <@U3>)".
func quorum(step db.SheetStep) string {
	if len(step.Approvers) == 0 {
		return planned(step)
	}
	if need(step) > 1 {
		return fmt.Sprintf("%d of %d (%s)", need(step), len(step.Approvers), people(step.Approvers, "and"))
	}
	return people(step.Approvers, "or")
}

func stepName(step db.SheetStep) string {
	if blank(step.Spec.Name) {
		return fmt.Sprintf("Step %d", step.Position+1)
	}
	return step.Spec.Name
}

// need is how many people must approve a step: all who were found when it opened, where it says so.
func need(step db.SheetStep) int {
	if step.Spec.All {
		return max(len(step.Must), 1)
	}
	return max(step.Need, step.Spec.Need, 1)
}

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
