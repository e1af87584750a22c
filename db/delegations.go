package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Delegation says that a person is away for a time, and who decides in his place. Without ToID he is only away.
type Delegation struct {
	bun.BaseModel `bun:"table:delegations,alias:delegation"`

	ID        string    `bun:"id,pk"`
	PersonID  string    `bun:"person_id"`
	ToID      string    `bun:"to_id,nullzero"`
	StartsAt  time.Time `bun:"starts_at"`
	EndsAt    time.Time `bun:"ends_at"`
	Note      string    `bun:"note"`
	CreatedBy string    `bun:"created_by"`
	CreatedAt time.Time `bun:"created_at"`
	AppliedAt time.Time `bun:"applied_at,nullzero"` // when the delegate was told of what waited already
	EndedAt   time.Time `bun:"ended_at,nullzero"`   // taken back early
	SettledAt time.Time `bun:"settled_at,nullzero"` // when those were asked again who had been away

	Person *Person `bun:"rel:belongs-to,join:person_id=id"`
	To     *Person `bun:"rel:belongs-to,join:to_id=id"`
}

// InsertDelegation adds a delegation.
func InsertDelegation(ctx context.Context, q bun.IDB, row Delegation) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add delegation "+row.ID)
}

// DelegationByID reads one delegation with its people.
func DelegationByID(ctx context.Context, q bun.IDB, id string) (Delegation, error) {
	var row Delegation
	err := q.NewSelect().Model(&row).Relation("Person").Relation("To").Where("delegation.id = ?", id).Scan(ctx)
	return row, absent(err, "delegation", id)
}

// DelegationsOf reads the delegations of a person that have not ended, those that begin first in front.
func DelegationsOf(ctx context.Context, q bun.IDB, personID string, now time.Time) ([]Delegation, error) {
	return delegationsWhere(ctx, q, now, "delegation.person_id = ?", personID)
}

// DelegationsTo reads the delegations to a person that have not ended, those that begin first in front.
func DelegationsTo(ctx context.Context, q bun.IDB, personID string, now time.Time) ([]Delegation, error) {
	return delegationsWhere(ctx, q, now, "delegation.to_id = ?", personID)
}

func delegationsWhere(ctx context.Context, q bun.IDB, now time.Time, where string, args ...any) ([]Delegation, error) {
	var rows []Delegation
	err := q.NewSelect().Model(&rows).Relation("Person").Relation("To").Where(where, args...).
		Where("delegation.ended_at IS NULL").Where("delegation.ends_at > ?", now).
		Order("delegation.starts_at", "delegation.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read delegations: %w", err)
	}
	return rows, nil
}

// AwayNow reads the delegation by which a person is away at a time: the one that began last. ErrNotFound says that he
// is there.
func AwayNow(ctx context.Context, q bun.IDB, personID string, now time.Time) (Delegation, error) {
	var row Delegation
	err := q.NewSelect().Model(&row).Relation("Person").Relation("To").Where("delegation.person_id = ?", personID).
		Where("delegation.ended_at IS NULL").Where("delegation.starts_at <= ?", now).Where("delegation.ends_at > ?", now).
		Order("delegation.starts_at DESC", "delegation.id DESC").Limit(1).Scan(ctx)
	return row, absent(err, "delegation of", personID)
}

// AwayAmong reads the delegations by which some of the people are away at a time, those that began last in front.
func AwayAmong(ctx context.Context, q bun.IDB, people []string, now time.Time) ([]Delegation, error) {
	var rows []Delegation
	if len(people) == 0 {
		return rows, nil
	}
	err := q.NewSelect().Model(&rows).Relation("Person").Relation("To").Where("delegation.person_id IN ?", bun.Tuple(people)).
		Where("delegation.ended_at IS NULL").Where("delegation.starts_at <= ?", now).Where("delegation.ends_at > ?", now).
		Order("delegation.starts_at DESC", "delegation.id DESC").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is away: %w", err)
	}
	return rows, nil
}

// EndDelegation takes a delegation back; ErrConflict when it has ended already.
func EndDelegation(ctx context.Context, q bun.IDB, id string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Delegation)(nil)).Set("ended_at = ?", at).
		Where("id = ?", id).Where("ended_at IS NULL").Exec(ctx)
	return changed(result, err, "delegation", id)
}

// DelegationsToApply reads the ids of delegations that have begun and whose delegates were not told yet, at most limit.
func DelegationsToApply(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*Delegation)(nil)).Column("id").Where("applied_at IS NULL").Where("ended_at IS NULL").
		Where("starts_at <= ?", now).Where("ends_at > ?", now).Order("starts_at").Limit(limit).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read delegations that have begun: %w", err)
	}
	return ids, nil
}

// MarkDelegationApplied notes that the delegate was told of what waited; ErrConflict when that was noted already.
func MarkDelegationApplied(ctx context.Context, q bun.IDB, id string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Delegation)(nil)).Set("applied_at = ?", at).
		Where("id = ?", id).Where("applied_at IS NULL").Exec(ctx)
	return changed(result, err, "delegation", id)
}

// DelegationsToSettle reads the ids of delegations that are over and whose people were not asked again yet, at most limit.
func DelegationsToSettle(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*Delegation)(nil)).Column("id").Where("settled_at IS NULL").Where("starts_at <= ?", now).
		Where("(ended_at IS NOT NULL OR ends_at <= ?)", now).Order("ends_at").Limit(limit).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read delegations that are over: %w", err)
	}
	return ids, nil
}

// MarkDelegationSettled notes that a delegation that is over was followed up; ErrConflict when that was noted already.
func MarkDelegationSettled(ctx context.Context, q bun.IDB, id string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Delegation)(nil)).Set("settled_at = ?", at).
		Where("id = ?", id).Where("settled_at IS NULL").Exec(ctx)
	return changed(result, err, "delegation", id)
}
