package flows

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/usherhq/usher/db"
)

// makeSo lets what a directory wrote be so here: people, groups and who is in them follow it. What somebody gets or loses
// by it is worked out afterwards, in transactions of its own: see settle.
func (c *change) makeSo(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	switch one.Kind {
	case db.UserCreated, db.UserUpdated, db.UserSuspended, db.UserResumed, db.UserDeleted:
		return c.userSo(ctx, directory, one)
	case db.GroupCreated, db.GroupUpdated, db.GroupDeleted, db.GroupEmptied, db.MembersAdded, db.MembersRemoved:
		return c.groupSo(ctx, directory, one)
	case db.DirectoryDeleted:
		return c.everybodyLeaves(ctx, directory, one)
	}
	return fmt.Errorf("make so: no such kind of change as %q", one.Kind)
}

func (c *change) userSo(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	user, err := db.AnyDirectoryUser(ctx, c, one.UserID)
	if err != nil {
		return err
	}
	says, err := valuesOf(user, one)
	if err != nil {
		return err
	}
	if user, err = c.asTold(ctx, one, user, says); err != nil {
		return err
	}
	p, known, err := c.whoIs(ctx, directory, user)
	if err != nil {
		return err
	}
	t := telling{directory: directory, change: one, user: user, says: says, was: p, known: known}
	switch {
	case one.Kind == db.UserCreated || one.Kind == db.UserUpdated:
		return c.tell(ctx, t)
	case !known:
		return nil // somebody who was never here can't leave, and who returns is created first
	case one.Kind == db.UserResumed:
		return c.returns(ctx, t)
	case one.Kind == db.UserDeleted:
		// He left his groups by it, which is no change of its own. Who comes again under his address is not in them.
		if err := db.LeaveGroups(ctx, c, directory.ID, p.ID); err != nil {
			return err
		}
	}
	return c.leaves(ctx, t)
}

// whoIs finds who a user of a directory is: whoever he was found to be before, else the person with his address.
func (c *change) whoIs(ctx context.Context, directory db.Directory, user db.DirectoryUser) (p db.Person, known bool, err error) {
	id := user.PersonID
	if id == "" {
		p, err = db.PersonByEmail(ctx, c, addressOf(directory, user))
		id = p.ID
	}
	if err == nil {
		p, err = db.LockPerson(ctx, c, id)
	}
	if errors.Is(err, db.ErrNotFound) || err == nil && p.Kind == db.Robot {
		return db.Person{}, false, nil
	}
	return p, err == nil, err
}

// addressOf is the address of a user. One who has none gets a placeholder that can never be mailed.
func addressOf(directory db.Directory, user db.DirectoryUser) string {
	return cmp.Or(user.Email, strings.ToLower(user.ID)+"@"+directory.Slug+".invalid")
}

// leaves lets a person be gone: from now on he can do nothing here. What he holds is ended next.
func (c *change) leaves(ctx context.Context, t telling) error {
	still, err := db.KnownBesides(ctx, c, t.was.ID, t.user.ID)
	if err != nil || still || !t.was.LeftAt.IsZero() {
		return err
	}
	p := t.was
	p.LeftAt, p.Active, p.UpdatedAt, p.ToldBy = c.now, false, c.now, t.directory.Slug
	if err := db.TellPerson(ctx, c, p); err != nil {
		return err
	}
	if !t.was.Active && !t.was.InSlack {
		return nil // he was announced and never came
	}
	cause := t.directory.Name + " suspended the account."
	if t.change.Kind == db.UserDeleted {
		cause = t.directory.Name + " deleted the account."
	}
	if err := c.recordPerson(t.by(), "person.left", p, db.Details{Directory: t.directory.Slug, Reason: cause}); err != nil {
		return err
	}
	return c.leaving(ctx, p, t.directory.Slug, t.change.ID, cause)
}

// returns lets a person who was gone be here again, unless his time is over.
func (c *change) returns(ctx context.Context, t telling) error {
	p := t.was
	if err := c.noDriftOf(ctx, p, goneDrift(p)); err != nil {
		return err
	}
	if p.Active && p.LeftAt.IsZero() || overdue(p.EndsAt, c.now) {
		return nil
	}
	p.LeftAt, p.Active, p.UpdatedAt, p.ToldBy = zero, true, c.now, t.directory.Slug
	if err := db.TellPerson(ctx, c, p); err != nil {
		return err
	}
	if err := c.recordPerson(t.by(), "person.returned", p, db.Details{Directory: t.directory.Slug}); err != nil {
		return err
	}
	return c.markAll(ctx, []string{p.ID}, db.Unsettled{
		Directory: t.directory.Slug, ChangeID: t.change.ID, Fields: []string{fieldReturned},
	})
}

// everybodyLeaves marks all whom a directory knows as leaving: each leaves in a transaction of his own.
func (c *change) everybodyLeaves(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	people, err := db.PeopleOfDirectory(ctx, c, directory.ID)
	if err != nil {
		return err
	}
	return c.markAll(ctx, people, db.Unsettled{
		Directory: directory.Slug, ChangeID: one.ID, Leaving: directory.Name + " was taken down with all that it knew.",
	})
}

func (c *change) recordPerson(actor by, action string, p db.Person, details db.Details) error {
	return c.append(db.AuditEvent{Actor: actor.name, ActorKind: actor.kind, Action: action, Subject: p.Label()}, details)
}
