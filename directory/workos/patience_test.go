package workos_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/workos"
	"github.com/usherhq/usher/directory/workos/workostest"
	"github.com/usherhq/usher/flows"
)

// TestFailures are written down, and end with the next reading that succeeds.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault workostest.Fault
		says  string
		least time.Duration
	}{
		"wrong key": {workostest.Fault{Status: 401}, "check the directory's API key", 0},
		"too often": {workostest.Fault{Status: 429, RetryAfter: "120"}, "429", 2 * time.Minute},
		"broken":    {workostest.Fault{Status: 500}, "500", 0},
		"cut":       {workostest.Fault{Cut: true}, "did not answer as it should", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				before := b.begin(t)
				read := b.row(t).PolledAt
				b.server.CreateUser(b.acme, "ana@example.com")
				b.server.Fail(tc.fault)
				b.read(t)
				row := b.row(t)
				require.Contains(t, row.PollError, tc.says)
				require.NotContains(t, row.PollError, workostest.Key)
				require.Equal(t, read, row.PolledAt, "it is when it was last read")
				require.GreaterOrEqual(t, row.PollAfter.Sub(b.Now()), max(tc.least, 7*time.Second))
				require.Less(t, row.PollAfter.Sub(b.Now()), tc.least+time.Minute)
				require.Contains(t, b.said.String(), "directory could not be read")
				b.read(t)
				require.Empty(t, b.row(t).PollError)
				require.Len(t, b.told(t, before), 1)
			})
		})
	}
}

// TestSettingsThatAreWrong are said, without what they are.
func TestSettingsThatAreWrong(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		row := b.row(t)
		row.Settings.WorkOS.APIKey = "env:MISSING"
		require.NoError(t, b.reader.Read(t.Context(), row))
		require.Contains(t, b.row(t).PollError, "env:MISSING is not set")
		row.Settings.WorkOS.APIKey, row.Settings.WorkOS.URL = keyReference, "nowhere"
		require.NoError(t, b.reader.Read(t.Context(), row))
		require.Contains(t, b.row(t).PollError, "the address must be")
	})
}

// TestStopping is no failure of WorkOS.
func TestStopping(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.begin(t)
		ctx, stop := context.WithCancel(t.Context())
		b.server.Before(func(string) { stop() })
		b.server.Fail(workostest.Fault{Hang: true})
		require.ErrorIs(t, b.reader.Read(ctx, b.row(t)), context.Canceled)
		require.Empty(t, b.row(t).PollError)
	})
}

// TestTheTimeToRest grows with the time for which a directory can't be read, has bounds, and keeps to what WorkOS asks.
func TestTheTimeToRest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		failing := time.Duration(rapid.Int64Range(0, int64(30*24*time.Hour)).Draw(t, "failing"))
		asked := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "asked"))
		chance := rapid.Float64Range(0, 1).Draw(t, "chance")
		row := db.Directory{PolledAt: start, UpdatedAt: start.Add(-time.Hour)}
		rest := workos.RestFor(row, start.Add(failing), asked, chance)
		if rest < asked || rest < 7*time.Second || rest > max(asked, 15*time.Minute)+15*time.Second {
			t.Fatalf("rests %s after failing for %s and being asked for %s", rest, failing, asked)
		}
	})
	row := db.Directory{UpdatedAt: start}
	require.Equal(t, 15*time.Second, workos.RestFor(row, start, 0, 0.5))
	require.Equal(t, 2*time.Minute, workos.RestFor(row, start.Add(2*time.Minute), 0, 0.5))
	require.Equal(t, 10*time.Minute, workos.RestFor(row, start.Add(time.Hour), 0, 0.5))
}

// TestTheLease keeps others from beginning to read while much is read.
func TestTheLease(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.begin(t)
		b.server.CreateUser(b.acme, "ana@example.com")
		b.server.CreateUser(b.acme, "ben@example.com")
		b.server.Advance(25 * time.Hour)
		seen := 0
		b.server.Before(func(path string) {
			if path == "/directory_users" {
				seen++
				require.True(t, b.row(t).PollAfter.After(b.server.Now()))
				b.server.Advance(20 * time.Second)
			}
		})
		b.read(t)
		require.Positive(t, seen)
	})
}

// TestJobsRead has the jobs of a running Usher read a directory: when its time comes, and when it is woken.
func TestJobsRead(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.server.CreateUser(b.acme, "ana@example.com")
		b.ReadDirectoriesWith(b.reader)
		require.NoError(t, b.Sweep(t.Context()))
		require.NoError(t, b.Sweep(t.Context()))
		require.Equal(t, 1, b.jobs(t))
		for range 20 {
			require.NoError(t, b.WakeDirectory(t.Context(), b.id))
		}
		require.Equal(t, 1, b.jobs(t), "one that waits already is enough")
		b.work(t)
		b.until(t, func() bool { return len(b.mirror(t)) == 1 && b.row(t).PolledAt.After(start) })
		b.server.CreateUser(b.acme, "ben@example.com")
		require.NoError(t, b.WakeDirectory(t.Context(), b.id))
		b.until(t, func() bool { return len(b.mirror(t)) == 2 && b.jobs(t) == 0 })
		b.server.CreateUser(b.acme, "eva@example.com")
		b.server.Advance(31 * time.Second)
		require.NoError(t, b.SweepSoon(t.Context()))
		b.until(t, func() bool { return len(b.mirror(t)) == 3 })

		b.until(t, func() bool { return b.jobs(t) == 0 })
		require.NoError(t, b.WriteDirectory(t.Context(), b.id, func(_ context.Context, j *flows.Journal) error {
			j.Directory.PollError, j.Directory.PollAfter = "away", j.Now.Add(time.Minute)
			return nil
		}))
		b.server.Calls()
		require.NoError(t, b.WakeDirectory(t.Context(), b.id))
		b.until(t, func() bool { return b.jobs(t) == 0 })
		require.Empty(t, b.server.Calls(), "WorkOS is left alone for as long as it asked")
	})
}
