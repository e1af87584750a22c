package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// SecondFactor is a person's authenticator app. Its secret is sealed: whoever has only the database can't use it.
type SecondFactor struct {
	bun.BaseModel `bun:"table:second_factors,alias:factor"`

	PersonID    string    `bun:"person_id,pk"`
	Sealed      string    `bun:"sealed"`
	ConfirmedAt time.Time `bun:"confirmed_at,nullzero"` // zero: the app was never shown to have the secret
	LastCounter int64     `bun:"last_counter"`          // the time step of the newest code that was taken
	Failures    int       `bun:"failures"`              // wrong codes since the last right one or the last lock
	LockedUntil time.Time `bun:"locked_until,nullzero"`
	CreatedAt   time.Time `bun:"created_at"`
}

// SecondFactorOf reads a person's second factor.
func SecondFactorOf(ctx context.Context, q bun.IDB, personID string) (SecondFactor, error) {
	var row SecondFactor
	err := q.NewSelect().Model(&row).Where("person_id = ?", personID).Scan(ctx)
	return row, absent(err, "second factor of", personID)
}

// LockSecondFactor reads a person's second factor and holds it until the transaction ends, so that one code is looked
// at after another. The lock is taken behind that of a request.
func LockSecondFactor(ctx context.Context, q bun.IDB, personID string) (SecondFactor, error) {
	var row SecondFactor
	err := forUpdate(q.NewSelect().Model(&row).Where("person_id = ?", personID)).Scan(ctx)
	return row, absent(err, "second factor of", personID)
}

// BeginSecondFactor adds a second factor that is not confirmed, in place of one that never was; ErrConflict when the
// person has one that is confirmed. The lock of the one before stays.
func BeginSecondFactor(ctx context.Context, q bun.IDB, row SecondFactor) error {
	result, err := q.NewInsert().Model(&row).On("CONFLICT (person_id) DO UPDATE").
		Set("sealed = EXCLUDED.sealed").Set("created_at = EXCLUDED.created_at").
		Where("factor.confirmed_at IS NULL").Exec(ctx)
	return changed(result, err, "second factor of", row.PersonID)
}

// SaveSecondFactor writes what became of a second factor that is locked.
func SaveSecondFactor(ctx context.Context, q bun.IDB, row SecondFactor) error {
	result, err := q.NewUpdate().Model(&row).Column("confirmed_at", "last_counter", "failures", "locked_until").
		WherePK().Exec(ctx)
	return changed(result, err, "second factor of", row.PersonID)
}

// DeleteSecondFactor takes a person's second factor away; ErrConflict when there is none.
func DeleteSecondFactor(ctx context.Context, q bun.IDB, personID string) error {
	result, err := q.NewDelete().Model((*SecondFactor)(nil)).Where("person_id = ?", personID).Exec(ctx)
	return changed(result, err, "second factor of", personID)
}
