package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// tellStopped tells that more waits behind the breaker of a directory than its card says. It is called when nothing is left to
// work out, so that a flood is told of once. The caller holds the directory.
func (c *change) tellStopped(ctx context.Context, directory db.Directory) error {
	stop, err := db.OpenStop(ctx, c, directory.ID)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	waiting, _, err := db.CountStopped(ctx, c, directory.ID)
	if err != nil || waiting == stop.Told {
		return err
	}
	stop.Told = waiting
	if err := db.TellDirectoryStop(ctx, c, stop); err != nil {
		return err
	}
	return c.recordDirectory(directory, "directory.waits", "", db.Details{Stop: stop.ID, Kind: stop.Kind, After: waiting})
}
