package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// DirectoryState is a directory with what somebody who looks after it wants to know first.
type DirectoryState struct {
	Directory

	WroteAt time.Time      // when it wrote last; zero is never
	Waiting int            // held changes on which nobody has decided
	Stop    *DirectoryStop // what its breaker stopped, if nobody has decided on that
	Drifts  int            // open ones
	Token   DirectoryToken // the newest that holds; its id is empty if none does
}

// DirectoryStates reads all directories with their state at a time, ordered by slug.
func DirectoryStates(ctx context.Context, q bun.IDB, at time.Time) ([]DirectoryState, error) {
	directories, err := Directories(ctx, q)
	if err != nil {
		return nil, err
	}
	held, err := byDirectory(ctx, q.NewSelect().Model((*HeldChange)(nil)).
		Where("status in ('gathering', 'waiting', 'approved')"). // as the index is for
		Where("status <> ?", Approved))
	if err != nil {
		return nil, err
	}
	drifts, err := byDirectory(ctx, q.NewSelect().Model((*Drift)(nil)).Where("settled_at IS NULL"))
	if err != nil {
		return nil, err
	}
	states := make([]DirectoryState, 0, len(directories))
	for _, row := range directories {
		state := DirectoryState{Directory: row, Waiting: held[row.ID], Drifts: drifts[row.ID]}
		if err := state.read(ctx, q, at); err != nil {
			return nil, fmt.Errorf("read state of directory %s: %w", row.Slug, err)
		}
		states = append(states, state)
	}
	return states, nil
}

// byDirectory counts the rows of a query for each directory.
func byDirectory(ctx context.Context, query *bun.SelectQuery) (map[string]int, error) {
	var rows []struct {
		DirectoryID string `bun:"directory_id"`
		Rows        int    `bun:"rows"`
	}
	if err := query.ColumnExpr("directory_id, count(*) AS rows").Group("directory_id").Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("count rows of directories: %w", err)
	}
	counts := make(map[string]int, len(rows))
	for _, row := range rows {
		counts[row.DirectoryID] = row.Rows
	}
	return counts, nil
}

// read adds what there is one of in a directory.
func (s *DirectoryState) read(ctx context.Context, q bun.IDB, at time.Time) error {
	var newest []DirectoryChange
	err := q.NewSelect().Model(&newest).Column("created_at").Where("directory_id = ?", s.ID).Order("seq DESC").Limit(1).Scan(ctx)
	if err != nil {
		return err
	}
	if len(newest) > 0 {
		s.WroteAt = newest[0].CreatedAt
	}
	var stops []DirectoryStop
	if err := q.NewSelect().Model(&stops).Where("directory_id = ?", s.ID).Where("status = ?", StopOpen).Scan(ctx); err != nil {
		return err
	}
	if len(stops) > 0 {
		s.Stop = &stops[0]
	}
	tokens, err := DirectoryTokens(ctx, q, s.ID, at)
	if len(tokens) > 0 {
		s.Token = tokens[0]
	}
	return err
}
