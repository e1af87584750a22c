package flows

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
)

// The breaker stops a directory that takes away more than usual, before anything of it is so: a broken mapping at the
// identity provider or a wrong click there looks the same as a thousand people who leave. A person then lets what was
// stopped go on, or discards it.

// breakerFor is the time over which the breaker counts.
const breakerFor = time.Hour

// fewest is from how many on a share of a directory counts: of three people two are many per cent, and nothing unusual.
var fewest = map[string]int{"people": 5, "groups": 2}

// takes are the kinds of change that take away, with what a hundredth of a directory is counted by. Of changes of attributes
// some do: see takesAway.
var takes = map[string]string{
	db.UserSuspended: "people", db.UserDeleted: "people", db.UserUpdated: "people", db.MembersRemoved: "people",
	db.GroupDeleted: "groups", db.GroupEmptied: "groups", db.DirectoryDeleted: "",
}

// stops says whether the breaker holds a change, and marks it so. While a stop is open, changes of a stopped kind and
// later changes of the same users and groups are held too, so that their order is kept. What a person let go on passes.
func (c *change) stops(ctx context.Context, directory db.Directory, one db.DirectoryChange) (bool, error) {
	if one.Reason != "" { // a person saw it, and lets it go on
		return false, nil
	}
	taking, err := c.taking(ctx, directory, one)
	if err != nil {
		return false, err
	}
	open, err := db.OpenStop(ctx, c, directory.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return false, err
	}
	if err == nil {
		with, err := db.StopsWith(ctx, c, one, taking)
		if err != nil {
			return false, err
		}
		if with {
			return true, c.stop(ctx, one)
		}
	}
	if !taking {
		return false, nil
	}
	over, err := c.tooMuch(ctx, directory, one)
	if err != nil || over.Why == "" {
		return false, err
	}
	if open.ID == "" {
		if err := c.openStop(ctx, directory, over); err != nil {
			return false, err
		}
	}
	return true, c.stop(ctx, one)
}

// stop marks a change as one that the breaker holds.
func (c *change) stop(ctx context.Context, one db.DirectoryChange) error {
	one.Status = db.ChangeStopped
	return db.SettleDirectoryChange(ctx, c, one, db.ChangeRecorded)
}

// openStop asks a person whether a directory goes on.
func (c *change) openStop(ctx context.Context, directory db.Directory, over db.DirectoryStop) error {
	channel := ""
	if len(directory.Policy.Routes) > 0 {
		channel = directory.Policy.Routes[len(directory.Policy.Routes)-1].Channel // the one for all
	}
	var err error
	if over.Channel, err = c.channelOr(ctx, channel); err != nil {
		return err
	}
	over.ID, over.DirectoryID, over.Status, over.CreatedAt = db.NewID("stp"), directory.ID, db.StopOpen, c.now
	if err := db.InsertDirectoryStop(ctx, c, over); err != nil {
		return err
	}
	details := db.Details{Stop: over.ID, Kind: over.Kind, Summary: over.Why, AskIn: over.Channel}
	return c.recordDirectory(directory, "directory.stopped", "", details)
}

// tooMuch counts what a directory took away within an hour of a change, behind what a person last decided on, by changes of
// the same kind: however late that is worked out, it is when it was said that counts. Those count too whose effect is not
// worked out yet, so that a flood is stopped before its first drop, but for changes of attributes, of which it is known only
// then what they take. Without Why it is not too much.
func (c *change) tooMuch(ctx context.Context, directory db.Directory, one db.DirectoryChange) (db.DirectoryStop, error) {
	over := db.DirectoryStop{Kind: one.Kind, Found: 1}
	if one.Kind == db.DirectoryDeleted {
		over.Why = directory.Name + " was deleted at its source: all of its people and groups would go at once."
		return over, nil
	}
	last, err := db.LastStop(ctx, c, directory.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return over, err
	}
	if one.Seq <= last.UpTo {
		return over, nil // somebody saw it and decided
	}
	if over.Found, err = db.CountTaken(ctx, c, one, breakerFor, last.UpTo); err != nil {
		return over, err
	}
	limit := directory.Policy.Breaker
	if most := cmp.Or(limit.Changes, db.BreakerChanges); most > 0 && over.Found > most {
		over.Allowed = most
	} else if over.Allowed, err = c.tooGreatAShare(ctx, directory, over); err != nil || over.Allowed == 0 {
		return over, err
	}
	verb := verbs[one.Kind][1]
	if one.Kind == db.UserUpdated {
		verb = "end the time of %d people or take access from them"
	}
	over.Why = fmt.Sprintf("%s wants to "+verb+" within an hour, where %d are usual at most.", directory.Name, over.Found, over.Allowed)
	return over, nil
}

// tooGreatAShare is how many of a directory's people or groups may go within an hour, if the fewest do that count and these
// are more; else 0. Those who went already still count as the directory's.
func (c *change) tooGreatAShare(ctx context.Context, directory db.Directory, over db.DirectoryStop) (int, error) {
	percent := cmp.Or(directory.Policy.Breaker.Percent, db.BreakerPercent)
	if percent < 0 || over.Found < fewest[takes[over.Kind]] {
		return 0, nil
	}
	count := db.CountDirectoryUsers
	if takes[over.Kind] == "groups" {
		count = db.CountDirectoryGroups
	}
	all, err := count(ctx, c, directory.ID)
	if err != nil {
		return 0, err
	}
	if over.Kind != db.MembersRemoved && over.Kind != db.GroupEmptied && over.Kind != db.UserUpdated { // those are there still
		all += over.Found
	}
	if over.Found*100 <= percent*all {
		return 0, nil
	}
	return max(percent*all/100, fewest[takes[over.Kind]]-1), nil
}
