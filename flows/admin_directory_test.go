package flows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// okta is a directory as a form makes it.
func okta() map[string]any {
	return map[string]any{
		"slug": "okta", "name": "Okta", "kind": "scim", "owner": "dana@example.com", "mode": "hold", "downstream": []any{"drive"},
		"routes":  []any{map[string]any{"when": "person.department == 'Sales'", "chain": "two"}, map[string]any{"chain": "manager", "channel": "#it"}},
		"breaker": map[string]any{"changes": float64(10), "percent": "off"},
	}
}

func TestAdminEditsADirectory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindDirectory, Values: okta()})
		shown := b.shown(t, "ada", config.KindDirectory, "okta")
		require.Equal(t, "Okta", shown.Title)
		require.Equal(t, "dana@example.com", shown.Values["owner"])
		require.Equal(t, map[string]any{"changes": 10, "percent": "off"}, shown.Values["breaker"])
		require.True(t, shown.MayEdit)
		require.True(t, shown.Directory.WroteAt.IsZero())
		require.Empty(t, shown.Directory.Token.ID)
		require.Zero(t, shown.Directory.Waiting)

		_, err := b.NewDirectoryToken(b.ctx, "okta", 0)
		require.NoError(t, err)
		directory, err := db.DirectoryBySlug(b.ctx, b.store, "okta")
		require.NoError(t, err)
		require.NoError(t, b.WriteDirectory(b.ctx, directory.ID, func(_ context.Context, j *flows.Journal) error {
			j.Add(db.DirectoryChange{Kind: db.GroupCreated, GroupID: "dgr_1", Label: "Sales"})
			return nil
		}))
		stop := db.DirectoryStop{ID: "dst_1", DirectoryID: directory.ID, Kind: db.UserDeleted, Why: "Too many.", Status: db.StopOpen, CreatedAt: b.clock.Now()}
		_, err = b.store.NewInsert().Model(&stop).Exec(b.ctx)
		require.NoError(t, err)
		shown = b.shown(t, "ada", config.KindDirectory, "okta")
		require.WithinDuration(t, b.clock.Now(), shown.Directory.WroteAt, time.Minute)
		require.NotEmpty(t, shown.Directory.Token.ID)
		require.Equal(t, "Too many.", shown.Directory.Stop.Why)

		b.saveRefused(t, "ada", b.edited(t, "ada", config.KindDirectory, "okta", map[string]any{"routes": []any{}}), "mode", "no route")
		b.saveRefused(t, "ada", b.edited(t, "ada", config.KindApprovalChain, "manager", map[string]any{"steps": []any{}}), "steps", "Changes that Okta holds go through this chain")
		off := flows.AdminEdit{Kind: config.KindApprovalChain, Slug: "two", Revision: b.shown(t, "ada", config.KindApprovalChain, "two").Revision}
		b.saveRefused(t, "ada", off, "", "directory okta")
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindDirectory, Slug: "okta", Revision: shown.Revision})
		after, err := db.DirectoryBySlug(b.ctx, b.store, "okta")
		require.NoError(t, err)
		require.False(t, after.Active)
		require.Equal(t, int64(1), after.Journal, "what was written stays")
	})
}

func TestAdminKeepsSecretsOfDirectories(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		workos := map[string]any{"directory_id": "directory_01", "api_key": "env:SLACK_BOT_TOKEN", "url": "https://example.com"}
		values := map[string]any{"slug": "acme", "kind": "workos", "workos": workos}
		b.saveRefused(t, "ada", flows.AdminEdit{Kind: config.KindDirectory, Values: values}, "workos.api_key", "directory's own")
		workos["api_key"] = "env:WORKOS_API_KEY"
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindDirectory, Values: values})
	})
}

// TestDirectoriesAreTheAdmins: auditors see directories and birthrights, and owners of access do not.
func TestDirectoriesAreTheAdmins(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		rule := map[string]any{"slug": "designers", "when": "person.department == 'Design'", "entitlements": []any{"editors"}, "grace": "7d"}
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindDirectory, Values: okta()})
		b.saves(t, "ada", flows.AdminEdit{Kind: config.KindBirthright, Values: rule})
		for kind, slug := range map[string]string{config.KindDirectory: "okta", config.KindBirthright: "designers"} {
			page, err := b.AdminList(b.ctx, b.people["ada"], kind, slug[:3], 0)
			require.NoError(t, err)
			require.Equal(t, slug, page.Rows[0].Slug)
			require.True(t, page.Rows[0].Active)
			for _, name := range []string{"dana", "ana"} {
				_, err := b.AdminShow(b.ctx, b.people[name], kind, slug)
				_, refused := flows.Refusal(err)
				require.True(t, refused, "%s sees %s", name, kind)
				_, err = b.AdminSave(b.ctx, b.people[name], flows.AdminEdit{Kind: kind, Slug: slug, Revision: 1})
				_, refused = flows.Refusal(err)
				require.True(t, refused, "%s switches off %s", name, kind)
			}
		}
		b.saveRefused(t, "ada", b.edited(t, "ada", config.KindBirthright, "designers", map[string]any{"when": "person.team == 'x'"}), "when", "there is no field")
		b.saveRefused(t, "ada", flows.AdminEdit{Kind: config.KindEntitlement, Slug: "editors", Revision: 1}, "", "birthright designers")
		b.saves(t, "ada", b.edited(t, "ada", config.KindBirthright, "designers", map[string]any{"grace": ""}))
		rules, err := db.Birthrights(b.ctx, b.store)
		require.NoError(t, err)
		require.Zero(t, rules[0].Grace)
	})
}
