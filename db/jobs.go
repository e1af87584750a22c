package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// WaitingJobs counts the jobs of each queue that wait for a worker.
func WaitingJobs(ctx context.Context, q bun.IDB) (map[string]int, error) {
	var rows []struct {
		Queue string
		Jobs  int
	}
	err := q.NewRaw("SELECT queue, count(*) AS jobs FROM river_job WHERE state = 'available' GROUP BY queue").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count waiting jobs: %w", err)
	}
	waiting := map[string]int{}
	for _, row := range rows {
		waiting[row.Queue] = row.Jobs
	}
	return waiting, nil
}
