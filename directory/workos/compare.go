package workos

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/directory/scim"
	"github.com/usherhq/usher/flows"
)

// chunk is how many users or groups are taken out in one transaction.
const chunk = 200

// errEndless says that a list of WorkOS is longer than any directory.
var errEndless = errors.New("there are more than can be read")

// compareUsers compares a page of users.
func (r *reading) compareUsers(ctx context.Context, c comparison) error {
	users, next, err := r.state.Users(ctx, c.After)
	if c.Users += len(users); err == nil && c.Users > maxListed {
		err = errEndless
	}
	if err != nil {
		return err
	}
	return r.step(ctx, c.passed(next, partGroups), func(ctx context.Context, j *flows.Journal) error {
		keys := make([]string, 0, len(users))
		for _, user := range users {
			user.UpdatedAt = or(user.UpdatedAt, c.At)
			if err := equalUser(ctx, j, user); err != nil {
				return err
			}
			keys = append(keys, user.ID)
		}
		return db.MarkDirectoryUsers(ctx, j, j.Directory.ID, c.Number, keys)
	})
}

// compareGroups compares a page of groups, without their members.
func (r *reading) compareGroups(ctx context.Context, c comparison) error {
	groups, next, err := r.state.Groups(ctx, c.After)
	if c.Groups += len(groups); err == nil && c.Groups > maxListed {
		err = errEndless
	}
	if err != nil {
		return err
	}
	return r.step(ctx, c.passed(next, partMembers), func(ctx context.Context, j *flows.Journal) error {
		keys := make([]string, 0, len(groups))
		for _, group := range groups {
			group.UpdatedAt = or(group.UpdatedAt, c.At)
			if err := equalGroup(ctx, j, group); err != nil {
				return err
			}
			keys = append(keys, group.ID)
		}
		return db.MarkDirectoryGroups(ctx, j, j.Directory.ID, c.Number, keys)
	})
}

// compareMembers compares the members of the next group. Behind the last one it looks once more whether the directory is
// linked, before anybody is taken for gone.
func (r *reading) compareMembers(ctx context.Context, c comparison) error {
	group, err := db.NextDirectoryGroup(ctx, r.store, r.directory.ID, c.Number, c.After)
	if err == nil && group == "" {
		_, err = r.linked(ctx)
	}
	if err != nil {
		return err
	}
	var members []string
	if group != "" {
		err = r.state.Members(ctx, group, func(user User) error {
			members = append(members, user.ID)
			return r.renew(ctx)
		})
	}
	gone := errors.Is(err, ErrMissing) // meanwhile; an event will tell, or the next comparison
	if err != nil && !gone {
		return err
	}
	return r.step(ctx, c.passed(group, partGoneGroups), func(ctx context.Context, j *flows.Journal) error {
		if group == "" || gone {
			return nil
		}
		return equalMembers(ctx, j, group, members)
	})
}

// findGone takes out some of those that were there before the comparison and that it did not find.
func (r *reading) findGone(
	ctx context.Context, c comparison, following string,
	missing func(ctx context.Context, q bun.IDB, directoryID string, comparison int64, at time.Time, limit int64) ([]string, error),
	take func(ctx context.Context, j *flows.Journal, id string) error,
) error {
	gone, err := missing(ctx, r.store, r.directory.ID, c.Number, c.Begun, chunk)
	if err != nil {
		return err
	}
	if len(gone) == 0 {
		c.Part = following
	}
	return r.step(ctx, c, func(ctx context.Context, j *flows.Journal) error {
		for _, id := range gone {
			if err := take(ctx, j, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func equalUser(ctx context.Context, j *flows.Journal, user User) error {
	was, err := findUser(ctx, j, user.ID)
	if err != nil || was.ToldAt.After(user.UpdatedAt) {
		return err
	}
	_, err = saveUser(ctx, j, was, user, "")
	return err
}

func equalGroup(ctx context.Context, j *flows.Journal, group Group) error {
	was, err := findGroup(ctx, j, group.ID)
	if err != nil || was.ToldAt.After(group.UpdatedAt) {
		return err
	}
	_, err = saveGroup(ctx, j, was, group, "")
	return err
}

// equalMembers makes the members of a group those of the state. A member who is not among the users was added since
// they were read, and an event will tell.
func equalMembers(ctx context.Context, j *flows.Journal, group string, members []string) error {
	row, err := findGroup(ctx, j, group)
	if err != nil || row.ID == "" {
		return err
	}
	ids, err := db.DirectoryUsersByKey(ctx, j, j.Directory.ID, members)
	if err != nil {
		return err
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
