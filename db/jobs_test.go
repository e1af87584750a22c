package db_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
)

// A job is alive that waits for a worker, or that a worker has begun lately. One of a worker that is no more is not.
func TestJobAlive(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		begun := time.Date(2026, 11, 27, 12, 3, 12, 508_000_000, time.UTC)
		for _, job := range []struct {
			kind, state, args    string
			attempted, finalized any
		}{
			{"waits", "available", `{}`, nil, nil},
			{"runs", "running", `{"directory_id": "dir_1"}`, begun.Format("2006-01-02 15:04:05.999"), nil}, // as River writes it in SQLite
			{"ran", "completed", `{}`, begun.Format("2006-01-02 15:04:05.999"), "2026-11-27 12:04:00"},
		} {
			_, err := store.ExecContext(t.Context(), "INSERT INTO river_job (kind, queue, state, attempted_at, max_attempts, args, scheduled_at, created_at, finalized_at, priority, attempt) "+
				"VALUES (?, 'directory', ?, ?, 4, ?, '2026-11-27 12:00:00', '2026-11-27 12:00:00', ?, 1, 1)",
				job.kind, job.state, job.attempted, job.args, job.finalized)
			require.NoError(t, err)
		}
		for _, c := range []struct {
			kind, directory string
			since           time.Time
			alive           bool
		}{
			{"waits", "", begun, true},
			{"runs", "dir_1", begun.Add(-time.Second), true},
			{"runs", "dir_1", begun.Add(time.Second), false},
			{"runs", "dir_2", begun.Add(-time.Second), false},
			{"ran", "", begun.Add(-time.Second), false},
			{"never", "", begun, false},
		} {
			alive, err := db.JobAlive(t.Context(), store, "directory", c.kind, c.directory, c.since)
			require.NoError(t, err)
			require.Equal(t, c.alive, alive, "%+v", c)
		}
	})
}
