package workos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// chunk is how many users or groups are compared in one transaction.
const chunk = 200

// overlap is how much of the events before the state was read is read again: what came late to the list.
const overlap = time.Minute

// snapshot is all that WorkOS has of a directory.
type snapshot struct {
	at      time.Time // by WorkOS's clock; each part was read then or later
	users   []User
	groups  []Group
	members map[string][]string // ids of users by id of the group
}

// errUnlinked says that the directory is not linked, so that what its state lacks says nothing of people.
var errUnlinked = errors.New("the directory is not linked to its source at WorkOS")

// compare makes the mirror equal to the state. Each difference goes into the journal as an event would. Where the
// cursor is no event that is known, the time of the state becomes it.
func (r *reading) compare(ctx context.Context, known bool) error {
	state, err := r.snapshot(ctx)
	if err != nil {
		return err
	}
	before := r.directory.Journal
	if err := r.equalise(ctx, state); err != nil {
		return err
	}
	found, cursor := r.directory.Journal-before, r.directory.Cursor
	if !known {
		cursor = state.at.Add(-overlap).Format(stamp)
	}
	if err := r.advance(ctx, cursor, func(_ context.Context, j *flows.Journal) error {
		j.Directory.ReconciledAt = state.at
		return nil
	}); err != nil {
		return err
	}
	r.log.InfoContext(ctx, "directory compared with what WorkOS has", "directory", r.directory.Slug, "users", len(state.users),
		"groups", len(state.groups), "differences", found)
	return nil
}

// snapshot reads the state.
func (r *reading) snapshot(ctx context.Context) (snapshot, error) {
	if err := r.renew(ctx); err != nil {
		return snapshot{}, err
	}
	directory, at, err := r.state.Directory(ctx)
	if errors.Is(err, ErrMissing) {
		err = fmt.Errorf("%w; check directory_id, and of which environment the API key is", err)
	}
	if err != nil {
		return snapshot{}, err
	}
	if directory.State != "linked" && directory.State != "active" {
		return snapshot{}, errUnlinked
	}
	s := snapshot{at: at, members: map[string][]string{}}
	if err := r.state.Groups(ctx, func(group Group) error {
		group.UpdatedAt = or(group.UpdatedAt, at)
		s.groups = append(s.groups, group)
		return r.renew(ctx)
	}); err != nil {
		return s, err
	}
	for _, group := range s.groups {
		if err := r.state.Members(ctx, group.ID, func(user User) error {
			s.members[group.ID] = append(s.members[group.ID], user.ID)
			return r.renew(ctx)
		}); err != nil {
			return s, err
		}
		if err := r.renew(ctx); err != nil {
			return s, err
		}
	}
	return s, r.state.Users(ctx, func(user User) error {
		user.UpdatedAt = or(user.UpdatedAt, at)
		s.users = append(s.users, user)
		return r.renew(ctx)
	})
}

// equalise writes what differs: who and what there is, who is in which group, and then who and what is gone.
func (r *reading) equalise(ctx context.Context, s snapshot) error {
	users, groups := map[string]bool{}, map[string]bool{}
	for _, user := range s.users {
		users[user.ID] = true
	}
	for _, group := range s.groups {
		groups[group.ID] = true
	}
	if err := inChunks(ctx, r, s.users, equalUser); err != nil {
		return err
	}
	if err := inChunks(ctx, r, s.groups, func(ctx context.Context, j *flows.Journal, group Group) error {
		return equalGroup(ctx, j, group, s.members[group.ID])
	}); err != nil {
		return err
	}
	known, err := db.DirectoryGroupKeys(ctx, r.store, r.directory.ID)
	if err != nil {
		return err
	}
	if err := inChunks(ctx, r, missing(known, groups), goneGroup); err != nil {
		return err
	}
	if known, err = db.DirectoryUserKeys(ctx, r.store, r.directory.ID); err != nil {
		return err
	}
	return inChunks(ctx, r, missing(known, users), goneUser)
}

// missing are those of the mirror that are not in the state.
func missing(known []string, there map[string]bool) []string {
	return slices.DeleteFunc(known, func(id string) bool { return there[id] })
}

// inChunks does something for each of many, some in each transaction. When somebody else took an event over meanwhile,
// the state may be older than the mirror, and the error is errOvertaken.
func inChunks[T any](ctx context.Context, r *reading, all []T, do func(context.Context, *flows.Journal, T) error) error {
	for some := range slices.Chunk(all, chunk) {
		err := r.advance(ctx, r.directory.Cursor, func(ctx context.Context, j *flows.Journal) error {
			for _, one := range some {
				if err := do(ctx, j, one); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func equalUser(ctx context.Context, j *flows.Journal, user User) error {
	was, err := findUser(ctx, j, user.ID)
	if err != nil || was.ToldAt.After(user.UpdatedAt) {
		return err
	}
	_, err = saveUser(ctx, j, was, user, "")
	return err
}

// equalGroup makes a group and its members those of the state. A member who is not among the users was added while they
// were read, and an event will tell.
func equalGroup(ctx context.Context, j *flows.Journal, group Group, members []string) error {
	row, err := findGroup(ctx, j, group.ID)
	if err == nil && !row.ToldAt.After(group.UpdatedAt) {
		row, err = saveGroup(ctx, j, row, group, "")
	}
	if err != nil {
		return err
	}
	var ids []string
	for _, member := range members {
		user, err := db.DirectoryUserByExternalID(ctx, j, j.Directory.ID, member)
		if errors.Is(err, db.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		ids = append(ids, user.ID)
	}
	_, err = mirror.ChangeMembers(ctx, j, row, mirror.Told{}, scim.MemberOp{Op: scim.ReplaceMembers, Values: ids})
	return err
}

func goneUser(ctx context.Context, j *flows.Journal, id string) error {
	was, err := findUser(ctx, j, id)
	if err != nil || was.ID == "" {
		return err
	}
	return mirror.DeleteUser(ctx, j, was, mirror.Told{})
}

func goneGroup(ctx context.Context, j *flows.Journal, id string) error {
	was, err := findGroup(ctx, j, id)
	if err != nil || was.ID == "" {
		return err
	}
	return mirror.DeleteGroup(ctx, j, was, mirror.Told{})
}
