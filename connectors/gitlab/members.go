package gitlab

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// levels are the default roles that can be given (https://docs.gitlab.com/user/permissions/).
var levels = map[string]api.AccessLevelValue{
	"guest": api.GuestPermissions, "reporter": api.ReporterPermissions, "developer": api.DeveloperPermissions,
	"maintainer": api.MaintainerPermissions, "owner": api.OwnerPermissions,
}

// defaultLevel is what is given where the arguments say nothing.
const defaultLevel = "developer"

// membership is a place, a person and what the one holds in the other: directly, and all in all.
type membership struct {
	place
	user        *api.User
	direct, any member
}

func (p *provider) memberEndpoints(k kind) []connectors.Endpoint {
	placeArg := connectors.Field{Name: k.name, Type: connectors.TypeString, Doc: "full path or id of the " + k.noun + "; the entitlement's target if absent"}
	out := outputs(
		connectors.Field{Name: "member", Type: connectors.TypeBool, Doc: "whether the person is a direct member"},
		connectors.Field{Name: "inherited", Type: connectors.TypeBool, Doc: "whether the person has access through a group above or one that was invited"},
		connectors.Field{Name: "level", Type: connectors.TypeInt, Doc: "the highest level held, 10 (guest) to 50 (owner); 0 if none"},
		connectors.Field{Name: "user_id", Type: connectors.TypeString, Doc: "GitLab's id of the account; empty if there is none"},
	)
	add, remove := "add_user_to_"+k.name, "remove_user_from_"+k.name
	return []connectors.Endpoint{
		{
			Name: add, Doc: "Gives a person a level in a " + k.noun + ", or raises it", Effect: connectors.Grants, Undo: remove, Outputs: out,
			Args: []connectors.Field{userArg, placeArg, {Name: "level", Type: connectors.TypeString, Doc: "guest, reporter, developer (if absent), maintainer or owner"}},
			Read: p.readMember(k, true), Write: p.addMember(k),
			Did: func(call connectors.Call) string {
				return fmt.Sprintf("Added %s to %s %s as %s", userName(call), k.noun, k.pathOf(call), call.Text("level", defaultLevel))
			},
		},
		{
			Name: remove, Doc: "Ends a person's own membership of a " + k.noun + "; what is inherited stays", Effect: connectors.Revokes, Undo: add, Outputs: out,
			Args: []connectors.Field{userArg, placeArg}, Read: p.readMember(k, false), Write: p.removeMember(k),
			Did: func(call connectors.Call) string {
				return fmt.Sprintf("Removed %s from %s %s", userName(call), k.noun, k.pathOf(call))
			},
		},
	}
}

// readMember reads place, account and membership. To add somebody, a level that is as high is enough, also an
// inherited one. To take somebody out, the direct membership counts: it is all that can be taken here, and all that
// was given.
func (p *provider) readMember(k kind, wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		level, err := levelOf(call)
		if err != nil {
			return connectors.State{}, err
		}
		seen, err := p.membership(ctx, k, call)
		if err != nil {
			return connectors.State{}, err
		}
		if wanted && seen.user == nil {
			return connectors.State{}, refuse(userName(call) + " has no account: let a create_user step come first")
		}
		done := seen.direct.level == 0
		if wanted {
			done = max(seen.direct.level, seen.any.level) >= level
		}
		return connectors.State{Done: done, Seen: seen, Summary: seen.summary(k, call), Output: map[string]any{
			"exists": true, "id": seen.idText(), connectors.OutputURL: seen.url, "member": seen.direct.level > 0,
			"inherited": seen.inherited(), "level": int(max(seen.direct.level, seen.any.level)), "user_id": userID(seen.user),
		}}, nil
	}
}

// membership reads who is concerned and what they hold.
func (p *provider) membership(ctx context.Context, k kind, call connectors.Call) (seen membership, err error) {
	if seen.place, err = k.placeOf(ctx, p.client, call); err != nil {
		return seen, err
	}
	if seen.user, err = p.find(ctx, userName(call)); err != nil || seen.user == nil {
		return seen, err
	}
	if seen.direct, err = k.direct(ctx, p.client, seen.place, seen.user.ID); err != nil {
		return seen, err
	}
	seen.any, err = k.any(ctx, p.client, seen.place, seen.user.ID)
	return seen, err
}

// inherited reports whether there is access without or above the direct membership.
func (m membership) inherited() bool { return m.any.level > m.direct.level }

func (m membership) summary(k kind, call connectors.Call) string {
	where := k.noun + " " + m.path
	switch {
	case m.user == nil:
		return userName(call) + " has no account"
	case m.direct.level > 0:
		return fmt.Sprintf("%s is in %s as %s", userName(call), where, levelName(m.direct.level))
	case m.inherited():
		return fmt.Sprintf("%s is not a direct member of %s, but has access as %s through another group", userName(call), where, levelName(m.any.level))
	}
	return userName(call) + " is not in " + where
}

// addMember adds the person, or raises the level and leaves alone when the membership ends.
func (p *provider) addMember(k kind) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, call connectors.Call, found connectors.State) error {
		level, err := levelOf(call)
		if err != nil {
			return err
		}
		seen := found.Seen.(membership)
		err = send(ctx, p.client, func(o api.RequestOptionFunc) (*api.Response, error) {
			if seen.direct.level == 0 {
				return k.add(p.client, seen.place, seen.user.ID, level, o)
			}
			var expires *string
			if seen.direct.expires != nil {
				expires = new(seen.direct.expires.String())
			}
			return k.edit(p.client, seen.place, seen.user.ID, level, expires, o)
		})
		if err != nil {
			return fmt.Errorf("add to %s %s: %w", k.noun, seen.path, err)
		}
		return nil
	}
}

// removeMember ends the membership. One that is gone already is as good.
func (p *provider) removeMember(k kind) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, _ connectors.Call, found connectors.State) error {
		seen := found.Seen.(membership)
		err := send(ctx, p.client, func(o api.RequestOptionFunc) (*api.Response, error) {
			return k.remove(p.client, seen.place, seen.user.ID, o)
		})
		if err != nil && !absent(err) {
			return fmt.Errorf("remove from %s %s: %w", k.noun, seen.path, err)
		}
		return nil
	}
}

func levelOf(call connectors.Call) (api.AccessLevelValue, error) {
	name := strings.ToLower(call.Text("level", defaultLevel))
	level, known := levels[name]
	if !known {
		return 0, refuse(fmt.Sprintf("%q is no level: known are guest, reporter, developer, maintainer, owner", name))
	}
	return level, nil
}

// levelName is how people call a level; custom ones keep their number.
func levelName(level api.AccessLevelValue) string {
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		if levels[name] == level {
			return name
		}
	}
	return fmt.Sprintf("level %d", level)
}
