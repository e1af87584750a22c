package flows_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

const (
	apart = `separations:
  - {slug: apart, name: Enter or pay, entitlements: [editors, crowded], reason: Four hands}
`
	apartUnless = `separations:
  - {slug: apart, name: Enter or pay, entitlements: [editors, crowded], effect: ask, step: {name: Two hands, approvers: [eve@example.com]}, reason: Four hands}
`
)

func TestASeparationBlocks(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		before func(t *testing.T, b *bundle)
		says   string
	}{
		"held": {func(t *testing.T, b *bundle) { b.held(t, "carl", "8h") }, "which Carl holds"},
		"begins later": {func(t *testing.T, b *bundle) {
			ask := b.form(t, "carl", "editors", "8h")
			ask.StartsAt = b.Now().Add(48 * hour)
			request, err := b.Request(b.ctx, ask)
			require.NoError(t, err)
			b.approve(t, request.ID, "ben")
			require.Equal(t, db.Scheduled, b.grant(t, request.ID).Status)
		}, "which Carl holds"},
		"asked for": {func(t *testing.T, b *bundle) { b.ask(t, "carl", "editors", "8h") }, "which Carl asks for"},
		"asked for by somebody else": {func(t *testing.T, b *bundle) {
			ask := b.form(t, "ben", "editors", "8h")
			ask.For = b.people["carl"]
			_, err := b.Request(b.ctx, ask)
			require.NoError(t, err)
		}, "which Carl asks for"},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				b.also(t, apart)
				one.before(t, b)
				before := b.rows(t, "requests")
				says := `The rule "Enter or pay" keeps Drive crowd apart from Drive editors, ` + one.says + ". Four hands."
				require.Equal(t, says, b.refused(t, b.form(t, "carl", "crowded", "8h")))
				_, err := b.Preview(b.ctx, b.form(t, "carl", "crowded", "8h"))
				require.ErrorContains(t, err, says, "the form says so before")
				require.Equal(t, before, b.rows(t, "requests"))
				b.ask(t, "ana", "crowded", "8h")
			})
		})
	}
}

func TestASeparationWithinOneRequest(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.also(t, apart)
		ask := b.form(t, "carl", "open", "8h")
		ask.Items = append(ask.Items, b.form(t, "carl", "editors", "8h").Items[0], b.form(t, "carl", "crowded", "8h").Items[0])
		_, err := b.Request(b.ctx, ask)
		refusal, ok := flows.Refusal(err)
		require.True(t, ok)
		require.Equal(t, flows.FieldAccess, refusal.Field)
		require.Equal(t, 1, refusal.Item)
		require.Zero(t, b.rows(t, "requests"))
	})
}

func TestASeparationAsksSomebodyElse(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.also(t, apartUnless+`approval_rules: [{slug: always, effect: approve, entitlements: [crowded]}]
`)
		b.held(t, "carl", "30d")
		preview, err := b.Preview(b.ctx, b.form(t, "carl", "crowded", "8h"))
		require.NoError(t, err)
		require.Empty(t, preview.Ruled, "no rule approves what touches a separation")
		require.Len(t, preview.Steps, 2)
		sheet := b.ask(t, "carl", "crowded", "8h")
		conflict := db.Conflict{Rule: "apart", Name: "Enter or pay", Holds: []string{"Drive editors"}, Reason: "Four hands"}
		require.Equal(t, []db.Conflict{conflict}, sheet.Items[0].Flow.Conflicts)
		require.Equal(t, preview.Conflicts, sheet.Items[0].Flow.Conflicts)
		require.Equal(t, []db.Conflict{conflict}, b.fact(t, sheet.Request.ID, "flow.conflicted").Conflicts)
		require.Equal(t, "Two hands", sheet.Items[0].Steps[1].Spec.Name)

		b.approve(t, sheet.Request.ID, "ana")
		require.Equal(t, db.Pending, b.sheet(t, sheet.Request.ID).Request.Status)
		b.approve(t, sheet.Request.ID, "eve")
		require.Equal(t, db.Active, b.grant(t, sheet.Request.ID).Status)
		require.Equal(t, 1, b.count(t, sheet.Request.ID, "flow.conflicted"), "those who were asked need not be asked again")
		require.Equal(t, db.Approved, b.ask(t, "ana", "crowded", "8h").Request.Status, "the rule approves where nothing stands against it")
	})
}

// Requests for both halves were made before there was a separation, and their last approvals come at once.
func TestTwoHalvesApprovedAtOnce(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{"blocks": apart, "asks": apartUnless} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				second := b.second(t)
				var pairs [][2]string
				for n := range 8 {
					who := fmt.Sprintf("worker%d", n)
					b.hire(t, who)
					pairs = append(pairs, [2]string{b.ask(t, who, "editors", "8h").Request.ID, b.ask(t, who, "crowded", "8h").Request.ID})
				}
				b.also(t, rule)
				for _, pair := range pairs {
					steps := []string{b.step(t, pair[0]), b.step(t, pair[1])}
					require.Equal(t, []error{nil, nil}, atOnce(2, func(n int) error {
						if n == 0 {
							return b.Approve(b.ctx, steps[0], b.people["dana"], flows.Consent{})
						}
						return second.Approve(b.ctx, steps[1], b.people["ana"], flows.Consent{})
					}))
					statuses := []string{b.sheet(t, pair[0]).Request.Status, b.sheet(t, pair[1]).Request.Status}
					other := db.Denied
					if name == "asks" {
						other = db.Pending
					}
					require.ElementsMatch(t, []string{db.Approved, other}, statuses)
				}
			})
		})
	}
}

// Both halves are approved by rule and asked for at once.
func TestTwoHalvesAskedForAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.also(t, apart+"approval_rules: [{slug: always, effect: approve, entitlements: [editors, crowded]}]\n")
		second := b.second(t)
		for n := range 8 {
			who := fmt.Sprintf("worker%d", n)
			b.hire(t, who)
			asks := []flows.Ask{b.form(t, who, "editors", "8h"), b.form(t, who, "crowded", "8h")}
			errs := atOnce(2, func(n int) error {
				through := []*flows.Flows{b.Flows, second}[n]
				_, err := through.Request(b.ctx, asks[n])
				return err
			})
			given := 0
			for _, err := range errs {
				if err == nil {
					given++
					continue
				}
				require.ErrorContains(t, err, "Enter or pay")
			}
			require.Equal(t, 1, given)
		}
	})
}

// A step that a separation adds late is asked behind those that were decided already.
func TestASeparationThatCameUpMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "carl", "crowded", "8h").Request
		b.held(t, "carl", "8h")
		b.also(t, apartUnless)
		b.approve(t, request.ID, "ana")
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Pending, sheet.Request.Status)
		require.Equal(t, "Two hands", sheet.Items[0].Current().Spec.Name)
		require.Equal(t, []string{"Drive editors"}, sheet.Items[0].Flow.Conflicts[0].Holds)
		b.approve(t, request.ID, "eve")
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
	})
}

func TestASeparationAtALaterStart(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct{ rule, says string }{
		"blocks": {apart, "apart from Drive crowd, which Carl holds. Four hands."},
		"asks":   {apartUnless, "Somebody else has to agree: ask for it anew."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				request := b.starting(t, "carl")
				other := b.form(t, "carl", "crowded", "8h")
				other.Items[0].Duration = db.Duration(20 * 24 * hour)
				made, err := b.Request(b.ctx, other)
				require.NoError(t, err)
				b.approve(t, made.ID, "ana")
				b.also(t, one.rule)
				b.pass(t, 49*hour)
				require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
				require.Contains(t, b.fact(t, request.ID, "grant.cancelled").Reason, one.says)
				require.Equal(t, db.Active, b.grant(t, made.ID).Status)
			})
		})
	}
}

// Who agreed to the second half agreed to the first one's start too.
func TestAgreedHalvesStart(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.also(t, apartUnless)
		request := b.starting(t, "carl")
		other := b.form(t, "carl", "crowded", "8h")
		other.Items[0].Duration = db.Duration(20 * 24 * hour)
		made, err := b.Request(b.ctx, other)
		require.NoError(t, err)
		b.approve(t, made.ID, "ana", "eve")
		b.pass(t, 49*hour)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
	})
}
