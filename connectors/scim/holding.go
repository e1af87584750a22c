package scim

import (
	"context"
	"fmt"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// holding is something that a person holds as a value of a multi-valued attribute of the account.
type holding struct {
	attribute string
	// noun is what people call it, argument names the value, and output says whether it is held.
	noun, argument, output string
}

// value is the one that a call is about.
func (h holding) value(call connectors.Call) string {
	return call.Text(h.argument, strings.TrimSpace(call.Target))
}

func (h holding) given(call connectors.Call) string {
	return "Gave " + userName(call) + " the " + h.noun + " " + h.value(call)
}

func (h holding) taken(call connectors.Call) string {
	return "Took the " + h.noun + " " + h.value(call) + " from " + userName(call)
}

// readHolding reads the account. To give it something, it must be there; to take something, it does not have to.
func (p *provider) readHolding(h holding, wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		value := h.value(call)
		if value == "" {
			return connectors.State{}, connectors.Refuse(fmt.Errorf("no %s is named: set the entitlement's target or the argument %s", h.noun, h.argument))
		}
		user, err := p.wholeUser(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		has := user != nil && user.holds(h.attribute, value)
		summary := userName(call) + " does not have the " + h.noun + " " + value
		switch {
		case user == nil && wanted:
			return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no account: let a create_user step come first", userName(call)))
		case user == nil:
			summary = userName(call) + " has no account"
		case has:
			summary = userName(call) + " has the " + h.noun + " " + value
		}
		return connectors.State{Done: has == wanted, Summary: summary, Seen: user, Output: map[string]any{
			"exists": user != nil, "id": user.id(), h.output: has,
		}}, nil
	}
}

func (p *provider) give(h holding) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, call connectors.Call, found connectors.State) error {
		user, element := found.Seen.(resource), map[string]any{"value": h.value(call)}
		return p.client.apply(ctx, change{
			kind: users, found: user,
			operations: []any{map[string]any{"op": "add", "path": h.attribute, "value": []any{element}}},
			wanted:     user.with(h.attribute, append(user.lacking(h.attribute, h.value(call)), element)),
		})
	}
}

func (p *provider) take(h holding) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, call connectors.Call, found connectors.State) error {
		user := found.Seen.(resource)
		rest := user.lacking(h.attribute, h.value(call))
		return p.client.apply(ctx, change{
			kind: users, found: user, operations: []any{h.removal(h.value(call), rest)}, wanted: user.with(h.attribute, rest),
		})
	}
}

// removal is the operation that takes one value out and leaves the rest. A value that needs quoting cannot stand in a
// path at every target (scimmy 1.3.5 accepts it and removes nothing), so then the whole attribute is written.
func (h holding) removal(value string, rest []any) map[string]any {
	switch {
	case !strings.ContainsAny(value, `"\[]`):
		return map[string]any{"op": "remove", "path": elementPath(h.attribute, value)}
	case len(rest) == 0:
		return map[string]any{"op": "remove", "path": h.attribute}
	}
	return map[string]any{"op": "replace", "path": h.attribute, "value": rest}
}
