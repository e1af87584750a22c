package flows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestQuietUntil(t *testing.T) {
	t.Parallel()
	nights := db.QuietHours{From: "20:00", To: "08:00"}
	weekends := db.QuietHours{From: "20:00", To: "08:00", Weekends: true}
	for name, one := range map[string]struct {
		quiet           db.QuietHours
		zone, now, want string
	}{
		"none":                           {db.QuietHours{}, "Europe/Berlin", "2026-01-14T03:00:00Z", ""},
		"day":                            {nights, "Europe/Berlin", "2026-01-14T12:00:00Z", ""},
		"evening":                        {nights, "Europe/Berlin", "2026-01-14T19:00:00Z", "2026-01-15T07:00:00Z"},
		"just before":                    {nights, "Europe/Berlin", "2026-01-14T18:59:59Z", ""},
		"early":                          {nights, "Europe/Berlin", "2026-01-14T06:59:59Z", "2026-01-14T07:00:00Z"},
		"at its end":                     {nights, "Europe/Berlin", "2026-01-14T07:00:00Z", ""},
		"the same moment elsewhere":      {nights, "America/New_York", "2026-01-14T19:00:00Z", ""},
		"half an hour off":               {nights, "Asia/Kolkata", "2026-01-14T14:30:00Z", "2026-01-15T02:30:00Z"},
		"at noon":                        {db.QuietHours{From: "12:00", To: "13:00"}, "UTC", "2026-01-14T12:30:30Z", "2026-01-14T13:00:00Z"},
		"unknown zone":                   {nights, "Mars/Olympus", "2026-01-14T19:00:00Z", ""},
		"no zone":                        {nights, "", "2026-01-14T20:00:00Z", "2026-01-15T08:00:00Z"},
		"this machine's zone":            {nights, "Local", "2026-01-14T20:00:00Z", "2026-01-15T08:00:00Z"},
		"friday evening":                 {weekends, "Europe/Berlin", "2026-01-16T19:30:00Z", "2026-01-19T07:00:00Z"},
		"saturday noon":                  {weekends, "Europe/Berlin", "2026-01-17T11:00:00Z", "2026-01-19T07:00:00Z"},
		"saturday noon, nights only":     {nights, "Europe/Berlin", "2026-01-17T11:00:00Z", ""},
		"weekends only":                  {db.QuietHours{Weekends: true}, "Europe/Berlin", "2026-01-17T11:00:00Z", "2026-01-18T23:00:00Z"},
		"clocks go forward in the night": {nights, "Europe/Berlin", "2026-03-28T20:00:00Z", "2026-03-29T06:00:00Z"},
		"clocks go back in the night":    {nights, "Europe/Berlin", "2026-10-24T20:00:00Z", "2026-10-25T07:00:00Z"},
		"its end does not exist":         {db.QuietHours{From: "22:00", To: "02:30"}, "Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z"},
		"its end comes twice":            {db.QuietHours{From: "22:00", To: "02:30"}, "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z"},
		"for ever":                       {db.QuietHours{From: "00:00", To: "00:00"}, "UTC", "2026-01-14T12:00:00Z", ""},
		"no times":                       {db.QuietHours{From: "late", To: "early"}, "UTC", "2026-01-14T23:00:00Z", ""},
	} {
		now, err := time.Parse(time.RFC3339, one.now)
		require.NoError(t, err)
		got := ""
		if until := flows.QuietUntil(one.quiet, one.zone, now); !until.IsZero() {
			got = until.Format(time.RFC3339)
		}
		require.Equal(t, one.want, got, name)
	}
}

// Quiet hours always end, at a moment that is not quiet, and every moment in between is quiet until the same end.
func TestQuietHoursEnd(t *testing.T) {
	t.Parallel()
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo", "nowhere"}
	rapid.Check(t, func(t *rapid.T) {
		clock := rapid.Custom(func(t *rapid.T) string {
			return time.Date(2026, 1, 1, rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(0, 59).Draw(t, "minute"), 0, 0, time.UTC).Format("15:04")
		})
		quiet := db.QuietHours{From: clock.Draw(t, "from"), To: clock.Draw(t, "to"), Weekends: rapid.Bool().Draw(t, "weekends")}
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		now := time.Unix(rapid.Int64Range(1_577_836_800, 1_893_456_000).Draw(t, "now"), 0).UTC()
		until := flows.QuietUntil(quiet, zone, now)
		if until.IsZero() {
			return
		}
		require.True(t, until.After(now))
		require.Less(t, until.Sub(now), 4*24*time.Hour)
		require.Zero(t, flows.QuietUntil(quiet, zone, until), "it ends when it is not quiet")
		between := now.Add(time.Duration(rapid.Int64Range(0, int64(until.Sub(now))-1).Draw(t, "between")))
		require.Equal(t, until, flows.QuietUntil(quiet, zone, between))
	})
}
