package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

func (c *change) makeSo(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	return nil
}

func (c *change) departureMoved(ctx context.Context, request db.Request) error {
	return nil
}
