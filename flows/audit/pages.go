package audit

import (
	"context"
	"fmt"
	"math"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// pages walks a part of the log.
type pages struct {
	filter db.AuditFilter // After moves along
	last   int64          // number of the last entry to read
}

// next reads the entries that come next; none means the end.
func (p *pages) next(ctx context.Context, q bun.IDB) ([]db.AuditEvent, error) {
	if p.filter.After >= p.last {
		return nil, nil
	}
	events, err := db.AuditPage(ctx, q, p.filter, pageSize)
	if err != nil {
		return nil, err
	}
	for i, event := range events {
		if event.Seq > p.last {
			events = events[:i]
			break
		}
	}
	if len(events) > 0 {
		p.filter.After = events[len(events)-1].Seq
	}
	return events, nil
}

// stretch turns the times of a filter into entry numbers, so that what lies between is read without holes.
func stretch(ctx context.Context, q bun.IDB, filter db.AuditFilter) (*pages, error) {
	if filter.Since != "" {
		first, err := db.AuditPage(ctx, q, db.AuditFilter{After: filter.After, Since: filter.Since}, 1)
		if err != nil {
			return nil, err
		}
		filter.After = math.MaxInt64
		if len(first) > 0 {
			filter.After = first[0].Seq - 1
		}
	}
	last, err := newest(ctx, q, filter.Until)
	if err != nil {
		return nil, err
	}
	return &pages{filter: db.AuditFilter{After: filter.After, Request: filter.Request}, last: last}, nil
}

// newest is the number of the last entry before the time given, or of all when it is empty.
func newest(ctx context.Context, q bun.IDB, until string) (int64, error) {
	query := q.NewSelect().Model((*db.AuditEvent)(nil)).ColumnExpr("coalesce(max(seq), 0)")
	if until != "" {
		query = query.Where("at < ?", until)
	}
	var last int64
	if err := query.Scan(ctx, &last); err != nil {
		return 0, fmt.Errorf("find the newest audit entry: %w", err)
	}
	return last, nil
}

// readHead reads the head without holding it: whoever checks must not make those who write wait.
func readHead(ctx context.Context, q bun.IDB) (db.AuditHead, error) {
	var head db.AuditHead
	if err := q.NewSelect().Model(&head).Where("id = 1").Scan(ctx); err != nil {
		return head, fmt.Errorf("read the audit head: %w", err)
	}
	return head, nil
}
