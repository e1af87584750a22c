package scim

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) userEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg}
	out := outputs(connectors.Field{Name: "active", Type: connectors.TypeBool, Doc: "whether the account can be used"})
	return []connectors.Endpoint{
		{
			Name: "get_user", Doc: "Reads a person's account", Effect: connectors.Reads, Args: args, Outputs: out,
			Read: p.readUser(func(resource) bool { return true }),
		},
		{
			Name: "create_user", Doc: "Creates a person's account, or enables a disabled one", Effect: connectors.Grants,
			Undo: "disable_user", Outputs: out,
			Args:  []connectors.Field{userArg, {Name: "attributes", Type: connectors.TypeMap, Doc: "further SCIM attributes of a new account"}},
			Read:  p.readUser(func(u resource) bool { return u != nil && u.active() }),
			Write: p.createUser,
			Did:   func(call connectors.Call) string { return "Gave " + userName(call) + " an active account" },
		},
		{
			Name: "enable_user", Doc: "Lets a person use a blocked account again; refused if there is none", Effect: connectors.Grants,
			Undo: "disable_user", Args: args, Outputs: out,
			Read: p.readBlocked, Write: p.setActive(true),
			Did: func(call connectors.Call) string { return "Enabled the account of " + userName(call) },
		},
		{
			Name: "disable_user", Doc: "Blocks a person's account", Effect: connectors.Revokes,
			Undo: "create_user", Args: args, Outputs: out,
			Read:  p.readUser(func(u resource) bool { return u == nil || !u.active() }),
			Write: p.setActive(false),
			Did:   func(call connectors.Call) string { return "Disabled the account of " + userName(call) },
		},
		{
			Name: "delete_user", Doc: "Deletes a person's account for good", Effect: connectors.Revokes,
			Undo: "create_user", Args: args, Outputs: out,
			Read: p.readUser(func(u resource) bool { return u == nil || p.deleteDisables && !u.active() }),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.client.remove(ctx, users, found.Seen.(resource).id())
			},
			Did: func(call connectors.Call) string { return "Deleted the account of " + userName(call) },
		},
	}
}

// readUser reads the account and lets done judge it; done is given nil if there is no account.
func (p *provider) readUser(done func(resource) bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		user, err := p.wholeUser(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		summary := userName(call) + " has no account"
		switch {
		case user != nil && user.active():
			summary = userName(call) + " has an active account"
		case user != nil:
			summary = userName(call) + " has a disabled account"
		}
		return connectors.State{Done: done(user), Summary: summary, Seen: user, Output: map[string]any{
			"exists": user != nil, "id": user.id(), "active": user != nil && user.active(),
		}}, nil
	}
}

// readBlocked wants the account that is there to be active; none is made.
func (p *provider) readBlocked(ctx context.Context, call connectors.Call) (connectors.State, error) {
	state, err := p.readUser(resource.active)(ctx, call)
	if err == nil && state.Seen.(resource) == nil {
		return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", userName(call)))
	}
	return state, err
}

// createUser makes the account, or enables the one that is there.
func (p *provider) createUser(ctx context.Context, call connectors.Call, found connectors.State) error {
	if found.Seen.(resource) != nil {
		return p.setActive(true)(ctx, call, found)
	}
	return p.client.create(ctx, users, newUser(call))
}

func (p *provider) setActive(active bool) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, _ connectors.Call, found connectors.State) error {
		user := found.Seen.(resource)
		return p.client.apply(ctx, change{
			kind: users, found: user,
			operations: []any{map[string]any{"op": "replace", "path": "active", "value": active}},
			wanted:     user.with("active", active),
		})
	}
}

// newUser is the body of a new account. The argument attributes adds to it and wins over it.
func newUser(call connectors.Call) resource {
	name := userName(call)
	user := resource{
		"schemas": []any{userSchema}, "userName": name, "active": true,
		"emails": []any{map[string]any{"value": name, "type": "work", "primary": true}},
	}
	if full := strings.TrimSpace(call.Subject.Name); full != "" && strings.EqualFold(name, call.Subject.Email) {
		user["displayName"], user["name"] = full, nameParts(full)
		if call.Subject.Title != "" {
			user["title"] = call.Subject.Title
		}
	}
	if attributes, ok := call.Args["attributes"].(map[string]any); ok {
		maps.Copy(user, attributes)
	}
	return user
}

// nameParts splits a name at its last space, which is right more often than not; targets that want parts want both.
func nameParts(full string) map[string]any {
	parts := map[string]any{"formatted": full}
	if space := strings.LastIndex(full, " "); space > 0 {
		parts["givenName"], parts["familyName"] = strings.TrimSpace(full[:space]), full[space+1:]
	} else {
		parts["givenName"], parts["familyName"] = full, full
	}
	return parts
}
