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
		made := flows.AdminEdit{Kind: config.KindBirthright, Values: map[string]any{
			"slug": "designers", "when": "person.department == 'Design'", "entitlements": []any{"editors"},
		}}
		preview, err := b.AdminPreviewRule(b.ctx, b.people["ada"], made)
		require.NoError(t, err)
		require.Equal(t, flows.BirthrightPreview{Gain: 1, Gains: []string{"ana"}}, preview)
		_, err = b.AdminPreviewRule(b.ctx, b.people["dana"], made)
		_, refused := flows.Refusal(err)
		require.True(t, refused, "an owner of access is shown nobody")
		b.saves(t, "ada", made)
		b.untilHolds(t, "ana", "editors")
		b.untilHolds(t, "carl")

		b.apply(t, "people: [{email: carl@example.com, department: Design}]")
		b.untilHolds(t, "carl", "editors")
		b.saves(t, "ada", b.edited(t, "ada", config.KindPerson, "carl@example.com", map[string]any{"department": "Sales"}))
		b.untilHolds(t, "carl")

		b.saves(t, "ada", b.edited(t, "ada", config.KindBirthright, "designers", map[string]any{"entitlements": []any{"open"}}))
		b.untilHolds(t, "ana", "open")
		off := flows.AdminEdit{Kind: config.KindBirthright, Slug: "designers", Revision: b.shown(t, "ada", config.KindBirthright, "designers").Revision}
		preview, err = b.AdminPreviewRule(b.ctx, b.people["ada"], off)
		require.NoError(t, err)
		require.Equal(t, flows.BirthrightPreview{Lose: 1, Losses: []string{"ana"}}, preview)
		b.saves(t, "ada", off)
		preview, err = b.AdminPreviewRule(b.ctx, b.people["ada"], off)
		require.NoError(t, err)
		require.Zero(t, preview.Lose, "it is off already")
		b.untilHolds(t, "ana")
	})
}
