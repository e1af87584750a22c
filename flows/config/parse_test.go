package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/config"
)

func TestTheContractsExample(t *testing.T) {
	t.Parallel()
	file := parse(t, contractFile(t))
	require.Equal(t, "#access", *file.Settings.Channel)
	require.Equal(t, []string{"ops@example.com"}, *file.Settings.Admins)
	require.Equal(t, []config.Provider{{
		Slug: "drive", Name: "Acme Drive", Connector: "scim", Owner: "dana@example.com", Workers: 4, Rate: "10/s",
		Settings: map[string]any{"base_url": "https://drive.example.com/scim/v2", "token": "env:DRIVE_TOKEN"},
	}}, file.Providers)

	require.Len(t, file.Entitlements, 1)
	editors := file.Entitlements[0]
	require.Equal(t, "Editors", editors.Target)
	require.Equal(t, "true", editors.RequestableBy)
	require.Equal(t, db.Durations{
		Default: db.Duration(8 * time.Hour), Max: db.Duration(30 * 24 * time.Hour),
		Choices: []db.Duration{db.Duration(time.Hour), db.Duration(8 * time.Hour), db.Duration(7 * 24 * time.Hour), db.Duration(30 * 24 * time.Hour)},
	}, editors.Durations)
	require.Equal(t, []db.ApprovalRule{
		{Chain: "auto", When: "subject.department == 'Design' && duration <= duration('8h')"}, {Chain: "manager-then-owner"},
	}, editors.Approval)

	require.Len(t, file.ApprovalChains, 2)
	require.Equal(t, db.Step{
		Name: "Manager", Approvers: []string{"manager"}, Need: 1, Remind: db.Duration(4 * time.Hour),
		Timeout: db.Duration(24 * time.Hour), OnTimeout: db.OnTimeout{Escalate: []string{"owner"}},
	}, file.ApprovalChains[0].Steps[0])
	require.Equal(t, []string{"owner", "@drive-admins", "group:security", "someone@example.com"}, file.ApprovalChains[0].Steps[1].Approvers)
	require.Empty(t, file.ApprovalChains[1].Steps)

	require.Len(t, file.ActionChains, 2)
	require.Equal(t, db.Script{
		Name: "join", Type: "drive_api_add_user_to_group", Args: map[string]any{"group": "{{ entitlement.target }}"},
		Retry: db.Retry{Attempts: 8}, OnFailure: "manual_task",
	}, file.ActionChains[0].Scripts[2])
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	file := parse(t, `
providers: [{slug: drive, connector: scim, settings: {base_url: x, token: "file:/run/token"}}]
entitlements:
  - {slug: account, provider: drive, kind: user, durations: {default: 8h}, requestable_by: true, approval: [{chain: auto}], provision: in, deprovision: out}
approval_chains: [{slug: auto, steps: [{approvers: [manager]}]}]
action_chains:
  - {slug: in, kind: provision, scripts: [{name: nothing, type: none}]}
  - {slug: out, kind: deprovision, scripts: [{name: wait-a-bit, type: sleep, args: {for: 1m}}, {name: then, type: none, when: "has(wait_a_bit.until)"}]}
`)
	require.Nil(t, file.Settings.Channel)
	require.Nil(t, file.Settings.Admins)
	require.Equal(t, "drive", file.Providers[0].Name)
	require.Equal(t, 4, file.Providers[0].Workers)
	e := file.Entitlements[0]
	require.Equal(t, "account", e.Name)
	require.Equal(t, "medium", e.Risk)
	require.Equal(t, "true", e.RequestableBy)
	require.Equal(t, []db.Duration{e.Durations.Default}, e.Durations.Choices)
	require.Equal(t, e.Durations.Default, e.Durations.Max)
	require.Equal(t, "Step 1", file.ApprovalChains[0].Steps[0].Name)
	require.Equal(t, 1, file.ApprovalChains[0].Steps[0].Need)
}

func TestEmptyFiles(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "\n", "# nothing\n", "---\n", "{}", "~", "people:\n"} {
		file := parse(t, content)
		require.Empty(t, file.Providers, "%q", content)
	}
}

func TestFilesOfOtherEditors(t *testing.T) {
	t.Parallel()
	want := parse(t, contractFile(t))
	require.Equal(t, want, parse(t, strings.ReplaceAll(contractFile(t), "\n", "\r\n")))
	require.Equal(t, want, parse(t, "\ufeff"+contractFile(t)))
}

func TestAnchors(t *testing.T) {
	t.Parallel()
	file := parse(t, `
approval_chains:
  - {slug: one, steps: &steps [{approvers: [owner]}]}
  - {slug: two, steps: *steps}
`)
	require.Equal(t, file.ApprovalChains[0].Steps, file.ApprovalChains[1].Steps)
}

var update = flag.Bool("update", false, "write the golden files anew")

// TestBrokenFiles parses testdata/broken/*.yaml, each a file with one or a few mistakes, and compares the errors with
// the file of the same name ending in .txt.
func TestBrokenFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "broken", "*.yaml"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 30)
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			_, err = config.Parse(filepath.Base(path), content, registry())
			var mistakes config.Errors
			require.ErrorAs(t, err, &mistakes)
			golden := strings.TrimSuffix(path, ".yaml") + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(err.Error()+"\n"), 0o600))
			}
			want, readErr := os.ReadFile(golden)
			require.NoError(t, readErr)
			require.Equal(t, string(want), err.Error()+"\n")
		})
	}
}

func TestErrorsAreAtTheirPlaces(t *testing.T) {
	t.Parallel()
	content := contractFile(t)
	for wrong, at := range map[[2]string]string{
		{"risk: medium", "rsk: medium"}:                                             "rsk",
		{"connector: scim ", "connector: skim "}:                                    "skim",
		{"subject.department", "subject.departement"}:                               ".departement",
		{"\"!find.exists\"", "\"!fnd.exists\""}:                                     "fnd",
		{"{{ entitlement.target }}\"}, retry", "{{ entitlement.trget }}\"}, retry"}: ".trget",
		{"env:DRIVE_TOKEN", "s3cret"}:                                               "\"s3cret\"",
	} {
		broken := strings.Replace(content, wrong[0], wrong[1], 1)
		require.NotEqual(t, content, broken)
		_, err := config.Parse("f", []byte(broken), registry())
		var mistakes config.Errors
		require.ErrorAs(t, err, &mistakes)
		lines := strings.Split(broken, "\n")
		first := mistakes[0]
		require.True(t, strings.HasPrefix(lines[first.Line-1][first.Column-1:], at), "%s: %s", at, first)
		require.NotContains(t, err.Error(), "s3cret", "a secret is never repeated")
	}
}

// FuzzParse: no text makes Parse panic or hang, and each mistake has a place within the file.
func FuzzParse(f *testing.F) {
	f.Add(contractFile(f))
	broken, err := filepath.Glob(filepath.Join("testdata", "broken", "*.yaml"))
	require.NoError(f, err)
	for _, path := range broken {
		content, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(string(content))
	}
	known := registry()
	f.Fuzz(func(t *testing.T, content string) {
		_, err := config.Parse("f", []byte(content), known)
		if err == nil {
			return
		}
		var mistakes config.Errors
		require.ErrorAs(t, err, &mistakes)
		require.NotEmpty(t, mistakes)
		for _, m := range mistakes {
			require.Positive(t, m.Line)
			require.Positive(t, m.Column)
			require.NotEmpty(t, m.Text)
		}
	})
}

// TestLongNumbersKeepTheirDigits: account numbers of some targets are longer than a number of JSON can be.
func TestLongNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	file := parse(t, "people: [{email: ana@example.com, attributes: {account: 99999999999999999999, short: 12345678901}}]")
	require.Equal(t, map[string]any{"account": "99999999999999999999", "short": int64(12345678901)}, file.People[0].Attributes)
}
