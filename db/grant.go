package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// The statuses of a grant, in order.
const (
	Scheduled    = "scheduled"    // approved, its start is in the future
	Provisioning = "provisioning" // its provisioning flow is not done
	Active       = "active"       // the target was read back with the access
	Ending       = "ending"       // its deprovisioning flow is not done
	Ended        = "ended"        // the target was read back without the access, or another grant covers it
)

// The causes of a grant's end.
const (
	CauseExpired   = "expired"
	CauseReturned  = "returned"
	CauseRevoked   = "revoked"
	CauseCancelled = "cancelled" // given up before it was active
)

// Grant is the relationship "this person holds this entitlement from–until". It remembers which versions of the
// action chains made it and will end it.
type Grant struct {
	bun.BaseModel `bun:"table:grants,alias:held"`

	ID                   string    `bun:"id,pk"`
	ItemID               string    `bun:"item_id"`
	RequestID            string    `bun:"request_id"`
	SubjectID            string    `bun:"subject_id"`
	EntitlementID        string    `bun:"entitlement_id"`
	ProvisionVersionID   string    `bun:"provision_version_id"`
	DeprovisionVersionID string    `bun:"deprovision_version_id"`
	Status               string    `bun:"status"`
	Duration             Duration  `bun:"duration"`
	StartsAt             time.Time `bun:"starts_at"`
	ActiveAt             time.Time `bun:"active_at,nullzero"`
	ExpiresAt            time.Time `bun:"expires_at,nullzero"` // ActiveAt + Duration, and what extensions added
	EndCause             string    `bun:"end_cause"`
	EndedAt              time.Time `bun:"ended_at,nullzero"`
	CreatedAt            time.Time `bun:"created_at"`
	Birthright           string    `bun:"birthright"`       // slug of the rule that gave it, and holds it up
	LostAt               time.Time `bun:"lost_at,nullzero"` // when that rule stopped holding
	DoNotRenew           string    `bun:"do_not_renew"`     // why a review said that it is not to be given longer; empty: nothing stands against it

	Entitlement *Entitlement `bun:"rel:belongs-to,join:entitlement_id=id"`
	Subject     *Person      `bun:"rel:belongs-to,join:subject_id=id"`
}

func selectGrants(q bun.IDB, model any) *bun.SelectQuery {
	return q.NewSelect().Model(model).Relation("Entitlement").Relation("Entitlement.Provider").Relation("Subject")
}

// GrantByID reads one grant with entitlement, provider and subject.
func GrantByID(ctx context.Context, q bun.IDB, id string) (Grant, error) {
	var row Grant
	err := selectGrants(q, &row).Where("held.id = ?", id).Scan(ctx)
	return row, absent(err, "grant", id)
}

// GrantsOfRequest reads the grants that a request made.
func GrantsOfRequest(ctx context.Context, q bun.IDB, requestID string) ([]Grant, error) {
	return grantsWhere(ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("held.request_id = ?", requestID)
	})
}

// LiveGrantsOf reads the grants of a person that have not ended, oldest first.
func LiveGrantsOf(ctx context.Context, q bun.IDB, personID string) ([]Grant, error) {
	return grantsWhere(ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("held.subject_id = ?", personID).Where("held.status <> ?", Ended).Where("held.entitlement_id <> ?", DirectoryItemID)
	})
}

// HoldersOf reads the grants of an entitlement that have not ended, oldest first, at most limit.
func HoldersOf(ctx context.Context, q bun.IDB, entitlementID string, limit int64) ([]Grant, error) {
	return grantsWhere(ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("held.entitlement_id = ?", entitlementID).Where("held.status <> ?", Ended).Limit(limit)
	})
}

// LiveGrantsOnTarget reads the grants that give the same person the same access at the provider (provider, kind and
// target), through this or another entitlement, and have not ended.
func LiveGrantsOnTarget(ctx context.Context, q bun.IDB, entitlement Entitlement, subjectID string) ([]Grant, error) {
	return grantsWhere(ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("held.subject_id = ?", subjectID).Where("held.status <> ?", Ended).
			Where("held.entitlement_id IN (SELECT id FROM entitlements WHERE provider_id = ? AND kind = ? AND target = ?)",
				entitlement.ProviderID, entitlement.Kind, entitlement.Target)
	})
}

func grantsWhere(ctx context.Context, q bun.IDB, where func(*bun.SelectQuery) *bun.SelectQuery) ([]Grant, error) {
	var rows []Grant
	if err := where(selectGrants(q, &rows)).Order("held.created_at", "held.id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read grants: %w", err)
	}
	return rows, nil
}

// ExpiredGrants reads the ids of active grants whose time is over, the longest overdue first, at most limit.
func ExpiredGrants(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	return grantIDs(ctx, q.NewSelect().Where("status = ?", Active).Where("expires_at <= ?", now).
		Order("expires_at").Limit(limit))
}

// StartingGrants reads the ids of scheduled grants whose start has come, at most limit.
func StartingGrants(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	return grantIDs(ctx, q.NewSelect().Where("status = ?", Scheduled).Where("starts_at <= ?", now).
		Order("starts_at").Limit(limit))
}

func grantIDs(ctx context.Context, query *bun.SelectQuery) ([]string, error) {
	var ids []string
	if err := query.Model((*Grant)(nil)).Column("id").Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("read due grants: %w", err)
	}
	return ids, nil
}

// InsertGrant adds a grant.
func InsertGrant(ctx context.Context, q bun.IDB, row Grant) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add grant "+row.ID)
}

// MoveGrant writes the state of a grant (status, times, cause) if its status is still from; else ErrConflict.
func MoveGrant(ctx context.Context, q bun.IDB, row Grant, from string) error {
	result, err := q.NewUpdate().Model(&row).
		Column("status", "active_at", "expires_at", "end_cause", "ended_at").
		Where("id = ?", row.ID).Where("status = ?", from).Exec(ctx)
	return changed(result, err, "grant", row.ID)
}

// ExtendGrant writes a longer duration or a later end of a grant that is being given or held; else ErrConflict.
func ExtendGrant(ctx context.Context, q bun.IDB, row Grant) error {
	result, err := q.NewUpdate().Model(&row).Column("duration", "expires_at").
		Where("id = ?", row.ID).Where("status = ?", row.Status).Exec(ctx)
	return changed(result, err, "grant", row.ID)
}

// LostGrants reads the ids of grants that a rule gave and gives no longer, and that are not active yet, at most limit.
func LostGrants(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	return grantIDs(ctx, q.NewSelect().Where("birthright <> ''").Where("status IN (?, ?)", Scheduled, Provisioning).
		Where("expires_at <= ?", now).Order("expires_at").Limit(limit))
}

// HoldUp writes which rule holds up a grant, since when none does, and when the grant starts and ends, if its status is
// still as it was read; else ErrConflict.
func HoldUp(ctx context.Context, q bun.IDB, row Grant) error {
	result, err := q.NewUpdate().Model(&row).Column("birthright", "lost_at", "starts_at", "expires_at", "duration").
		Where("id = ?", row.ID).Where("status = ?", row.Status).Exec(ctx)
	return changed(result, err, "grant", row.ID)
}

// OverdueGrants reads the grants whose time is over and which have not ended, the longest overdue first, at most limit.
func OverdueGrants(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]Grant, error) {
	return grantsWhere(ctx, q, func(s *bun.SelectQuery) *bun.SelectQuery {
		return s.Where("held.expires_at <= ?", now).Where("held.status <> ?", Ended).Limit(limit)
	})
}
