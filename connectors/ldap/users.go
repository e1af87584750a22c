package ldap

import (
	"context"
	"errors"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) userEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg}
	out := outputs(connectors.Field{Name: "active", Type: connectors.TypeBool, Doc: "whether the account can be used"})
	return []connectors.Endpoint{
		{
			Name: "get_user", Doc: "Reads a person's account", Effect: connectors.Reads, Args: args, Outputs: out,
			Read: p.readUser(func(*conn, *goldap.Entry) (bool, error) { return true, nil }),
		},
		{
			Name: "create_user", Doc: "Creates a person's account without a password, or enables a disabled one", Effect: connectors.Grants,
			Undo: "disable_user", Args: []connectors.Field{userArg, attributesArg}, Outputs: out,
			Read:  p.readUser(func(_ *conn, user *goldap.Entry) (bool, error) { return p.active(user), nil }),
			Write: p.createUser,
			Did:   func(call connectors.Call) string { return "Gave " + userName(call) + " an active account" },
		},
		{
			Name: "enable_user", Doc: "Unlocks a person's account; refused if there is none", Effect: connectors.Grants,
			Undo: "disable_user", Args: args, Outputs: out, Read: p.readBlocked,
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.bound(ctx, func(c *conn) error { return p.setActive(c, found.Seen.(*goldap.Entry), true) })
			},
			Did: func(call connectors.Call) string { return "Enabled the account of " + userName(call) },
		},
		{
			Name: "disable_user", Doc: "Locks a person's account, in the way that the setting disable names; refused without it", Effect: connectors.Revokes,
			Undo: "create_user", Args: args, Outputs: out,
			Read: p.readDisabled, Write: p.disableUser,
			Did: func(call connectors.Call) string { return "Disabled the account of " + userName(call) },
		},
		{
			Name: "delete_user", Doc: "Takes a person's account out of all groups below groups_base and deletes it for good", Effect: connectors.Revokes,
			Undo: "create_user", Args: args, Outputs: out,
			Read:  p.readUser(func(_ *conn, user *goldap.Entry) (bool, error) { return user == nil, nil }),
			Write: p.deleteUser,
			Did:   func(call connectors.Call) string { return "Deleted the account of " + userName(call) },
		},
	}
}

// findUser answers the person's account, or nil.
func (p *provider) findUser(c *conn, call connectors.Call) (*goldap.Entry, error) {
	if err := checkUser(call); err != nil {
		return nil, err
	}
	return one(c, p.usersBase, goldap.ScopeWholeSubtree, equals(p.userFilter, userName(call)), userName(call),
		"objectClass", "uid", lockedTime, policyOf, accountControl)
}

// readUser reads the account and lets done judge it; done is given nil if there is no account.
func (p *provider) readUser(done func(*conn, *goldap.Entry) (bool, error)) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (state connectors.State, err error) {
		err = p.bound(ctx, func(c *conn) error {
			user, err := p.findUser(c, call)
			if err != nil {
				return err
			}
			summary := userName(call) + " has no account"
			switch {
			case p.active(user):
				summary = userName(call) + " has an active account"
			case user != nil:
				summary = userName(call) + " has a disabled account"
			}
			state = connectors.State{Summary: summary, Seen: user, Output: map[string]any{
				"exists": user != nil, "id": nameOf(user), "active": p.active(user),
			}}
			state.Done, err = done(c, user)
			return err
		})
		return state, err
	}
}

// readBlocked wants the account that is there to be active; none is made.
func (p *provider) readBlocked(ctx context.Context, call connectors.Call) (connectors.State, error) {
	state, err := p.readUser(func(_ *conn, user *goldap.Entry) (bool, error) { return p.active(user), nil })(ctx, call)
	if err == nil && state.Seen.(*goldap.Entry) == nil {
		return connectors.State{}, connectors.Refuse(errors.New(userName(call) + " has no account: let a create_user step come first"))
	}
	return state, err
}

func (p *provider) readDisabled(ctx context.Context, call connectors.Call) (connectors.State, error) {
	if p.disable == disableNone {
		return connectors.State{}, connectors.Refuse(errNoDisable)
	}
	return p.readUser(func(c *conn, user *goldap.Entry) (bool, error) {
		return !p.active(user), p.enforced(c, user)
	})(ctx, call)
}

// createUser makes the account, or enables the one that is there.
func (p *provider) createUser(ctx context.Context, call connectors.Call, found connectors.State) error {
	if user := found.Seen.(*goldap.Entry); user != nil {
		return p.bound(ctx, func(c *conn) error { return p.setActive(c, user, true) })
	}
	dn, attributes, err := p.newUser(call)
	if err != nil {
		return err
	}
	return p.bound(ctx, func(c *conn) error { return c.add(dn, attributes) })
}

func (p *provider) disableUser(ctx context.Context, _ connectors.Call, found connectors.State) error {
	return p.bound(ctx, func(c *conn) error { return p.setActive(c, found.Seen.(*goldap.Entry), false) })
}

// deleteUser takes the account out of its groups first: a name that stays there would be let in again by a new account
// of the same name.
func (p *provider) deleteUser(ctx context.Context, _ connectors.Call, found connectors.State) error {
	user := found.Seen.(*goldap.Entry)
	return p.bound(ctx, func(c *conn) error {
		value := p.memberValue(user)
		if value == "" {
			return c.remove(user.DN)
		}
		groups, err := c.search(p.groupsBase, goldap.ScopeWholeSubtree, equals(p.memberAttribute, value), p.memberAttribute)
		if err != nil {
			return err
		}
		for i, group := range groups {
			if err := c.modify(p.removal(group, value)); err != nil {
				return halfway(i > 0, "the account is out of some of its groups, but", err)
			}
		}
		return halfway(len(groups) > 0, "the account is out of its groups, but", c.remove(user.DN))
	})
}
