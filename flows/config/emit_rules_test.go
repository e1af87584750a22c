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

		d := &document{}
		for _, one := range settings.fields() {
			d.setting(one.key, one.value)
		}
		d.section(sectionApprovalChains, []fields{chain.fields()})
		d.section(sectionApprovalRules, []fields{rule.fields()})
		d.section(sectionSeparations, []fields{separation.fields()})
		d.section(sectionEntitlements, nil)
		root, errs := readYAML("f", []byte(d.out.String()))
		require.Empty(t, errs, d.out.String())
		p := newParser("f", nil)
		p.entitlementAt = map[string]node{"a": {}, "b": {}}
		p.sections(root)
		require.Empty(t, p.errs, d.out.String())
		require.Equal(t, chain, p.out.ApprovalChains[0])
		require.Equal(t, rule, p.out.ApprovalRules[0])
		require.Equal(t, separation, p.out.Separations[0])
		require.Equal(t, settings, p.out.Settings)
	})
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
