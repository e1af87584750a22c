package flows

import (
	"context"
	"slices"
	"strings"

	"github.com/usherhq/usher/db"
)

// PreviewNames is how many names a preview of a rule shows of those who would gain, and of those who would lose.
const PreviewNames = 20

// previewBatch is how many people a preview reads at once.
const previewBatch = 5000

// BirthrightPreview is what saving a rule would do: how many people would gain what it gives, and how many would lose what it
// gives them now, with the names of the first.
type BirthrightPreview struct {
	Gain, Lose      int
	Gains, Losses   []string // names, at most PreviewNames
	NotGiven        []string // slugs of entitlements that it names and that are not offered
	WithoutAnAnswer int      // people for whom the condition can't be told, since a value is missing: it does not hold for them
}

// PreviewBirthright says who would gain and lose what by a rule as it is given, over everybody. A rule that opens now and then
// is looked at as if it were open.
func (f *Flows) PreviewBirthright(ctx context.Context, rule db.Birthright) (BirthrightPreview, error) {
	var preview BirthrightPreview
	rule.During = nil
	book, err := f.rulebookOf(ctx, f.store, []db.Birthright{rule})
	if err != nil {
		return preview, err
	}
	for _, slug := range rule.Entitlements {
		if e, known := book.entitlements[slug]; !known || !e.Active || !e.Provider.Active {
			preview.NotGiven = append(preview.NotGiven, slug)
		}
	}
	said, err := db.PeopleOfBirthright(ctx, f.store, rule.Slug)
	if err != nil {
		return preview, err
	}
	has := map[string][]string{} // ids of entitlements by person
	for _, row := range said {
		if row.Until.IsZero() || row.Until.After(f.Now()) {
			has[row.PersonID] = append(has[row.PersonID], row.EntitlementID)
		}
	}
	for after := ""; ; {
		people, err := db.PeopleBehind(ctx, f.store, after, previewBatch)
		if err != nil || len(people) == 0 {
			return preview, err
		}
		after = people[len(people)-1].ID
		if err := f.previewSome(ctx, &preview, book, people, has); err != nil {
			return preview, err
		}
	}
}

// previewSome adds some people to a preview.
func (f *Flows) previewSome(ctx context.Context, preview *BirthrightPreview, book rulebook, people []db.Person, has map[string][]string) error {
	rule := book.rules[0]
	groups := map[string][]string{}
	if strings.Contains(rule.Condition, "groups") {
		ids := make([]string, 0, len(people))
		for _, p := range people {
			ids = append(ids, p.ID)
		}
		var err error
		if groups, err = db.GroupsOfAll(ctx, f.store, ids); err != nil {
			return err
		}
	}
	now := f.Now()
	for _, p := range people {
		given, unanswered := book.given(p, groups[p.ID], now)
		preview.WithoutAnAnswer += unanswered
		gets := entitlementsIn(given)
		if slices.ContainsFunc(gets, func(id string) bool { return !slices.Contains(has[p.ID], id) }) {
			preview.Gain++
			preview.Gains = someNames(preview.Gains, p)
		}
		if slices.ContainsFunc(has[p.ID], func(id string) bool { return !slices.Contains(gets, id) }) {
			preview.Lose++
			preview.Losses = someNames(preview.Losses, p)
		}
	}
	return nil
}

func someNames(names []string, p db.Person) []string {
	if len(names) < PreviewNames {
		names = append(names, p.Name)
	}
	return names
}
