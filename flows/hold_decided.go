package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// HeldBegin begins what an approved change carries out, which had to wait for another change.
type HeldBegin struct {
	HeldID string `json:"held_id"`
}

// Kind names the job in the queue; it never changes.
func (HeldBegin) Kind() string { return "held_begin" }

// endings are the statuses in which a change was not made so.
var endings = map[string]string{
	db.Denied: driftDenied, db.HeldExpired: driftExpired, db.HeldDiscarded: driftDiscarded, db.Failed: driftFailed,
}

// approvedWork begins what an approved item carries out.
func (c *change) approvedWork(ctx context.Context, request db.Request, item db.RequestItem) error {
	if _, err := db.LockPerson(ctx, c, item.SubjectID); err != nil {
		return err
	}
	held, err := db.HeldOfItem(ctx, c, item.ID)
	if errors.Is(err, db.ErrNotFound) {
		return c.beginWork(ctx, request, item)
	}
	if err != nil {
		return err
	}
	if held.Status == db.HeldWaiting {
		held.Status = db.Approved
		if err := db.MoveHeld(ctx, c, held, db.HeldWaiting); err != nil {
			return err
		}
	}
	why, err := c.pointless(ctx, held)
	if err != nil {
		return err
	}
	if why != "" {
		return c.supersedeApproved(ctx, held, item, why)
	}
	waits, err := c.waitsForOthers(ctx, held)
	if err != nil || waits {
		return err
	}
	return c.beginWork(ctx, request, item)
}

// waitsForOthers says whether an approved change has to wait for one that the directory wrote before. Only the end of
// somebody's use waits for nothing.
func (c *change) waitsForOthers(ctx context.Context, held db.HeldChange) (bool, error) {
	if held.Kind == db.UserSuspended {
		return false, nil
	}
	others, err := db.BusyHeld(ctx, c, held.DirectoryID, named([]string{held.UserID}), named([]string{held.GroupID}))
	if err != nil {
		return false, err
	}
	if held.Kind == db.UserCreated || held.Kind == db.GroupCreated {
		ends, err := db.BusyEnds(ctx, c, held)
		if err != nil {
			return false, err
		}
		others = append(others, ends...)
	}
	for _, other := range others {
		if other.ID != held.ID && other.Seq <= held.Seq && precedes(other, held) {
			return true, nil
		}
	}
	return false, nil
}

// precedes says whether a change has to be written before another one that is later: each that is approved and about the
// same, and each that makes what the other needs, whether it is decided or not. Somebody new waits for the deletion of
// whoever had his name.
func precedes(other, held db.HeldChange) bool {
	switch {
	case other.Kind == db.UserDeleted && held.Kind == db.UserCreated, other.Kind == db.GroupDeleted && held.Kind == db.GroupCreated:
		return true
	case held.Kind != db.MembersAdded && other.Status != db.Approved:
		return false
	}
	sameUser := other.UserID != "" && other.UserID == held.UserID
	sameGroup := other.GroupID != "" && other.GroupID == held.GroupID
	if other.Status != db.Approved {
		return other.Kind == db.UserCreated && sameUser || (other.Kind == db.GroupCreated || other.Kind == db.GroupEmptied) && sameGroup
	}
	memberships := other.UserID != "" && other.GroupID != "" && held.UserID != "" && held.GroupID != ""
	if memberships {
		return sameUser && sameGroup
	}
	return sameUser || sameGroup
}

// heldBegin begins an approved change whose turn has come.
func (f *Flows) heldBegin(ctx context.Context, heldID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		held, err := db.HeldByID(ctx, c, heldID)
		if err != nil || held.Status != db.Approved {
			return err
		}
		request, err := db.LockRequest(ctx, c, held.RequestID)
		if err != nil {
			return err
		}
		item, err := db.ItemByID(ctx, c, held.ItemID)
		if err != nil {
			return err
		}
		grants, err := db.GrantsOfRequest(ctx, c, request.ID)
		if err != nil {
			return err
		}
		for _, grant := range grants {
			if grant.ItemID == item.ID {
				return nil // it began already
			}
		}
		return c.approvedWork(ctx, request, item)
	})
}

// letBegin lets approved changes begin that waited for another one. Who only has the name of somebody else waits for the
// sweep, which looks at all.
func (c *change) letBegin(ctx context.Context, settled db.HeldChange) error {
	others, err := db.BusyHeld(ctx, c, settled.DirectoryID, named([]string{settled.UserID}), named([]string{settled.GroupID}))
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Status == db.Approved && precedes(settled, other) {
			c.enqueue(HeldBegin{HeldID: other.ID}, queueDirectory, 0)
		}
	}
	return nil
}

// heldWritten makes a change so here that was approved and is written downstream.
func (c *change) heldWritten(ctx context.Context, request db.Request, item db.RequestItem) error {
	held, err := db.HeldOfItem(ctx, c, item.ID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && held.Status != db.Approved) {
		return nil
	}
	if err != nil {
		return err
	}
	directory, err := db.DirectoryByID(ctx, c, held.DirectoryID)
	if err != nil {
		return err
	}
	why, err := c.apart(ctx, func(ctx context.Context) error { return c.heldSo(ctx, directory, held) })
	if err != nil {
		return err
	}
	if why != "" {
		return c.notSo(ctx, directory, held, item, db.Failed, why)
	}
	held.Status, held.SettledAt = db.HeldWritten, c.now
	if err := db.MoveHeld(ctx, c, held, db.Approved); err != nil {
		return err
	}
	err = c.record(told(directory), "held.written", request.ID, &item, db.Details{Directory: directory.Slug, Held: held.ID, Kind: held.Kind})
	if err != nil {
		return err
	}
	return c.letBegin(ctx, held)
}

// heldSo makes one change so here, unless it was so at once.
func (c *change) heldSo(ctx context.Context, directory db.Directory, held db.HeldChange) error {
	one, err := db.DirectoryChangeByID(ctx, c, held.ChangeID)
	if err != nil || one.Status == db.ChangeEffective {
		return err
	}
	return c.makeAllSo(ctx, directory, one, []db.HeldChange{held})
}

// heldEnded ends a change on which people decided otherwise, or did not decide. One that was superseded has ended.
func (c *change) heldEnded(ctx context.Context, item db.RequestItem, status string) error {
	held, err := db.HeldOfItem(ctx, c, item.ID)
	if errors.Is(err, db.ErrNotFound) || (err == nil && held.Status != db.HeldWaiting) {
		return nil
	}
	if err != nil {
		return err
	}
	directory, err := db.DirectoryByID(ctx, c, held.DirectoryID)
	if err != nil {
		return err
	}
	switch status {
	case db.Lapsed:
		return c.notSo(ctx, directory, held, item, db.HeldExpired, inNoTime)
	case db.Cancelled:
		return c.notSo(ctx, directory, held, item, db.HeldDiscarded, "The request was withdrawn.")
	}
	return c.notSo(ctx, directory, held, item, db.Denied, "")
}

// inNoTime is why a change is not so on which nobody decided.
const inNoTime = "Nobody decided in time."

// notSo says that a change is not made so, and that what is here therefore differs from what the directory says.
func (c *change) notSo(ctx context.Context, directory db.Directory, held db.HeldChange, item db.RequestItem, status, why string) error {
	was := held.Status
	held.Status, held.SettledAt = status, c.now
	if err := db.MoveHeld(ctx, c, held, was); err != nil {
		return err
	}
	details := db.Details{Directory: directory.Slug, Held: held.ID, Kind: held.Kind, Error: why}
	if err := c.record(told(directory), "held."+status, item.RequestID, &item, details); err != nil {
		return err
	}
	if err := c.drift(ctx, directory, endings[status], []db.HeldChange{held}, why); err != nil {
		return err
	}
	return c.letBegin(ctx, held)
}
