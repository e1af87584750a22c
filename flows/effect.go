package flows

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/rules"
)

// workOut works out the effects of the next changes of a directory and says how many it was. The caller holds the
// directory's effects.
func (c *change) workOut(ctx context.Context, directory db.Directory) (int, error) {
	moved, err := c.answered(ctx, directory)
	if err != nil || moved > 0 {
		return moved, err
	}
	recorded, err := db.RecordedChanges(ctx, c, directory.ID, effectsBatch)
	if err != nil {
		return 0, err
	}
	some, err := c.together(ctx, directory, recorded)
	if err != nil {
		return 0, err
	}
	for _, one := range some {
		if err := c.effect(ctx, directory, one); err != nil {
			return 0, fmt.Errorf("change %d: %w", one.Seq, err)
		}
	}
	return len(some), nil
}

// effect decides what becomes of a recorded change: it is so at once, it waits for people, or the breaker stops it. A
// change whose effect can't be worked out is put aside with the reason, so that it holds up no other.
func (c *change) effect(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	stopped, err := c.stops(ctx, directory, one)
	if err != nil || stopped {
		return err
	}
	why, err := c.apart(ctx, func(ctx context.Context) error { return c.takeIn(ctx, directory, one) })
	if err != nil || why == "" {
		return err
	}
	one.Status, one.Reason, one.SettledAt = db.ChangeFailed, why, c.now
	if err := db.SettleDirectoryChange(ctx, c, one, db.ChangeRecorded); err != nil {
		return err
	}
	if err := c.recordDirectory(directory, "directory.failed", one.Label, db.Details{Kind: one.Kind, Error: why}); err != nil {
		return err
	}
	return c.drift(ctx, directory, driftFailed, changesOf(one), why)
}

// takeIn works out the effect of a change that the breaker lets through.
func (c *change) takeIn(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	rest, err := c.supersede(ctx, directory, one)
	if err != nil {
		return err
	}
	mode := directory.Policy.ModeOf(one.Kind)
	if rest.undecided {
		mode = db.Hold
	}
	one.Status, one.SettledAt = db.ChangeEffective, c.now
	switch {
	case len(rest.changes) == 0:
		one.Reason = "It takes back what nobody had decided on yet."
	case mode == db.Hold:
		one.Status = db.ChangeHeld
	}
	if err := db.SettleDirectoryChange(ctx, c, one, db.ChangeRecorded); err != nil || len(rest.changes) == 0 {
		return err
	}
	switch mode {
	case db.Hold:
		return c.hold(ctx, directory, rest.changes)
	case db.Pass:
		return c.pass(ctx, directory, one, rest.changes)
	}
	return c.makeAllSo(ctx, directory, one, rest.changes)
}

// makeAllSo makes what is left of a change so here, and settles what was otherwise until now.
func (c *change) makeAllSo(ctx context.Context, directory db.Directory, one db.DirectoryChange, rest []db.HeldChange) error {
	if err := c.makeSo(ctx, directory, narrowed(one, rest)); err != nil {
		return err
	}
	return c.settleDrifts(ctx, directory, rest)
}

// apart runs do so that nothing of it is kept when it can't be done; why says so in a sentence. Any other error is the
// database's, and the whole is tried again later. A lost race is run once more, when it sees what the winner wrote.
func (c *change) apart(ctx context.Context, do func(ctx context.Context) error) (why string, err error) {
	for range 2 {
		if why, err = c.attempt(ctx, do); !errors.Is(err, db.ErrConflict) {
			return why, err
		}
	}
	return "It collides with what is there: " + err.Error() + ".", nil
}

func (c *change) attempt(ctx context.Context, do func(ctx context.Context) error) (why string, err error) {
	outer, events, jobs := c.Tx, len(c.events), len(c.jobs)
	inner, err := outer.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	c.Tx = inner
	err = do(ctx)
	c.Tx = outer
	if err == nil {
		return "", inner.Commit()
	}
	c.events, c.jobs = c.events[:events], c.jobs[:jobs]
	if undone := inner.Rollback(); undone != nil {
		return "", errors.Join(err, undone)
	}
	return whyUndone(err)
}

// whyUndone says in a sentence why something can't be done, or passes on the error of a database that may do it later.
func whyUndone(err error) (string, error) {
	var wrong *rules.Error
	refusal, refused := Refusal(err)
	switch {
	case refused:
		return refusal.Text, nil
	case errors.As(err, &wrong):
		return "A condition has no answer: " + wrong.Error() + ".", nil
	case errors.Is(err, db.ErrNotFound):
		return "Something that it needs is not there: " + err.Error() + ".", nil
	case db.Unfit(err):
		return "It can't be kept: " + err.Error() + ".", nil
	}
	return "", err
}

// together are the first changes whose effects are worked out in one transaction. What may lock a request or a person, or
// end something, is alone: locks are taken in the order that change names, and what fails there undoes little.
func (c *change) together(ctx context.Context, directory db.Directory, recorded []db.DirectoryChange) ([]db.DirectoryChange, error) {
	var users, groups []string
	for _, one := range recorded {
		users, groups = append(users, one.UserID), append(groups, one.GroupID)
	}
	live, err := db.LiveHeld(ctx, c, directory.ID, named(users), named(groups))
	if err != nil {
		return nil, err
	}
	waits := map[string]bool{}
	for _, held := range live {
		waits[held.UserID], waits[held.GroupID] = true, true
	}
	delete(waits, "")
	for n, one := range recorded {
		if !waits[one.UserID] && !waits[one.GroupID] && directory.Policy.ModeOf(one.Kind) != db.Pass && !ends[one.Kind] {
			continue
		}
		return recorded[:max(n, 1)], nil
	}
	return recorded, nil
}

// ends are the kinds of change that end something.
var ends = map[string]bool{
	db.UserSuspended: true, db.UserDeleted: true, db.GroupDeleted: true, db.GroupEmptied: true, db.DirectoryDeleted: true,
}

// named leaves out what is empty.
func named(ids []string) []string {
	var some []string
	for _, id := range ids {
		if id != "" {
			some = append(some, id)
		}
	}
	return some
}

// told names a directory as who acts.
func told(directory db.Directory) by { return by{name: directory.Slug, kind: "directory"} }

// recordDirectory adds an event about a directory that belongs to no request.
func (c *change) recordDirectory(directory db.Directory, action, subject string, details db.Details) error {
	details.Directory = directory.Slug
	return c.append(db.AuditEvent{Actor: directory.Slug, ActorKind: "directory", Action: action, Subject: subject}, details)
}
