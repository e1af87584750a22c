package flows

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/usherhq/usher/db"
)

// remains is what is left of a change when those before it on which nobody has decided are taken into account.
type remains struct {
	changes   []db.HeldChange // what is still to be done, one for each thing that is decided by itself
	undecided bool            // it does as well what somebody has yet to decide on, so it waits whatever its own kind does
}

// changesOf takes a change apart into what is decided by itself: a user, a group, or one user's membership of a group.
func changesOf(one db.DirectoryChange) []db.HeldChange {
	held := db.HeldChange{
		DirectoryID: one.DirectoryID, ChangeID: one.ID, Seq: one.Seq, Kind: one.Kind, UserID: one.UserID, GroupID: one.GroupID,
		Label: one.Label, Before: one.Before, After: one.After,
	}
	switch one.Kind {
	case db.GroupEmptied:
		held.Before = membersBefore(one.Members)
	case db.MembersAdded, db.MembersRemoved:
		all := make([]db.HeldChange, len(one.Members))
		for n, member := range one.Members {
			all[n] = held
			all[n].UserID = member
		}
		return all
	}
	return []db.HeldChange{held}
}

// narrowed is a change as far as it is to be so: what is left of it, or what was approved of it.
func narrowed(one db.DirectoryChange, rest []db.HeldChange) db.DirectoryChange {
	first := rest[0]
	one.Kind, one.GroupID, one.Before, one.After = first.Kind, first.GroupID, first.Before, first.After
	switch one.Kind {
	case db.GroupEmptied:
		one.Members, one.Before = membersIn(first), nil
	case db.MembersAdded, db.MembersRemoved:
		one.UserID, one.Members = "", nil
		for _, held := range rest {
			one.Members = append(one.Members, held.UserID)
		}
	}
	return one
}

// supersede lets a change take the place of earlier ones of the same user or group on which nobody has decided, and says
// what is left to do. What was denied is taken up too: the directory still says it, and a newer change would make it so
// in passing.
func (c *change) supersede(ctx context.Context, directory db.Directory, one db.DirectoryChange) (remains, error) {
	fresh := changesOf(one)
	revived, err := c.revive(ctx, directory, &fresh[0])
	if err != nil {
		return remains{}, err
	}
	hollow, err := c.hollow(ctx, directory, fresh[0])
	if err != nil {
		return remains{}, err
	}
	left := remains{undecided: revived}
	olders, err := c.outstanding(ctx, directory, fresh)
	if err != nil {
		return left, err
	}
	if fresh, err = c.putBack(ctx, directory, one, fresh, olders); err != nil {
		return left, err
	}
	if fresh, err = c.present(ctx, directory, fresh); err != nil {
		return left, err
	}
	for _, newer := range fresh {
		is, gone, err := c.supersedeWith(ctx, directory, &newer, olders, hollow)
		if err != nil {
			return left, err
		}
		left.undecided = left.undecided || is
		if !gone && !hollow && newer.Kind != "" {
			left.changes = append(left.changes, newer)
		}
	}
	return left, nil
}

// supersedeWith lets one change take the place of older ones, the newest first. undecided says that it does their work
// too, gone that nothing is left of it. hollow is as the function of that name says.
func (c *change) supersedeWith(ctx context.Context, directory db.Directory, newer *db.HeldChange, olders []db.HeldChange, hollow bool) (undecided, gone bool, err error) {
	for _, older := range slices.Backward(olders) {
		what, left := fateOf(older, *newer)
		if hollow && older.UserID == newer.UserID && older.Kind == db.MembersAdded {
			what = replaced // it would have waited for him
		}
		switch what {
		case apart:
			continue
		case merged:
			undecided = true
		case undone:
			gone = true
		case replaced:
		}
		if err := c.drop(ctx, directory, older, *newer, what); err != nil {
			return undecided, gone, err
		}
		*newer = left
		if newer.Kind == db.GroupEmptied && len(membersIn(*newer)) == 0 {
			gone = true
		}
	}
	return undecided, gone, nil
}

// fateOf is mergeHeld with what the changes are about. Somebody whose joining of a group nobody has decided on is not among
// those whom its emptying takes out.
func fateOf(older, newer db.HeldChange) (fate, db.HeldChange) {
	same := older.UserID == newer.UserID && older.GroupID == newer.GroupID
	inUser := newer.GroupID == "" && older.UserID == newer.UserID
	inGroup := newer.UserID == "" && older.GroupID == newer.GroupID
	switch {
	case older.Kind == db.MembersAdded && newer.Kind == db.GroupEmptied && inGroup && slices.Contains(membersIn(newer), older.UserID):
		newer.Before = membersBefore(minus(membersIn(newer), []string{older.UserID}))
		return replaced, newer
	case same, newer.UserID != "" && inUser, newer.GroupID != "" && inGroup:
		return mergeHeld(older, newer)
	}
	return apart, newer
}

// outstanding reads the changes that nobody has decided on, or that were denied and are still said by the directory, of
// what newer changes are about, the oldest first. It holds the requests that ask about them.
func (c *change) outstanding(ctx context.Context, directory db.Directory, fresh []db.HeldChange) ([]db.HeldChange, error) {
	users, groups := unitsOf(fresh)
	live, err := db.LiveHeld(ctx, c, directory.ID, users, groups)
	if err != nil {
		return nil, err
	}
	var requests []string
	for _, held := range live {
		requests = append(requests, held.RequestID)
	}
	if requests = named(requests); len(requests) > 0 {
		slices.Sort(requests)
		for _, id := range slices.Compact(requests) {
			if _, err := db.LockRequest(ctx, c, id); err != nil {
				return nil, err
			}
		}
		if live, err = db.LiveHeld(ctx, c, directory.ID, users, groups); err != nil { // as they are under the lock
			return nil, err
		}
	}
	refused, err := c.stillSaid(ctx, directory, fresh)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(live, refused)
	slices.SortStableFunc(all, func(a, b db.HeldChange) int { return cmp.Compare(a.Seq, b.Seq) })
	return all, nil
}

// unitsOf are the users and groups that changes are about. Of a membership it is the group alone, or one user who is to
// be added would bring in all that waits for him elsewhere.
func unitsOf(fresh []db.HeldChange) (users, groups []string) {
	for _, held := range fresh {
		if held.GroupID != "" {
			groups = append(groups, held.GroupID)
		} else if held.UserID != "" {
			users = append(users, held.UserID)
		}
	}
	slices.Sort(groups)
	return users, slices.Compact(groups)
}

// stillSaid reads changes that are not so here although the directory goes on saying them.
func (c *change) stillSaid(ctx context.Context, directory db.Directory, fresh []db.HeldChange) ([]db.HeldChange, error) {
	about := map[string]db.HeldChange{}
	kinds := map[string][]string{}
	for _, held := range fresh {
		for key, some := range driftKeys(held) {
			about[key], kinds[key] = held, some
		}
	}
	drifts, err := db.DriftsByKey(ctx, c, directory.ID, keysOf(about))
	if err != nil {
		return nil, err
	}
	var said []db.HeldChange
	for _, drift := range drifts {
		held, err := db.LastHeld(ctx, c, about[drift.Key], kinds[drift.Key])
		if errors.Is(err, db.ErrNotFound) {
			continue // it came about in another way, and whoever makes it equal settles it
		}
		if err != nil {
			return nil, err
		}
		if _, ended := endings[held.Status]; ended {
			said = append(said, held)
		}
	}
	return said, nil
}

// drop ends an older change in favour of a newer one. What was denied is settled only where the newer one takes it back.
func (c *change) drop(ctx context.Context, directory db.Directory, older, newer db.HeldChange, what fate) error {
	if older.Status != db.HeldGathering && older.Status != db.HeldWaiting {
		if what != undone {
			return nil
		}
		return c.settleDrifts(ctx, directory, []db.HeldChange{older})
	}
	was := older.Status
	older.Status, older.SupersededBy, older.SettledAt = db.HeldSuperseded, newer.ChangeID, c.now
	if err := db.MoveHeld(ctx, c, older, was); err != nil {
		return err
	}
	details := db.Details{Held: older.ID, Kind: older.Kind, Summary: supersededWords(directory, newer)}
	if was == db.HeldGathering {
		return c.recordDirectory(directory, "held.superseded", older.Label, details)
	}
	return c.withdraw(ctx, directory, older, details)
}

// withdraw takes the item of a change that was superseded out of the request that asks about it.
func (c *change) withdraw(ctx context.Context, directory db.Directory, held db.HeldChange, details db.Details) error {
	request, err := db.RequestByID(ctx, c, held.RequestID)
	if err != nil {
		return err
	}
	item, err := db.ItemByID(ctx, c, held.ItemID)
	if err != nil {
		return err
	}
	flow, err := db.FlowOfItem(ctx, c, item.ID)
	if err != nil {
		return err
	}
	if err := c.endFlow(ctx, flow, item, db.Cancelled); err != nil {
		return err
	}
	details.Directory = directory.Slug
	if err := c.record(told(directory), "held.superseded", request.ID, &item, details); err != nil {
		return err
	}
	return c.settleRequest(ctx, request)
}

// putBack asks anew whether a group is to be emptied, of all but those who were put back into it meanwhile. They never
// left, so that nothing is to be done for them; it returns the others.
func (c *change) putBack(ctx context.Context, directory db.Directory, one db.DirectoryChange, fresh, olders []db.HeldChange) ([]db.HeldChange, error) {
	if one.Kind != db.MembersAdded {
		return fresh, nil
	}
	for _, emptied := range olders {
		rest := minus(membersIn(emptied), one.Members)
		if emptied.Kind != db.GroupEmptied || len(rest) == len(membersIn(emptied)) {
			continue
		}
		fresh = slices.DeleteFunc(fresh, func(held db.HeldChange) bool { return slices.Contains(membersIn(emptied), held.UserID) })
		what := replaced
		if len(rest) == 0 {
			what = undone
		}
		if err := c.drop(ctx, directory, emptied, changesOf(one)[0], what); err != nil {
			return nil, err
		}
		if len(rest) == 0 || emptied.Status != db.HeldGathering && emptied.Status != db.HeldWaiting {
			continue
		}
		emptied.Before = membersBefore(rest)
		if err := c.hold(ctx, directory, []db.HeldChange{emptied}); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}
