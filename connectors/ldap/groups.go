package ldap

import (
	"context"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) groupEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{
		{
			Name: "create_group", Doc: "Creates a group", Effect: connectors.Grants,
			Undo: "delete_group", Args: []connectors.Field{groupArg, attributesArg}, Outputs: outputs(),
			Read: p.readGroup(true), Write: p.createGroup,
			Did: func(call connectors.Call) string { return "Created group " + groupName(call) },
		},
		{
			Name: "delete_group", Doc: "Deletes a group for good, whoever is in it", Effect: connectors.Revokes,
			Undo: "create_group", Args: []connectors.Field{groupArg}, Outputs: outputs(),
			Read: p.readGroup(false), Write: p.removeSeen,
			Did: func(call connectors.Call) string { return "Deleted group " + groupName(call) },
		},
	}
}

// findGroup answers the group with its members, or nil.
func (p *provider) findGroup(c *conn, call connectors.Call) (*goldap.Entry, error) {
	if err := checkTarget("group", "group", groupName(call)); err != nil {
		return nil, err
	}
	filter := "(&" + equals("objectClass", p.groupClass) + equals("cn", groupName(call)) + ")"
	return one(c, p.groupsBase, goldap.ScopeWholeSubtree, filter, groupName(call), "objectClass", p.memberAttribute)
}

func (p *provider) readGroup(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		err = p.bound(ctx, func(c *conn) error {
			group, err := p.findGroup(c, call)
			state = thing("group", groupName(call), group, wanted)
			return err
		})
		return state, err
	}
}

// thing is the state of a group or unit that is wanted or not.
func thing(what, name string, entry *goldap.Entry, wanted bool) connectors.State {
	summary := "There is no " + what + " called " + name
	if entry != nil {
		summary = "There is a " + what + " called " + name
	}
	return connectors.State{
		Done: (entry != nil) == wanted, Summary: summary, Seen: entry,
		Output: map[string]any{"exists": entry != nil, "id": nameOf(entry)},
	}
}

func (p *provider) createGroup(ctx context.Context, call connectors.Call, _ connectors.State) error {
	attributes := map[string][]string{"objectClass": {p.groupClass}, "cn": {groupName(call)}}
	if p.placeholder != "" {
		attributes[p.memberAttribute] = []string{p.placeholder}
	}
	if err := further(attributes, call); err != nil {
		return err
	}
	return p.bound(ctx, func(c *conn) error { return c.add(below(p.groupsBase, "cn", groupName(call)), attributes) })
}

// removeSeen deletes the entry that was read.
func (p *provider) removeSeen(ctx context.Context, _ connectors.Call, found connectors.State) error {
	return p.bound(ctx, func(c *conn) error { return c.remove(found.Seen.(*goldap.Entry).DN) })
}
