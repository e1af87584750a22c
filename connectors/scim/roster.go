package scim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// shownNames is how many people a refusal names.
const shownNames = 3

// roster is a group as read just now, and the ids of the accounts that are to be in it.
type roster struct {
	group  resource
	wanted []string
}

func (p *provider) rosterEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "set_group_members", Effect: connectors.Grants,
		Doc: "Makes a list of people the members of a group; whoever and whatever else is in it goes",
		Args: []connectors.Field{
			groupArg,
			{Name: "members", Type: connectors.TypeAny, Required: true, Doc: "list of the accounts' userNames; an empty list empties the group"},
		},
		Outputs: outputs(connectors.Field{Name: "members", Type: connectors.TypeInt, Doc: "how many members the group has"}),
		Read:    p.readRoster, Write: p.setRoster,
		Did: func(call connectors.Call) string {
			names, _ := memberNames(call)
			return fmt.Sprintf("Made group %s have %d members", groupName(call), len(names))
		},
	}}
}

func (p *provider) readRoster(ctx context.Context, call connectors.Call) (connectors.State, error) {
	names, err := memberNames(call)
	if err != nil {
		return connectors.State{}, err
	}
	group, err := p.wholeGroup(ctx, call)
	if err == nil && group == nil {
		err = connectors.Refuse(fmt.Errorf("there is no group called %s: create it, or correct the name", groupName(call)))
	}
	if err != nil {
		return connectors.State{}, err
	}
	seen := roster{group: group}
	if seen.wanted, err = p.userIDs(ctx, names); err != nil {
		return connectors.State{}, err
	}
	if err := p.mustShow(ctx, seen); err != nil {
		return connectors.State{}, err
	}
	in, missing, extra := seen.compare()
	return connectors.State{
		Done: missing+extra == 0, Seen: seen,
		Summary: fmt.Sprintf("Group %s has %d members: %d are missing, %d are too many", groupName(call), in, missing, extra),
		Output:  map[string]any{"exists": true, "id": group.id(), "members": in},
	}, nil
}

// memberNames reads the argument members; nobody counts twice.
func memberNames(call connectors.Call) ([]string, error) {
	wrong := connectors.Refuse(errors.New("the argument members must be a list of user names"))
	list, isList := call.Args["members"].([]any)
	if texts, ok := call.Args["members"].([]string); ok {
		isList = true
		for _, text := range texts {
			list = append(list, text)
		}
	}
	names := []string{}
	for _, element := range list {
		text, isText := element.(string)
		if text = strings.TrimSpace(text); !isText || text == "" {
			return nil, wrong
		}
		if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, text) }) {
			names = append(names, text)
		}
	}
	if !isList {
		return nil, wrong
	}
	return names, nil
}

// userIDs finds the accounts of these names. All must be there: a group that lacks somebody would not be as wanted.
func (p *provider) userIDs(ctx context.Context, names []string) ([]string, error) {
	look, err := p.lookUp(ctx, len(names))
	if err != nil {
		return nil, err
	}
	ids, missing := []string{}, []string{}
	for _, name := range names {
		user, err := look(name)
		switch {
		case err != nil:
			return nil, err
		case user == nil:
			missing = append(missing, name)
		default:
			ids = append(ids, user.id())
		}
	}
	if len(missing) == 0 {
		return ids, nil
	}
	more := ""
	if len(missing) > shownNames {
		more = fmt.Sprintf(" and %d more", len(missing)-shownNames)
		missing = missing[:shownNames]
	}
	return nil, connectors.Refuse(fmt.Errorf("no account at this provider: %s%s: let a create_user step come first", strings.Join(missing, ", "), more))
}

// lookUp is how to find accounts by name: one by one, or in a list of all where that takes no more calls.
func (p *provider) lookUp(ctx context.Context, names int) (func(name string) (resource, error), error) {
	one := func(name string) (resource, error) { return p.find(ctx, users, "userName", name) }
	if names < 2 {
		return one, nil
	}
	first, err := p.client.page(ctx, users, "", 1)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	if first.total < 0 || first.total > names*pageSize {
		return one, nil
	}
	all, err := p.client.list(ctx, users, "")
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return func(name string) (resource, error) { return only(users, name, called(all, "userName", name)) }, nil
}

// mustShow stops where the target does not list members: nobody could say then who else is in the group. The settings
// tell, or a group that shows nobody but answers that one of them is in it, which may also be a list that lags behind.
func (p *provider) mustShow(ctx context.Context, seen roster) error {
	if len(seen.group.elements("members")) > 0 {
		return nil
	}
	if p.removeByValue {
		return connectors.Refuse(errHidden)
	}
	if len(seen.wanted) == 0 {
		return nil
	}
	hidden, err := p.client.hiddenMember(ctx, seen.group.id(), seen.wanted[0])
	if err == nil && hidden {
		return connectors.Retry(errHidden, 0)
	}
	return err
}

// errHidden is why the members of a group cannot be set as a whole.
var errHidden = errors.New("the target does not list the group's members, so the whole list cannot be set: use add_user_to_group and remove_user_from_group")

// compare counts who is in, who is missing, and who should not be in.
func (r roster) compare() (in, missing, extra int) {
	present := map[string]bool{}
	for _, element := range r.group.elements("members") {
		present[elementValue(element)] = true
	}
	in = len(present)
	for _, id := range r.wanted {
		if !present[id] {
			missing++
		}
	}
	return in, missing, in + missing - len(r.wanted)
}

// setRoster writes the whole list. To empty a group, the attribute is removed: some targets ignore an empty list.
func (p *provider) setRoster(ctx context.Context, _ connectors.Call, found connectors.State) error {
	seen := found.Seen.(roster)
	members := make([]any, len(seen.wanted))
	for i, id := range seen.wanted {
		members[i] = map[string]any{"value": id}
	}
	operation := map[string]any{"op": "replace", "path": "members", "value": members}
	if len(members) == 0 {
		operation = map[string]any{"op": "remove", "path": "members"}
	}
	return p.client.apply(ctx, change{
		kind: groups, found: seen.group, operations: []any{operation}, wanted: seen.group.with("members", members),
	})
}
