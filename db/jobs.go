package db

import (
	"context"
	"fmt"
	"time"

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

// kindIs compares the kind of a job, beside state and queue, whose index finds the few that are under way: by its kind there
// are all that were done within the last day.
const kindIs = "kind || '' = ?"

// DirectoryJobWaits says whether a job of a kind waits for a worker of a queue that is about one directory.
func DirectoryJobWaits(ctx context.Context, q bun.IDB, queue, kind, directoryID string) (bool, error) {
	var waits bool
	err := q.NewRaw("SELECT EXISTS (SELECT 1 FROM river_job WHERE state = 'available' AND queue = ? AND "+kindIs+" AND args->>'directory_id' = ?)",
		queue, kind, directoryID).Scan(ctx, &waits)
	if err != nil {
		return false, fmt.Errorf("look for a waiting job of directory %s: %w", directoryID, err)
	}
	return waits, nil
}

// JobAlive says whether a job of a kind waits for a worker of a queue or was begun since a time, by the wall clock. One of a
// directory is about the directory with that id.
func JobAlive(ctx context.Context, q bun.IDB, queue, kind, directoryID string, since time.Time) (bool, error) {
	var jobs []struct{ AttemptedAt time.Time }
	err := q.NewRaw("SELECT attempted_at FROM river_job WHERE state IN ('available', 'running') AND queue = ? AND "+kindIs+" AND coalesce(args->>'directory_id', '') = ?",
		queue, kind, directoryID).Scan(ctx, &jobs)
	if err != nil {
		return false, fmt.Errorf("look for a job %s: %w", kind, err)
	}
	for _, job := range jobs {
		if job.AttemptedAt.IsZero() || job.AttemptedAt.After(since) {
			return true, nil
		}
	}
	return false, nil
}
