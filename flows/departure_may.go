package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// MayUndoDeparture refuses unless a person may undo a departure now. Whether he still may is asked again when he does.
func (f *Flows) MayUndoDeparture(ctx context.Context, departureID, personID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		d, err := db.DepartureByID(ctx, c, departureID)
		if errors.Is(err, db.ErrNotFound) {
			return refuse("This departure is not known any more.")
		}
		if err != nil {
			return err
		}
		if _, _, err := c.mayUndo(ctx, d, personID); err != nil {
			return err
		}
		p, err := db.PersonByID(ctx, c, d.PersonID)
		if err != nil {
			return err
		}
		return c.undoable(ctx, d, p)
	})
}
