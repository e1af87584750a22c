package db

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// LinkDirectoryUser says who a user of a directory is.
func LinkDirectoryUser(ctx context.Context, q bun.IDB, userID, personID string) error {
	result, err := q.NewUpdate().Model((*DirectoryUser)(nil)).Set("person_id = ?", personID).Where("id = ?", userID).Exec(ctx)
	return changed(result, err, "directory user", userID)
}

// LinkDirectoryGroup says which group a group of a directory is.
func LinkDirectoryGroup(ctx context.Context, q bun.IDB, directoryGroupID, groupID string) error {
	result, err := q.NewUpdate().Model((*DirectoryGroup)(nil)).Set("group_id = ?", groupID).Where("id = ?", directoryGroupID).Exec(ctx)
	return changed(result, err, "directory group", directoryGroupID)
}

// DirectoryUserCalled reads the user whom another refers to: by our id, or by the source's own.
func DirectoryUserCalled(ctx context.Context, q bun.IDB, directoryID, name string) (DirectoryUser, error) {
	var row DirectoryUser
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("deleted_at IS NULL").
		Where("(id = ? OR external_id = ?)", name, name).OrderExpr("id = ? DESC", name).Limit(1).Scan(ctx)
	return row, absent(err, "directory user", name)
}

// DirectoryUsersCalled reads the users to whom others refer: by our ids, or by the source's own.
func DirectoryUsersCalled(ctx context.Context, q bun.IDB, directoryID string, names []string) ([]DirectoryUser, error) {
	var rows []DirectoryUser
	if len(names) == 0 {
		return nil, nil
	}
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).Where("deleted_at IS NULL").
		Where("(id IN ? OR external_id IN ?)", bun.Tuple(names), bun.Tuple(names)).Scan(ctx)
	return rows, wrap(err, "read directory users")
}

// BroughtByDirectory says whether a directory told of a person before he was known otherwise.
func BroughtByDirectory(ctx context.Context, q bun.IDB, p Person) (bool, error) {
	first, err := q.NewSelect().Model((*DirectoryUser)(nil)).Where("person_id = ?", p.ID).Where("created_at <= ?", p.CreatedAt).Exists(ctx)
	return first, wrap(err, "read who told of "+p.ID)
}

// KnownElsewhere says whether another directory says that a person is here.
func KnownElsewhere(ctx context.Context, q bun.IDB, personID, exceptDirectoryID string) (bool, error) {
	known, err := q.NewSelect().Model((*DirectoryUser)(nil)).Where("person_id = ?", personID).Where("directory_id <> ?", exceptDirectoryID).
		Where("active").Where("deleted_at IS NULL").
		Where("directory_id IN (SELECT id FROM directories WHERE active)").Exists(ctx)
	return known, wrap(err, "look for another directory of "+personID)
}

// KnownBesides says whether another user of a directory says that a person is here than the one with an id.
func KnownBesides(ctx context.Context, q bun.IDB, personID, exceptUserID string) (bool, error) {
	known, err := q.NewSelect().Model((*DirectoryUser)(nil)).Where("person_id = ?", personID).Where("id <> ?", exceptUserID).
		Where("active").Where("deleted_at IS NULL").
		Where("directory_id IN (SELECT id FROM directories WHERE active)").Exists(ctx)
	return known, wrap(err, "look for another user who is "+personID)
}

// DirectoryUsersByID reads some users of a directory, also those that are deleted.
func DirectoryUsersByID(ctx context.Context, q bun.IDB, ids []string) ([]DirectoryUser, error) {
	var rows []DirectoryUser
	for some := range slices.Chunk(ids, memberBatch) {
		var found []DirectoryUser
		if err := q.NewSelect().Model(&found).Where("id IN ?", bun.Tuple(some)).Order("id").Scan(ctx); err != nil {
			return nil, wrap(err, "read directory users")
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

// DirectoryUsersBehind reads users of a directory in the order of their ids, behind one, at most limit; also those that are
// deleted.
func DirectoryUsersBehind(ctx context.Context, q bun.IDB, directoryID, after string, limit int64) ([]DirectoryUser, error) {
	var rows []DirectoryUser
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).Where("id > ?", after).Order("id").Limit(limit).Scan(ctx)
	return rows, wrap(err, "read directory users")
}

// PeopleOfDirectory reads the ids of the people whom a directory knows or knew.
func PeopleOfDirectory(ctx context.Context, q bun.IDB, directoryID string) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*DirectoryUser)(nil)).Distinct().Column("person_id").Where("directory_id = ?", directoryID).
		Where("person_id IS NOT NULL").Order("person_id").Scan(ctx, &ids)
	return ids, wrap(err, "read the people of a directory")
}

// UndecidedUsers reads which users of a directory have changes that are not so yet, whatever of them is to be: those whose
// effect is not worked out, those that wait for people, and those that the breaker holds.
func UndecidedUsers(ctx context.Context, q bun.IDB, users []string) ([]string, error) {
	return undecided(ctx, q, "user_id", users)
}

// UndecidedGroups is the same of groups, with their members.
func UndecidedGroups(ctx context.Context, q bun.IDB, groups []string) ([]string, error) {
	return undecided(ctx, q, "group_id", groups)
}

func undecided(ctx context.Context, q bun.IDB, column string, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var recorded, held []string
	err := q.NewSelect().Model((*DirectoryChange)(nil)).Distinct().Column(column).Where("? IN ?", bun.Ident(column), bun.Tuple(ids)).
		Where("status IN (?, ?)", ChangeRecorded, ChangeStopped).Scan(ctx, &recorded)
	if err != nil {
		return nil, wrap(err, "look for changes that are not so yet")
	}
	err = q.NewSelect().Model((*HeldChange)(nil)).Distinct().Column(column).Where("? IN ?", bun.Ident(column), bun.Tuple(ids)).
		Where("status IN (?, ?, ?)", HeldGathering, HeldWaiting, Approved).Scan(ctx, &held)
	return append(recorded, held...), wrap(err, "look for changes that wait")
}

// Mismatch is a member of a group as a directory has it who is not one here, or the other way round.
type Mismatch struct {
	DirectoryGroupID string `bun:"directory_group_id"`
	GroupID          string `bun:"group_id"`
	PersonID         string `bun:"person_id"`
}

// LiveDirectoryGroups reads the ids of the groups of a directory behind another, at most limit.
func LiveDirectoryGroups(ctx context.Context, q bun.IDB, directoryID, after string, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*DirectoryGroup)(nil)).Column("id").Where("directory_id = ?", directoryID).Where("deleted_at IS NULL").
		Where("id > ?", after).Order("id").Limit(limit).Scan(ctx, &ids)
	return ids, wrap(err, "read groups of directory "+directoryID)
}

// MissingMembers reads who is in some groups of a directory and not in the groups here, at most limit.
func MissingMembers(ctx context.Context, q bun.IDB, groups []string, limit int64) ([]Mismatch, error) {
	var rows []Mismatch
	err := q.NewSelect().TableExpr("directory_members AS dm").
		ColumnExpr("dg.id AS directory_group_id, dg.group_id, du.person_id").
		Join("JOIN directory_groups AS dg ON dg.id = dm.group_id").Join("JOIN directory_users AS du ON du.id = dm.user_id").
		Where("dg.id IN ?", bun.Tuple(groups)).Where("dg.deleted_at IS NULL").Where("dg.group_id IS NOT NULL").Where("du.person_id IS NOT NULL").
		Where("NOT EXISTS (SELECT 1 FROM group_members AS gm WHERE gm.group_id = dg.group_id AND gm.person_id = du.person_id)").
		Order("dg.id", "du.person_id").Limit(limit).Scan(ctx, &rows)
	return rows, wrap(err, "compare the groups of a directory")
}

// inGroup holds for a row gm of group_members whose person is in the group dg of a directory. It begins with the person, who is
// few users, and not with the group, which has many.
const inGroup = "EXISTS (SELECT 1 FROM directory_users AS du WHERE du.person_id = gm.person_id AND " +
	"EXISTS (SELECT 1 FROM directory_members AS dm WHERE dm.group_id = dg.id AND dm.user_id = du.id))"

// SurplusMembers reads who is in groups here and not in those groups of a directory that they are, at most limit.
func SurplusMembers(ctx context.Context, q bun.IDB, groups []string, limit int64) ([]Mismatch, error) {
	var rows []Mismatch
	err := q.NewSelect().TableExpr("directory_groups AS dg").
		ColumnExpr("dg.id AS directory_group_id, dg.group_id, gm.person_id").Join("JOIN group_members AS gm ON gm.group_id = dg.group_id").
		Where("dg.id IN ?", bun.Tuple(groups)).Where("dg.deleted_at IS NULL").Where("NOT "+inGroup).Order("dg.id", "gm.person_id").Limit(limit).Scan(ctx, &rows)
	return rows, wrap(err, "compare the groups of a directory")
}

// LeaveGroups takes a person out of the groups of a directory in which the directory has no user who he is.
func LeaveGroups(ctx context.Context, q bun.IDB, directoryID, personID string) error {
	left := q.NewSelect().TableExpr("group_members AS gm").Column("gm.group_id").Join("JOIN directory_groups AS dg ON dg.group_id = gm.group_id").
		Where("gm.person_id = ?", personID).Where("dg.directory_id = ?", directoryID).Where("dg.deleted_at IS NULL").Where("NOT " + inGroup)
	_, err := q.NewDelete().Model((*GroupMember)(nil)).Where("person_id = ?", personID).Where("group_id IN (?)", left).Exec(ctx)
	return wrap(err, "leave the groups of directory "+directoryID)
}

// OpenDriftsLike reads the open drifts of a directory whose key begins with a text.
func OpenDriftsLike(ctx context.Context, q bun.IDB, directoryID, prefix string) ([]Drift, error) {
	var rows []Drift
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).Where("settled_at IS NULL").
		Where("substr(key, 1, ?) = ?", len(prefix), prefix).Order("key").Scan(ctx)
	return rows, wrap(err, "read drifts of directory "+directoryID)
}

// ClaimReconcile notes that a directory is compared in full at a time, unless another has claimed a comparison since the row
// was read; then ErrConflict.
func ClaimReconcile(ctx context.Context, q bun.IDB, row Directory, at time.Time) error {
	query := q.NewUpdate().Model((*Directory)(nil)).Set("reconciled_at = ?", at).Where("id = ?", row.ID)
	if row.ReconciledAt.IsZero() {
		query = query.Where("reconciled_at IS NULL")
	} else {
		query = query.Where("reconciled_at = ?", row.ReconciledAt)
	}
	result, err := query.Exec(ctx)
	return changed(result, err, "directory", row.ID)
}
