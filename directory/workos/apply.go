package workos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// Why an event changes nothing, for the journal.
const (
	whyOutdated   = "WorkOS had told something newer before."
	whyUnreadable = "The event could not be read: its data are not what its name promises."
	whyGone       = "The user or the group of the event is no longer there."
)

// kinds are the changes as which events are in the journal that change nothing.
var kinds = map[string]string{
	UserCreated: db.UserCreated, UserUpdated: db.UserUpdated, UserDeleted: db.UserDeleted, GroupCreated: db.GroupCreated,
	GroupUpdated: db.GroupUpdated, GroupDeleted: db.GroupDeleted, UserAdded: db.MembersAdded, UserRemoved: db.MembersRemoved,
	Deleted: db.DirectoryDeleted,
}

// asked is what WorkOS said of users and groups that an event names and the mirror does not know, by id. A nil is one
// that WorkOS does not know either.
type asked struct {
	users  map[string]*User
	groups map[string]*Group
}

// unknownError says that an event can't be taken over before WorkOS was asked for a user or a group.
type unknownError struct{ user, group string }

// Error names the id.
func (e unknownError) Error() string { return "not known here: " + e.user + e.group }

// taking is one event that is being taken over, within its transaction.
type taking struct {
	*flows.Journal

	event Event
	asked asked
}

// take takes an event over: the mirror, the journal and what an event that changes nothing leaves behind. Each counts
// once, however often it comes.
func (t taking) take(ctx context.Context) error {
	known, err := db.KnowsDirectoryEvent(ctx, t, t.Directory.ID, t.event.ID)
	if err != nil || known {
		return err
	}
	if t.event.Name == Deleted {
		return t.directoryDeleted()
	}
	if had, err := t.hadAlready(); err != nil || had {
		return err
	}
	switch t.event.Name {
	case UserCreated, UserUpdated:
		return t.user(ctx)
	case UserDeleted:
		return t.userDeleted(ctx)
	case GroupCreated, GroupUpdated:
		return t.group(ctx)
	case GroupDeleted:
		return t.groupDeleted(ctx)
	case UserAdded, UserRemoved:
		return t.membership(ctx)
	}
	return nil // the directory was activated or deactivated, or the event is of a kind to come
}

// hadAlready reports that what was read of the state has the event, or will have it when it is read to the end.
func (t taking) hadAlready() (bool, error) {
	c, err := underWay(t.Directory)
	at := t.event.CreatedAt
	return !at.IsZero() && (at.Before(t.Directory.ReconciledAt) || c.Anew && at.Before(c.At)), err
}

// nothing leaves in the journal that the event changed nothing, and why.
func (t taking) nothing(status, label, why string) error {
	if label == "" {
		label = t.event.ID
	}
	t.Add(db.DirectoryChange{Event: t.event.ID, Kind: kinds[t.event.Name], Label: label, Status: status, Reason: why})
	return nil
}

// unreadable leaves an event in the journal that can't be read. To try it for ever would hold up all behind it.
func (t taking) unreadable() error { return t.nothing(db.ChangeFailed, "", whyUnreadable) }

func (t taking) directoryDeleted() error {
	directory, err := t.event.Directory()
	if err != nil {
		return t.unreadable() // the journal has it
	}
	t.Add(db.DirectoryChange{Event: t.event.ID, Kind: db.DirectoryDeleted, Label: first(clean(directory.Name), t.Directory.Name)})
	return nil
}

func (t taking) user(ctx context.Context) error {
	user, err := t.event.User()
	if err != nil {
		return t.unreadable() // the journal has it
	}
	was, err := findUser(ctx, t.Journal, user.ID)
	if err != nil {
		return err
	}
	user.UpdatedAt = or(user.UpdatedAt, t.event.CreatedAt)
	if was.ToldAt.After(user.UpdatedAt) {
		return t.nothing(db.ChangeOutdated, user.Address(), whyOutdated)
	}
	_, err = saveUser(ctx, t.Journal, was, user, t.event.ID)
	return err
}

// userDeleted takes a user out. A deletion is never outdated: ids do not come back.
func (t taking) userDeleted(ctx context.Context) error {
	user, err := t.event.User()
	if err != nil {
		return t.unreadable() // the journal has it
	}
	was, err := findUser(ctx, t.Journal, user.ID)
	if err != nil || was.ID == "" {
		return err
	}
	return mirror.DeleteUser(ctx, t.Journal, was, mirror.Told{Event: t.event.ID, At: user.UpdatedAt})
}

// or is a time, or another where there is none: the oldest payloads do not say when they were so.
func or(at, other time.Time) time.Time {
	if at.IsZero() {
		return other
	}
	return at
}

func (t taking) group(ctx context.Context) error {
	group, err := t.event.Group()
	if err != nil {
		return t.unreadable() // the journal has it
	}
	was, err := findGroup(ctx, t.Journal, group.ID)
	if err != nil {
		return err
	}
	group.UpdatedAt = or(group.UpdatedAt, t.event.CreatedAt)
	if was.ToldAt.After(group.UpdatedAt) {
		return t.nothing(db.ChangeOutdated, clean(group.Name), whyOutdated)
	}
	_, err = saveGroup(ctx, t.Journal, was, group, t.event.ID)
	return err
}

func (t taking) groupDeleted(ctx context.Context) error {
	group, err := t.event.Group()
	if err != nil {
		return t.unreadable() // the journal has it
	}
	was, err := findGroup(ctx, t.Journal, group.ID)
	if err != nil || was.ID == "" {
		return err
	}
	return mirror.DeleteGroup(ctx, t.Journal, was, mirror.Told{Event: t.event.ID, At: group.UpdatedAt})
}

// membership takes a user into a group or out of it.
func (t taking) membership(ctx context.Context) error {
	m, err := t.event.Membership()
	if err != nil {
		return t.unreadable() // the journal has it
	}
	user, err := findUser(ctx, t.Journal, m.User.ID)
	if err != nil {
		return err
	}
	group, err := findGroup(ctx, t.Journal, m.Group.ID)
	switch {
	case err != nil:
		return err
	case t.event.Name == UserAdded:
		return t.join(ctx, m, user, group)
	case user.ID == "" || group.ID == "":
		return nil // whoever is not known is in no group
	}
	return t.move(ctx, scim.RemoveMembers, user, group)
}

// join takes a user into a group. Whoever is not known is asked for: the event that told of him was lost, or is no
// longer kept.
func (t taking) join(ctx context.Context, m Membership, user db.DirectoryUser, group db.DirectoryGroup) error {
	var err error
	if user.ID == "" {
		if user, err = t.askedUser(ctx, m.User.ID); err != nil {
			return err
		}
	}
	if group.ID == "" {
		if group, err = t.askedGroup(ctx, m.Group.ID); err != nil {
			return err
		}
	}
	if user.ID == "" || group.ID == "" {
		return t.nothing(db.ChangeOutdated, clean(m.Group.Name), whyGone)
	}
	return t.move(ctx, scim.AddMembers, user, group)
}

func (t taking) move(ctx context.Context, how scim.MemberVerb, user db.DirectoryUser, group db.DirectoryGroup) error {
	member := scim.MemberOp{Op: how, Values: []string{user.ID}}
	_, err := mirror.ChangeMembers(ctx, t.Journal, group, mirror.Told{Event: t.event.ID}, member)
	return err
}

// askedUser adds a user whom WorkOS was asked for; the zero row is one whom it does not know.
func (t taking) askedUser(ctx context.Context, id string) (db.DirectoryUser, error) {
	user, was := t.asked.users[id]
	switch {
	case !was:
		return db.DirectoryUser{}, unknownError{user: id}
	case user == nil:
		return db.DirectoryUser{}, nil
	}
	return saveUser(ctx, t.Journal, db.DirectoryUser{}, *user, "")
}

// askedGroup adds a group that WorkOS was asked for; the zero row is one that it does not know.
func (t taking) askedGroup(ctx context.Context, id string) (db.DirectoryGroup, error) {
	group, was := t.asked.groups[id]
	switch {
	case !was:
		return db.DirectoryGroup{}, unknownError{group: id}
	case group == nil:
		return db.DirectoryGroup{}, nil
	}
	return saveGroup(ctx, t.Journal, db.DirectoryGroup{}, *group, "")
}

// findUser reads the user with an id of WorkOS under lock; the zero row is one whom the mirror does not know.
func findUser(ctx context.Context, j *flows.Journal, id string) (db.DirectoryUser, error) {
	row, err := db.DirectoryUserByExternalID(ctx, j, j.Directory.ID, id)
	if err == nil {
		row, err = db.LockDirectoryUser(ctx, j, j.Directory.ID, row.ID)
	}
	if errors.Is(err, db.ErrNotFound) {
		return db.DirectoryUser{}, nil
	}
	return row, err
}

// findGroup reads the group with an id of WorkOS under lock; the zero row is one that the mirror does not know.
func findGroup(ctx context.Context, j *flows.Journal, id string) (db.DirectoryGroup, error) {
	row, err := db.DirectoryGroupByExternalID(ctx, j, j.Directory.ID, id)
	if err == nil {
		row, err = db.LockDirectoryGroup(ctx, j, j.Directory.ID, row.ID)
	}
	if errors.Is(err, db.ErrNotFound) {
		return db.DirectoryGroup{}, nil
	}
	return row, err
}

// saveUser writes a user under the best of his names that is free.
func saveUser(ctx context.Context, j *flows.Journal, was db.DirectoryUser, user User, event string) (db.DirectoryUser, error) {
	resource := userResource(user)
	for _, name := range userNames(user) {
		resource["userName"] = name
		row, err := mirror.SaveUser(ctx, j, was, resource, mirror.Told{Event: event, At: user.UpdatedAt})
		if !errors.Is(err, mirror.ErrTaken) {
			return row, err
		}
	}
	return was, fmt.Errorf("no name of user %s is free", user.ID)
}

// saveGroup writes a group under the best of its names that is free.
func saveGroup(ctx context.Context, j *flows.Journal, was db.DirectoryGroup, group Group, event string) (db.DirectoryGroup, error) {
	resource := groupResource(group)
	for _, name := range groupNames(group) {
		resource["displayName"] = name
		row, err := mirror.SaveGroup(ctx, j, was, resource, mirror.Told{Event: event, At: group.UpdatedAt})
		if !errors.Is(err, mirror.ErrTaken) {
			return row, err
		}
	}
	return was, fmt.Errorf("no name of group %s is free", group.ID)
}
