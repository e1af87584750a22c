package gitlab

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) groupEndpoints() []connectors.Endpoint {
	groupArg := connectors.Field{Name: "group", Type: connectors.TypeString, Doc: "full path of the group, such as acme/editors; the entitlement's target if absent"}
	return []connectors.Endpoint{
		{
			Name: "create_group", Doc: "Creates a private group, below another one or on top, or restores one that is to be deleted", Effect: connectors.Grants,
			Undo: "delete_group", Outputs: outputs(),
			Args: []connectors.Field{groupArg, {Name: "name", Type: connectors.TypeString, Doc: "name that people see; the last part of the path if absent"}},
			Read: p.readGroup(true), Write: p.createGroup,
			Did: func(call connectors.Call) string { return "Created group " + groupKind.pathOf(call) },
		},
		{
			Name: "delete_group", Doc: "Deletes a group with all that is in it; GitLab keeps it for some days, in which it can be restored", Effect: connectors.Revokes,
			Undo: "create_group", Args: []connectors.Field{groupArg}, Outputs: outputs(),
			Read: p.readGroup(false),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				group := found.Seen.(*api.Group)
				err := send(ctx, p.client, func(o api.RequestOptionFunc) (*api.Response, error) {
					return p.client.api.Groups.DeleteGroup(group.ID, &api.DeleteGroupOptions{}, o)
				})
				if err != nil && !absent(err) {
					return fmt.Errorf("delete group %s: %w", group.FullPath, err)
				}
				return nil
			},
			Did: func(call connectors.Call) string { return "Deleted group " + groupKind.pathOf(call) },
		},
	}
}

// readGroup reads the group. One that is marked for deletion is on its way out and counts as gone. Seen is nil if
// there is none, or none that the token sees: to delete, an administrator's or an owner's token is needed anyway.
func (p *provider) readGroup(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		path := groupKind.pathOf(call)
		if path == "" {
			return connectors.State{}, refuse("no group is named: set the entitlement's target or the argument group")
		}
		group, err := p.findGroup(ctx, path)
		if err != nil {
			return connectors.State{}, err
		}
		exists := group != nil && group.MarkedForDeletionOn == nil
		state := connectors.State{Done: exists == wanted, Seen: group, Output: map[string]any{"exists": exists, "id": "", connectors.OutputURL: ""}}
		switch {
		case group == nil:
			state.Summary = "There is no group " + path + " that the token sees"
		case !exists:
			state.Summary = "Group " + path + " is marked for deletion"
		default:
			state.Summary = "There is a group " + path
			state.Output["id"], state.Output[connectors.OutputURL] = strconv.FormatInt(group.ID, 10), group.WebURL
		}
		return state, nil
	}
}

// findGroup reads a group; nil means that there is none, or that the token may not see it.
func (p *provider) findGroup(ctx context.Context, path string) (*api.Group, error) {
	group, _, err := read(ctx, p.client, func(o api.RequestOptionFunc) (*api.Group, *api.Response, error) {
		return p.client.api.Groups.GetGroup(path, &api.GetGroupOptions{}, o)
	})
	if err != nil && !absent(err) {
		return nil, fmt.Errorf("read group %s: %w", path, err)
	}
	if err != nil {
		group = nil
	}
	return group, nil
}

// createGroup makes the group below the one that its path names, or restores it.
func (p *provider) createGroup(ctx context.Context, call connectors.Call, found connectors.State) error {
	path := groupKind.pathOf(call)
	if group := found.Seen.(*api.Group); group != nil {
		_, err := write(ctx, p.client, func(o api.RequestOptionFunc) (*api.Group, *api.Response, error) {
			return p.client.api.Groups.RestoreGroup(group.ID, o)
		})
		if err != nil {
			return fmt.Errorf("restore group %s: %w", path, err)
		}
		return nil
	}
	wanted := &api.CreateGroupOptions{Path: &path, Visibility: new(api.PrivateVisibility)}
	if slash := strings.LastIndex(path, "/"); slash >= 0 {
		parent, err := groupKind.find(ctx, p.client, path[:slash])
		if err != nil {
			return fmt.Errorf("read the group above, %s: %w", path[:slash], err)
		}
		wanted.Path, wanted.ParentID = new(path[slash+1:]), &parent.id
	}
	wanted.Name = new(call.Text("name", *wanted.Path))
	_, err := write(ctx, p.client, func(o api.RequestOptionFunc) (*api.Group, *api.Response, error) {
		return p.client.api.Groups.CreateGroup(wanted, o)
	})
	if err != nil {
		return fmt.Errorf("create group %s: %w", path, err)
	}
	return nil
}
