package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// AuditEvent is one entry of the audit log. Its texts are stored exactly as they are hashed, so that an export can
// be checked against them; rows are only ever added.
type AuditEvent struct {
	bun.BaseModel `bun:"table:audit_events,alias:event"`

	Seq         int64  `bun:"seq,pk"`
	At          string `bun:"at"` // RFC 3339, UTC, microseconds
	Actor       string `bun:"actor"`
	ActorKind   string `bun:"actor_kind"` // person, system, operator or directory
	Action      string `bun:"action"`     // {noun}.{verb_past}
	Request     string `bun:"request"`
	Grant       string `bun:"grant_id"`
	Subject     string `bun:"subject"`
	Entitlement string `bun:"entitlement"`
	Provider    string `bun:"provider"`
	Flow        string `bun:"flow"`
	Script      string `bun:"script"`
	Outcome     string `bun:"outcome"`
	Details     string `bun:"details"` // a JSON object
	Hash        string `bun:"hash"`
}

// AuditHead is the newest entry's number and hash.
type AuditHead struct {
	bun.BaseModel `bun:"table:audit_head,alias:head"`

	ID   int64  `bun:"id,pk"`
	Seq  int64  `bun:"seq"`
	Hash string `bun:"hash"`
}

// LockAuditHead reads the head of the log and holds it until the transaction ends, so that entries get their numbers
// one after another. Nothing else may be locked behind it.
func LockAuditHead(ctx context.Context, q bun.IDB) (AuditHead, error) {
	var row AuditHead
	err := forUpdate(q.NewSelect().Model(&row).Where("id = 1")).Scan(ctx)
	return row, absent(err, "audit head", 1)
}

// AppendAudit adds entries behind the head that the transaction holds.
func AppendAudit(ctx context.Context, q bun.IDB, events []AuditEvent) error {
	if _, err := q.NewInsert().Model(&events).Exec(ctx); err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	last := events[len(events)-1]
	_, err := q.NewUpdate().Model(&AuditHead{ID: 1, Seq: last.Seq, Hash: last.Hash}).WherePK().Exec(ctx)
	return wrap(err, "move the audit head")
}

// AuditFilter chooses entries. Zero fields choose all.
type AuditFilter struct {
	After        int64 // seq
	Since, Until string
	Request      string
}

// AuditPage reads at most limit entries in order.
func AuditPage(ctx context.Context, q bun.IDB, filter AuditFilter, limit int64) ([]AuditEvent, error) {
	var rows []AuditEvent
	query := q.NewSelect().Model(&rows).Where("seq > ?", filter.After).Order("seq").Limit(limit)
	if filter.Since != "" {
		query = query.Where("at >= ?", filter.Since)
	}
	if filter.Until != "" {
		query = query.Where("at < ?", filter.Until)
	}
	if filter.Request != "" {
		query = query.Where("request = ?", filter.Request)
	}
	if err := query.Scan(ctx); err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return rows, nil
}

// AuditEventBySeq reads one entry.
func AuditEventBySeq(ctx context.Context, q bun.IDB, seq int64) (AuditEvent, error) {
	var row AuditEvent
	err := q.NewSelect().Model(&row).Where("seq = ?", seq).Scan(ctx)
	return row, absent(err, "audit entry", seq)
}
