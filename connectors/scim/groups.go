package scim

import (
	"context"

	"github.com/usherhq/usher/connectors"
)

// groupArg is the argument that every endpoint about a group has.
var groupArg = connectors.Field{Name: "group", Type: connectors.TypeString, Doc: "displayName of the group; the entitlement's target if absent"}

func (p *provider) groupEndpoints() []connectors.Endpoint {
	args := []connectors.Field{groupArg}
	return []connectors.Endpoint{
		{
			Name: "create_group", Doc: "Creates a group", Effect: connectors.Grants,
			Undo: "delete_group", Args: args, Outputs: outputs(),
			Read: p.readGroup(true),
			Write: func(ctx context.Context, call connectors.Call, _ connectors.State) error {
				return p.client.create(ctx, groups, resource{"schemas": []any{groupSchema}, "displayName": groupName(call)})
			},
			Did: func(call connectors.Call) string { return "Created group " + groupName(call) },
		},
		{
			Name: "delete_group", Doc: "Deletes a group for good, whoever is in it", Effect: connectors.Revokes,
			Undo: "create_group", Args: args, Outputs: outputs(),
			Read: p.readGroup(false),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.client.remove(ctx, groups, found.Seen.(resource).id())
			},
			Did: func(call connectors.Call) string { return "Deleted group " + groupName(call) },
		},
	}
}

func (p *provider) readGroup(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		group, err := p.findGroup(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		summary := "There is no group called " + groupName(call)
		if group != nil {
			summary = "There is a group called " + groupName(call)
		}
		return connectors.State{
			Done: (group != nil) == wanted, Summary: summary, Seen: group,
			Output: map[string]any{"exists": group != nil, "id": group.id()},
		}, nil
	}
}
