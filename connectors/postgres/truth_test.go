package postgres_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/connectors"
)

// truth is what the server holds about ana.
type truth struct {
	exists, login, member, rights bool
	sessions                      int
}

// wanted says what must be true after an endpoint was applied.
var wanted = map[string]func(truth) bool{
	"create_user":             func(is truth) bool { return is.login },
	"disable_user":            func(is truth) bool { return !is.login && is.sessions == 0 },
	"delete_user":             func(is truth) bool { return !is.exists && is.sessions == 0 },
	"end_sessions":            func(is truth) bool { return is.sessions == 0 },
	"add_user_to_role":        func(is truth) bool { return is.member },
	"remove_user_from_role":   func(is truth) bool { return !is.member && is.sessions == 0 },
	"add_user_to_entity":      func(is truth) bool { return is.rights },
	"remove_user_from_entity": func(is truth) bool { return !is.rights },
}

// places are the statements at which the line may be cut.
var places = []string{"begin", "commit", "grant", "revoke", "create role", "alter role", "drop role", "select pg_terminate_backend", "\nselect r.oid"}

// TestOutcomesAreTrue runs endpoints in any order over a line that may be cut anywhere, and compares each outcome with
// what the server really holds: Applied and Already mean that it is so, Refused and Transient that this run changed
// nothing, and settling an Unknown tells the truth.
func TestOutcomesAreTrue(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"consistency": "0s"})
	// The role and the schema are called the same, so that one target serves all endpoints.
	name := b.name("desk")
	b.do(t, "create_role", to(name))
	b.do(t, "create_entity", to(name))
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 5).Draw(rt, "steps") {
			endpoint := rapid.SampledFrom(slices.Sorted(maps.Keys(wanted))).Draw(rt, "endpoint")
			if rapid.Bool().Draw(rt, "a session is opened") {
				_, _ = b.login(t, b.email("ana")) // if she may
			}
			was := b.truth(t)
			where := rapid.SampledFrom([]place{nowhere, before, after}).Draw(rt, "cut")
			b.wire.cutAt(where, rapid.SampledFrom(places).Draw(rt, "at"))
			result := b.run(t, endpoint, to(name))
			b.wire.cutAt(nowhere, "")
			b.requireTrue(t, rt, endpoint, result, was)
			if result.Outcome == connectors.Unknown {
				was = b.truth(t)
				settled := b.run(t, endpoint, connectors.Call{Target: name, Settle: true})
				require.NotEqual(rt, connectors.Unknown, settled.Outcome, settled.Summary)
				b.requireTrue(t, rt, endpoint, settled, was)
			}
		}
	})
}

// requireTrue compares an outcome with what the server holds.
func (b *bench) requireTrue(t *testing.T, rt *rapid.T, endpoint string, result connectors.Result, was truth) {
	t.Helper()
	is := b.truth(t)
	switch result.Outcome {
	case connectors.Applied, connectors.Already:
		require.True(rt, wanted[endpoint](is), "%s says %s: %s: %+v", endpoint, result.Outcome, result.Summary, is)
	case connectors.Refused, connectors.Transient:
		require.Equal(rt, was, is, "%s says %s: %s", endpoint, result.Outcome, result.Summary)
	}
}

// truth asks the server itself.
func (b *bench) truth(t *testing.T) (is truth) {
	t.Helper()
	err := b.admin.QueryRow(t.Context(), `select r.oid is not null, coalesce(r.rolcanlogin, false),
		exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid and g.rolname = $2),
		exists (select from pg_namespace n, aclexplode(n.nspacl) a where a.grantee = r.oid and n.nspname = $2),
		(select count(*) from pg_stat_activity a where a.usesysid = r.oid or a.usename is null and a.datname = current_database() and a.usesysid is not null)
		from (select) one left join pg_roles r on r.rolname = $1`, pgx.QueryExecModeExec, b.email("ana"), b.name("desk")).
		Scan(&is.exists, &is.login, &is.member, &is.rights, &is.sessions)
	require.NoError(t, err)
	return is
}
