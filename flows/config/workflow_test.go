package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/config"
)

// inWords is the contract's example with its provisioning written in plain English.
func inWords(t testing.TB, lines ...string) string {
	t.Helper()
	before, rest, found := strings.Cut(contractFile(t), "    scripts:\n")
	require.True(t, found)
	_, after, found := strings.Cut(rest, "  - slug: drive-editors-out")
	require.True(t, found)
	return before + "    name: Editors in\n    workflow: |\n      " + strings.Join(lines, "\n      ") + "\n  - slug: drive-editors-out" + after
}

const provisionLine = "Create a custom provisioning workflow with the following steps."

func TestAWorkflowInPlainEnglish(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		text := inWords(t, provisionLine, "1. Check if the user has an account in Acme Drive",
			"2. If the user lacks an Acme Drive account, create it first", "3. Add the user to the group", "4. Wait 5 minutes")
		file := parse(t, text)
		chain := file.ActionChains[0]
		require.Equal(t, "Editors in", chain.Name)
		var types, when []string
		for _, script := range chain.Scripts {
			types, when = append(types, script.Type), append(when, script.When)
		}
		require.Equal(t, []string{"drive_api_get_user", "drive_api_create_user", "drive_api_add_user_to_group", "sleep"}, types)
		require.NotEmpty(t, when[1])
		require.Len(t, chain.Steps, 4)

		apply(t, store, file, false)
		version, err := db.PublishedVersion(t.Context(), store, "drive-editors-in")
		require.NoError(t, err)
		require.Equal(t, chain.Text, version.Text)
		require.Len(t, version.Scripts, 4)

		exported, err := config.Export(t.Context(), store, registry())
		require.NoError(t, err)
		require.Contains(t, string(exported), "    workflow: |-\n      "+provisionLine+"\n      1. Check if")
		require.NotContains(t, strings.Split(string(exported), "drive-editors-out\n    kind")[0], "scripts:")
		plan, err := parse(t, string(exported)).Plan(t.Context(), store, true)
		require.NoError(t, err)
		require.True(t, plan.Empty(), "%+v", plan.Changes)
	})
}

// One chain may serve several groups: "the group" is the one that was asked for.
func TestAWorkflowOfSeveralEntitlements(t *testing.T) {
	t.Parallel()
	text := inWords(t, provisionLine, "1. Add the user to the group")
	before, rest, found := strings.Cut(text, "approval_chains:\n")
	require.True(t, found)
	file := parse(t, before+"  - {slug: viewers, provider: drive, kind: group, target: Viewers, name: Viewers, durations: {default: 8h, max: 8h, choices: [8h]}, "+
		"approval: [{chain: auto}], provision: drive-editors-in, deprovision: drive-editors-out}\napproval_chains:\n"+rest)
	require.Equal(t, map[string]any{"group": "{{ entitlement.target }}"}, file.ActionChains[0].Scripts[0].Args)
}

// A chain that was written in words and then changed by hand, or whose words mean other scripts by now, is exported as
// what it runs.
func TestWordsThatMeanSomethingElseAreExportedAsScripts(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		apply(t, store, parse(t, inWords(t, provisionLine, "1. Add the user to the group")), false)
		version, err := db.PublishedVersion(t.Context(), store, "drive-editors-in")
		require.NoError(t, err)
		version.Scripts[0].Timeout = db.Duration(60_000_000_000)
		_, err = store.NewUpdate().Model(&version).WherePK().Column("scripts").Exec(t.Context())
		require.NoError(t, err)
		exported, err := config.Export(t.Context(), store, registry())
		require.NoError(t, err)
		require.NotContains(t, string(exported), "workflow:")
		require.Contains(t, string(exported), "timeout: 1m")
	})
}

func TestWorkflowsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		text string
		want []string
	}{
		"no template line": {inWords(t, "1. Add the user to the group"), []string{`workflow of action chain "drive-editors-in"`, provisionLine}},
		"the other template line": {
			inWords(t, "Create a custom deprovisioning workflow with the following steps.", "1. Remove the user from the group"),
			[]string{"deprovisioning workflow", "the chain is of kind provision"},
		},
		"something that nobody can place": {
			inWords(t, provisionLine, "1. Add the user to the group", "2. Do the usual thing for new people"),
			[]string{`step 2, "Do the usual thing for new people"`},
		},
		"words and scripts": {
			strings.Replace(inWords(t, provisionLine, "1. Add the user to the group"), "    name: Editors in\n", "    scripts: [{name: a, type: none}]\n", 1),
			[]string{`action chain "drive-editors-in" has a workflow and scripts: write one of them`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Parse("usher.yaml", []byte(one.text), registry())
			require.Error(t, err)
			for _, want := range one.want {
				require.ErrorContains(t, err, want)
			}
			require.Regexp(t, `^usher\.yaml:\d+:\d+: `, err.Error())
		})
	}
}
