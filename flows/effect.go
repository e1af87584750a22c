package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

// effect decides what becomes of a recorded change: it is so at once, it waits for people, or the breaker stops it.
func (c *change) effect(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	stopped, err := c.stops(ctx, directory, one)
	if err != nil || stopped {
		return err
	}
	mode := directory.Policy.ModeOf(one.Kind)
	if mode == db.Hold {
		return c.hold(ctx, directory, one)
	}
	if err := c.supersede(ctx, directory, one); err != nil {
		return err
	}
	one.Status, one.SettledAt = db.ChangeEffective, c.now
	if err := db.SettleDirectoryChange(ctx, c, one, db.ChangeRecorded); err != nil {
		return err
	}
	if mode == db.Pass {
		return c.pass(ctx, directory, one)
	}
	return c.makeSo(ctx, directory, one)
}
