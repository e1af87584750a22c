package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

func (c *change) stops(ctx context.Context, directory db.Directory, one db.DirectoryChange) (bool, error) {
	return false, nil
}

func (c *change) hold(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	return nil
}

func (c *change) supersede(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	return nil
}

func (c *change) pass(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	return nil
}

func (c *change) approvedWork(ctx context.Context, request db.Request, item db.RequestItem) error {
	return nil
}

func (c *change) heldWritten(ctx context.Context, request db.Request, item db.RequestItem) error {
	return nil
}

func (c *change) heldEnded(ctx context.Context, item db.RequestItem, status string) error {
	return nil
}
