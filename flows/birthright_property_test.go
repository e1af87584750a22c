package flows_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
)

// firm is one run of the property test: a few people of its own, and rules whose ofWhom a test can tell by itself.
type firm struct {
	*company

	people []string
	told   map[string]told
	rules  map[string]db.Birthright
}

// ofWhom are what rules look at, and the same in Go.
var ofWhom = []struct {
	text  string
	holds func(told) bool
}{
	{"person.department == 'Lab'", func(who told) bool { return who["department"] == "Lab" }},
	{"person.department == 'Trade'", func(who told) bool { return who["department"] == "Trade" }},
	{"person.employment == 'employee'", func(who told) bool { return who["employmentType"] == "employee" }},
	{"person.title.startsWith('Chief')", func(who told) bool { return who["title"] == "Chief" }},
}

var ruleNames = []string{"one", "two", "three"}

// Whatever the directory tells in whatever order, and whatever the rules are meanwhile: in the end everybody holds by rules
// what they give him, and whoever left holds nothing.
func TestInTheEndEverybodyHoldsWhatRulesGive(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.Open(t, "sqlite"))
	o := observing(t, b)
	rapid.Check(t, func(r *rapid.T) {
		f := &firm{company: o, told: map[string]told{}, rules: map[string]db.Birthright{}}
		mark := db.NewID("p")[2:]
		for n := range 3 {
			f.people = append(f.people, fmt.Sprintf("%s%d", mark, n))
		}
		r.Repeat(map[string]func(*rapid.T){
			"tell":  func(r *rapid.T) { f.tellOne(t, r) },
			"tell2": func(r *rapid.T) { f.tellOne(t, r) },
			"rule":  func(r *rapid.T) { f.changeRule(t, r) },
			"work":  func(*rapid.T) { require.NoError(t, f.DirectoryWork(f.ctx, f.directory.ID)) },
			"some":  func(*rapid.T) { require.NoError(t, f.SettlePeople(f.ctx)) },
			"all":   func(*rapid.T) { f.settle(t) },
			"time": func(r *rapid.T) {
				f.clock.Advance(rapid.SampledFrom([]time.Duration{minute, 5 * hour, 3 * 24 * hour, week}).Draw(r, "time"))
			},
			"night": func(*rapid.T) { f.settle(t); f.reconcile(t) },
			"mend":  func(r *rapid.T) { f.undo(t, r) },
		})
		f.settle(t)
		f.clock.Advance(5 * week) // all grace and all first days are over
		f.settle(t)
		f.check(t)
		f.leave(t)
	})
	b.verified(t)
}

func (f *firm) tellOne(t *testing.T, r *rapid.T) {
	name := rapid.SampledFrom(f.people).Draw(r, "who")
	what := told{
		"department":     rapid.SampledFrom([]string{"Lab", "Trade", "Desk"}).Draw(r, "department"),
		"employmentType": rapid.SampledFrom([]string{"employee", "contractor"}).Draw(r, "employment"),
		"title":          rapid.SampledFrom([]string{"Chief", "Clerk"}).Draw(r, "title"),
		"active":         rapid.IntRange(0, 4).Draw(r, "active") > 0,
	}
	if days := rapid.IntRange(-20, 20).Draw(r, "first day"); days > 0 {
		what["startDate"] = f.Now().AddDate(0, 0, days).Format(time.DateOnly)
	}
	if days := rapid.IntRange(-20, 20).Draw(r, "last day"); days > 0 {
		what["endDate"] = f.Now().AddDate(0, 0, days).Format(time.DateOnly)
	}
	f.told[name] = what
	f.say(t, name, what)
}

func (f *firm) changeRule(t *testing.T, r *rapid.T) {
	slug := rapid.SampledFrom(ruleNames).Draw(r, "rule")
	rule := db.Birthright{
		Slug: slug, Name: slug, Condition: rapid.SampledFrom(ofWhom).Draw(r, "condition").text,
		Entitlements: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"editors", "crowded", "crossed"}), 1, 2, rapid.ID).Draw(r, "gives"),
		Grace:        db.Duration(rapid.SampledFrom([]time.Duration{0, hour, week}).Draw(r, "grace")),
		Active:       rapid.IntRange(0, 3).Draw(r, "on") > 0, UpdatedAt: f.Now(),
	}
	f.rules[slug] = rule
	f.saveRule(t, rule)
}

// undo takes back the last departure of somebody, as far as there is one.
func (f *firm) undo(t *testing.T, r *rapid.T) {
	name := rapid.SampledFrom(f.people).Draw(r, "whose")
	p, err := db.PersonByEmail(f.ctx, f.store, name+"@example.com")
	if err != nil {
		return
	}
	departure, err := db.LastDepartureOf(f.ctx, f.store, p.ID)
	if err != nil || p.LeftAt.IsZero() {
		return
	}
	allowed(t, f.UndoDeparture(f.ctx, departure.ID, f.people0("ada"), "a mistake"))
}

// undone says whether somebody is here by the word of a person, which counts for more than the last day that was told.
func (f *firm) undone(t *testing.T, p db.Person) bool {
	departure, err := db.LastDepartureOf(f.ctx, f.store, p.ID)
	if errors.Is(err, db.ErrNotFound) {
		return false
	}
	require.NoError(t, err)
	return departure.Status == db.DepartureUndone
}

func (f *firm) people0(name string) string { return f.bundle.people[name] }

// check compares what everybody holds by rules with what they give.
func (f *firm) check(t *testing.T) {
	for _, name := range f.people {
		who := f.told[name]
		if who == nil {
			continue
		}
		p := f.person(t, name)
		var gives []string
		for _, rule := range f.rules {
			for _, one := range ofWhom {
				if rule.Active && p.LeftAt.IsZero() && one.text == rule.Condition && one.holds(who) {
					gives = append(gives, rule.Entitlements...)
				}
			}
		}
		slices.Sort(gives)
		var holds []string
		for _, grant := range f.grants(t, name) {
			require.Equal(t, db.Active, grant.Status)
			require.Zero(t, grant.LostAt)
			holds = append(holds, grant.Entitlement.Slug)
		}
		slices.Sort(holds)
		require.Equal(t, slices.Compact(gives), holds, "%s, of whom was told %v, by %v", name, who, f.rules)
		ended, _ := who["endDate"].(string)
		if ended != "" && p.LeftAt.IsZero() && !f.undone(t, p) {
			require.NotEqual(t, true, who["active"], "his last day was %s", ended)
		}
		for _, slug := range []string{"editors", "crowded", "crossed"} {
			group := map[string]string{"editors": "Editors", "crowded": "Crowded", "crossed": "Crossed"}[slug]
			require.Equal(t, slices.Contains(holds, slug), slices.Contains(f.target.Members(group), name+"@example.com"), group)
		}
	}
}

// leave lets everybody go, and disables the rules, so that the next run has the house to itself.
func (f *firm) leave(t *testing.T) {
	for _, rule := range f.rules {
		rule.Active, rule.Grace = false, 0
		f.saveRule(t, rule)
	}
	for _, name := range f.people {
		if f.told[name] != nil {
			f.say(t, name, told{"active": false})
		}
	}
	f.settle(t)
	for _, name := range f.people {
		if f.told[name] != nil {
			require.Empty(t, f.grants(t, name))
		}
	}
}
