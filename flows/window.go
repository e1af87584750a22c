package flows

import (
	"context"
	"time"

	"github.com/usherhq/usher/db"
)

// BirthrightOpen opens a rule whose time has come.
type BirthrightOpen struct {
	Slug string `json:"slug"`
}

// Kind names the job in the queue; it never changes.
func (BirthrightOpen) Kind() string { return "birthright_open" }

// openUntil says whether a rule is open now, and until when. One that is always open has no end.
func openUntil(rule db.Birthright, now time.Time) (until time.Time, open bool) {
	if rule.During == nil {
		return time.Time{}, true
	}
	schedule, err := ParseSchedule(rule.During.Cron)
	if err != nil {
		return time.Time{}, false
	}
	// It is open if it opened since the latest moment from which it would be shut by now. A day may have 25 hours.
	there := zoneOf(rule.During.Zone)
	opened := time.Time{}
	for at := now.Add(-time.Duration(rule.During.For) - 2*time.Hour).In(there); ; opened = at {
		if at = schedule.Next(at); at.IsZero() || at.After(now) {
			break
		}
	}
	if opened.IsZero() {
		return time.Time{}, false
	}
	until = shutAt(opened, rule.During.For)
	return db.UTC(until), until.After(now)
}

// shutAt is when something shuts that opened: after so many days at the same time of day on the wall, and so many hours.
func shutAt(opened time.Time, length db.Duration) time.Time {
	const day = 24 * time.Hour
	days := int(time.Duration(length) / day)
	return opened.AddDate(0, 0, days).Add(time.Duration(length) % day)
}

// opensNext is when a rule opens next; one that is always open, or that is not active, never does.
func opensNext(rule db.Birthright, now time.Time) time.Time {
	if rule.During == nil || !rule.Active {
		return time.Time{}
	}
	schedule, err := ParseSchedule(rule.During.Cron)
	if err != nil {
		return time.Time{}
	}
	return stored(schedule.Next(now.In(zoneOf(rule.During.Zone))))
}

// openBirthright opens a rule once: whoever it gives access to is looked for. One that was missed and is shut again by now
// only waits for the next time.
func (f *Flows) openBirthright(ctx context.Context, slug string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		rule, err := db.BirthrightBySlug(ctx, c, slug)
		if err != nil || !rule.Active || !overdue(rule.NextAt, c.now) {
			return err
		}
		was := rule.NextAt
		rule.NextAt = opensNext(rule, c.now)
		until, open := openUntil(rule, c.now)
		if open {
			rule.Pending, rule.Behind = true, ""
		}
		if err := db.OpenBirthright(ctx, c, rule, was); err != nil || !open {
			return err
		}
		c.enqueue(BirthrightApply{Slug: slug}, queueDirectory, 0)
		details := db.Details{Birthright: slug, Start: was.Format(time.RFC3339), Until: until.Format(time.RFC3339)}
		return c.append(db.AuditEvent{Actor: system.name, ActorKind: system.kind, Action: "birthright.opened"}, details)
	})
}
