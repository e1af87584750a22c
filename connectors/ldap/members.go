package ldap

import (
	"context"
	"errors"
	"fmt"
	"slices"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

// membership is a group and an account as read just now; either may be nil.
type membership struct {
	group, user *goldap.Entry
	// value is how the group lists the account.
	value  string
	member bool
}

func (p *provider) memberEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, groupArg}
	out := outputs(
		connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the person is in the group"},
		connectors.Field{Name: "user_id", Type: connectors.TypeString, Doc: "the account's distinguished name; empty if there is none"},
	)
	return []connectors.Endpoint{
		{
			Name: "add_user_to_group", Doc: "Adds a person to a group", Effect: connectors.Grants,
			Undo: "remove_user_from_group", Args: args, Outputs: out,
			Read: p.readMember(true), Write: p.addMember,
			Did: func(call connectors.Call) string { return "Added " + userName(call) + " to group " + groupName(call) },
		},
		{
			Name: "remove_user_from_group", Doc: "Takes a person out of a group", Effect: connectors.Revokes,
			Undo: "add_user_to_group", Args: args, Outputs: out,
			Read: p.readMember(false), Write: p.removeMember,
			Did: func(call connectors.Call) string {
				return "Removed " + userName(call) + " from group " + groupName(call)
			},
		},
	}
}

// readMember reads group and account. To add somebody both must be there; to take somebody out, neither has to.
func (p *provider) readMember(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		err = p.bound(ctx, func(c *conn) error {
			seen, err := p.membership(c, call)
			switch {
			case err != nil:
				return err
			case wanted && seen.group == nil:
				return connectors.Refuse(fmt.Errorf("there is no group called %s: create it, or correct the entitlement's target", groupName(call)))
			case wanted && seen.user == nil:
				return connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", userName(call)))
			}
			state = connectors.State{Done: seen.member == wanted, Seen: seen, Summary: describe(call, seen), Output: map[string]any{
				"exists": seen.group != nil, "id": nameOf(seen.group), "member": seen.member, "user_id": nameOf(seen.user),
			}}
			return nil
		})
		return state, err
	}
}

// membership lets the directory say whether the one is in the other: it knows how to compare names, and lists may be
// too long to be sent whole.
func (p *provider) membership(c *conn, call connectors.Call) (seen membership, err error) {
	if seen.group, err = p.findGroup(c, call); err != nil {
		return seen, err
	}
	if seen.user, err = p.findUser(c, call); err != nil || seen.user == nil || seen.group == nil {
		return seen, err
	}
	if seen.value = p.memberValue(seen.user); seen.value == "" {
		return seen, connectors.Refuse(fmt.Errorf("the account of %s has no uid, by which groups list it", userName(call)))
	}
	found, err := c.search(seen.group.DN, goldap.ScopeBaseObject, equals(p.memberAttribute, seen.value), "1.1")
	if errors.Is(err, errNoBase) {
		return seen, connectors.Retry(errors.New("the group has gone while it was read"), 0)
	}
	seen.member = len(found) > 0
	return seen, err
}

// memberValue is how groups list an account: by its name, or its uid.
func (p *provider) memberValue(user *goldap.Entry) string {
	if p.memberAttribute == memberUID {
		return user.GetAttributeValue("uid")
	}
	return user.DN
}

func describe(call connectors.Call, seen membership) string {
	switch {
	case seen.group == nil:
		return "There is no group called " + groupName(call)
	case seen.user == nil:
		return userName(call) + " has no account"
	case seen.member:
		return userName(call) + " is in group " + groupName(call)
	}
	return userName(call) + " is not in group " + groupName(call)
}

func (p *provider) addMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	request := goldap.NewModifyRequest(seen.group.DN, nil)
	request.Add(p.memberAttribute, []string{seen.value})
	return p.bound(ctx, func(c *conn) error { return c.modify(request) })
}

func (p *provider) removeMember(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(membership)
	return p.bound(ctx, func(c *conn) error { return c.modify(p.removal(seen.group, seen.value)) })
}

// removal takes one member out. In the place of the last one the placeholder goes in with the same change, since many
// classes of groups may not be empty (RFC 4519 section 3.5).
func (p *provider) removal(group *goldap.Entry, value string) *goldap.ModifyRequest {
	request := goldap.NewModifyRequest(group.DN, nil)
	others := func(listed string) bool { return !p.same(listed, value) }
	if members := group.GetAttributeValues(p.memberAttribute); p.placeholder != "" && len(members) > 0 && !slices.ContainsFunc(members, others) {
		request.Add(p.memberAttribute, []string{p.placeholder})
	}
	request.Delete(p.memberAttribute, []string{value})
	return request
}

// same compares two members.
func (p *provider) same(a, b string) bool {
	if p.memberAttribute == memberUID {
		return a == b
	}
	one, err := goldap.ParseDN(a)
	other, otherErr := goldap.ParseDN(b)
	return err == nil && otherErr == nil && one.EqualFold(other)
}

// halfway marks an error after a first part was done for good: nobody may take it for "nothing was changed".
func halfway(begun bool, done string, err error) error {
	if err == nil || !begun {
		return err
	}
	return connectors.Unsure(fmt.Errorf("%s %w", done, err))
}
