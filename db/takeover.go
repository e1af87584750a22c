package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
)

// TakeOver says that this process serves on the database now. Any number may on Postgres. On SQLite there is one: a
// second is refused, and what an earlier one held when it died is free at once. The function that it returns gives
// the place up; the end of the process does too.
func (s *Store) TakeOver(ctx context.Context) (func() error, error) {
	if s.Postgres() {
		return func() error { return nil }, nil
	}
	file, err := os.OpenFile(s.Path+".serve", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("another process serves on %s already: stop it, or use Postgres for several", s.Path), file.Close())
	}
	for _, table := range []string{"action_flow_scripts", "lanes"} {
		if _, err := s.ExecContext(ctx, "UPDATE "+table+" SET claimed_by = '', claimed_until = NULL WHERE claimed_by <> ''"); err != nil {
			return nil, errors.Join(fmt.Errorf("free what a dead process held: %w", err), file.Close())
		}
	}
	return file.Close, nil
}
