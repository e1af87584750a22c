package postgres_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
)

// TestDeleteOfOwners leaves an account that owns something as it was: able to log in, its session open.
func TestDeleteOfOwners(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	ana := pgx.Identifier{b.email("ana")}.Sanitize()
	b.sql(t, "create schema desk authorization "+ana)
	session := b.session(t, b.email("ana"))

	result := b.run(t, "delete_user", connectors.Call{})
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "owner of schema desk")
	require.Contains(t, result.Summary, "REASSIGN OWNED")
	require.True(t, alive(t, session))
	require.True(t, b.is(t, "rolcanlogin from pg_roles where rolname = $1", b.email("ana")))

	b.sql(t, "reassign owned by "+ana+" to current_user")
	b.do(t, "delete_user", connectors.Call{})
	require.False(t, alive(t, session))
}

// TestDeleteOfWhatIsInUse refuses to drop roles with rights and schemas with tables.
func TestDeleteOfWhatIsInUse(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_role", to(b.name("readers")))
	b.do(t, "create_entity", to("desk"))
	b.sql(t, "create table desk.drawer (id int)")
	b.sql(t, "grant select on desk.drawer to "+b.quoted("readers"))
	result := b.run(t, "delete_role", to(b.name("readers")))
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "privileges for table desk.drawer")
	result = b.run(t, "delete_entity", to("desk"))
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "table desk.drawer depends on schema desk")
	require.True(t, b.is(t, "to_regclass('desk.drawer') is not null"))
}

// TestNamesLeftAlone goes through accounts and roles that are not ours to change.
func TestNamesLeftAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	b.do(t, "create_role", to(b.name("readers")))
	b.do(t, "add_user_to_role", to(b.name("readers")))
	b.sql(t, "create role "+b.quoted("root")+" superuser")
	b.sql(t, "create role "+b.quoted("admins")+" in role "+b.quoted("root"))
	b.sql(t, "create role "+b.quoted("operators")+" in role "+b.quoted("connector"))
	long := strings.Repeat("a", 64)
	users := map[string]string{
		"usher": "is a superuser", b.name("root"): "is a superuser", b.name("connector"): "the provider's own account",
		"pg_monitor": "keeps for itself", "public": "keeps for itself", "none": "keeps for itself",
		long: "is longer than the 63 bytes", strings.Repeat("é", 32): "is longer than the 63 bytes",
		"a\x00b": "cannot be printed", "a\nb": "cannot be printed", "a\xffb": "cannot be printed", "a\u202eb": "cannot be printed",
		b.name("readers"): "not a person's account",
	}
	for name, want := range users {
		for _, endpoint := range []string{"get_user", "create_user", "disable_user", "delete_user", "end_sessions", "add_user_to_role", "remove_user_from_role"} {
			result := b.run(t, endpoint, connectors.Call{Target: b.name("readers"), Args: map[string]any{"user": name}})
			require.Equal(t, connectors.Refused, result.Outcome, "%s %q: %s", endpoint, name, result.Summary)
			require.Contains(t, result.Summary, want)
		}
	}
	delete(users, b.name("readers"))
	users[b.email("ana")] = "is an account that can log in, not a role"
	for name, want := range users {
		for _, endpoint := range []string{"create_role", "delete_role", "add_user_to_role", "remove_user_from_role"} {
			result := b.run(t, endpoint, connectors.Call{Subject: connectors.Person{Email: b.email("ben")}, Args: map[string]any{"role": name}})
			require.Equal(t, connectors.Refused, result.Outcome, "%s %q: %s", endpoint, name, result.Summary)
			if name != b.name("connector") { // which is both
				require.Contains(t, result.Summary, want)
			}
		}
	}
	for _, role := range []string{"admins", "operators"} {
		result := b.run(t, "add_user_to_role", to(b.name(role)))
		require.Equal(t, connectors.Refused, result.Outcome)
		require.Contains(t, result.Summary, "can become a superuser or the provider's own account")
	}
	for _, schema := range []string{"pg_catalog", "pg_toast", "information_schema", "", long} {
		require.Equal(t, connectors.Refused, b.run(t, "create_entity", to(schema)).Outcome, schema)
		require.Equal(t, connectors.Refused, b.run(t, "add_user_to_entity", to(schema)).Outcome, schema)
	}
}

// TestHostileNames uses names that would do harm if they were pasted into a statement.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.sql(t, "create table precious (id int)")
	for _, hostile := range []string{
		`o'hara`, `"; drop table precious; --`, `x" superuser; --`, `'; drop table precious; --`, `$1`, `a\`, `a b`, `%s`, `名`, `--`, `{{ x }}`, `CamelCase`,
	} {
		t.Run(hostile, func(t *testing.T) {
			account, role, schema := hostile+"@"+b.database, hostile+" role "+b.database, hostile
			as := func(target string) connectors.Call {
				return connectors.Call{Target: target, Args: map[string]any{"user": account}}
			}
			b.do(t, "create_user", as(""))
			require.True(t, b.is(t, "rolcanlogin and not rolsuper from pg_roles where rolname = $1", account))
			b.do(t, "create_role", to(role))
			b.do(t, "create_entity", to(schema))
			require.True(t, b.is(t, "count(*) = 1 from pg_namespace where nspname = $1", schema))
			b.do(t, "add_user_to_role", as(role))
			require.True(t, b.is(t, "pg_has_role($1::name, $2::name, 'member')", account, role))
			b.do(t, "add_user_to_entity", as(schema))
			session := b.session(t, account)
			b.do(t, "remove_user_from_role", as(role))
			require.False(t, alive(t, session))
			b.do(t, "remove_user_from_entity", as(schema))
			b.do(t, "delete_entity", to(schema))
			b.do(t, "delete_role", to(role))
			b.do(t, "delete_user", as(""))
			require.True(t, b.is(t, "count(*) = 0 from pg_roles where rolname in ($1, $2)", account, role))
		})
	}
	require.True(t, b.is(t, "to_regclass('precious') is not null"))
}

// TestWhatIsMissingIsSaid goes through calls that lack something.
func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	nobody := connectors.Call{Subject: connectors.Person{Email: " ", Name: "x"}}
	b.do(t, "create_role", to(b.name("readers")))
	b.do(t, "create_entity", to("desk"))
	for name, tc := range map[string]struct {
		endpoint string
		call     connectors.Call
		want     string
	}{
		"no e-mail":       {"create_user", nobody, "no e-mail address"},
		"no role":         {"create_role", connectors.Call{}, "no role is named"},
		"no schema":       {"create_entity", connectors.Call{}, "no schema is named"},
		"no account":      {"add_user_to_role", to(b.name("readers")), "let a create_user step come first"},
		"unknown role":    {"add_user_to_role", to(b.name("writers")), "there is no role called"},
		"no such user":    {"add_user_to_entity", to("desk"), "let a create_user step come first"},
		"unknown schema":  {"add_user_to_entity", to("shelf"), "there is no schema called"},
		"unknown level":   {"add_user_to_entity", connectors.Call{Target: "desk", Args: map[string]any{"level": "root"}}, `"root" is none of read, write`},
		"no date":         {"create_user", connectors.Call{Args: map[string]any{"valid_until": "soon"}}, `"soon" is no time`},
		"nobody to end":   {"end_sessions", nobody, "no e-mail address"},
		"nobody to leave": {"remove_user_from_role", connectors.Call{Subject: nobody.Subject, Target: b.name("readers")}, "no e-mail address"},
	} {
		t.Run(name, func(t *testing.T) {
			result := b.run(t, tc.endpoint, tc.call)
			require.Equal(t, connectors.Refused, result.Outcome)
			require.Contains(t, result.Summary, tc.want)
		})
	}
	for _, endpoint := range []string{"disable_user", "delete_user", "end_sessions", "remove_user_from_role", "remove_user_from_entity"} {
		require.Equal(t, connectors.Already, b.run(t, endpoint, to("gone")).Outcome, endpoint)
	}
}
