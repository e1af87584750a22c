package flows

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/usherhq/usher/db"
)

// ofDirectory is the source of groups that directories tell of.
const ofDirectory = "directory"

func (c *change) groupSo(ctx context.Context, directory db.Directory, one db.DirectoryChange) error {
	told, err := db.AnyDirectoryGroup(ctx, c, one.GroupID)
	if err != nil {
		return err
	}
	group, err := c.groupOf(ctx, directory, told, one.Kind != db.GroupDeleted)
	if err != nil || group.ID == "" {
		return err
	}
	switch one.Kind {
	case db.GroupUpdated:
		group.Name, group.SyncedAt = told.DisplayName, c.now
		_, err := db.SaveGroup(ctx, c, group)
		return err
	case db.GroupDeleted:
		return c.groupGone(ctx, directory, group)
	case db.MembersAdded, db.MembersRemoved, db.GroupEmptied:
		return c.moveMembers(ctx, directory, group, one)
	}
	return nil
}

// groupOf finds the group that a group of a directory is, or makes it. Its handle is made of its first name and stays:
// approval chains and conditions know it by that.
func (c *change) groupOf(ctx context.Context, directory db.Directory, told db.DirectoryGroup, makes bool) (db.Group, error) {
	if told.GroupID != "" {
		return db.GroupByID(ctx, c, told.GroupID)
	}
	if !makes {
		return db.Group{}, nil
	}
	handle, err := c.freeHandle(ctx, directory, told)
	if err != nil {
		return db.Group{}, err
	}
	group, err := db.SaveGroup(ctx, c, db.Group{Source: ofDirectory, Handle: handle, Name: told.DisplayName, SyncedAt: c.now})
	if err != nil {
		return group, err
	}
	return group, db.LinkDirectoryGroup(ctx, c, told.ID, group.ID)
}

var noHandle = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// freeHandle is the handle of a new group. One that another group has, of a directory or of the operator's file, gets the slug of the directory, then a number.
func (c *change) freeHandle(ctx context.Context, directory db.Directory, told db.DirectoryGroup) (string, error) {
	plain := cmp.Or(strings.Trim(noHandle.ReplaceAllString(strings.ToLower(told.DisplayName), "-"), "-"), strings.ToLower(told.ID))
	for n := 0; ; n++ {
		handle := plain
		switch {
		case n == 1:
			handle += "-" + directory.Slug
		case n > 1:
			handle += fmt.Sprintf("-%s-%d", directory.Slug, n)
		}
		taken, err := db.HandleTaken(ctx, c, handle, ofDirectory, "config")
		if err != nil || !taken {
			return handle, err
		}
	}
}

// groupGone takes a group away, with whoever is in it.
func (c *change) groupGone(ctx context.Context, directory db.Directory, group db.Group) error {
	members, err := db.MemberIDs(ctx, c, group.ID)
	if err != nil {
		return err
	}
	if err := db.DeleteGroup(ctx, c, group.ID); err != nil {
		return err
	}
	return c.noteAll(ctx, members, directory.Slug)
}

// moveMembers lets people be in a group, or not. Somebody of whom the directory has told nothing that is so yet becomes a
// person who may do nothing.
func (c *change) moveMembers(ctx context.Context, directory db.Directory, group db.Group, one db.DirectoryChange) error {
	users, err := db.DirectoryUsersByID(ctx, c, one.Members)
	if err != nil {
		return err
	}
	people := make([]string, 0, len(users))
	for _, user := range users {
		if user.PersonID == "" {
			if one.Kind != db.MembersAdded {
				continue
			}
			if user.PersonID, err = c.announce(ctx, directory, user); err != nil {
				return err
			}
		}
		people = append(people, user.PersonID)
	}
	if one.Kind == db.MembersAdded {
		err = db.AddGroupMembers(ctx, c, group.ID, people)
	} else {
		err = db.RemoveGroupMembers(ctx, c, group.ID, people)
	}
	if err != nil {
		return err
	}
	return c.noteAll(ctx, people, directory.Slug)
}

// announce returns the id of the person who a user of a directory is, or will be: one who is not here yet.
func (c *change) announce(ctx context.Context, directory db.Directory, user db.DirectoryUser) (string, error) {
	p, known, err := c.whoIs(ctx, directory, user)
	if err != nil {
		return "", err
	}
	if !known {
		if p, err = announced(user); err != nil {
			return "", err
		}
		p.Email = addressOf(directory, user)
		p.ID, p.ToldBy, p.CreatedAt, p.UpdatedAt = db.NewID("per"), directory.Slug, c.now, c.now
		if err := db.InsertPerson(ctx, c, p); err != nil {
			return "", err
		}
	}
	return p.ID, db.LinkDirectoryUser(ctx, c, user.ID, p.ID)
}
