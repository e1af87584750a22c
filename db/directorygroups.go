package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// DirectoryGroup is a group as a directory wrote it. Its members are rows of their own.
type DirectoryGroup struct {
	bun.BaseModel `bun:"table:directory_groups,alias:dg"`

	ID          string    `bun:"id,pk"`
	DirectoryID string    `bun:"directory_id"`
	DisplayName string    `bun:"display_name"`
	DisplayKey  string    `bun:"display_key"` // DisplayName in lower case: unique among those that are not deleted
	ExternalID  string    `bun:"external_id"`
	Resource    string    `bun:"resource"` // JSON of the SCIM resource, without id, meta and members
	Version     int64     `bun:"version"`  // counts writes, also of members; the ETag
	GroupID     string    `bun:"group_id,nullzero"`
	ToldAt      time.Time `bun:"told_at,nullzero"` // by the source's own clock
	CreatedAt   time.Time `bun:"created_at"`
	ChangedAt   time.Time `bun:"changed_at"`
	DeletedAt   time.Time `bun:"deleted_at,nullzero"`
}

// DirectoryMember says that a directory put a user in a group.
type DirectoryMember struct {
	bun.BaseModel `bun:"table:directory_members,alias:dm"`

	GroupID string `bun:"group_id,pk"`
	UserID  string `bun:"user_id,pk"`
}

// DirectoryGroupByID reads a group of a directory that is not deleted.
func DirectoryGroupByID(ctx context.Context, q bun.IDB, directoryID, id string) (DirectoryGroup, error) {
	var row DirectoryGroup
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("id = ?", id).Where("deleted_at IS NULL").Scan(ctx)
	return row, absent(err, "directory group", id)
}

// AnyDirectoryGroup reads a group, also one that is deleted.
func AnyDirectoryGroup(ctx context.Context, q bun.IDB, id string) (DirectoryGroup, error) {
	var row DirectoryGroup
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "directory group", id)
}

// LockDirectoryGroup reads a group of a directory that is not deleted, and holds it until the transaction ends. The
// directory's own lock comes first.
func LockDirectoryGroup(ctx context.Context, q bun.IDB, directoryID, id string) (DirectoryGroup, error) {
	var row DirectoryGroup
	query := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("id = ?", id).Where("deleted_at IS NULL")
	err := forUpdate(query).Scan(ctx)
	return row, absent(err, "directory group", id)
}

// DirectoryGroupByName reads the group of a directory with a name, whatever its case.
func DirectoryGroupByName(ctx context.Context, q bun.IDB, directoryID, name string) (DirectoryGroup, error) {
	var row DirectoryGroup
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("display_key = ?", strings.ToLower(name)).
		Where("deleted_at IS NULL").Scan(ctx)
	return row, absent(err, "directory group", name)
}

// DirectoryGroupByExternalID reads the group of a directory that its source knows by an id of its own: the oldest, if
// the source gave the id twice.
func DirectoryGroupByExternalID(ctx context.Context, q bun.IDB, directoryID, externalID string) (DirectoryGroup, error) {
	var row DirectoryGroup
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("external_id = ?", externalID).
		Where("deleted_at IS NULL").Order("created_at", "id").Limit(1).Scan(ctx) // by id alone, SQLite would read all of the directory
	return row, absent(err, "directory group", externalID)
}

// InsertDirectoryGroup adds a group; ErrConflict when the name is taken.
func InsertDirectoryGroup(ctx context.Context, q bun.IDB, row DirectoryGroup) error {
	result, err := q.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	return changed(result, err, "directory group", row.ID)
}

// UpdateDirectoryGroup writes all columns of a group if its version is still was; else ErrConflict.
func UpdateDirectoryGroup(ctx context.Context, q bun.IDB, row DirectoryGroup, was int64) error {
	result, err := q.NewUpdate().Model(&row).WherePK().Where("version = ?", was).Exec(ctx)
	return changed(result, err, "directory group", row.ID)
}

// How much one statement names: databases allow 32,766 parameters, of which a member takes two.
const (
	memberBatch = 5000
	idBatch     = 10_000
)

// AddDirectoryMembers adds users to a group and returns those that were not in it yet.
func AddDirectoryMembers(ctx context.Context, q bun.IDB, groupID string, users []string) ([]string, error) {
	var added []string
	for some := range slices.Chunk(users, memberBatch) {
		rows := make([]DirectoryMember, 0, len(some))
		for _, user := range some {
			rows = append(rows, DirectoryMember{GroupID: groupID, UserID: user})
		}
		var news []string
		err := q.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("user_id").Scan(ctx, &news)
		if err != nil {
			return nil, fmt.Errorf("add members of directory group %s: %w", groupID, err)
		}
		added = append(added, news...)
	}
	return added, nil
}

// RemoveDirectoryMembers takes users out of a group and returns those that were in it.
func RemoveDirectoryMembers(ctx context.Context, q bun.IDB, groupID string, users []string) ([]string, error) {
	var removed []string
	for some := range slices.Chunk(users, memberBatch) {
		var gone []string
		err := q.NewDelete().Model((*DirectoryMember)(nil)).Where("group_id = ?", groupID).
			Where("user_id IN ?", bun.Tuple(some)).Returning("user_id").Scan(ctx, &gone)
		if err != nil {
			return nil, fmt.Errorf("remove members of directory group %s: %w", groupID, err)
		}
		removed = append(removed, gone...)
	}
	return removed, nil
}

// DirectoryMembers reads the ids of the users in a group, ordered.
func DirectoryMembers(ctx context.Context, q bun.IDB, groupID string) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*DirectoryMember)(nil)).Column("user_id").Where("group_id = ?", groupID).Order("user_id").Scan(ctx, &ids)
	return ids, wrap(err, "read members of directory group "+groupID)
}

// ClearDirectoryMembers takes all users out of a group and returns who they were.
func ClearDirectoryMembers(ctx context.Context, q bun.IDB, groupID string) ([]string, error) {
	var gone []string
	err := q.NewDelete().Model((*DirectoryMember)(nil)).Where("group_id = ?", groupID).Returning("user_id").Scan(ctx, &gone)
	return gone, wrap(err, "empty directory group "+groupID)
}

// HasMoreDirectoryMembers says whether a group has more than some members.
func HasMoreDirectoryMembers(ctx context.Context, q bun.IDB, groupID string, than int) (bool, error) {
	more, err := q.NewSelect().Model((*DirectoryMember)(nil)).Column("user_id").Where("group_id = ?", groupID).
		Order("user_id").Offset(int64(than)).Limit(1).Exists(ctx)
	return more, wrap(err, "look for members of directory group "+groupID)
}

// LeaveDirectoryGroups takes a user out of all groups, each of which is a version newer by it.
func LeaveDirectoryGroups(ctx context.Context, q bun.IDB, userID string, at time.Time) error {
	var groups []string
	err := q.NewDelete().Model((*DirectoryMember)(nil)).Where("user_id = ?", userID).Returning("group_id").Scan(ctx, &groups)
	if err != nil {
		return fmt.Errorf("leave groups of directory user %s: %w", userID, err)
	}
	for some := range slices.Chunk(groups, idBatch) {
		_, err := q.NewUpdate().Model((*DirectoryGroup)(nil)).Set("version = version + 1").Set("changed_at = ?", at).
			Where("id IN ?", bun.Tuple(some)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("leave groups of directory user %s: %w", userID, err)
		}
	}
	return nil
}
