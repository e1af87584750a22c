package postgres_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/postgres"
	"github.com/usherhq/usher/db/pgtest"
)

// bench is a database of its own on a real server, an account for the connector with the smallest permissions, and the
// connector. Roles belong to the whole server, so that their names end with the database's.
type bench struct {
	dsn, database string
	admin         *pgx.Conn
	wire          *wire
	provider      connectors.Provider
}

// newBench makes one. Settings may add to or change the connector's own.
func newBench(t *testing.T, settings map[string]any) *bench {
	t.Helper()
	return benchAt(t, pgtest.Open(t), settings)
}

// benchAt makes a bench of a database that is there.
func benchAt(t *testing.T, dsn string, settings map[string]any) *bench {
	t.Helper()
	b := &bench{dsn: dsn, database: strings.TrimPrefix(parse(t, dsn).Path, "/")}
	b.admin = connect(t, dsn)
	b.sql(t, "create role "+b.quoted("connector")+" login createrole in role pg_signal_backend")
	b.sql(t, "grant create on database "+pgx.Identifier{b.database}.Sanitize()+" to "+b.quoted("connector"))
	b.wire = newWire(t, parse(t, dsn).Host)
	b.provider = b.open(t, settings)
	return b
}

// open makes a provider that logs in as the connector's account, through the wire.
func (b *bench) open(t *testing.T, more map[string]any) connectors.Provider {
	t.Helper()
	given := b.settings(t)
	for name, value := range more {
		given[name] = value
	}
	provider, err := postgres.Connector{}.Open(given, connectors.Deps{Secret: connectors.ResolveSecret})
	require.NoError(t, err)
	return provider
}

// secret is part of the address and must never come out. The server trusts everybody on loopback.
const secret = "s3cret-passw0rd"

func (b *bench) settings(t *testing.T) map[string]any {
	t.Helper()
	address := parse(t, b.dsn)
	address.User, address.Host = url.UserPassword(b.name("connector"), secret), b.wire.address
	return map[string]any{"url": secretFile(t, address.String())}
}

// name is a role's name that only this test uses.
func (b *bench) name(role string) string { return role + "." + b.database }

// email is the address of somebody whose account only this test uses.
func (b *bench) email(local string) string { return local + "@" + b.database + ".example.com" }

func (b *bench) quoted(role string) string { return pgx.Identifier{b.name(role)}.Sanitize() }

// sql runs a statement as the superuser.
func (b *bench) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := b.admin.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

// is asks the server a question as the superuser.
func (b *bench) is(t *testing.T, question string, args ...any) bool {
	t.Helper()
	var yes bool
	require.NoError(t, b.admin.QueryRow(t.Context(), "select "+question, args...).Scan(&yes))
	return yes
}

// login opens a session of an account.
func (b *bench) login(t *testing.T, account string) (*pgx.Conn, error) {
	t.Helper()
	address := parse(t, b.dsn)
	address.User = url.User(account)
	conn, err := pgx.Connect(t.Context(), address.String())
	if err == nil {
		t.Cleanup(func() { _ = conn.Close(context.Background()) })
	}
	return conn, err
}

// session is login for an account that must be able to.
func (b *bench) session(t *testing.T, account string) *pgx.Conn {
	t.Helper()
	conn, err := b.login(t, account)
	require.NoError(t, err)
	return conn
}

// ana is the person of most calls.
func (b *bench) ana() connectors.Person {
	return connectors.Person{Email: b.email("ana"), Name: "Ana Diaz"}
}

func (b *bench) run(t *testing.T, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	return b.runIn(t, t.Context(), endpoint, call)
}

func (b *bench) runIn(t *testing.T, ctx context.Context, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	if call.Subject.Email == "" {
		call.Subject = b.ana()
	}
	result := connectors.Run(ctx, connectortest.Endpoint(t, b.provider, endpoint), call)
	connectortest.RequireNoSecret(t, result, []string{secret})
	return result
}

// do runs what must be applied.
func (b *bench) do(t *testing.T, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	result := b.run(t, endpoint, call)
	require.Equal(t, connectors.Applied, result.Outcome, "%s: %s", endpoint, result.Summary)
	return result
}

// to is a call about a role or a schema.
func to(target string) connectors.Call { return connectors.Call{Target: target} }

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func parse(t *testing.T, dsn string) *url.URL {
	t.Helper()
	address, err := url.Parse(dsn)
	require.NoError(t, err)
	return address
}

// secretFile keeps a secret in a file and answers the reference to it.
func secretFile(t *testing.T, value string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte(value+"\n"), 0o600))
	return "file:" + file
}
