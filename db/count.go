package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Countable is something that is worth a number on a dashboard.
type Countable string

// What can be counted.
const (
	PendingRequests    Countable = "pending requests"
	ActiveGrants       Countable = "active grants"
	OverdueGrantsCount Countable = "overdue grants"
	FailedActionFlows  Countable = "failed action flows"
	WaitingMessages    Countable = "waiting messages"
	UnattendedSteps    Countable = "approval steps without enough approvers"
)

// Count counts rows as of now.
func Count(ctx context.Context, q bun.IDB, what Countable, now time.Time) (int64, error) {
	var query *bun.SelectQuery
	switch what {
	case PendingRequests:
		query = q.NewSelect().Model((*Request)(nil)).Where("status = ?", Pending)
	case ActiveGrants:
		query = q.NewSelect().Model((*Grant)(nil)).Where("status = ?", Active)
	case OverdueGrantsCount:
		query = q.NewSelect().Model((*Grant)(nil)).Where("expires_at <= ?", now).Where("status <> ?", Ended)
	case FailedActionFlows:
		query = q.NewSelect().Model((*ActionFlow)(nil)).Where("status = ?", Failed)
	case WaitingMessages:
		query = q.NewSelect().Model((*Message)(nil)).Where("wanted > done").Where("status <> ?", Refused).
			Where("(not_before IS NULL OR not_before <= ?)", now)
	case UnattendedSteps:
		query = q.NewSelect().Model((*ApprovalStep)(nil)).Where("status = ?", Deciding).Where("short")
	default:
		return 0, fmt.Errorf("nothing is counted as %q", what)
	}
	n, err := query.Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", what, err)
	}
	return n, nil
}
