package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database up to date, under a lock that a killed process does not leave behind: an advisory
// session lock on Postgres, a file lock beside a SQLite file. It returns how many migrations it applied.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	if s.Postgres() {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return 0, fmt.Errorf("make migration lock: %w", err)
		}
		return s.migrate(ctx, goose.DialectPostgres, goose.WithSessionLocker(locker))
	}
	unlock, err := lockFile(s.Path + ".lock")
	if err != nil {
		return 0, err
	}
	n, err := s.migrate(ctx, goose.DialectSQLite3)
	return n, errors.Join(err, unlock())
}

func (s *Store) migrate(ctx context.Context, dialect goose.Dialect, options ...goose.ProviderOption) (int, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(dialect, s.DB.DB, files, options...)
	if err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	applied, err := provider.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrate: %w", err)
	}
	jobs, err := s.migrateJobs(ctx)
	return len(applied) + jobs, err
}

// migrateJobs brings River's own tables up to date. River's migrations are safe to run at the same time twice only
// on Postgres, where each runs in a transaction of its own: the caller's file lock serves SQLite.
func (s *Store) migrateJobs(ctx context.Context) (int, error) {
	var result *rivermigrate.MigrateResult
	var err error
	if s.Postgres() {
		migrator, makeErr := rivermigrate.New(riverpgxv5.New(s.Pool), nil)
		if makeErr != nil {
			return 0, fmt.Errorf("migrate jobs: %w", makeErr)
		}
		result, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	} else {
		migrator, makeErr := rivermigrate.New(riversqlite.New(s.DB.DB), nil)
		if makeErr != nil {
			return 0, fmt.Errorf("migrate jobs: %w", makeErr)
		}
		result, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return 0, fmt.Errorf("migrate jobs: %w", err)
	}
	return len(result.Versions), nil
}

// lockFile holds an exclusive lock on a file until the function that it returns is called or the process ends.
func lockFile(path string) (func() error, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), file.Close())
	}
	return file.Close, nil
}
