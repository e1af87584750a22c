package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// DirectoryStopByID reads what the breaker of a directory stopped.
func DirectoryStopByID(ctx context.Context, q bun.IDB, id string) (DirectoryStop, error) {
	var row DirectoryStop
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "stop", id)
}

// OpenStop reads the stop of a directory on which nobody has decided yet.
func OpenStop(ctx context.Context, q bun.IDB, directoryID string) (DirectoryStop, error) {
	var row DirectoryStop
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("status = 'open'").Scan(ctx)
	return row, absent(err, "open stop of directory", directoryID)
}

// LastStop reads the stop of a directory on which somebody decided last.
func LastStop(ctx context.Context, q bun.IDB, directoryID string) (DirectoryStop, error) {
	var row DirectoryStop
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("status <> 'open'").
		Order("ended_at DESC").Limit(1).Scan(ctx)
	return row, absent(err, "decided stop of directory", directoryID)
}

// InsertDirectoryStop adds a stop.
func InsertDirectoryStop(ctx context.Context, q bun.IDB, row DirectoryStop) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add stop of directory "+row.DirectoryID)
}

// EndDirectoryStop writes what somebody decided on an open stop; ErrConflict when another was faster.
func EndDirectoryStop(ctx context.Context, q bun.IDB, row DirectoryStop) error {
	result, err := q.NewUpdate().Model(&row).Column("status", "decided_by", "reason", "ended_at", "upto").
		Where("id = ?", row.ID).Where("status = ?", StopOpen).Exec(ctx)
	return changed(result, err, "stop", row.ID)
}

// TellDirectoryStop notes with how many changes that wait the card of an open stop is asked for.
func TellDirectoryStop(ctx context.Context, q bun.IDB, row DirectoryStop) error {
	_, err := q.NewUpdate().Model(&row).Column("told").WherePK().Where("status = ?", StopOpen).Exec(ctx)
	return wrap(err, "note what is told of stop "+row.ID)
}

// StoppedPage reads some of the changes of a directory that its breaker holds, in their order, behind the first skip.
func StoppedPage(ctx context.Context, q bun.IDB, directoryID string, skip, limit int64) ([]DirectoryChange, error) {
	var rows []DirectoryChange
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).Where("status = 'stopped'").
		Order("seq").Offset(skip).Limit(limit).Scan(ctx)
	return rows, wrap(err, "read stopped changes of directory "+directoryID)
}

// StoppedDepartment is of how many people of a department the breaker of a directory holds changes.
type StoppedDepartment struct {
	Department string `bun:"department"` // empty: none is known
	People     int    `bun:"people"`
}

// StoppedDepartments counts the people of whom the breaker of a directory holds changes by their departments, the most first.
func StoppedDepartments(ctx context.Context, q bun.IDB, directoryID string) ([]StoppedDepartment, error) {
	var rows []StoppedDepartment
	err := q.NewSelect().Model((*DirectoryChange)(nil)).ColumnExpr("COALESCE(person.department, '') AS department").
		ColumnExpr("COUNT(DISTINCT du.id) AS people").
		Join("JOIN directory_users AS du ON du.id = change.user_id").Join("LEFT JOIN people AS person ON person.id = du.person_id").
		Where("change.directory_id = ?", directoryID).Where("change.status = 'stopped'").
		GroupExpr("1").OrderExpr("2 DESC, 1").Scan(ctx, &rows)
	return rows, wrap(err, "count stopped people of directory "+directoryID)
}

// CountStopped counts the changes of a directory that its breaker holds, and says which is the newest; 0 is none.
func CountStopped(ctx context.Context, q bun.IDB, directoryID string) (n, newest int64, err error) {
	err = q.NewSelect().Model((*DirectoryChange)(nil)).ColumnExpr("count(*), coalesce(max(seq), 0)").Where("directory_id = ?", directoryID).
		Where("status = 'stopped'").Scan(ctx, &n, &newest)
	return n, newest, wrap(err, "count stopped changes of directory "+directoryID)
}

// MarkTakes notes that a change takes away, for the breaker to count.
func MarkTakes(ctx context.Context, q bun.IDB, id string) error {
	_, err := q.NewUpdate().Model((*DirectoryChange)(nil)).Set("takes = ?", true).Where("id = ?", id).Exec(ctx)
	return wrap(err, "mark directory change "+id)
}

// StopsWith says whether the breaker holds a change of the same user or group, or of the same kind where that is one which
// takes away: then a later one is held too.
func StopsWith(ctx context.Context, q bun.IDB, like DirectoryChange, taking bool) (bool, error) {
	found, err := q.NewSelect().Model((*DirectoryChange)(nil)).Where("directory_id = ?", like.DirectoryID).Where("status = 'stopped'").
		WhereGroup(" AND ", func(s *bun.SelectQuery) *bun.SelectQuery {
			s = s.Where("user_id = ? AND user_id <> ''", like.UserID).WhereOr("group_id = ? AND group_id <> ''", like.GroupID)
			if taking {
				s = s.WhereOr("kind = ?", like.Kind)
			}
			return s
		}).Exists(ctx)
	return found, wrap(err, "look for stopped changes of directory "+like.DirectoryID)
}

// CountTaken counts what a directory took away by changes of the same kind as one, within a time before and behind it and
// after another change, those included whose effect is not worked out yet: members where the kind is about members, else
// changes. Of changes of attributes those count that were found to take away.
func CountTaken(ctx context.Context, q bun.IDB, one DirectoryChange, within time.Duration, after int64) (int, error) {
	var n int
	kind := one.Kind
	query := q.NewSelect().Model((*DirectoryChange)(nil)).Where("directory_id = ?", one.DirectoryID).Where("kind = ?", kind).
		Where("created_at > ?", one.CreatedAt.Add(-within)).Where("created_at < ?", one.CreatedAt.Add(within)).
		Where("seq > ?", after).Where("status NOT IN (?, ?)", ChangeOutdated, ChangeDiscarded)
	if kind == UserUpdated {
		query = query.Where("takes")
	}
	if kind == MembersRemoved {
		query = query.ColumnExpr("COALESCE(SUM(" + lengthOf(q, "members") + "), 0)")
	} else {
		query = query.ColumnExpr("COUNT(*)")
	}
	return n, wrap(query.Scan(ctx, &n), "count changes of directory "+one.DirectoryID)
}

// lengthOf is the length of a column that holds a JSON list.
func lengthOf(q bun.IDB, column string) string {
	if _, lite := q.Dialect().(*sqlitedialect.Dialect); lite {
		return "json_array_length(" + column + ")"
	}
	return "jsonb_array_length(" + column + ")"
}

// CountDirectoryUsers counts the active users of a directory.
func CountDirectoryUsers(ctx context.Context, q bun.IDB, directoryID string) (int, error) {
	n, err := q.NewSelect().Model((*DirectoryUser)(nil)).Where("directory_id = ?", directoryID).
		Where("deleted_at IS NULL").Where("active").Count(ctx)
	return int(n), wrap(err, "count users of directory "+directoryID)
}

// CountDirectoryGroups counts the groups of a directory.
func CountDirectoryGroups(ctx context.Context, q bun.IDB, directoryID string) (int, error) {
	n, err := q.NewSelect().Model((*DirectoryGroup)(nil)).Where("directory_id = ?", directoryID).
		Where("deleted_at IS NULL").Count(ctx)
	return int(n), wrap(err, "count groups of directory "+directoryID)
}

// MoveStopped gives stopped changes another status, with the reason.
func MoveStopped(ctx context.Context, q bun.IDB, ids []string, to, reason string, settledAt time.Time) error {
	for some := range slices.Chunk(ids, idBatch) {
		_, err := q.NewUpdate().Model((*DirectoryChange)(nil)).Set("status = ?", to).Set("reason = ?", reason).
			Set("settled_at = ?", bun.NullTime{Time: settledAt}).
			Where("id IN (?)", bun.List(some)).Where("status = 'stopped'").Exec(ctx)
		if err != nil {
			return fmt.Errorf("move stopped changes: %w", err)
		}
	}
	return nil
}
