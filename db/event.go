package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// EventSeen says whether a delivered event was handled before.
func EventSeen(ctx context.Context, q bun.IDB, id string) (bool, error) {
	n, err := q.NewSelect().Table("seen_events").Where("id = ?", id).Count(ctx)
	if err != nil {
		return false, fmt.Errorf("look for event %s: %w", id, err)
	}
	return n > 0, nil
}

// RememberEvent notes that a delivered event was handled.
func RememberEvent(ctx context.Context, q bun.IDB, id string, at time.Time) error {
	_, err := q.NewRaw("INSERT INTO seen_events (id, seen_at) VALUES (?, ?) ON CONFLICT DO NOTHING", id, at).Exec(ctx)
	return wrap(err, "remember event "+id)
}

// ForgetEvents drops what was seen before the time given.
func ForgetEvents(ctx context.Context, q bun.IDB, before time.Time) error {
	_, err := q.NewRaw("DELETE FROM seen_events WHERE seen_at < ?", before).Exec(ctx)
	return wrap(err, "forget events")
}
