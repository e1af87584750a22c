package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/postgres"
)

// patience and tick are for waiting on the server.
const (
	patience = 30 * time.Second
	tick     = 20 * time.Millisecond
)

// TestLevels logs in as the person and tries what each level promises, also on tables that come later.
func TestLevels(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	b.sql(t, "create role "+b.quoted("owner"))
	b.sql(t, "grant "+b.quoted("owner")+" to "+b.quoted("connector"))
	b.sql(t, "create schema desk authorization "+b.quoted("owner"))
	as := func(statement string) {
		b.sql(t, "set role "+b.quoted("owner"))
		b.sql(t, statement)
		b.sql(t, "reset role")
	}
	as("create table desk.drawer (id serial, note text)")
	session := b.session(t, b.email("ana"))
	can := func(statement string) bool {
		_, err := session.Exec(t.Context(), statement)
		return err == nil
	}
	level := func(name string) connectors.Call {
		return connectors.Call{Target: "desk", Args: map[string]any{"level": name}}
	}

	require.False(t, can("select from desk.drawer"))
	result := b.do(t, "add_user_to_entity", to("desk"))
	require.Equal(t, "read", result.Output["level"])
	require.True(t, can("select from desk.drawer"))
	require.False(t, can("insert into desk.drawer (note) values ('x')"))
	as("create table desk.later (id serial)")
	require.True(t, can("select from desk.later"), "a table that came later")
	require.Equal(t, connectors.Already, b.run(t, "add_user_to_entity", to("desk")).Outcome)

	result = b.do(t, "add_user_to_entity", level("write"))
	require.Equal(t, "write", result.Output["level"])
	as("create table desk.last (id serial)")
	for _, table := range []string{"drawer", "later", "last"} {
		require.True(t, can("insert into desk."+table+" default values"), table)
		require.True(t, can("update desk."+table+" set id = 2"), table)
		require.True(t, can("delete from desk."+table), table)
		require.False(t, can("truncate desk."+table), table)
		require.False(t, can("drop table desk."+table), table)
	}
	require.Equal(t, connectors.Already, b.run(t, "add_user_to_entity", level("read")).Outcome)

	as("create function desk.help() returns int language sql as 'select 1'")
	as("grant execute on function desk.help() to " + `"` + b.email("ana") + `"`)
	as("grant select (note) on desk.drawer to " + `"` + b.email("ana") + `"`)
	b.do(t, "remove_user_from_entity", to("desk"))
	as("create table desk.afterwards (id serial)")
	for _, table := range []string{"drawer", "later", "last", "afterwards"} {
		require.False(t, can("select from desk."+table), table)
	}
	require.True(t, b.is(t, "count(*) = 0 from pg_shdepend where refobjid = $1::regrole", `"`+b.email("ana")+`"`), "nothing is left")
	b.do(t, "delete_user", connectors.Call{})
}

// TestRightsOfOthers meets a schema in which the connector may not grant, in part or at all.
func TestRightsOfOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.do(t, "create_user", connectors.Call{})
	ana := `"` + b.email("ana") + `"`
	b.sql(t, "create schema desk authorization "+b.quoted("connector"))
	b.sql(t, "create table desk.drawer (id int)")
	result := b.run(t, "add_user_to_entity", to("desk"))
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "permission denied for table drawer")

	b.sql(t, "grant select on desk.drawer to "+b.quoted("connector"))
	result = b.run(t, "add_user_to_entity", to("desk"))
	require.Equal(t, connectors.Refused, result.Outcome, "here the server only warns")
	require.Contains(t, result.Summary, "missing: SELECT on table desk.drawer")
	require.True(t, b.is(t, "not has_schema_privilege($1::name, 'desk', 'usage')", b.email("ana")), "nothing by halves")

	b.sql(t, "grant select on desk.drawer to "+ana)
	result = b.run(t, "remove_user_from_entity", to("desk"))
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "left: table desk.drawer")
	b.sql(t, "alter table desk.drawer owner to "+b.quoted("connector"))
	b.do(t, "remove_user_from_entity", to("desk"))

	b.sql(t, "alter table desk.drawer owner to "+ana)
	result = b.run(t, "remove_user_from_entity", to("desk"))
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "owns table desk.drawer")
}

// TestRoleGrantedByOthers cannot be revoked where the connector has no say over the role's other way in.
func TestRoleGrantedByOthers(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	role, wide := b.name("readers"), b.name("everybody")
	b.do(t, "create_user", connectors.Call{})
	b.do(t, "create_role", to(role))
	b.do(t, "create_role", to(wide))
	b.do(t, "add_user_to_role", to(role))
	b.do(t, "add_user_to_role", to(wide))
	b.sql(t, "grant "+b.quoted("readers")+" to "+b.quoted("everybody"))
	b.do(t, "remove_user_from_role", to(role))
	result := b.run(t, "remove_user_from_role", to(role))
	require.Equal(t, connectors.Already, result.Outcome)
	require.Contains(t, result.Summary, "only through another role")
}

// TestValidUntil is kept in step with the argument.
func TestValidUntil(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	until := func(value string) connectors.Call {
		return connectors.Call{Args: map[string]any{"valid_until": value}}
	}
	b.do(t, "create_user", until("2099-05-04T10:00:00+02:00"))
	require.True(t, b.is(t, "rolvaliduntil = '2099-05-04 08:00Z' from pg_roles where rolname = $1", b.email("ana")))
	require.Equal(t, connectors.Already, b.run(t, "create_user", until("2099-05-04T08:00:00Z")).Outcome)
	require.Equal(t, connectors.Already, b.run(t, "create_user", connectors.Call{}).Outcome)
	b.do(t, "create_user", until("2099-06-01"))
	b.sql(t, `alter role "`+b.email("ana")+`" valid until 'infinity'`)
	b.do(t, "create_user", until("2099-06-01"))
}

// TestAccountNames makes the account's name of the e-mail.
func TestAccountNames(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"account": "local_part"})
	local := "ana-" + b.database
	person := connectors.Person{Email: " Ana-" + b.database + "@Example.com "}
	b.do(t, "create_user", connectors.Call{Subject: person})
	require.True(t, b.is(t, "rolcanlogin from pg_roles where rolname = $1", local))
	b.do(t, "delete_user", connectors.Call{Subject: person})
	b.provider = b.open(t, map[string]any{"account": "email"})
	b.do(t, "create_user", connectors.Call{Subject: person})
	require.True(t, b.is(t, "rolcanlogin from pg_roles where rolname = $1", local+"@example.com"))
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		setting, value, want string
	}{
		"no address":      {"url", "nonsense-" + secret, "an address such as postgres://"},
		"other scheme":    {"url", "mysql://a:" + secret + "@b/c", "an address such as postgres://"},
		"unreadable":      {"url", "postgres://a:" + secret + "@b:port/c", "cannot be read"},
		"no such account": {"account", "badge", `"badge" is none of email, local_part`},
		"no duration":     {"consistency", "soon", `"soon" is not a duration`},
		"past":            {"consistency", "-1s", `"-1s" is not a duration`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := map[string]any{"url": secretFile(t, "postgres://usher:"+secret+"@db.example.com/app")}
			given[tc.setting] = tc.value
			if tc.setting == "url" {
				given["url"] = secretFile(t, tc.value)
			}
			_, err := postgres.Connector{}.Open(given, connectors.Deps{Secret: connectors.ResolveSecret})
			require.ErrorContains(t, err, `setting "`+tc.setting+`"`)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), secret)
		})
	}
}
