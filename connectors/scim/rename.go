package scim

import (
	"context"
	"errors"
	"fmt"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) renameEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "rename_group", Doc: "Gives a group another name; its members stay", Effect: connectors.Grants,
		Args: []connectors.Field{
			groupArg,
			{Name: "new_name", Type: connectors.TypeString, Required: true, Doc: "displayName that the group is to have"},
		},
		Outputs: outputs(),
		Read:    p.readName, Write: p.renameGroup,
		Did: func(call connectors.Call) string {
			return "Renamed group " + groupName(call) + " to " + call.Text("new_name", "")
		},
	}}
}

// readName wants a group of the new name, and none of the old one besides.
func (p *provider) readName(ctx context.Context, call connectors.Call) (connectors.State, error) {
	old, name := groupName(call), call.Text("new_name", "")
	if name == "" {
		return connectors.State{}, connectors.Refuse(errors.New("no new name is given"))
	}
	before, err := p.findGroup(ctx, call)
	if err != nil {
		return connectors.State{}, err
	}
	after, err := p.find(ctx, groups, "displayName", name)
	switch {
	case err != nil:
		return connectors.State{}, err
	case before == nil && after == nil:
		return connectors.State{}, connectors.Refuse(fmt.Errorf("there is no group called %s: create %s, or correct the name", old, name))
	case before != nil && after != nil && before.id() != after.id():
		return connectors.State{}, connectors.Refuse(fmt.Errorf("there are groups called %s and %s: delete one, or take another name", old, name))
	case before == nil:
		before = after
	}
	state := connectors.State{
		Done: before.text("displayName") == name, Summary: "There is a group called " + before.text("displayName"),
		Output: map[string]any{"exists": true, "id": before.id()},
	}
	state.Seen, err = p.whole(ctx, groups, before, nil)
	return state, err
}

// renameGroup writes the name. A group whose members are hidden is not written whole.
func (p *provider) renameGroup(ctx context.Context, call connectors.Call, found connectors.State) error {
	group, name := found.Seen.(resource), call.Text("new_name", "")
	if group == nil {
		return connectors.Retry(errors.New("the group is gone since it was found"), 0)
	}
	ch := change{
		kind: groups, found: group,
		operations: []any{map[string]any{"op": "replace", "path": "displayName", "value": name}},
		wanted:     group.with("displayName", name),
	}
	if p.removeByValue && len(group.elements("members")) == 0 {
		ch.wanted = nil // a PUT would take out everybody whom we do not see
	}
	return p.client.apply(ctx, ch)
}
