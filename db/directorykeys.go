package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// The source of a directory knows users and groups by ids of its own, here called keys. A comparison with the source
// has a number, by which it marks what it found.

// MarkDirectoryUsers notes that a comparison found users.
func MarkDirectoryUsers(ctx context.Context, q bun.IDB, directoryID string, comparison int64, keys []string) error {
	return markKeys(ctx, q.NewUpdate().Model((*DirectoryUser)(nil)), directoryID, comparison, keys)
}

// MarkDirectoryGroups notes that a comparison found groups.
func MarkDirectoryGroups(ctx context.Context, q bun.IDB, directoryID string, comparison int64, keys []string) error {
	return markKeys(ctx, q.NewUpdate().Model((*DirectoryGroup)(nil)), directoryID, comparison, keys)
}

func markKeys(ctx context.Context, query *bun.UpdateQuery, directoryID string, comparison int64, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := query.Set("seen = ?", comparison).Where("directory_id = ?", directoryID).Where("external_id IN ?", bun.Tuple(keys)).
		Where("deleted_at IS NULL").Exec(ctx)
	return wrap(err, "mark what was found of directory "+directoryID)
}

// MissingDirectoryUsers reads the keys of at most limit users who were there at a time and whom a comparison did not find.
func MissingDirectoryUsers(ctx context.Context, q bun.IDB, directoryID string, comparison int64, at time.Time, limit int64) ([]string, error) {
	return missingKeys(ctx, q.NewSelect().Model((*DirectoryUser)(nil)), directoryID, comparison, at, limit)
}

// MissingDirectoryGroups reads the keys of at most limit groups that were there at a time and that a comparison did not
// find.
func MissingDirectoryGroups(ctx context.Context, q bun.IDB, directoryID string, comparison int64, at time.Time, limit int64) ([]string, error) {
	return missingKeys(ctx, q.NewSelect().Model((*DirectoryGroup)(nil)), directoryID, comparison, at, limit)
}

func missingKeys(ctx context.Context, query *bun.SelectQuery, directoryID string, comparison int64, at time.Time, limit int64) ([]string, error) {
	var keys []string
	err := query.Column("external_id").Where("directory_id = ?", directoryID).Where("external_id <> ''").Where("deleted_at IS NULL").
		Where("seen <> ?", comparison).Where("created_at <= ?", at).Order("external_id").Limit(limit).Scan(ctx, &keys)
	return keys, wrap(err, "read what was not found of directory "+directoryID)
}

// NextDirectoryGroup reads the key of the group that a comparison found and that comes behind another in the order of
// keys; none is the end.
func NextDirectoryGroup(ctx context.Context, q bun.IDB, directoryID string, comparison int64, after string) (string, error) {
	var keys []string
	err := q.NewSelect().Model((*DirectoryGroup)(nil)).Column("external_id").Where("directory_id = ?", directoryID).
		Where("external_id > ?", after).Where("deleted_at IS NULL").Where("seen = ?", comparison).
		Order("external_id").Limit(1).Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return "", wrap(err, "read the next group of directory "+directoryID)
	}
	return keys[0], nil
}

// DirectoryUsersByKey reads the ids of those users of a directory who are known by some keys.
func DirectoryUsersByKey(ctx context.Context, q bun.IDB, directoryID string, keys []string) ([]string, error) {
	var ids []string
	for some := range slices.Chunk(keys, idBatch) {
		var found []string
		err := q.NewSelect().Model((*DirectoryUser)(nil)).Column("id").Where("directory_id = ?", directoryID).
			Where("external_id IN ?", bun.Tuple(some)).Where("deleted_at IS NULL").Scan(ctx, &found)
		if err != nil {
			return nil, fmt.Errorf("read users of directory %s: %w", directoryID, err)
		}
		ids = append(ids, found...)
	}
	return ids, nil
}
