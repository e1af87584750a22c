package flows

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// Birthrights are rules that give people access because of who they are. What they say of a person is worked out anew
// whenever something about him changes, and compared with what they said before and with what he holds: see compare.

// rulebook are all rules, also those that are not active any more, and the entitlements that they name.
type rulebook struct {
	rules        []db.Birthright
	entitlements map[string]db.Entitlement // by slug, with Provider
	shut         map[string]time.Time      // by slug of an active rule that is open: when it shuts, zero is never
}

// rulebook reads the rules.
func (f *Flows) rulebook(ctx context.Context, q bun.IDB) (rulebook, error) {
	all, err := db.Birthrights(ctx, q)
	if err != nil {
		return rulebook{}, err
	}
	return f.rulebookOf(ctx, q, all)
}

func (f *Flows) rulebookOf(ctx context.Context, q bun.IDB, all []db.Birthright) (rulebook, error) {
	var slugs []string
	for _, rule := range all {
		slugs = append(slugs, rule.Entitlements...)
	}
	book := rulebook{rules: all, entitlements: map[string]db.Entitlement{}, shut: map[string]time.Time{}}
	for _, rule := range all {
		if until, open := openUntil(rule, f.Now()); rule.Active && open {
			book.shut[rule.Slug] = until
		}
	}
	rows, err := db.EntitlementsBySlug(ctx, q, slugs)
	for _, row := range rows {
		book.entitlements[row.Slug] = row
	}
	return book, err
}

// rule finds a rule by its slug. One that is gone gives nothing and keeps nothing.
func (b rulebook) rule(slug string) db.Birthright {
	n := slices.IndexFunc(b.rules, func(rule db.Birthright) bool { return rule.Slug == slug })
	if n < 0 {
		return db.Birthright{Slug: slug, Name: slug}
	}
	return b.rules[n]
}

// entitlement finds an entitlement that a rule names by its id.
func (b rulebook) entitlement(id string) (db.Entitlement, bool) {
	for _, one := range b.entitlements {
		if one.ID == id {
			return one, true
		}
	}
	return db.Entitlement{}, false
}

// givenTo is what the rules give a person now, ordered by rule.
func (b rulebook) givenTo(p db.Person, groups []string, now time.Time) []db.BirthrightPerson {
	given, _ := b.given(p, groups, now)
	return given
}

// given is what the rules give a person now, and how many of them have no answer for him: such a one does not hold, since a
// value is missing. Whoever is not here gets nothing.
func (b rulebook) given(p db.Person, groups []string, now time.Time) (given []db.BirthrightPerson, unanswered int) {
	if !mayHold(p) || overdue(p.EndsAt, now) {
		return nil, 0
	}
	scope := rules.Scope{"person": rules.Person(p, groups)}
	for _, rule := range b.rules {
		until, open := b.shut[rule.Slug]
		if !open {
			continue
		}
		holds, err := rules.Holds(rule.Condition, scope)
		if err != nil {
			unanswered++
		}
		if err != nil || !holds {
			continue
		}
		for _, slug := range rule.Entitlements {
			if e, known := b.entitlements[slug]; known {
				given = append(given, db.BirthrightPerson{PersonID: p.ID, Birthright: rule.Slug, EntitlementID: e.ID, Since: now, Until: until})
			}
		}
	}
	return given, unanswered
}

// firstMorning is when somebody gets what rules give him: in the morning of his first day, where he lives, or at once.
func firstMorning(p db.Person, now time.Time) time.Time {
	if !p.StartsAt.After(now) {
		return time.Time{}
	}
	there := zoneOf(p.TimeZone)
	year, month, day := p.StartsAt.In(there).Date()
	morning := time.Date(year, month, day, morningHour, 0, 0, 0, there)
	if !morning.After(now) {
		return time.Time{}
	}
	return db.UTC(morning)
}

// morningHour is when a first day begins for access: before people come.
const morningHour = 6
