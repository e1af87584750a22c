package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows"
)

// previewed is a company in which everything that a preview can say comes about.
func previewed(t *testing.T, b *bundle) {
	t.Helper()
	b.approvals(t, "mixed", `{name: Long, approvers: [managers_manager], when: "duration > duration('1h')", need: all}`,
		`{name: Nobody, approvers: ["@gone"], comment: true}`, `{name: Broken, approvers: [owner], when: "subject.attributes.level > 3"}`)
	b.offer(t, "mixed", "Desk", "[{chain: mixed}]", "editors-in", "editors-out")
	b.urgent(t, "")
	b.also(t, `separations:
  - {slug: blocked, name: Blocked, entitlements: [editors, crossed]}
  - {slug: asked, name: Asked, entitlements: [editors, crowded, admins], effect: ask, step: {name: Two hands, approvers: [provider_owner], need: 2}}
approval_rules:
  - {slug: brief, name: Brief, effect: approve, entitlements: [admins, crowded], when: "duration <= duration('1h')"}
  - {slug: closed, name: Closed, effect: deny, entitlements: [crowded, open], when: "requester.department == 'Sales'"}
  - {slug: broken, name: Broken, effect: approve, when: "subject.attributes.level > 3"}
`)
}

var (
	previewedSlugs   = []string{"admins", "open", "editors", "crowded", "crossed", "mixed"}
	previewedLengths = []string{"1m", "1h", "8h", "60d"}
)

// TestAPreviewIsWhatHappens: whatever somebody asks for after whatever was asked and given before, the preview says
// exactly what the request then does, a refusal word by word.
func TestAPreviewIsWhatHappens(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		b := setup(t, store)
		previewed(t, b)
		met := map[string]int{}
		for n, manager := range []string{"ben@example.com", ""} { // each ask, behind those before
			names := b.couple(t, manager)
			for _, slug := range previewedSlugs {
				for _, length := range previewedLengths {
					ask := b.form(t, names[n], slug, length)
					ask.Emergency = length == "1h"
					b.previewAndAsk(t, ask, met)
				}
			}
		}
		for _, what := range []string{"refused", "denied", "ruled", "conflict", "emergency", "skipped", "hop", "held"} {
			require.NotZero(t, met[what], "no preview had %s", what)
		}
		rapid.Check(t, func(r *rapid.T) {
			names := b.couple(t, rapid.SampledFrom([]string{"ben@example.com", "", "dana@example.com"}).Draw(r, "manager"))
			for range rapid.IntRange(1, 5).Draw(r, "asks") {
				step := b.previewAndAsk(t, b.anyAsk(t, r, names), met)
				if step != nil && rapid.Bool().Draw(r, "decide") {
					allowed(t, b.Approve(b.ctx, step.ID, step.Approvers[0].PersonID, flows.Consent{Comment: "yes"}))
				}
			}
		})
	})
}

// couple hires two people, one for Sales and one for Design.
func (b *bundle) couple(t *testing.T, manager string) []string {
	mark := db.NewID("p")[2:]
	names := []string{"one" + mark, "two" + mark}
	for n, name := range names {
		b.hire(t, name)
		row, err := db.PersonByID(b.ctx, b.store, b.people[name])
		require.NoError(t, err)
		row.Department, row.ManagerEmail = []string{"Sales", "Design"}[n], manager
		require.NoError(t, db.UpdatePerson(b.ctx, b.store, row))
	}
	return names
}

func (b *bundle) anyAsk(t *testing.T, r *rapid.T, names []string) flows.Ask {
	ask := b.form(t, rapid.SampledFrom(names).Draw(r, "by"), rapid.SampledFrom(previewedSlugs).Draw(r, "entitlement"),
		rapid.SampledFrom(previewedLengths).Draw(r, "for"))
	ask.For = rapid.SampledFrom([]string{"", b.people[names[0]], b.people[names[1]]}).Draw(r, "subject")
	ask.Emergency = rapid.Bool().Draw(r, "emergency")
	if rapid.IntRange(0, 9).Draw(r, "later") > 7 {
		ask.StartsAt = b.Now().Add(48 * hour)
	}
	return ask
}

// previewAndAsk compares a preview with what the request then does, and returns the step that is open.
func (b *bundle) previewAndAsk(t *testing.T, ask flows.Ask, met map[string]int) *db.SheetStep {
	preview, refused := b.Preview(b.ctx, ask)
	request, err := b.Request(b.ctx, ask)
	if refused != nil {
		require.Equal(t, refused, err)
		met["refused"]++
		return nil
	}
	require.NoError(t, err)
	item := b.sheet(t, request.ID).Items[0]
	b.asPreviewed(t, preview, item, met)
	return item.Current()
}

// asPreviewed compares what a request came to with what the preview said.
func (b *bundle) asPreviewed(t *testing.T, preview flows.Preview, item db.SheetItem, met map[string]int) {
	require.Equal(t, preview.Entitlement.ID, item.EntitlementID)
	require.Equal(t, preview.Chain, item.Flow.Chain)
	require.Equal(t, preview.Rule, item.Flow.Rule)
	require.Equal(t, preview.Plan, item.Plan)
	require.Equal(t, preview.Duration, item.Duration)
	require.Equal(t, preview.Conflicts, item.Flow.Conflicts)
	require.Equal(t, preview.Denied, item.Refusal)
	require.Equal(t, preview.Denied != "", item.Status == db.Denied)
	require.Equal(t, preview.Denied+preview.Ruled != "", item.Flow.Ruled != "")
	require.Equal(t, preview.Held != nil, item.ExtendsGrantID != "")
	require.Len(t, item.Steps, len(preview.Steps))
	count := func(what string, is bool) {
		if is {
			met[what]++
		}
	}
	count("denied", preview.Denied != "")
	count("ruled", preview.Ruled != "")
	count("conflict", len(preview.Conflicts) > 0)
	count("emergency", preview.Rule == "emergency")
	count("held", preview.Held != nil)
	passed := true // what is behind the open step is said with whom it would ask now
	for n, step := range preview.Steps {
		made := item.Steps[n]
		require.Equal(t, step.Spec, made.Spec)
		if !passed {
			require.Equal(t, db.Waiting, made.Status)
			continue
		}
		require.Equal(t, step.Skipped, made.Skipped)
		count("skipped", step.Skipped != "")
		if step.Skipped != "" {
			continue
		}
		passed = false
		require.Equal(t, db.Deciding, made.Status)
		require.Equal(t, step.Hops, made.Hops)
		count("hop", len(step.Hops) > 0)
		var would, are []string
		for _, one := range step.Approvers {
			would = append(would, one.PersonID+" as "+one.Source)
		}
		for _, one := range made.Approvers {
			are = append(are, one.PersonID+" as "+one.Source)
		}
		require.ElementsMatch(t, would, are)
	}
	require.Equal(t, passed && preview.Denied == "", item.Status == db.Approved, "with nobody left to ask it is approved")
}
