package flows

import (
	"time"
	_ "time/tzdata" // where the machine knows no zones, everybody would live by UTC

	"github.com/usherhq/usher/db"
)

// longestQuiet bounds the search for the end of quiet hours: a weekend between two nights is shorter.
const longestQuiet = 4 * 24 * time.Hour

// QuietUntil says when the quiet hours end in which somebody lives now, by the clock on his wall. It is zero when it is
// not quiet, or would be for ever. A zone that is not known counts as UTC.
func QuietUntil(q db.QuietHours, zone string, now time.Time) time.Time {
	from, fromOK := minuteOfDay(q.From)
	to, toOK := minuteOfDay(q.To)
	night := func(minute int) bool {
		switch {
		case !fromOK || !toOK || from == to:
			return false
		case from < to:
			return minute >= from && minute < to
		}
		return minute >= from || minute < to
	}
	there := zoneOf(zone)
	quiet := func(at time.Time) bool {
		at = at.In(there)
		weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		return (q.Weekends && weekend) || night(at.Hour()*60+at.Minute())
	}
	if !quiet(now) {
		return time.Time{}
	}
	// Minute by minute, so that no clock that is put forward or back has to be thought of.
	for at := now.Truncate(time.Minute); at.Sub(now) < longestQuiet; at = at.Add(time.Minute) {
		if !quiet(at) {
			return db.UTC(at)
		}
	}
	return time.Time{}
}

// minuteOfDay reads a time of day such as "20:00".
func minuteOfDay(text string) (int, bool) {
	at, err := time.Parse("15:04", text)
	return at.Hour()*60 + at.Minute(), err == nil
}

func zoneOf(name string) *time.Location {
	there, err := time.LoadLocation(name)
	if err != nil || name == "Local" { // of this machine, which is nobody's
		return time.UTC
	}
	return there
}
