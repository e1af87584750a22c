package flows

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// whyDecidedSo says which rule or chain decides on an item, why that one, and what its approvers are shown.
func (f *Flows) whyDecidedSo(ctx context.Context, q bun.IDB, request db.Request, item db.SheetItem) (string, error) {
	words, err := chosenBy(ctx, q, request, item)
	for _, one := range item.Flow.Conflicts {
		words += fmt.Sprintf(" The rule %q keeps it apart from %s, so one more step is asked.", one.Name, strings.Join(one.Holds, " and "))
	}
	return words, err
}

func chosenBy(ctx context.Context, q bun.IDB, request db.Request, item db.SheetItem) (string, error) {
	flow := item.Flow
	if flow.Ruled != "" {
		return ruledWords(ctx, q, flow)
	}
	switch {
	case isWork(item.EntitlementID) && len(item.Steps) == 0:
		return "The policy of " + request.Directory + " lets this pass without a decision.", nil
	case isWork(item.EntitlementID) && flow.Chain == "":
		return "No route of " + request.Directory + " says who decides, so the admins do.", nil
	case flow.Chain == "":
		return "It was asked for as an emergency, which nobody has to approve beforehand.", nil
	}
	chain, err := db.ApprovalChainBySlug(ctx, q, flow.Chain)
	if errors.Is(err, db.ErrNotFound) {
		chain.Slug = flow.Chain
	} else if err != nil {
		return "", err
	}
	words := "The approval chain " + chain.Title()
	switch {
	case request.Kind == db.ForChange:
		return words + " decides on changes of the configuration.", nil
	case isWork(item.EntitlementID):
		return words + " decides on this change of " + request.Directory + ".", nil
	case request.Emergency:
		return words + " decides, because it was asked for as an emergency.", nil
	case flow.Rule == ruleWords(db.ApprovalRule{}):
		return words + " decides: it is the usual one for " + item.Entitlement.Name + ".", nil
	}
	return words + " decides, because this holds: " + conditionWords(flow.Rule) + ".", nil
}

// ruledWords names the rule that decided, as it is called today.
func ruledWords(ctx context.Context, q bun.IDB, flow db.ApprovalFlow) (string, error) {
	all, err := db.Rulings(ctx, q)
	if err != nil {
		return "", err
	}
	name, reason := flow.Ruled, ""
	for _, rule := range all {
		if rule.Slug == flow.Ruled {
			name, reason = rule.Name, rule.Reason
		}
	}
	words := fmt.Sprintf("The rule %q approved it, in place of the approval chain.", name)
	if flow.Status == db.Denied {
		words = fmt.Sprintf("The rule %q denied it.", name)
	}
	if reason != "" {
		words += " " + ended(reason)
	}
	return words, nil
}

// openWords says how far an open step has come.
func openWords(who found) string {
	if who.need <= 1 {
		return "It is open: one approval is needed."
	}
	return fmt.Sprintf("It is open: it has %d of %d approvals.", who.given, who.need)
}

// stoodWords says what became of a step that is over.
func stoodWords(step db.SheetStep) string {
	if step.Skipped != "" {
		return "It was passed over. " + ended(step.Skipped)
	}
	var names []string
	for _, decision := range step.Decisions {
		if decision.Verdict != step.Status {
			continue
		}
		name := decision.Person.Name
		if decision.For != nil {
			name += " for " + decision.For.Name
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return "It was not decided by a person: " + step.Status + "."
	}
	return "It was " + step.Status + " by " + strings.Join(names, " and ") + "."
}

// next says what comes next on an item.
func next(one ExplainedItem) string {
	switch item := one.Item; item.Status {
	case db.Pending:
		return afterCurrent(one)
	case db.Approved:
		return grantWords(item.Grant)
	case db.Denied:
		if item.Refusal != "" {
			return "It is denied. " + ended(item.Refusal)
		}
	case db.Lapsed:
		return "It lapsed, because nobody decided in time. Ask anew if it is still needed."
	}
	return "It is " + one.Item.Status + ", and nothing more happens."
}

// afterCurrent says what follows the open step: further steps, or the access.
func afterCurrent(one ExplainedItem) string {
	words, then := "", "Then it is given"
	for _, step := range one.Steps {
		switch {
		case step.Step.Status == db.Deciding:
			words = timeoutWords(step.Step)
		case step.Step.Status == db.Waiting && len(step.People) > 0:
			return "Next comes the step " + ended(step.Step.Spec.Name) + words
		}
	}
	if starts := one.Item.StartsAt; !starts.IsZero() {
		then += ", from its start on"
	}
	if one.Item.ExtendsGrantID != "" {
		then = "Then the access is kept for longer"
	}
	return then + ", unless a rule has come up against it." + words
}

// timeoutWords says what happens if nobody decides on a step in time.
func timeoutWords(step db.SheetStep) string {
	timeout := step.Spec.OnTimeout
	if step.DueAt.IsZero() {
		return ""
	}
	within := " If nobody decides within " + step.Spec.Timeout.Words() + ", "
	switch {
	case timeout.Deny:
		return within + "it is denied."
	case timeout.GoOn:
		return within + "it goes on without."
	case timeout.Close || step.Escalated:
		return within + "it lapses."
	case len(timeout.Escalate) > 0:
		return within + "these are asked too: " + strings.Join(timeout.Escalate, ", ") + "."
	case len(timeout.Reassign) > 0:
		return within + "these are asked instead: " + strings.Join(timeout.Reassign, ", ") + "."
	}
	return ""
}

// grantWords says how the access stands that came of an item.
func grantWords(grant *db.Grant) string {
	if grant == nil {
		return "It is approved."
	}
	switch grant.Status {
	case db.Scheduled:
		return "It is approved and begins at its start, if nothing has come up against it by then."
	case db.Provisioning:
		return "It is approved, and the access is being given."
	case db.Active:
		return "The access is held. When its time is over, it is taken back."
	case db.Ending:
		return "The access is being taken back."
	}
	return "The access has ended."
}
