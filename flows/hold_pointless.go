package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// pointless says why an approved change is not to be written any more, or nothing: written now, it would let somebody in
// again whom a later change has shut out, or add to what is gone.
func (c *change) pointless(ctx context.Context, held db.HeldChange) (string, error) {
	var ends []string
	switch held.Kind {
	case db.UserCreated, db.UserResumed:
		ends = []string{db.UserSuspended, db.UserDeleted}
	case db.UserUpdated:
		if _, never, err := c.dormant(ctx, held.DirectoryID, held.UserID); err != nil || never {
			return neverHere(held), err
		}
		ends = []string{db.UserDeleted}
	case db.UserSuspended:
		return c.backAgain(ctx, held)
	case db.MembersAdded:
		return c.nowhere(ctx, held)
	default:
		return "", nil
	}
	shut, err := db.NewerEnd(ctx, c, held, ends)
	if err != nil || !shut {
		return "", err
	}
	return "A later change ended the use of " + held.Label + ".", nil
}

// backAgain says why somebody is not to be suspended any more: the directory has deleted him and has him again, under the
// same name and active, so that the account is another one's.
func (c *change) backAgain(ctx context.Context, held db.HeldChange) (string, error) {
	user, err := db.AnyDirectoryUser(ctx, c, held.UserID)
	if err != nil || user.DeletedAt.IsZero() {
		return "", err
	}
	now, err := db.DirectoryUserByName(ctx, c, held.DirectoryID, user.UserName)
	if errors.Is(err, db.ErrNotFound) || (err == nil && !now.Active) {
		return "", nil
	}
	return "The directory has " + held.Label + " again.", err
}

// nowhere says why a membership can't be any more: the directory has its user or its group no longer.
func (c *change) nowhere(ctx context.Context, held db.HeldChange) (string, error) {
	user, err := db.AnyDirectoryUser(ctx, c, held.UserID)
	if err != nil {
		return "", err
	}
	_, never, err := c.dormant(ctx, held.DirectoryID, held.UserID)
	if err != nil {
		return "", err
	}
	group, err := db.AnyDirectoryGroup(ctx, c, held.GroupID)
	switch {
	case err != nil:
		return "", err
	case never:
		return neverHere(held), nil
	case !user.DeletedAt.IsZero():
		return "The directory has deleted " + held.Label + ".", nil
	case !group.DeletedAt.IsZero():
		return "The directory has deleted the group " + group.DisplayName + ".", nil
	}
	return "", nil
}

func neverHere(held db.HeldChange) string {
	return "The directory suspended " + held.Label + " before anybody had let him be created."
}

// supersedeApproved ends an approved change that is not to be written any more.
func (c *change) supersedeApproved(ctx context.Context, held db.HeldChange, item db.RequestItem, why string) error {
	held.Status, held.SettledAt = db.HeldSuperseded, c.now
	if err := db.MoveHeld(ctx, c, held, db.Approved); err != nil {
		return err
	}
	err := c.record(system, "held.superseded", item.RequestID, &item, db.Details{Held: held.ID, Kind: held.Kind, Summary: why})
	if err != nil {
		return err
	}
	return c.letBegin(ctx, held)
}
