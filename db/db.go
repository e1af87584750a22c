// Package db holds Usher's rows: the types that every other package speaks in, the queries, the migrations,
// and the two databases they run on. It is the lowest package and imports nothing else of ours.
//
// Times are UTC, truncated to microseconds, always set from Go. Identifiers are made by NewID. A row that is not
// there is ErrNotFound; a guarded update that found the row already changed is ErrConflict.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the embedded database's driver
)

// ErrNotFound says that the row asked for does not exist.
var ErrNotFound = errors.New("not found")

// ErrConflict says that a guarded change found the row in another state than it expected: somebody was faster.
var ErrConflict = errors.New("changed meanwhile")

// sqliteOptions make SQLite safe for read-then-write transactions and a crash: see docs/adr/0001.
const sqliteOptions = "_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
	"&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)"

// sqliteReaders is the number of SQLite connections that only read, beside the one that writes.
const sqliteReaders = 4

// The dialects remember what they learnt of each type of row, and nothing of a database.
var (
	sqliteDialect   = sqlitedialect.New()
	postgresDialect = pgdialect.New()
)

// poolSize is the number of Postgres connections of one process: River wants its workers and about eight more.
const poolSize = 40

// Store is an open database.
type Store struct {
	*bun.DB
	// Pool is the Postgres pool below DB, nil on SQLite. River's workers listen through it.
	Pool *pgxpool.Pool
	// Path is the file of a SQLite database, empty on Postgres.
	Path string
}

// Open opens the database that url names: "sqlite:PATH" or "postgres://…". It does not migrate.
func Open(ctx context.Context, url string) (*Store, error) {
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"))
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return openPostgres(ctx, url)
	}
	return nil, errors.New("DATABASE_URL must begin with sqlite: or postgres://")
}

func openSQLite(ctx context.Context, path string) (*Store, error) {
	if path == "" {
		return nil, errors.New("DATABASE_URL names no file: write sqlite:usher.db")
	}
	handle, err := sql.Open("sqlite", "file:"+path+"?"+sqliteOptions)
	if err != nil {
		return nil, fmt.Errorf("open sqlite database: %w", err)
	}
	handle.SetMaxOpenConns(1) // one writer: a second connection would only meet "database is locked"
	// The first connection turns write-ahead logging on, which SQLite refuses at once while another process does so.
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, errors.Join(err, handle.Close())
	}
	if err := errors.Join(handle.PingContext(ctx), unlock()); err != nil {
		return nil, errors.Join(fmt.Errorf("open sqlite database %s: %w", path, err), handle.Close())
	}
	readers, err := openReaders(path)
	if err != nil {
		return nil, errors.Join(err, handle.Close())
	}
	return &Store{DB: bun.NewDB(handle, sqliteDialect, bun.WithConnResolver(readers)), Path: path}, nil
}

func openPostgres(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("DATABASE_URL is not a Postgres connection string") // the cause may hold the password
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = poolSize
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open postgres pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach postgres: %w", err)
	}
	return &Store{DB: bun.NewDB(stdlib.OpenDBFromPool(pool), postgresDialect), Pool: pool}, nil
}

// Postgres says whether the store is a Postgres database; else it is SQLite.
func (s *Store) Postgres() bool { return s.Pool != nil }

// Close closes the database. Whoever uses it, above all the job client, must have stopped.
func (s *Store) Close() error {
	err := s.DB.Close()
	if s.Pool != nil {
		s.Pool.Close()
	}
	return err
}

// absent turns "no rows" into ErrNotFound and says what was looked for.
func absent(err error, what string, key any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s %v: %w", what, key, ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("read %s %v: %w", what, key, err)
	}
	return nil
}

// changed turns the result of a guarded update into ErrConflict when no row matched.
func changed(result sql.Result, err error, what string, key any) error {
	if err != nil {
		return fmt.Errorf("change %s %v: %w", what, key, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("change %s %v: %w", what, key, err)
	}
	if n == 0 {
		return fmt.Errorf("%s %v: %w", what, key, ErrConflict)
	}
	return nil
}

// forUpdate locks the rows of a query where the database has row locks. On SQLite a transaction that may write
// is begun immediate and is alone, which is the lock. NO KEY UPDATE lets others insert rows that refer to the locked
// one: with the full lock, two people who decide on each other's requests at once would wait for each other.
func forUpdate(query *bun.SelectQuery) *bun.SelectQuery {
	if _, lite := query.Dialect().(*sqlitedialect.Dialect); lite {
		return query
	}
	return query.For("NO KEY UPDATE")
}
