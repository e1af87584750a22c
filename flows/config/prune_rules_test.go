package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

// ruled is the contract's file with rules that refer to what stands in it.
func ruled(t *testing.T) string {
	t.Helper()
	content := contractFile(t)
	more := `  - {slug: second, provider: drive, kind: group, target: Second, durations: {default: 8h}, approval: [{chain: on-call}], provision: drive-editors-in, deprovision: drive-editors-out, emergency: {chain: quick, max: 1h, channel: "#alarm", reviewers: [owner]}}
approval_chains:
  - {slug: on-call, steps: [{approvers: ["on_call:drive_api_get_user"]}]}
  - {slug: quick, steps: [{approvers: [owner]}]}
`
	return "four_eyes: quick\n" + strings.Replace(content, "approval_chains:\n", more, 1) + `approval_rules:
  - {slug: briefly, effect: approve, entitlements: [second], when: "true", until: 2027-01-31}
separations:
  - {slug: apart, entitlements: [drive-editors, second]}
`
}

// TestPruneRefusesWhatRulesNeed: what the settings, rules, separations and emergency paths that stay refer to stays too.
func TestPruneRefusesWhatRulesNeed(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, ruled(t)), false)
		for content, want := range map[string]string{
			"entitlements: []\n":                "cannot remove entitlement drive-editors: separation apart, which stays, uses it\ncannot remove entitlement second: approval rule briefly, which stays, uses it",
			"approval_chains: []\n":             "cannot remove approval chain quick: entitlement second, which stays, uses it",
			"approval_rules: []\nproviders: []": "cannot remove provider drive: approval chain on-call, which stays, uses it",
		} {
			_, err := tryApply(t.Context(), store, parse(t, content), true)
			var refusal config.RefusedError
			require.ErrorAs(t, err, &refusal)
			for line := range strings.Lines(want) {
				require.Contains(t, err.Error(), strings.TrimSpace(line))
			}
		}
		_, err := tryApply(t.Context(), store, parse(t, "approval_chains: []\nentitlements: []\nseparations: []\napproval_rules: []\n"), true)
		require.ErrorContains(t, err, "cannot remove approval chain quick: four_eyes, which stays, uses it")
		apply(t, store, parse(t, "four_eyes: \"\"\napproval_chains: []\nentitlements: []\nseparations: []\napproval_rules: []\n"), true)
		rules, err := db.Rulings(t.Context(), store)
		require.NoError(t, err)
		require.False(t, rules[0].Active)

		require.Contains(t, planned(t, store, parse(t, ruled(t)), true), "~ approval rule briefly (active again)")
		apply(t, store, parse(t, ruled(t)), true)
		require.Equal(t, "Nothing to change.\n", planned(t, store, parse(t, ruled(t)), true))
	})
}
