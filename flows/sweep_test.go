package flows_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// While nobody works, sweeps find the same rows again and again: their jobs do not pile up.
func TestSweepsDoNotPileUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for n := range 10 {
			name := fmt.Sprintf("user%02d", n)
			b.hire(t, name)
			b.ask(t, name, "open", "8h")
		}
		_, err := b.store.ExecContext(b.ctx, "DELETE FROM river_job")
		require.NoError(t, err)
		require.NoError(t, b.Sweep(b.ctx))
		require.EqualValues(t, 10, b.rows(t, "river_job"), "what was lost is found")
		for range 20 {
			require.NoError(t, b.Sweep(b.ctx))
		}
		require.LessOrEqual(t, b.rows(t, "river_job"), int64(20))
	})
}

// Two processes that sweep at once do no harm.
func TestSweepsAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		grant := b.held(t, "ana", "8h")
		b.clock.Advance(9 * hour)
		for _, err := range atOnce(6, func(int) error { return b.ExpireDue(b.ctx, grant.ID) }) {
			require.NoError(t, unlessConflict(err))
		}
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, grant.RequestID).Status)
		require.Equal(t, 1, b.count(t, grant.RequestID, "grant.expired"))
		b.scriptsOnce(t, grant.RequestID)
	})
}

func TestParseSchedule(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		spec string
		good bool
	}{
		"every":              {"@every 15s", true},
		"five fields":        {"*/5 * * * *", true},
		"with a zone":        {"TZ=UTC 0 4 * * *", true},
		"a zone alone":       {"TZ=UTC", false},
		"nothing":            {"", false},
		"a delay of nothing": {"@every 0s", false},
		"backwards":          {"@every -5s", false},
		"never":              {"0 0 30 2 *", false},
		"six fields":         {"* * * * * *", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := flows.ParseSchedule(one.spec)
			require.Equal(t, one.good, err == nil, "%v", err)
		})
	}
}
