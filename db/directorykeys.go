package db

import (
	"context"

	"github.com/uptrace/bun"
)

// DirectoryUserKeys reads by which ids of its own the source of a directory knows its users, ordered.
func DirectoryUserKeys(ctx context.Context, q bun.IDB, directoryID string) ([]string, error) {
	return directoryKeys(ctx, q.NewSelect().Model((*DirectoryUser)(nil)), directoryID)
}

// DirectoryGroupKeys reads by which ids of its own the source of a directory knows its groups, ordered.
func DirectoryGroupKeys(ctx context.Context, q bun.IDB, directoryID string) ([]string, error) {
	return directoryKeys(ctx, q.NewSelect().Model((*DirectoryGroup)(nil)), directoryID)
}

func directoryKeys(ctx context.Context, query *bun.SelectQuery, directoryID string) ([]string, error) {
	var keys []string
	err := query.Column("external_id").Where("directory_id = ?", directoryID).Where("external_id <> ''").
		Where("deleted_at IS NULL").Order("external_id").Scan(ctx, &keys)
	return keys, wrap(err, "read what is known of directory "+directoryID)
}
