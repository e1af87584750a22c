package workos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// maxPages bounds a list of the state API: a million objects.
const maxPages = 10_000

// maxListed is so many objects.
const maxListed = maxPages * pageSize

// State reads what is so in one directory now.
type State struct {
	client    *Client
	directory string
}

// State reads the directory with an id of WorkOS.
func (c *Client) State(directory string) State { return State{client: c, directory: directory} }

// Directory reads the directory itself, and the time at which it was so by WorkOS's clock, to the second. ErrMissing says
// that WorkOS does not know it, or not by this key.
func (s State) Directory(ctx context.Context) (Directory, time.Time, error) {
	var directory Directory
	answer, err := s.client.get(ctx, "/directories/"+url.PathEscape(s.directory), nil, &directory)
	if err == nil && directory.ID != s.directory {
		err = ErrAnswer
	}
	if err != nil {
		return Directory{}, time.Time{}, fmt.Errorf("read directory %s: %w", s.directory, err)
	}
	at, err := http.ParseTime(answer.Get("Date"))
	if err != nil {
		return Directory{}, time.Time{}, fmt.Errorf("read directory %s: no time: %w", s.directory, ErrAnswer)
	}
	return directory, at.UTC(), nil
}

// Users reads some users of the directory, those behind an id or the first ones. Next is the id to go on behind; none is
// the end.
func (s State) Users(ctx context.Context, after string) (some []User, next string, err error) {
	some, next, err = pageOf[User](ctx, s, "/directory_users", after)
	for _, user := range some {
		if user.ID == "" || user.DirectoryID != s.directory {
			return nil, "", fmt.Errorf("read users: one of another directory: %w", ErrAnswer)
		}
	}
	return some, next, err
}

// Groups reads some groups of the directory, as Users does.
func (s State) Groups(ctx context.Context, after string) (some []Group, next string, err error) {
	some, next, err = pageOf[Group](ctx, s, "/directory_groups", after)
	for _, group := range some {
		if group.ID == "" || group.DirectoryID != s.directory {
			return nil, "", fmt.Errorf("read groups: one of another directory: %w", ErrAnswer)
		}
	}
	return some, next, err
}

// pageOf reads one page of a list of the directory, at the pace that WorkOS allows.
func pageOf[T any](ctx context.Context, s State, path, after string) (some []T, next string, err error) {
	if err := s.client.pace.Wait(ctx); err != nil {
		return nil, "", err
	}
	query := url.Values{"directory": {s.directory}, "limit": {strconv.Itoa(pageSize)}, "order": {"asc"}}
	if after != "" {
		query.Set("after", after)
	}
	found, err := list[T](ctx, s.client, path, query)
	if err == nil && after != "" && found.Metadata.After == after {
		err = fmt.Errorf("read %s: the list goes round in circles: %w", path[1:], ErrAnswer)
	}
	return found.Data, found.Metadata.After, err
}

// Members calls do for each user of a group of the directory.
func (s State) Members(ctx context.Context, group string, do func(User) error) error {
	return s.users(ctx, url.Values{"group": {group}}, do)
}

// User reads one user; ErrMissing says that there is none in this directory.
func (s State) User(ctx context.Context, id string) (User, error) {
	if err := s.client.pace.Wait(ctx); err != nil {
		return User{}, err
	}
	var user User
	_, err := s.client.get(ctx, "/directory_users/"+url.PathEscape(id), nil, &user)
	if err == nil && (user.ID != id || user.DirectoryID != s.directory) {
		err = ErrMissing
	}
	if err != nil {
		return User{}, fmt.Errorf("read user %s: %w", id, err)
	}
	return user, nil
}

// Group reads one group; ErrMissing says that there is none in this directory.
func (s State) Group(ctx context.Context, id string) (Group, error) {
	var group Group
	_, err := s.client.get(ctx, "/directory_groups/"+url.PathEscape(id), nil, &group)
	if err == nil && (group.ID != id || group.DirectoryID != s.directory) {
		err = ErrMissing
	}
	if err != nil {
		return Group{}, fmt.Errorf("read group %s: %w", id, err)
	}
	return group, nil
}

func (s State) users(ctx context.Context, query url.Values, do func(User) error) error {
	return each(ctx, s.client, "/directory_users", query, func(user User) error {
		if user.ID == "" || user.DirectoryID != s.directory {
			return fmt.Errorf("read users: one of another directory: %w", ErrAnswer)
		}
		return do(user)
	})
}

// each reads all pages of a list, at the pace that WorkOS allows for users.
func each[T any](ctx context.Context, c *Client, path string, query url.Values, do func(T) error) error {
	query.Set("limit", strconv.Itoa(pageSize))
	query.Set("order", "asc")
	for range maxPages {
		if err := c.pace.Wait(ctx); err != nil {
			return err
		}
		found, err := list[T](ctx, c, path, query)
		if err != nil {
			return err
		}
		for _, one := range found.Data {
			if err := do(one); err != nil {
				return err
			}
		}
		next := found.Metadata.After
		if next == "" {
			return nil
		}
		if next == query.Get("after") {
			return fmt.Errorf("read %s: the list goes round in circles: %w", path[1:], ErrAnswer)
		}
		query.Set("after", next)
	}
	return errors.New("read " + path[1:] + ": there are more than can be read")
}
