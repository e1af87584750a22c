package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

// told is the contract's file with a directory and a rule that refer to what stands in it.
func told(t *testing.T) string {
	t.Helper()
	chain := "approval_chains:\n  - {slug: it-one, steps: [{approvers: [owner]}]}\n"
	more := "  - {slug: territory, kind: provision, scripts: [{name: none, type: none}]}\n"
	return strings.Replace(contractFile(t), "approval_chains:\n", chain, 1) + more + `directories:
  - slug: okta
    kind: scim
    mode: hold
    downstream: [drive]
    routes: [{chain: it-one}]
birthrights:
  - slug: designers
    when: "person.department == 'Design'"
    entitlements: [drive-editors]
    chain: auto
    grace: 7d
    during: {cron: "0 8 28 * *", for: 3d}
    adjust: {on: [attributes.territory], run: territory}
`
}

func TestDirectoriesAreWritten(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		apply(t, store, parse(t, told(t)), false)
		directory, err := db.DirectoryBySlug(ctx, store, "okta")
		require.NoError(t, err)
		require.True(t, directory.Active)
		require.Equal(t, "okta", directory.Name)
		require.Equal(t, db.DirectoryPolicy{
			Mode: db.Hold, Routes: []db.DirectoryRoute{{Chain: "it-one"}}, Downstream: []string{"drive"},
			Gather: db.Duration(10 * time.Second), Breaker: db.Breaker{Changes: db.BreakerChanges, Percent: db.BreakerPercent},
		}, directory.Policy)
		robot, err := db.PersonByID(ctx, store, directory.PersonID)
		require.NoError(t, err)
		require.Equal(t, db.Robot, robot.Kind)
		rules, err := db.Birthrights(ctx, store)
		require.NoError(t, err)
		rules[0].UpdatedAt = db.UTC(rules[0].UpdatedAt)
		require.Equal(t, []db.Birthright{{
			ID: rules[0].ID, Slug: "designers", Name: "designers", Condition: "person.department == 'Design'",
			Entitlements: []string{"drive-editors"}, Chain: "auto", Grace: db.Duration(7 * 24 * time.Hour),
			During: &db.Window{Cron: "0 8 28 * *", For: db.Duration(72 * time.Hour)},
			Adjust: &db.Adjustment{On: []string{"attributes.territory"}, Run: "territory"}, Active: true, UpdatedAt: noon,
		}}, rules)

		directory.Journal, directory.PollError = 7, "away"
		require.NoError(t, db.SaveDirectoryState(ctx, store, directory))
		_, err = store.NewUpdate().Model(&rules[0]).WherePK().Set("next_at = ?", noon).Exec(ctx)
		require.NoError(t, err)
		changed := strings.NewReplacer("mode: hold", "mode: hold\n    name: Okta", "grace: 7d", "grace: 1d").Replace(told(t))
		require.Equal(t, "~ directory okta\n    name: okta → Okta\n~ birthright designers\n    grace: 7d → 1d\n0 to add, 2 to change, 0 to remove.\n",
			planned(t, store, parse(t, changed), true))
		apply(t, store, parse(t, changed), true)
		again, err := db.DirectoryBySlug(ctx, store, "okta")
		require.NoError(t, err)
		require.Equal(t, directory.ID, again.ID)
		require.Equal(t, directory.PersonID, again.PersonID)
		require.Equal(t, int64(7), again.Journal, "what its own work writes is left alone")
		require.Equal(t, "away", again.PollError)
		rules, err = db.Birthrights(ctx, store)
		require.NoError(t, err)
		require.Equal(t, noon, db.UTC(rules[0].NextAt), "when it opens next is left alone")
	})
}

// TestPruneOfDirectories: what a directory and a rule that stay refer to stays too; they themselves become inactive and
// come back as the same rows.
func TestPruneOfDirectories(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		apply(t, store, parse(t, told(t)), false)
		_, err := tryApply(ctx, store, parse(t, "providers: []\nentitlements: []\napproval_chains: []\naction_chains: []\n"), true)
		var refusal config.RefusedError
		require.ErrorAs(t, err, &refusal)
		for _, want := range []string{
			"cannot remove approval chain it-one: directory okta, which stays, uses it",
			"cannot remove provider drive: directory okta, which stays, uses it",
			"cannot remove entitlement drive-editors: birthright designers, which stays, uses it",
			"cannot remove approval chain auto: birthright designers, which stays, uses it",
			"cannot remove action chain territory: birthright designers, which stays, uses it",
		} {
			require.Contains(t, refusal, want)
		}
		turned := "providers: [{slug: drive, connector: scim, settings: {base_url: x, token: \"env:T\"}}]\naction_chains: [{slug: territory, kind: deprovision, scripts: [{name: none, type: none}]}]\n"
		_, err = tryApply(ctx, store, parse(t, turned), false)
		require.ErrorContains(t, err, "cannot make action chain territory one of kind deprovision: birthright designers, which stays, uses it")

		before, err := db.DirectoryBySlug(ctx, store, "okta")
		require.NoError(t, err)
		apply(t, store, parse(t, "directories: []\nbirthrights: []\n"), true)
		after, err := db.DirectoryBySlug(ctx, store, "okta")
		require.NoError(t, err)
		require.False(t, after.Active)
		rules, err := db.Birthrights(ctx, store)
		require.NoError(t, err)
		require.False(t, rules[0].Active)
		apply(t, store, parse(t, "providers: []\nentitlements: []\napproval_chains: []\naction_chains: []\n"), true)

		apply(t, store, parse(t, told(t)), true)
		after, err = db.DirectoryBySlug(ctx, store, "okta")
		require.NoError(t, err)
		require.True(t, after.Active)
		require.Equal(t, before.ID, after.ID)
		require.Equal(t, "Nothing to change.\n", planned(t, store, parse(t, told(t)), true))
	})
}

// TestADirectoryKeepsItsKind: what an identity provider wrote is not taken for what WorkOS says.
func TestADirectoryKeepsItsKind(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, "directories: [{slug: okta, kind: scim}]"), false)
		other := `directories: [{slug: okta, kind: workos, workos: {directory_id: directory_01, api_key: "env:WORKOS_API_KEY"}}]`
		_, err := tryApply(t.Context(), store, parse(t, other), false)
		require.ErrorContains(t, err, "cannot change the kind of directory okta (give the new one a slug of its own)")
	})
}

// TestADirectoryKeepsItsPeople: what WorkOS tells of one directory is not taken for what it tells of another, also when
// the directory was switched off meanwhile.
func TestADirectoryKeepsItsPeople(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		file := func(id string) string {
			return `directories: [{slug: acme, kind: workos, workos: {directory_id: ` + id + `, api_key: "env:WORKOS_API_KEY"}}]`
		}
		apply(t, store, parse(t, file("directory_01")), false)
		refused := func() {
			t.Helper()
			_, err := tryApply(t.Context(), store, parse(t, file("directory_02")), false)
			require.ErrorContains(t, err, "cannot change the directory_id of directory acme: its people are those of directory_01 (give the new one a slug of its own)")
		}
		refused()
		apply(t, store, parse(t, "directories: []"), true)
		refused()
		apply(t, store, parse(t, file("directory_01")), false)
		row, err := db.DirectoryBySlug(t.Context(), store, "acme")
		require.NoError(t, err)
		require.Equal(t, "directory_01", row.Settings.WorkOS.DirectoryID)
	})
}

// TestEditsOfDirectoriesAreChecked: in Slack as in a file, with all other objects known.
func TestEditsOfDirectoriesAreChecked(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		ctx := t.Context()
		workos := map[string]any{"directory_id": "directory_01", "api_key": "env:WORKOS_API_KEY"}
		apply(t, store, parse(t, told(t)+"\n"), false)
		apply(t, store, parse(t, `directories: [{slug: first, kind: workos, workos: {directory_id: directory_01, api_key: "env:K"}}]`), false)
		for _, one := range []struct {
			kind   string
			values map[string]any
			key    string
		}{
			{config.KindDirectory, map[string]any{"slug": "new", "kind": "workos", "workos": workos}, "workos.directory_id"},
			{config.KindDirectory, map[string]any{"slug": "new", "kind": "scim", "routes": []any{map[string]any{"chain": "auto"}}}, "routes.1.chain"},
			{config.KindDirectory, map[string]any{"slug": "new", "kind": "scim", "downstream": []any{"nowhere"}}, "downstream"},
			{config.KindDirectory, map[string]any{"slug": "new", "kind": "scim", "breaker": map[string]any{"percent": 101}}, "breaker.percent"},
			{config.KindBirthright, map[string]any{"slug": "new", "when": "person.x == 1", "entitlements": []any{"drive-editors"}}, "when"},
			{config.KindBirthright, map[string]any{"slug": "new", "when": "true", "entitlements": []any{"nothing"}}, "entitlements"},
			{config.KindBirthright, map[string]any{"slug": "new", "when": "true", "entitlements": []any{"drive-editors"}, "adjust": map[string]any{"on": []any{"title"}, "run": "drive-editors-out"}}, "adjust.run"},
			{config.KindBirthright, map[string]any{"slug": "new", "when": "true", "entitlements": []any{"drive-editors"}, "during": map[string]any{"cron": "0 8 28 * *"}}, "during.for"},
		} {
			_, err := config.PlanEdit(ctx, store, config.Edit{Kind: one.kind, Name: "new", Values: one.values}, registry())
			var mistakes config.EditErrors
			require.ErrorAs(t, err, &mistakes, "%v", one.values)
			require.Equal(t, one.key, mistakes[0].Key, "%s", err)
		}
		var refused config.RefusedError
		for kind, name := range map[string]string{config.KindApprovalChain: "it-one", config.KindActionChain: "territory"} {
			_, err := config.PlanEdit(ctx, store, config.Edit{Kind: kind, Name: name}, registry())
			require.ErrorAs(t, err, &refused)
		}
	})
}
