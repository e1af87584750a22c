package flows

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// maxReason is the longest reason, in characters.
const maxReason = 1000

// checkReason refuses an empty or endless reason.
func checkReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return refuseField(FieldReason, 0, "Write a reason: it is what the people who decide go by.")
	case !utf8.ValidString(reason) || strings.ContainsRune(reason, 0):
		return refuseField(FieldReason, 0, "Write the reason as plain text.") // Postgres can't keep the rest
	case utf8.RuneCountInString(reason) > maxReason:
		return refuseField(FieldReason, 0, "Keep the reason below %d characters.", maxReason)
	}
	return nil
}

// checkDuration refuses a length of time that the entitlement does not allow.
func checkDuration(e db.Entitlement, item int, wanted db.Duration) error {
	if wanted <= 0 {
		return refuseField(FieldDuration, item, "Choose how long the access is needed.")
	}
	if e.Durations.Max > 0 && wanted > e.Durations.Max {
		return refuseField(FieldDuration, item, "%s can be held for %s at most. Choose a shorter time.", e.Name, e.Durations.Max.Words())
	}
	return nil
}

// startSlack is how far in the past a start may lie: pickers know only minutes.
const startSlack = time.Minute

// checkStart refuses a start in the past or too far ahead, and returns zero for a start that is now.
func checkStart(ask Ask, now time.Time) (time.Time, error) {
	at := ask.StartsAt
	switch {
	case at.IsZero():
		return at, nil
	case at.Before(now.Add(-startSlack)):
		return at, refuseField(FieldStart, 0, "The start lies in the past. Leave it empty to start at once.")
	case at.After(now.AddDate(1, 0, 0)):
		return at, refuseField(FieldStart, 0, "The start lies more than a year ahead. Choose an earlier one.")
	case !at.After(now):
		return time.Time{}, nil
	case ask.Emergency:
		return at, refuseField(FieldStart, 0, "An emergency begins at once. Leave the start empty.")
	}
	return db.UTC(at), nil
}

// chooseRule returns the first approval rule whose condition holds. A condition that can't be decided stops the
// request: neither answer would be safe.
func chooseRule(e db.Entitlement, scope rules.Scope) (db.ApprovalRule, error) {
	for _, rule := range e.Approval {
		holds, err := rules.Holds(rule.When, scope)
		if err != nil {
			return rule, fmt.Errorf("approval rule of %s: %w", e.Slug, err)
		}
		if holds {
			return rule, nil
		}
	}
	return db.ApprovalRule{}, refuseField(FieldAccess, 0, "No approval rule of %s applies to this request. Tell its owner %s.", e.Name, e.OwnerEmail)
}

// ruleWords says by which rule a chain was chosen.
func ruleWords(rule db.ApprovalRule) string {
	if rule.When == "" {
		return "default"
	}
	return rule.When
}

// extendedEnd is when a grant ends after more time was added to it: what is left plus the time asked for, but never
// later than the entitlement's maximum from now, and never earlier than it ends anyway.
func extendedEnd(end time.Time, more db.Duration, e db.Entitlement, now time.Time) time.Time {
	if end.Before(now) {
		end = now
	}
	wanted := end.Add(time.Duration(more))
	if limit := now.Add(time.Duration(e.Durations.Max)); e.Durations.Max > 0 && wanted.After(limit) {
		wanted = limit
	}
	if wanted.Before(end) {
		return end
	}
	return db.UTC(wanted)
}
