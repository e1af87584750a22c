package db

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// OpenDrifts adds drifts. One that is open already by the same key is kept as it is, with its beginning and new words.
func OpenDrifts(ctx context.Context, q bun.IDB, rows []Drift) error {
	for some := range slices.Chunk(rows, rowBatch) {
		_, err := q.NewInsert().Model(&some).On("CONFLICT (directory_id, key) WHERE settled_at IS NULL DO UPDATE").
			Set("words = EXCLUDED.words").Set("kind = EXCLUDED.kind").Exec(ctx)
		if err != nil {
			return fmt.Errorf("add drifts: %w", err)
		}
	}
	return nil
}

// DriftsByKey reads the open drifts of a directory with some keys.
func DriftsByKey(ctx context.Context, q bun.IDB, directoryID string, keys []string) ([]Drift, error) {
	var rows []Drift
	for some := range slices.Chunk(keys, idBatch) {
		var found []Drift
		err := q.NewSelect().Model(&found).Where("directory_id = ?", directoryID).Where("key IN (?)", bun.List(some)).
			Where("settled_at IS NULL").Scan(ctx)
		if err != nil {
			return nil, fmt.Errorf("read drifts of directory %s: %w", directoryID, err)
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

// SettleDrifts settles the open drifts of a directory with some keys and returns them.
func SettleDrifts(ctx context.Context, q bun.IDB, directoryID string, keys []string, at time.Time) ([]Drift, error) {
	open, err := DriftsByKey(ctx, q, directoryID, keys)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	ids := make([]string, len(open))
	for n, one := range open {
		ids[n] = one.ID
	}
	for some := range slices.Chunk(ids, idBatch) {
		_, err := q.NewUpdate().Model((*Drift)(nil)).Set("settled_at = ?", at).
			Where("id IN (?)", bun.List(some)).Where("settled_at IS NULL").Exec(ctx)
		if err != nil {
			return nil, fmt.Errorf("settle drifts of directory %s: %w", directoryID, err)
		}
	}
	return open, nil
}

// ListDrifts reads a page of the open drifts of a directory, the oldest first, with the people, and counts all.
func ListDrifts(ctx context.Context, q bun.IDB, directoryID string, limit, offset int64) ([]Drift, int64, error) {
	var rows []Drift
	query := q.NewSelect().Model(&rows).Where("drift.directory_id = ?", directoryID).Where("drift.settled_at IS NULL")
	total, err := query.Count(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("count drifts of directory %s: %w", directoryID, err)
	}
	err = query.Order("drift.since", "drift.id").Limit(limit).Offset(offset).Scan(ctx)
	return rows, total, wrap(err, "read drifts of directory "+directoryID)
}
