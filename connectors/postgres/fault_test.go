package postgres_test

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/postgres"
	"github.com/usherhq/usher/db/pgtest"
)

// TestCutWire cuts the connection at each place of a write. Only a lost answer to COMMIT leaves anything open, and the
// read-back settles it.
func TestCutWire(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		where   place
		word    string
		outcome connectors.Outcome
		made    bool
	}{
		"before the transaction": {before, "begin", connectors.Transient, false},
		"at the statement":       {before, "create role", connectors.Transient, false},
		"after the statement":    {after, "create role", connectors.Transient, false},
		"at the commit":          {before, "commit", connectors.Unknown, false},
		"after the commit":       {after, "commit", connectors.Applied, true},
		"in the read":            {after, "\nselect r.oid", connectors.Transient, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]any{"consistency": "0s"})
			b.wire.cutAt(tc.where, tc.word)
			result := b.run(t, "create_user", connectors.Call{})
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Equal(t, tc.made, b.is(t, "count(*) = 1 from pg_roles where rolname = $1", b.email("ana")))
			settled := b.run(t, "create_user", connectors.Call{Settle: true})
			require.Equal(t, connectors.Applied, settled.Outcome, settled.Summary)
		})
	}
}

// TestCutWhileSessionsEnd loses the connection after the account was disabled: nobody may say that nothing happened.
func TestCutWhileSessionsEnd(t *testing.T) {
	t.Parallel()
	for where, outcome := range map[place]connectors.Outcome{before: connectors.Unknown, after: connectors.Applied} {
		b := newBench(t, map[string]any{"consistency": "0s"})
		b.do(t, "create_user", connectors.Call{})
		session := b.session(t, b.email("ana"))
		b.wire.cutAt(where, "select pg_terminate_backend")
		result := b.run(t, "disable_user", connectors.Call{})
		require.Equal(t, outcome, result.Outcome, result.Summary)
		require.True(t, b.is(t, "not rolcanlogin from pg_roles where rolname = $1", b.email("ana")))
		require.Equal(t, outcome != connectors.Applied, alive(t, session))
		settled := b.run(t, "disable_user", connectors.Call{Settle: true})
		require.Equal(t, connectors.Applied, settled.Outcome, settled.Summary)
		require.False(t, alive(t, session))
	}
}

// TestKilledConnection lets an administrator end the connector's own session in the middle of a write.
func TestKilledConnection(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	waiting := b.blocked(t)
	results := make(chan connectors.Result)
	go func() { results <- b.run(t, "create_user", connectors.Call{}) }()
	pid := waiting()
	b.sql(t, "select pg_terminate_backend($1, 10000)", pid)
	result := <-results
	require.Equal(t, connectors.Transient, result.Outcome, result.Summary)
	require.True(t, b.is(t, "count(*) = 0 from pg_roles where rolname = $1", b.email("ana")))
}

// TestCancelledWrite gives up a write that waits for its turn: it was not made, and is not made later either.
func TestCancelledWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	waiting := b.blocked(t)
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan connectors.Result)
	go func() { results <- b.runIn(t, ctx, "create_user", connectors.Call{}) }()
	waiting()
	cancel()
	result := <-results
	require.Equal(t, connectors.Transient, result.Outcome, result.Summary)
	b.sql(t, "select pg_advisory_unlock_all()")
	require.Eventually(t, func() bool {
		return b.is(t, "count(*) = 0 from pg_stat_activity where usename = $1", b.name("connector"))
	}, patience, tick)
	require.True(t, b.is(t, "count(*) = 0 from pg_roles where rolname = $1", b.email("ana")))
}

// blocked holds what every write waits for first. The function that it answers waits until a write does so, and answers
// that session's process.
func (b *bench) blocked(t *testing.T) func() int {
	t.Helper()
	b.sql(t, "select pg_advisory_lock($1)", 0x757368)
	watcher := connect(t, b.dsn)
	return func() (pid int) {
		require.Eventually(t, func() bool {
			err := watcher.QueryRow(t.Context(), "select pid from pg_stat_activity where usename = $1 and wait_event = 'advisory'", b.name("connector")).Scan(&pid)
			return err == nil
		}, patience, tick)
		return pid
	}
}

// TestServerAway stops the server between two calls.
func TestServerAway(t *testing.T) {
	t.Parallel()
	dsn, stop, err := pgtest.OpenServer()
	require.NoError(t, err)
	t.Cleanup(stop)
	b := benchAt(t, dsn, nil)
	b.do(t, "create_user", connectors.Call{})
	stop()
	for _, endpoint := range []string{"get_user", "disable_user"} {
		result := b.run(t, endpoint, connectors.Call{})
		require.Equal(t, connectors.Transient, result.Outcome, result.Summary)
	}
	require.Error(t, b.provider.Check(t.Context()))
}

// TestManyAtOnce runs the same and neighbouring changes at the same time: each is there once, and nobody is turned away.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.sql(t, "create schema desk authorization "+b.quoted("connector"))
	b.do(t, "create_role", to(b.name("readers")))
	for _, step := range []struct{ endpoint, target string }{
		{"create_user", ""},
		{"add_user_to_role", b.name("readers")},
		{"add_user_to_entity", "desk"},
		{"remove_user_from_entity", "desk"},
		{"remove_user_from_role", b.name("readers")},
		{"disable_user", ""},
		{"delete_user", ""},
	} {
		var all sync.WaitGroup
		results := make([]connectors.Result, 12)
		for i := range results {
			person := connectors.Person{Email: b.email([]string{"ana", "ben", "eve"}[i%3])}
			all.Go(func() {
				results[i] = b.run(t, step.endpoint, connectors.Call{Subject: person, Target: step.target})
			})
		}
		all.Wait()
		applied := 0
		for _, result := range results {
			require.Contains(t, []connectors.Outcome{connectors.Applied, connectors.Already}, result.Outcome, "%s: %s", step.endpoint, result.Summary)
			if result.Outcome == connectors.Applied {
				applied++
			}
		}
		require.GreaterOrEqual(t, applied, 3, step.endpoint)
	}
	require.True(t, b.is(t, "count(*) = 0 from pg_roles where rolname like $1", "%@"+b.database+".example.com"))
}

// TestLogin says what is wrong with the address.
func TestLogin(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for name, tc := range map[string]struct{ change, want string }{
		"no such account":  {"postgres://nobody-here@" + b.wire.address + "/" + b.database, "check the provider's url"},
		"no such database": {"postgres://" + b.name("connector") + "@" + b.wire.address + "/nothing-here", "check the provider's url"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			provider, err := postgres.Connector{}.Open(map[string]any{"url": secretFile(t, tc.change+"?sslmode=disable")}, connectors.Deps{Secret: connectors.ResolveSecret})
			require.NoError(t, err)
			err = provider.Check(t.Context())
			require.ErrorContains(t, err, tc.want)
			var refused *connectors.RefusedError
			require.ErrorAs(t, err, &refused)
		})
	}
	require.NoError(t, b.provider.Check(t.Context()))
	b.sql(t, "alter role "+b.quoted("connector")+" nocreaterole")
	require.ErrorContains(t, b.provider.Check(t.Context()), "CREATEROLE as a superuser")
	result := b.run(t, "create_user", connectors.Call{})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "it needs CREATEROLE")
}

// TestFull fills the server: who cannot get in comes again later.
func TestFull(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.sql(t, "alter role "+b.quoted("connector")+" connection limit 0")
	require.Equal(t, connectors.Transient, b.run(t, "get_user", connectors.Call{}).Outcome)
	b.sql(t, "alter database "+pgx.Identifier{b.database}.Sanitize()+" set default_transaction_read_only to on")
	b.sql(t, "alter role "+b.quoted("connector")+" connection limit -1")
	result := b.run(t, "create_user", connectors.Call{})
	require.Equal(t, connectors.Transient, result.Outcome)
	require.Contains(t, result.Summary, "let the provider's url name the primary")
}
