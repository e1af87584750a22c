// Package pgtest gives each test a PostgreSQL database of its own.
//
// The first call in a process starts one private server from the binaries that
// are installed on the machine: data in a temporary folder, a free loopback
// port, no durability. It never touches a server of the system. The server
// ends with the process, also when the process is killed.
//
// Nothing is skipped: without PostgreSQL the test fails and names the package
// to install.
package pgtest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience bounds every statement of this package. It is generous because a
// loaded machine is slow, and a hang must still end before the test does.
const patience = time.Minute

// shared is the one server of this process and the template databases in it.
var shared = struct {
	start     func() (*server, error)
	databases atomic.Int64 // how many tests have had one: names them

	mu        sync.Mutex
	templates map[string]func() error // prepares the template of this name, once
}{
	start:     sync.OnceValues(startServer),
	templates: map[string]func() error{},
}

// Open returns the URL of a new, empty database that belongs to t alone. It is
// dropped when t ends.
func Open(t testing.TB) (dsn string) {
	t.Helper()
	return open(t, "template1")
}

// OpenFrom is Open, but the database is a copy of the template called name,
// which prepare fills once per process, typically by running the migrations.
// A failure of prepare fails every test that asks for this name. Callers of
// one name must pass the same prepare: the first one wins.
func OpenFrom(t testing.TB, name string, prepare func(dsn string) error) (dsn string) {
	t.Helper()
	if err := prepared(name, prepare)(); err != nil {
		t.Fatalf("pgtest: prepare template %s: %v", name, err)
	}
	return open(t, templateName(name))
}

// OpenServer starts a server for the caller alone and returns the URL of an
// empty database in it, whose user may do everything. It is for programs that
// are not tests, and for tests that start other processes or stop the server.
// stop ends the server and removes its files; it may be called again, and when
// it never is, the server still ends with the process.
func OpenServer() (dsn string, stop func(), err error) {
	s, err := startServer()
	if err != nil {
		return "", nil, err
	}
	return s.dsn(maintenance), s.stop, nil
}

// open copies template into a new database and drops it when t ends.
func open(t testing.TB, template string) string {
	t.Helper()
	s, err := shared.start()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	name := fmt.Sprintf("test_%d", shared.databases.Add(1))
	if err := s.exec("create database " + quote(name) + " template " + quote(template)); err != nil {
		t.Fatalf("pgtest: create database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec("drop database " + quote(name) + " with (force)"); err != nil {
			t.Errorf("pgtest: drop database: %v", err)
		}
	})
	return s.dsn(name)
}

// prepared returns the function that makes the template when it is called
// first, and tells later callers how that went.
func prepared(name string, prepare func(dsn string) error) func() error {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	once, known := shared.templates[name]
	if !known {
		once = sync.OnceValue(func() error { return makeTemplate(templateName(name), prepare) })
		shared.templates[name] = once
	}
	return once
}

// makeTemplate creates a database, lets prepare fill it and closes it to
// connections: PostgreSQL copies only a database that nobody is using.
func makeTemplate(name string, prepare func(dsn string) error) error {
	s, err := shared.start()
	if err != nil {
		return err
	}
	if err := s.exec("create database " + quote(name)); err != nil {
		return err
	}
	if err := prepare(s.dsn(name)); err != nil {
		return err
	}
	if err := s.exec("alter database " + quote(name) + " with allow_connections false"); err != nil {
		return err
	}
	return s.exec("select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = $1", name)
}

// exec runs one statement, outside a transaction, as the superuser.
func (s *server) exec(statement string, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.dsn(maintenance))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // the answer is known; a failed goodbye changes nothing
	if _, err := conn.Exec(ctx, statement, args...); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// quote writes name as an SQL identifier.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// templateName keeps templates apart from the databases of tests.
func templateName(name string) string { return "template_" + name }
