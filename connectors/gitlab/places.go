package gitlab

import (
	"context"
	"fmt"
	"strconv"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// kind is one of the two kinds of places that have members, and how GitLab's API calls what is done there.
type kind struct {
	// name is what the endpoints call it, noun what GitLab does.
	name, noun string
	find       func(ctx context.Context, c *client, path string) (place, error)
	// direct and any read a membership: of this very place, or inherited, too.
	direct, any func(ctx context.Context, c *client, at place, user int64) (member, error)
	add         func(c *client, at place, user int64, level api.AccessLevelValue, o api.RequestOptionFunc) (*api.Response, error)
	edit        func(c *client, at place, user int64, level api.AccessLevelValue, expires *string, o api.RequestOptionFunc) (*api.Response, error)
	remove      func(c *client, at place, user int64, o api.RequestOptionFunc) (*api.Response, error)
}

// place is a group or a project as read just now.
type place struct {
	id        int64
	path, url string
}

// member is a membership. The zero level means that there is none.
type member struct {
	level   api.AccessLevelValue
	expires *api.ISOTime
}

var groupKind = kind{
	name: "group", noun: "group",
	find: func(ctx context.Context, c *client, path string) (place, error) {
		found, _, err := read(ctx, c, func(o api.RequestOptionFunc) (*api.Group, *api.Response, error) {
			return c.api.Groups.GetGroup(path, &api.GetGroupOptions{}, o)
		})
		if err != nil {
			return place{}, err
		}
		return place{found.ID, found.FullPath, found.WebURL}, nil
	},
	direct: func(ctx context.Context, c *client, at place, user int64) (member, error) {
		return groupMember(ctx, c, func(o api.RequestOptionFunc) (*api.GroupMember, *api.Response, error) {
			return c.api.GroupMembers.GetGroupMember(at.id, user, o)
		})
	},
	any: func(ctx context.Context, c *client, at place, user int64) (member, error) {
		return groupMember(ctx, c, func(o api.RequestOptionFunc) (*api.GroupMember, *api.Response, error) {
			return c.api.GroupMembers.GetInheritedGroupMember(at.id, user, o)
		})
	},
	add: func(c *client, at place, user int64, level api.AccessLevelValue, o api.RequestOptionFunc) (*api.Response, error) {
		_, resp, err := c.api.GroupMembers.AddGroupMember(at.id, &api.AddGroupMemberOptions{UserID: &user, AccessLevel: &level}, o)
		return resp, err
	},
	edit: func(c *client, at place, user int64, level api.AccessLevelValue, expires *string, o api.RequestOptionFunc) (*api.Response, error) {
		_, resp, err := c.api.GroupMembers.EditGroupMember(at.id, user, &api.EditGroupMemberOptions{AccessLevel: &level, ExpiresAt: expires}, o)
		return resp, err
	},
	// Without skip_subresources GitLab would also end what the person holds in subgroups and projects below.
	remove: func(c *client, at place, user int64, o api.RequestOptionFunc) (*api.Response, error) {
		return c.api.GroupMembers.RemoveGroupMember(at.id, user, &api.RemoveGroupMemberOptions{SkipSubresources: new(true)}, o)
	},
}

var entityKind = kind{
	name: "entity", noun: "project",
	find: func(ctx context.Context, c *client, path string) (place, error) {
		found, _, err := read(ctx, c, func(o api.RequestOptionFunc) (*api.Project, *api.Response, error) {
			return c.api.Projects.GetProject(path, nil, o)
		})
		if err != nil {
			return place{}, err
		}
		return place{found.ID, found.PathWithNamespace, found.WebURL}, nil
	},
	direct: func(ctx context.Context, c *client, at place, user int64) (member, error) {
		return projectMember(ctx, c, func(o api.RequestOptionFunc) (*api.ProjectMember, *api.Response, error) {
			return c.api.ProjectMembers.GetProjectMember(at.id, user, o)
		})
	},
	any: func(ctx context.Context, c *client, at place, user int64) (member, error) {
		return projectMember(ctx, c, func(o api.RequestOptionFunc) (*api.ProjectMember, *api.Response, error) {
			return c.api.ProjectMembers.GetInheritedProjectMember(at.id, user, o)
		})
	},
	add: func(c *client, at place, user int64, level api.AccessLevelValue, o api.RequestOptionFunc) (*api.Response, error) {
		_, resp, err := c.api.ProjectMembers.AddProjectMember(at.id, &api.AddProjectMemberOptions{UserID: user, AccessLevel: &level}, o)
		return resp, err
	},
	edit: func(c *client, at place, user int64, level api.AccessLevelValue, expires *string, o api.RequestOptionFunc) (*api.Response, error) {
		_, resp, err := c.api.ProjectMembers.EditProjectMember(at.id, user, &api.EditProjectMemberOptions{AccessLevel: &level, ExpiresAt: expires}, o)
		return resp, err
	},
	remove: func(c *client, at place, user int64, o api.RequestOptionFunc) (*api.Response, error) {
		return c.api.ProjectMembers.DeleteProjectMember(at.id, user, o)
	},
}

func groupMember(ctx context.Context, c *client, get func(api.RequestOptionFunc) (*api.GroupMember, *api.Response, error)) (member, error) {
	found, _, err := read(ctx, c, get)
	switch {
	case absent(err):
		return member{}, nil
	case err != nil:
		return member{}, fmt.Errorf("read the membership: %w", err)
	}
	return member{found.AccessLevel, found.ExpiresAt}, nil
}

func projectMember(ctx context.Context, c *client, get func(api.RequestOptionFunc) (*api.ProjectMember, *api.Response, error)) (member, error) {
	found, _, err := read(ctx, c, get)
	switch {
	case absent(err):
		return member{}, nil
	case err != nil:
		return member{}, fmt.Errorf("read the membership: %w", err)
	}
	return member{found.AccessLevel, found.ExpiresAt}, nil
}

// placeOf reads the place that a call is about. One that is not there, or hidden, is refused: of a place that is not
// seen nobody can say who is in it.
func (k kind) placeOf(ctx context.Context, c *client, call connectors.Call) (place, error) {
	path := k.pathOf(call)
	if path == "" {
		return place{}, refuse(fmt.Sprintf("no %s is named: set the entitlement's target or the argument %s", k.noun, k.name))
	}
	at, err := k.find(ctx, c, path)
	if err != nil {
		return place{}, fmt.Errorf("read %s %s: %w", k.noun, path, err)
	}
	return at, nil
}

func (k kind) pathOf(call connectors.Call) string { return call.Text(k.name, call.Target) }

func (at place) idText() string { return strconv.FormatInt(at.id, 10) }
