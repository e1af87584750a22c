package pgtest_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db/pgtest"
)

// connect logs in to dsn for as long as t runs.
func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// statement runs sql in dsn.
func statement(t *testing.T, dsn, sql string) {
	t.Helper()
	_, err := connect(t, dsn).Exec(t.Context(), sql)
	require.NoError(t, err)
}

// runs counts what unused has given out.
var runs atomic.Int64

// unused makes a name of which this process has no template yet: with -count,
// a test runs more than once in a process.
func unused(name string) string { return fmt.Sprintf("%s %d", name, runs.Add(1)) }

func TestOpenGivesEachTestItsOwnDatabase(t *testing.T) {
	t.Parallel()
	one, two := pgtest.Open(t), pgtest.Open(t)
	require.NotEqual(t, one, two)
	statement(t, one, "create table mine (id int)")
	statement(t, two, "create table mine (id int)")
}

func TestOpenDropsTheDatabaseInUse(t *testing.T) {
	t.Parallel()
	var dsn string
	t.Run("uses it and forgets to close", func(t *testing.T) {
		dsn = pgtest.Open(t)
		conn, err := pgx.Connect(t.Context(), dsn)
		require.NoError(t, err)
		require.NoError(t, conn.Ping(t.Context()))
	})
	_, err := pgx.Connect(t.Context(), dsn)
	require.ErrorContains(t, err, "does not exist")
}

func TestOpenFromPreparesOnce(t *testing.T) {
	t.Parallel()
	name := unused(`it's "odd"`)
	var prepared atomic.Int32
	prepare := func(dsn string) error {
		prepared.Add(1)
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		// The connection stays open on purpose: a forgotten one must not stop the copies.
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "create table seed (id int); insert into seed values (7)")
		return err
	}
	t.Run("copies", func(t *testing.T) {
		for range 4 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				dsn := pgtest.OpenFrom(t, name, prepare)
				statement(t, dsn, "insert into seed values (8)")
				var rows int
				require.NoError(t, connect(t, dsn).QueryRow(t.Context(), "select count(*) from seed").Scan(&rows))
				require.Equal(t, 2, rows, "a copy holds the seed and nothing of other tests")
			})
		}
	})
	require.EqualValues(t, 1, prepared.Load())
}

// failing is a testing.TB that remembers how it was failed.
type failing struct {
	testing.TB
	said string
}

func (f *failing) Fatalf(format string, args ...any) {
	for _, arg := range args {
		if err, ok := arg.(error); ok {
			f.said = err.Error()
		}
	}
	panic(f)
}

func TestOpenFromFailsEveryTestOfABrokenTemplate(t *testing.T) {
	t.Parallel()
	name := unused("broken")
	calls := 0
	for range 2 {
		fake := &failing{TB: t}
		require.Panics(t, func() {
			pgtest.OpenFrom(fake, name, func(string) error {
				calls++
				return errors.New("migration 3 is wrong")
			})
		})
		require.Equal(t, "migration 3 is wrong", fake.said)
	}
	require.Equal(t, 1, calls)
}

// BenchmarkOpen is what one more database costs a test.
func BenchmarkOpen(b *testing.B) {
	pgtest.Open(b) // the first one starts the server
	for b.Loop() {
		pgtest.Open(b)
	}
}
