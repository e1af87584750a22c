package flows

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// verdict is what the approval rules say about an item without a person: at most one of its fields is set.
type verdict struct {
	denies, approves *db.Ruling
}

// ruled asks the approval rules about an item.
func (f *Flows) ruled(ctx context.Context, q bun.IDB, item db.RequestItem, scope rules.Scope, now time.Time) (verdict, error) {
	all, err := db.Rulings(ctx, q)
	if err != nil {
		return verdict{}, err
	}
	return ruledBy(all, item.Entitlement.Slug, scope, now)
}

// ruledBy is the first rule that denies, else the first that approves. A rule without an answer never approves; one that
// would deny is a refusal that names it: neither answer would be safe.
func ruledBy(all []db.Ruling, slug string, scope rules.Scope, now time.Time) (verdict, error) {
	var said verdict
	for _, rule := range all {
		about := len(rule.Entitlements) == 0 || slices.Contains(rule.Entitlements, slug)
		if !rule.Active || !about || overdue(rule.EndsAt, now) {
			continue
		}
		holds, err := rules.Holds(rule.Condition, scope)
		switch denies := rule.Effect == db.RuleDenies; {
		case err != nil && denies:
			return verdict{}, refuseField(FieldAccess, 0, "The rule %q has no answer for this request, so it can't go on. Tell an admin: %s.", rule.Name, err)
		case err != nil || !holds:
		case denies:
			return verdict{denies: &rule}, nil
		case said.approves == nil:
			said.approves = &rule
		}
	}
	return said, nil
}

// denial says that a rule denies, and why.
func denial(rule db.Ruling) string {
	if rule.Reason == "" {
		return "The rule \"" + rule.Name + "\" denies this."
	}
	return "The rule \"" + rule.Name + "\" denies this: " + ended(rule.Reason)
}

// ended is a text with the full stop that ends a sentence.
func ended(text string) string {
	if n := len(text); n > 0 && (text[n-1] == '.' || text[n-1] == '!' || text[n-1] == '?') {
		return text
	}
	return text + "."
}
