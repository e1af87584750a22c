package flows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// A window is open from the time of day that it names to the same time of day, whatever clocks do meanwhile.
func TestAWindowAcrossChangesOfTheClock(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	days := func(n int) db.Duration { return db.Duration(n) * db.Duration(24*time.Hour) }
	for name, one := range map[string]struct {
		cron        string
		length      db.Duration
		opens, shut time.Time
	}{
		"into summer":      {"0 8 28 * *", days(3), time.Date(2026, 3, 28, 8, 0, 0, 0, berlin), time.Date(2026, 3, 31, 8, 0, 0, 0, berlin)},
		"into winter":      {"0 8 24 * *", days(3), time.Date(2026, 10, 24, 8, 0, 0, 0, berlin), time.Date(2026, 10, 27, 8, 0, 0, 0, berlin)},
		"hours":            {"0 22 28 * *", db.Duration(6 * time.Hour), time.Date(2026, 3, 28, 22, 0, 0, 0, berlin), time.Date(2026, 3, 29, 5, 0, 0, 0, berlin)},
		"over the year":    {"0 0 31 12 *", days(2), time.Date(2026, 12, 31, 0, 0, 0, 0, berlin), time.Date(2027, 1, 2, 0, 0, 0, 0, berlin)},
		"of a short month": {"0 8 28 * *", days(1), time.Date(2026, 2, 28, 8, 0, 0, 0, berlin), time.Date(2026, 3, 1, 8, 0, 0, 0, berlin)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule := db.Birthright{Active: true, During: &db.Window{Cron: one.cron, For: one.length, Zone: "Europe/Berlin"}}
			for at, open := range map[time.Time]bool{
				one.opens.Add(-time.Second): false, one.opens: true, one.shut.Add(-time.Second): true, one.shut: false,
			} {
				until, is := openUntil(rule, at.UTC())
				require.Equal(t, open, is, "at %s", at)
				if is {
					require.True(t, one.shut.Equal(until), "shut at %s", until)
				}
			}
			require.True(t, one.opens.Equal(opensNext(rule, one.opens.Add(-time.Hour).UTC())))
		})
	}
	rule := db.Birthright{Active: true, During: &db.Window{Cron: "0 8 28 * *", For: days(3)}}
	until, open := openUntil(rule, time.Date(2026, 3, 31, 7, 59, 0, 0, time.UTC))
	require.True(t, open)
	require.Equal(t, time.Date(2026, 3, 31, 8, 0, 0, 0, time.UTC), until, "without a zone it is UTC")
	rule.Active = false
	require.Zero(t, opensNext(rule, until))
}
