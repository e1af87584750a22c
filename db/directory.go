package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// ListGroups reads a page of groups, and counts all of the filter.
func ListGroups(ctx context.Context, q bun.IDB, filter ListFilter) ([]Group, int64, error) {
	var rows []Group
	total, err := listed(ctx, q.NewSelect().Model(&rows), filter, "lower(CASE WHEN name = '' THEN handle ELSE name END), source, handle",
		"lower(name)", "lower(handle)")
	return rows, total, err
}

// GroupByID reads one group.
func GroupByID(ctx context.Context, q bun.IDB, id string) (Group, error) {
	var row Group
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "group", id)
}

// ListMembers reads a page of the people of a group, and counts all.
func ListMembers(ctx context.Context, q bun.IDB, groupID string, filter ListFilter) ([]Person, int64, error) {
	var rows []Person
	query := q.NewSelect().Model(&rows).Where("id IN (SELECT person_id FROM group_members WHERE group_id = ?)", groupID)
	total, err := listed(ctx, query, filter, "lower(name), email", "lower(name)", "email")
	return rows, total, err
}

// CountMembers counts the people of each of some groups.
func CountMembers(ctx context.Context, q bun.IDB, groupIDs []string) (map[string]int, error) {
	counts := map[string]int{}
	if len(groupIDs) == 0 {
		return counts, nil
	}
	var rows []struct {
		GroupID string `bun:"group_id"`
		Members int    `bun:"members"`
	}
	err := q.NewSelect().Model((*GroupMember)(nil)).Column("group_id").ColumnExpr("count(*) AS members").
		Where("group_id IN ?", bun.Tuple(groupIDs)).Group("group_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count members of groups: %w", err)
	}
	for _, row := range rows {
		counts[row.GroupID] = row.Members
	}
	return counts, nil
}

// ListWithoutManager reads a page of the active members who have no manager, and counts all.
func ListWithoutManager(ctx context.Context, q bun.IDB, filter ListFilter) ([]Person, int64, error) {
	var rows []Person
	query := q.NewSelect().Model(&rows).Where("active").Where("kind = ?", Member).Where("manager_email = ''")
	total, err := listed(ctx, query, filter, "lower(name), email", "lower(name)", "email")
	return rows, total, err
}

// CountStaff counts the active members.
func CountStaff(ctx context.Context, q bun.IDB) (int, error) {
	total, err := q.NewSelect().Model((*Person)(nil)).Where("active").Where("kind = ?", Member).Count(ctx)
	return int(total), wrap(err, "count people")
}

// LastSync reads when Slack last said something about a person; zero is never.
func LastSync(ctx context.Context, q bun.IDB) (time.Time, error) {
	var row Person
	err := q.NewSelect().Model(&row).Column("synced_at").Where("synced_at IS NOT NULL").Order("synced_at DESC").Limit(1).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return row.SyncedAt, wrap(err, "read the last synchronisation")
}
