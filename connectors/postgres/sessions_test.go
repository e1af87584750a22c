package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// alive reports whether a session still answers.
func alive(t *testing.T, conn *pgx.Conn) bool {
	t.Helper()
	return conn.Ping(t.Context()) == nil
}

// TestSessionsEnd opens sessions in two databases and lets each endpoint that says so end them.
func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"disable_user", "delete_user", "end_sessions"} {
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.do(t, "create_user", connectors.Call{})
			one, two, other := b.session(t, b.email("ana")), b.session(t, b.email("ana")), b.session(t, b.name("connector"))
			_, err := one.Exec(t.Context(), "begin")
			require.NoError(t, err)

			b.do(t, endpoint, connectors.Call{})
			require.False(t, alive(t, one), "also one in the middle of a transaction")
			require.False(t, alive(t, two))
			require.True(t, alive(t, other), "only the account's own")
			require.Equal(t, connectors.Already, b.run(t, endpoint, connectors.Call{}).Outcome)

			_, err = b.login(t, b.email("ana"))
			require.Equal(t, endpoint == "end_sessions", err == nil, "ending sessions leaves the account")
		})
	}
}

// TestDisabledByHandIsNotDone is the trap: NOLOGIN alone leaves the door closed and the person inside.
func TestDisabledByHandIsNotDone(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	session := b.session(t, b.email("ana"))
	b.sql(t, "alter role "+pgx.Identifier{b.email("ana")}.Sanitize()+" nologin")
	require.True(t, alive(t, session))
	result := b.do(t, "disable_user", connectors.Call{})
	require.Contains(t, result.Evidence[0].Summary, "has a disabled account and 1 open session")
	require.False(t, alive(t, session))
}

// TestRevokedRoleEndsWithItsSession shows why revoking a role ends sessions: one that has SET the role keeps it.
func TestRevokedRoleEndsWithItsSession(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	role := b.name("readers")
	b.do(t, "create_user", connectors.Call{})
	b.do(t, "create_role", to(role))
	b.do(t, "add_user_to_role", to(role))
	b.sql(t, "create table secrets (id int)")
	b.sql(t, "grant select on secrets to "+b.quoted("readers"))
	enter := func() *pgx.Conn {
		session := b.session(t, b.email("ana"))
		_, err := session.Exec(t.Context(), "set role "+b.quoted("readers"))
		require.NoError(t, err)
		return session
	}
	reads := func(session *pgx.Conn) error {
		_, err := session.Exec(t.Context(), "select * from secrets")
		return err
	}

	session := enter()
	b.do(t, "remove_user_from_role", to(role))
	require.Error(t, reads(session))
	require.Equal(t, connectors.Already, b.run(t, "remove_user_from_role", to(role)).Outcome)

	b.do(t, "add_user_to_role", to(role))
	session = enter()
	b.sql(t, "revoke "+b.quoted("readers")+" from "+pgx.Identifier{b.email("ana")}.Sanitize())
	require.NoError(t, reads(session), "revoked by hand, and the session goes on")
	result := b.do(t, "remove_user_from_role", to(role))
	require.Contains(t, result.Evidence[0].Summary, "has 1 open session")
	require.Error(t, reads(session))
}

// TestSessionsThatMayNotBeEnded takes pg_signal_backend away: the door is closed as far as it can be, and nobody claims
// that it is done.
func TestSessionsThatMayNotBeEnded(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"consistency": "0s"})
	b.do(t, "create_user", connectors.Call{})
	session := b.session(t, b.email("ana"))
	b.sql(t, "revoke pg_signal_backend from "+b.quoted("connector"))
	require.ErrorContains(t, b.provider.Check(t.Context()), "GRANT pg_signal_backend TO")

	result := b.run(t, "disable_user", connectors.Call{})
	require.Equal(t, connectors.Unknown, result.Outcome, result.Summary)
	require.Contains(t, result.Summary, "the account can no longer log in, but the server answered: ")
	_, err := b.login(t, b.email("ana"))
	require.Error(t, err)
	require.True(t, alive(t, session))

	settled := b.run(t, "disable_user", connectors.Call{Settle: true})
	require.Equal(t, connectors.Refused, settled.Outcome, settled.Summary)
	b.sql(t, "grant pg_signal_backend to "+b.quoted("connector"))
	b.do(t, "disable_user", connectors.Call{})
	require.False(t, alive(t, session))
}
