package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// The statuses of a departure.
const (
	DepartureOpen   = "open" // not all is gone yet
	DepartureDone   = "done"
	DepartureUndone = "undone" // it was a mistake, and what was held is given back
)

// Departure is the leaving of one person: all that he held is ended at once, and one card shows it complete.
type Departure struct {
	bun.BaseModel `bun:"table:departures,alias:departure"`

	ID          string    `bun:"id,pk"`
	PersonID    string    `bun:"person_id"`
	DirectoryID string    `bun:"directory_id"`
	ChangeID    string    `bun:"change_id"` // of the directory; empty: the end date came
	RequestID   string    `bun:"request_id"`
	Cause       string    `bun:"cause"` // a sentence
	Status      string    `bun:"status"`
	Grants      []string  `bun:"grants,type:jsonb"` // ids of those that it ended
	Back        []string  `bun:"back,type:jsonb"`   // slugs of the providers at which it suspends the account
	StartedAt   time.Time `bun:"started_at"`
	SessionsAt  time.Time `bun:"sessions_at,nullzero"` // the last session had ended
	DoneAt      time.Time `bun:"done_at,nullzero"`
	UndoneAt    time.Time `bun:"undone_at,nullzero"`
	UndoneBy    string    `bun:"undone_by,nullzero"`
}

// DepartureByID reads one departure.
func DepartureByID(ctx context.Context, q bun.IDB, id string) (Departure, error) {
	var row Departure
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "departure", id)
}

// LastDepartureOf reads the newest departure of a person.
func LastDepartureOf(ctx context.Context, q bun.IDB, personID string) (Departure, error) {
	var row Departure
	err := q.NewSelect().Model(&row).Where("person_id = ?", personID).Order("started_at DESC", "id DESC").Limit(1).Scan(ctx)
	return row, absent(err, "departure of", personID)
}

// InsertDeparture adds a departure; ErrConflict when one of the person is open.
func InsertDeparture(ctx context.Context, q bun.IDB, row Departure) error {
	result, err := q.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	return changed(result, err, "departure of", row.PersonID)
}

// MoveDeparture writes what became of a departure if its status is still from; else ErrConflict.
func MoveDeparture(ctx context.Context, q bun.IDB, row Departure, from string) error {
	result, err := q.NewUpdate().Model(&row).Column("status", "sessions_at", "done_at", "undone_at", "undone_by").WherePK().
		Where("status = ?", from).Exec(ctx)
	return changed(result, err, "departure", row.ID)
}

// CountLive counts those of some grants that have not ended.
func CountLive(ctx context.Context, q bun.IDB, grants []string) (int, error) {
	if len(grants) == 0 {
		return 0, nil
	}
	n, err := q.NewSelect().Model((*Grant)(nil)).Where("id IN ?", bun.Tuple(grants)).Where("status <> ?", Ended).Count(ctx)
	return int(n), wrap(err, "count grants")
}

// EmptyBack notes that the accounts which a departure suspended are woken.
func EmptyBack(ctx context.Context, q bun.IDB, row Departure) error {
	row.Back = []string{}
	result, err := q.NewUpdate().Model(&row).Column("back").WherePK().Exec(ctx)
	return changed(result, err, "departure", row.ID)
}

// SuspendedBy reads the slugs of the providers at which a script of a request, called name, changed something or may have.
func SuspendedBy(ctx context.Context, q bun.IDB, requestID, name string) ([]string, error) {
	var slugs []string
	err := q.NewSelect().Model((*FlowScript)(nil)).Distinct().Column("provider").Where("request_id = ?", requestID).
		Where("name = ?", name).Where("(outcome IN ('applied', 'unknown') OR status = ?)", Running).Scan(ctx, &slugs)
	return slugs, wrap(err, "read where accounts are suspended")
}
