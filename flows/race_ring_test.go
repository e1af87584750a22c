package flows_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/flows/config"
)

// An approved edit holds its request when it takes the configuration, and an edit that needs approval holds the
// configuration when it makes a request; both write people and entitlements that requests, grants and absences lock or
// refer to. However many of all do so at once, in two processes, none waits for another in a ring: nothing fails but by
// a refusal.
func TestNoRingAroundTheConfiguration(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.fourEyes(t)
		file, err := config.Parse("usher.yaml", []byte(strings.ReplaceAll(b.text, "%s", b.url)), b.options.Registry)
		require.NoError(t, err)
		held := b.held(t, "carl", "8h")
		_, items := b.reviewing(t, b.reviewPlan())
		processes := []*flows.Flows{b.Flows, b.second(t)}
		var all []func(f *flows.Flows) error
		for n := range 6 {
			entitlement := b.wished(t, "ada", config.KindEntitlement, []string{"editors", "open", "admins"}[n%3], map[string]any{"description": fmt.Sprint("Before ", n)})
			person := b.wished(t, "carl", config.KindPerson, "ana@example.com", map[string]any{"title": fmt.Sprint("Number ", n)})
			first, second := b.step(t, entitlement), b.step(t, person)
			edit := b.edited(t, "carl", config.KindEntitlement, "open", map[string]any{"description": fmt.Sprint("Number ", n)})
			work := b.ask(t, "ana", "crossed", "8h").Request.ID
			step := b.step(t, work)
			rule, away := b.form(t, "ana", "editors", "1h"), flows.Away{By: b.people["carl"], For: b.people["carl"], To: b.people["ana"], Until: b.Now().Add(hour)}
			all = append(all,
				func(f *flows.Flows) error { return f.Approve(b.ctx, first, b.people["eve"], flows.Consent{}) },
				func(f *flows.Flows) error { return f.Approve(b.ctx, second, b.people["dana"], flows.Consent{}) },
				func(f *flows.Flows) error { _, err := f.AdminSave(b.ctx, b.people["carl"], edit); return err },
				func(f *flows.Flows) error { return f.Approve(b.ctx, step, b.people["carl"], flows.Consent{}) },
				func(f *flows.Flows) error { _, err := f.Request(b.ctx, rule); return err },
				func(f *flows.Flows) error { _, err := f.Delegate(b.ctx, away); return err },
				func(f *flows.Flows) error { return f.Cancel(b.ctx, entitlement, b.people["ada"]) },
				func(f *flows.Flows) error {
					_, err := f.ApplyConfig(b.ctx, file, false, "operator", config.Plan.Leave)
					return err
				},
				func(f *flows.Flows) error {
					return f.DecideReview(b.ctx, items[0].ID, b.people["ben"], flows.Verdict{Reason: "He needs it"})
				},
				func(f *flows.Flows) error { return f.Revoke(b.ctx, held.ID, b.people["ada"], "Over") },
			)
		}
		for n, err := range atOnce(len(all), func(n int) error { return all[n](processes[(n/10+n)%2]) }) {
			if _, ok := flows.Refusal(err); err != nil && !ok && !errors.Is(err, db.ErrConflict) {
				require.NoError(t, err, "number %d", n)
			}
		}
		b.drive(t)
		b.verified(t)
	})
}

// wished asks for an edit of an object, and returns the request's id.
func (b *bundle) wished(t testing.TB, by, kind, slug string, other map[string]any) string {
	t.Helper()
	result := b.saves(t, by, b.edited(t, by, kind, slug, other))
	require.NotEmpty(t, result.RequestID)
	return result.RequestID
}
