package flows

import (
	"context"
	"slices"

	"github.com/usherhq/usher/db"
)

// dormant reads the creation of a user on which nobody decided before he was suspended, if he was: he was never here.
func (c *change) dormant(ctx context.Context, directoryID, userID string) (db.HeldChange, bool, error) {
	created, err := db.LastCreations(ctx, c, directoryID, []string{userID})
	return created[userID], created[userID].Status == db.HeldSuperseded, err
}

// revive lets somebody be created who was suspended before anybody had decided on his creation: he was never here, so
// that he can't return. What changes of him meanwhile belongs to that, and so do the groups that he is in by then.
func (c *change) revive(ctx context.Context, directory db.Directory, newer *db.HeldChange) (bool, error) {
	if newer.Kind != db.UserResumed && newer.Kind != db.UserUpdated {
		return false, nil
	}
	sleeping, is, err := c.dormant(ctx, newer.DirectoryID, newer.UserID)
	if err != nil || !is {
		return false, err
	}
	kind, seq := newer.Kind, newer.Seq
	_, *newer = mergeHeld(sleeping, *newer)
	newer.Seq = seq
	if kind == db.UserResumed {
		return true, c.rejoin(ctx, directory, *newer)
	}
	kept := *newer
	kept.ID, kept.Status, kept.SupersededBy = db.NewID("hld"), db.HeldSuperseded, newer.ChangeID
	kept.CreatedAt, kept.DueAt, kept.SettledAt = c.now, c.now, c.now
	newer.Kind = ""
	return true, db.InsertHeldChanges(ctx, c, []db.HeldChange{kept})
}

// rejoin asks about the memberships of somebody who is to be created after all.
func (c *change) rejoin(ctx context.Context, directory db.Directory, created db.HeldChange) error {
	groups, err := db.DirectoryGroupsWith(ctx, c, created.UserID)
	if err != nil || len(groups) == 0 {
		return err
	}
	rows := make([]db.HeldChange, len(groups))
	for n, group := range groups {
		rows[n] = db.HeldChange{
			DirectoryID: created.DirectoryID, ChangeID: created.ChangeID, Seq: created.Seq, Kind: db.MembersAdded,
			UserID: created.UserID, GroupID: group,
		}
	}
	return c.hold(ctx, directory, rows)
}

// present leaves out the memberships of users who were never here: see dormant.
func (c *change) present(ctx context.Context, directory db.Directory, fresh []db.HeldChange) ([]db.HeldChange, error) {
	var users []string
	for _, held := range fresh {
		if held.GroupID != "" {
			users = append(users, held.UserID)
		}
	}
	created, err := db.LastCreations(ctx, c, directory.ID, named(users))
	return slices.DeleteFunc(fresh, func(held db.HeldChange) bool {
		return held.GroupID != "" && created[held.UserID].Status == db.HeldSuperseded
	}), err
}

// hollow says whether a change ends what never began: the user was never here, since nobody had let him be created. One
// whom others know, and who can do something here, is shut out all the same.
func (c *change) hollow(ctx context.Context, directory db.Directory, newer db.HeldChange) (bool, error) {
	if newer.Kind != db.UserSuspended && newer.Kind != db.UserDeleted {
		return false, nil
	}
	all, err := db.LastCreations(ctx, c, newer.DirectoryID, []string{newer.UserID})
	if err != nil {
		return false, err
	}
	if created, held := all[newer.UserID]; !held || created.Status == db.Approved || created.Status == db.HeldWritten {
		return false, nil
	}
	p, err := c.personIfKnown(ctx, directory, newer)
	return !p.Active, err
}
