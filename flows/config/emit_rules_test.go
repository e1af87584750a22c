package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
)

var (
	drawnText     = rapid.SampledFrom([]string{"", "Two words", "yes", "no: \"really\" # one", "1e3", "line\nline", "ä€😀"})
	drawnLength   = rapid.Custom(func(t *rapid.T) db.Duration { return db.Duration(rapid.Int64Range(1, 1e6).Draw(t, "s") * 1e9) })
	drawnPeople   = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"manager", "managers_manager", "owner", "provider_owner", "@a", "group:b", "c@example.com"}), 1, 4, rapid.ID)
	drawnWhen     = rapid.SampledFrom([]string{"", "true", "duration > duration('8h')", "subject.department == 'Design'"})
	drawnOutcomes = rapid.Custom(func(t *rapid.T) db.OnTimeout {
		switch rapid.IntRange(0, 4).Draw(t, "outcome") {
		case 0:
			return db.OnTimeout{Escalate: drawnPeople.Draw(t, "escalate")}
		case 1:
			return db.OnTimeout{Reassign: drawnPeople.Draw(t, "reassign")}
		case 2:
			return db.OnTimeout{Close: true}
		case 3:
			return db.OnTimeout{Deny: true}
		}
		return db.OnTimeout{}
	})
)

func drawStep(t *rapid.T, name string) db.Step {
	flag := func(label string) bool { return rapid.Bool().Draw(t, label) }
	step := db.Step{
		Name: name, Approvers: drawnPeople.Draw(t, "approvers"), Need: rapid.IntRange(1, 100).Draw(t, "need"), All: flag("all"),
		When: drawnWhen.Draw(t, "when"), Comment: flag("comment"), StepUp: flag("step_up"), Repeat: flag("repeat"),
		Self: flag("self"), Fixed: flag("fixed"),
	}
	if step.All {
		step.Need = 1
	}
	if flag("told") {
		step.Notify = append(drawnPeople.Draw(t, "notify"), "#told")
	}
	if flag("timed") {
		step.Timeout, step.OnTimeout, step.AskIn = drawnLength.Draw(t, "timeout"), drawnOutcomes.Draw(t, "on_timeout"), "#ask"
	} else {
		step.Remind = drawnLength.Draw(t, "remind")
	}
	return step
}

// TestRulesAreReadBackAsTheyWere: whatever a chain, a rule, a separation or the settings can say comes back from the
// file that an export writes.
func TestRulesAreReadBackAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		chain := ApprovalChain{Slug: "chain", Name: drawnText.Draw(t, "name"), Pending: drawnLength.Draw(t, "pending"), Steps: []db.Step{}}
		for n := range rapid.IntRange(1, 3).Draw(t, "steps") {
			chain.Steps = append(chain.Steps, drawStep(t, []string{"one", "two", "1e3"}[n]))
		}
		step := drawStep(t, "step")
		rule := ApprovalRule{
			Slug: "rule", Name: "rule", Effect: rapid.SampledFrom([]string{db.RuleApproves, db.RuleDenies}).Draw(t, "effect"),
			When: "true", Reason: drawnText.Draw(t, "reason"), Entitlements: []string{},
			Until: rapid.SampledFrom([]time.Time{{}, noon, noon.Truncate(24 * time.Hour)}).Draw(t, "until"),
		}
		quiet := rapid.SampledFrom([]db.QuietHours{{}, {From: "20:00", To: "08:30"}, {Weekends: true}}).Draw(t, "quiet")
		settings := Settings{Pending: &chain.Pending, FourEyes: &chain.Slug, QuietHours: &quiet}
		separation := Separation{Slug: "apart", Name: "Apart", Effect: db.SeparationAsks, Entitlements: []string{"a", "b"}, Step: &step}

		directory, birthright := drawDirectory(t), drawBirthright(t)

		d := &document{}
		for _, one := range settings.fields() {
			d.setting(one.key, one.value)
		}
		d.section(sectionApprovalChains, []fields{chain.fields()})
		d.section(sectionApprovalRules, []fields{rule.fields()})
		d.section(sectionSeparations, []fields{separation.fields()})
		d.section(sectionDirectories, []fields{directory.fields()})
		d.section(sectionBirthrights, []fields{birthright.fields()})
		d.section(sectionEntitlements, nil)
		root, errs := readYAML("f", []byte(d.out.String()))
		require.Empty(t, errs, d.out.String())
		p := newParser("f", nil)
		p.entitlementAt = map[string]node{"a": {}, "b": {}}
		p.providerAt, p.actionAt = map[string]node{"drive": {}}, map[string]node{"run": {}}
		p.sections(root)
		require.Empty(t, p.errs, d.out.String())
		require.Equal(t, chain, p.out.ApprovalChains[0])
		require.Equal(t, rule, p.out.ApprovalRules[0])
		require.Equal(t, separation, p.out.Separations[0])
		require.Equal(t, settings, p.out.Settings)
		require.Equal(t, directory, p.out.Directories[0])
		require.Equal(t, birthright, p.out.Birthrights[0])
	})
}

func drawDirectory(t *rapid.T) Directory {
	modes := rapid.SampledFrom([]string{db.Observe, db.Hold, db.Pass})
	d := Directory{
		Slug: "okta", Name: rapid.SampledFrom([]string{"Okta", "no: \"really\" # one", "1e3"}).Draw(t, "directory"), Kind: db.SCIMDirectory,
		Owner: "ana@example.com",
		Policy: db.DirectoryPolicy{
			Mode: rapid.SampledFrom([]string{db.Observe, db.Hold}).Draw(t, "mode"), Downstream: []string{"drive"},
			Modes:  rapid.MapOfN(rapid.SampledFrom(changeKinds), modes, 1, 4).Draw(t, "modes"),
			Routes: []db.DirectoryRoute{{When: "change.kind == 'user_deleted'", Chain: "chain", Channel: "#it"}, {Chain: "chain"}},
			Gather: rapid.SampledFrom([]db.Duration{1e9, 10e9, 3600e9}).Draw(t, "gather"), Pending: drawnLength.Draw(t, "pending"),
			Breaker: db.Breaker{
				Changes: rapid.SampledFrom([]int{-1, 1, 1_000_000}).Draw(t, "changes"), Percent: rapid.SampledFrom([]int{-1, 1, 100}).Draw(t, "percent"),
			},
		},
	}
	if rapid.Bool().Draw(t, "workos") {
		d.Kind = db.WorkOSDirectory
		d.Settings.WorkOS = db.WorkOSSettings{
			DirectoryID: "directory_01", APIKey: "env:K", WebhookSecret: rapid.SampledFrom([]string{"", "file:/s"}).Draw(t, "secret"), URL: "https://x.example",
		}
	}
	if rapid.Bool().Draw(t, "attributes") {
		d.Settings.Attributes = map[string]string{"yes": "urn:a:b:User:c", "_x1": "title"}
	}
	return d
}

func drawBirthright(t *rapid.T) Birthright {
	b := Birthright{
		Slug: "rule", Name: "Rule", When: rapid.SampledFrom([]string{"true", "person.department == \"it's\""}).Draw(t, "when"),
		Entitlements: []string{"b", "a"}, Chain: rapid.SampledFrom([]string{"", "chain"}).Draw(t, "chain"), Grace: drawnLength.Draw(t, "grace"),
	}
	if rapid.Bool().Draw(t, "during") {
		b.During = &db.Window{
			Cron: rapid.SampledFrom([]string{"0 8 28 * *", "@monthly"}).Draw(t, "cron"), For: drawnLength.Draw(t, "for"),
			Zone: rapid.SampledFrom([]string{"", "Europe/Berlin"}).Draw(t, "zone"),
		}
	}
	if rapid.Bool().Draw(t, "adjust") {
		b.Adjust = &db.Adjustment{On: []string{"attributes.x", "title"}, Run: "run"}
	}
	return b
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
