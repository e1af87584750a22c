package views

import (
	"fmt"

	"github.com/usherhq/usher/db"
)

// state says in one sentence where an item stands.
func state(item db.SheetItem) string {
	switch item.Flow.Status {
	case db.Denied:
		return denied(item)
	case db.Cancelled:
		return "*Cancelled* before it was decided. No access was given."
	case db.Lapsed:
		return "*Lapsed*: nobody decided in time. No access was given."
	case db.Approved:
		return approved(item)
	}
	return waiting(item)
}

func waiting(item db.SheetItem) string {
	step := item.Current()
	if step == nil {
		return "*Waiting* for the first approval step to open."
	}
	text := fmt.Sprintf("*Waiting for %s*: %s of %s", escape(stepName(*step), 80),
		fmt.Sprint(approvals(*step)), plural(need(*step), "approval", "approvals"))
	if !step.DueAt.IsZero() {
		text += ", due " + on(step.DueAt)
	}
	return text + "."
}

func denied(item db.SheetItem) string {
	for _, step := range item.Steps {
		for _, decision := range step.Decisions {
			if decision.Verdict == db.Denied {
				return fmt.Sprintf("*Denied* by %s %s. Reason: %s", decidedBy(decision), on(decision.DecidedAt),
					sentence(reason(decision.Reason, 500)))
			}
		}
	}
	text := "*Denied*"
	if item.Flow.Ruled != "" {
		text += " by the approval rule " + code(item.Flow.Ruled, 80)
	}
	if blank(item.Refusal) {
		return text + ". No access was given."
	}
	return text + ". " + sentence(escape(item.Refusal, 500))
}

func approved(item db.SheetItem) string {
	by := "*Approved*" + approvedBy(item) + ". "
	if item.Grant == nil {
		return by + "The grant is being made."
	}
	if item.ExtendsGrantID != "" && item.Grant.Status == db.Active {
		return by + "*Active*" + lasting(*item.Grant) + ", with the time that this request added."
	}
	return by + grantState(*item.Grant, item.Runs)
}

// approvedBy names the people who approved, once each, or the rule.
func approvedBy(item db.SheetItem) string {
	if item.Flow.Ruled != "" {
		return " by the approval rule " + code(item.Flow.Ruled, 80)
	}
	var names []string
	seen := map[string]bool{}
	for _, step := range item.Steps {
		for _, decision := range step.Decisions {
			if decision.Verdict == db.Approved && !seen[decision.PersonID] {
				seen[decision.PersonID] = true
				names = append(names, decidedBy(decision))
			}
		}
	}
	switch {
	case len(names) > 0:
		return " by " + enumerate(names, 8, "and")
	case item.Flow.Rule == "emergency":
		return " as an emergency"
	}
	return " by rule"
}

// grantState says where a grant stands. Runs are its action flows, as far as they are known.
func grantState(grant db.Grant, runs []db.SheetRun) string {
	stuck := trouble(runs)
	switch grant.Status {
	case db.Scheduled:
		return "*Scheduled*: access starts " + on(grant.StartsAt) + "."
	case db.Provisioning:
		if stuck != "" {
			return "*Giving access has stopped*: " + stuck
		}
		return "*Provisioning*: access is being given."
	case db.Active:
		return "*Active*" + lasting(grant) + "."
	case db.Ending:
		if stuck != "" {
			return "*Taking access back has stopped*: " + stuck
		}
		return "*Ending*: access is being taken back because " + because(grant.EndCause) + "."
	case db.Ended:
		return ended(grant, runs)
	}
	return "State: " + escape(grant.Status, 40) + "."
}

// lasting says until when a grant is held, behind what says that it is. It leaves out how much time is left: a card stays as
// it was drawn while that runs down.
func lasting(grant db.Grant) string {
	switch {
	case !grant.ExpiresAt.IsZero():
		return " until " + on(grant.ExpiresAt)
	case grant.Duration == db.Standing:
		return " for " + db.Standing.Words()
	}
	return " until it is given back"
}

func ended(grant db.Grant, runs []db.SheetRun) string {
	text := "*Access has ended* " + on(grant.EndedAt)
	if covered(runs) {
		text = "*This grant has ended* " + on(grant.EndedAt)
	}
	if grant.EndCause != "" {
		text += ", because " + because(grant.EndCause)
	}
	if covered(runs) {
		return text + ". The access itself stays, through another grant."
	}
	return text + "."
}

// covered says that nothing was taken back at the target, because another grant gives the same access.
func covered(runs []db.SheetRun) bool {
	return len(runs) > 0 && runs[len(runs)-1].Kind == db.Deprovision && runs[len(runs)-1].Status == db.Cancelled
}

// because is the cause of an end as the rest of a sentence.
func because(cause string) string {
	switch cause {
	case db.CauseExpired:
		return "its time was over"
	case db.CauseReturned:
		return "it was given back"
	case db.CauseRevoked:
		return "it was revoked"
	case db.CauseCancelled:
		return "it was given up before it was active"
	}
	return "of “" + escape(cause, 60) + "”"
}

// trouble says what the newest action flow waits for when a person is needed, or nothing.
func trouble(runs []db.SheetRun) string {
	if len(runs) == 0 {
		return ""
	}
	run := runs[len(runs)-1]
	script := stopped(run)
	if script == nil {
		return ""
	}
	text := "*" + escape(script.Name, 80) + "* waits for a person to do it by hand."
	if script.Status == db.Failed {
		text = "step *" + escape(script.Name, 80) + "* " + wasNot(*script) + " and waits for the owner."
	}
	if !run.RetryAt.IsZero() {
		text += " It is tried again " + on(run.RetryAt) + "."
	}
	return text
}
