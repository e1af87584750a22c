package config_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

// editable are the kinds of objects that can be edited as a file has them.
var editable = []string{
	config.KindPerson, config.KindProvider, config.KindEntitlement, config.KindApprovalChain, config.KindApprovalRule,
	config.KindSeparation, config.KindDirectory, config.KindBirthright, config.KindSettings,
}

// throughJSON is what becomes of values on their way through a form.
func throughJSON(t testing.TB, values map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(values)
	require.NoError(t, err)
	var all map[string]any
	require.NoError(t, json.Unmarshal(text, &all))
	return all
}

// TestWhatIsShownSavesAsItIs: an object that is shown and saved untouched is not changed, whatever its keys say.
func TestWhatIsShownSavesAsItIs(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		names := map[string][]string{}
		for _, change := range apply(t, store, parse(t, everything), false) {
			names[change.Kind] = append(names[change.Kind], change.Name)
		}
		for _, kind := range editable {
			require.NotEmpty(t, names[kind], kind)
			for _, name := range names[kind] {
				object, err := config.ReadObject(t.Context(), store, kind, name)
				require.NoError(t, err)
				plan, err := config.PlanEdit(t.Context(), store, config.Edit{Kind: kind, Name: name, Values: throughJSON(t, object.Values)}, registry())
				require.NoError(t, err, "%s %s", kind, name)
				require.Empty(t, plan.Changes, "%s %s", kind, name)
			}
		}
	})
}

// TestNewFromWhatIsShown: values under another name make an object of their own that says the same.
func TestNewFromWhatIsShown(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, everything), false)
		for kind, name := range map[string]string{
			config.KindProvider: "drive", config.KindEntitlement: "other", config.KindApprovalChain: "rich", config.KindApprovalRule: "low",
			config.KindSeparation: "asked", config.KindDirectory: "okta", config.KindBirthright: "engineers",
		} {
			object, err := config.ReadObject(t.Context(), store, kind, name)
			require.NoError(t, err)
			values := throughJSON(t, object.Values)
			values["slug"] = "copy"
			plan, err := config.PlanEdit(t.Context(), store, config.Edit{Kind: kind, Name: "copy", Values: values}, registry())
			require.NoError(t, err, kind)
			require.Len(t, plan.Changes, 1)
			_, err = config.Apply(t.Context(), store, plan, noon, "ada@example.com")
			require.NoError(t, err)
			copied, err := config.ReadObject(t.Context(), store, kind, "copy")
			require.NoError(t, err)
			object.Values["slug"] = "copy"
			require.Equal(t, object.Values, copied.Values)
			written, err := db.ConfigObjectOf(t.Context(), store, kind, "copy")
			require.NoError(t, err)
			require.Equal(t, db.FromSlack, written.Origin)
			require.Equal(t, int64(1), written.Revision)
		}
	})
}

func TestRemovalOfWhatIsUsed(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, everything), false)
		var refused config.RefusedError
		for kind, name := range map[string]string{
			config.KindProvider: "drive", config.KindApprovalChain: "rich", config.KindActionChain: "in", config.KindEntitlement: "account",
		} {
			_, err := config.PlanEdit(t.Context(), store, config.Edit{Kind: kind, Name: name}, registry())
			require.ErrorAs(t, err, &refused, "%s %s", kind, name)
		}
		for _, kind := range []string{config.KindPerson, config.KindSettings} {
			var mistakes config.EditErrors
			_, err := config.PlanEdit(t.Context(), store, config.Edit{Kind: kind, Name: "ana@example.com"}, registry())
			require.ErrorAs(t, err, &mistakes)
		}
		plan, err := config.PlanEdit(t.Context(), store, config.Edit{Kind: config.KindSeparation, Name: "asked"}, registry())
		require.NoError(t, err)
		require.Equal(t, config.Removed, plan.Changes[0].Verb)
	})
}

// FuzzEdit: whatever a form sends, it is a plan or a mistake, and what is planned can be written and shown again.
func FuzzEdit(f *testing.F) {
	store := dbtest.Open(f, dbtest.SQLite)
	file, err := config.Parse("usher.yaml", []byte(everything), registry())
	require.NoError(f, err)
	_, err = tryApply(f.Context(), store, file, false)
	require.NoError(f, err)
	for _, kind := range editable {
		f.Add(kind, `{"slug": "x", "email": "x@example.com", "name": null, "steps": [{"approvers": ["owner"], "need": "all"}], "durations": {"max": 1}}`)
		f.Add(kind, `{"slug": "x", "kind": "scim", "mode": "hold", "routes": [{"chain": "rich", "when": 1}], "breaker": {"changes": "off", "percent": 0.5}, "changes": {"user_deleted": ["x"]}, "workos": {}, "attributes": {"a b": 1}}`)
		f.Add(kind, `{"slug": "x", "when": true, "entitlements": ["other"], "during": {"cron": "0 0 30 2 *", "for": "1h", "zone": "Nowhere"}, "adjust": {"on": ["nothing"]}}`)
		f.Add(kind, `{"steps": 1, "approval": [[{}]], "entitlements": {"a": []}, "settings": [1.5e300, true, "\u0000"], "until": "9999-99-99"}`)
	}
	f.Fuzz(func(t *testing.T, kind, text string) {
		var values map[string]any
		if json.Unmarshal([]byte(text), &values) != nil || values == nil {
			return // a form always sends an object
		}
		name, _ := values["slug"].(string)
		if kind == config.KindPerson {
			name, _ = values["email"].(string)
		}
		plan, err := config.PlanEdit(t.Context(), store, config.Edit{Kind: kind, Name: name, Values: values}, registry())
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		for _, change := range plan.Changes {
			require.NotEmpty(t, change.Kind)
			_ = change.Diff()
		}
	})
}
