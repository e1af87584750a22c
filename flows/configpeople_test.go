package flows_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// untilHolds waits until a person holds some entitlements, and no others.
func (b *bundle) untilHolds(t testing.TB, name string, wanted ...string) {
	t.Helper()
	b.until(t, name+" to hold "+strings.Join(wanted, ", "), func() bool {
		var live []db.Grant
		err := b.store.NewSelect().Model(&live).Relation("Entitlement").Where("held.subject_id = ?", b.people[name]).
			Where("held.status <> ?", db.Ended).Order("entitlement.slug").Scan(b.ctx)
		require.NoError(t, err)
		var held []string
		for _, grant := range live {
			if grant.Status != db.Active {
				return false
			}
			held = append(held, grant.Entitlement.Slug)
		}
		return strings.Join(held, " ") == strings.Join(wanted, " ")
	})
}

// TestConfigurationMovesPeople: rules and people of a file, and edits of them in Slack, give and take access.
func TestConfigurationMovesPeople(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.work(t)
		b.apply(t, "people: [{email: ana@example.com, attributes: {site: Lisbon}}]")
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindBirthright, Values: map[string]any{
			"slug": "designers", "when": "person.department == 'Design'", "entitlements": []any{"editors"},
		}})
		b.untilHolds(t, "ana", "editors")
		b.untilHolds(t, "carl")

		b.apply(t, "people: [{email: carl@example.com, department: Design}]")
		b.untilHolds(t, "carl", "editors")
		b.saves(t, "ada", b.edited(t, "ada", config.KindPerson, "carl@example.com", map[string]any{"department": "Sales"}))
		b.untilHolds(t, "carl")

		b.saves(t, "ada", b.edited(t, "ada", config.KindBirthright, "designers", map[string]any{"entitlements": []any{"open"}}))
		b.untilHolds(t, "ana", "open")
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindBirthright, Slug: "designers", Revision: b.shown(t, "ada", config.KindBirthright, "designers").Revision})
		b.untilHolds(t, "ana")
	})
}
