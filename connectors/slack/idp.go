package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// idpSeat is a group of the identity provider and an account as read just now.
type idpSeat struct {
	group, user string
	member      bool
}

// idpEndpoints are about groups that live in SCIM: in an Enterprise organization those of the identity provider, with
// which channels and workspaces are given out; on Business+ user groups. SCIM changes one member at a time.
func (p *provider) idpEndpoints() []connectors.Endpoint {
	args := []connectors.Field{userArg, {Name: "group", Type: connectors.TypeString, Doc: "displayName of the group in SCIM; the entitlement's target if absent"}}
	out := outputs(memberOutput, userIDOutput)
	return []connectors.Endpoint{
		{
			Name: "add_user_to_idp_group", Effect: connectors.Grants, Undo: "remove_user_from_idp_group", Args: args, Outputs: out,
			Doc: "Adds a person to a group of the identity provider by SCIM", Read: p.readIDP(true),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				seen := found.Seen.(idpSeat)
				return p.scimPatch(ctx, "/Groups/"+url.PathEscape(seen.group), map[string]any{
					"op": "add", "path": "members", "value": []any{map[string]any{"value": seen.user}},
				})
			},
			Did: func(call connectors.Call) string {
				return "Added " + userName(call) + " to the identity provider's group " + groupName(call)
			},
		},
		{
			Name: "remove_user_from_idp_group", Effect: connectors.Revokes, Undo: "add_user_to_idp_group", Args: args, Outputs: out,
			Doc: "Takes a person out of a group of the identity provider by SCIM", Read: p.readIDP(false),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				seen := found.Seen.(idpSeat)
				return p.scimPatch(ctx, "/Groups/"+url.PathEscape(seen.group), map[string]any{
					"op": "remove", "path": "members[value eq " + quote(seen.user) + "]",
				})
			},
			Did: func(call connectors.Call) string {
				return "Removed " + userName(call) + " from the identity provider's group " + groupName(call)
			},
		},
	}
}

func (p *provider) readIDP(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		seen, err := p.idpSeat(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		summary := userName(call) + " is not in the identity provider's group " + groupName(call)
		switch {
		case wanted && seen.group == "":
			return connectors.State{}, connectors.Refuse(fmt.Errorf("SCIM shows no group %s: push it from the identity provider, or correct the entitlement's target", groupName(call)))
		case wanted && seen.user == "":
			return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no active account in Slack: let a create_user step come first", userName(call)))
		case seen.member:
			summary = userName(call) + " is in the identity provider's group " + groupName(call)
		}
		return connectors.State{Done: seen.member == wanted, Seen: seen, Summary: summary, Output: map[string]any{
			"exists": seen.group != "", "id": seen.group, "member": seen.member, "user_id": seen.user,
		}}, nil
	}
}

func (p *provider) idpSeat(ctx context.Context, call connectors.Call) (seen idpSeat, err error) {
	name := groupName(call)
	if name == "" {
		return seen, connectors.Refuse(errors.New("no group is named: set the entitlement's target or the argument group"))
	}
	groups, err := p.scimFind(ctx, "/Groups", []string{"displayName"}, name, func(r resource) bool { return strings.EqualFold(r.DisplayName, name) })
	if err != nil || len(groups) > 1 {
		if err == nil {
			err = connectors.Refuse(fmt.Errorf("%d groups are called %s: rename all but one", len(groups), name))
		}
		return seen, err
	}
	user, err := p.scimAccount(ctx, call)
	if err != nil {
		return seen, err
	}
	if user.active {
		seen.user = user.id
	}
	if len(groups) == 1 {
		seen.group = groups[0].ID
		seen.member, err = p.inGroup(ctx, seen)
	}
	return seen, err
}

// inGroup reads the whole group, since lists may leave members out.
func (p *provider) inGroup(ctx context.Context, seen idpSeat) (bool, error) {
	group, err := p.scimResource(ctx, "/Groups/"+url.PathEscape(seen.group))
	for _, member := range group.Members {
		if member.Value == seen.user && seen.user != "" {
			return true, err
		}
	}
	return false, err
}

func (p *provider) scimResource(ctx context.Context, path string) (resource, error) {
	body, err := p.scim.Do(ctx, connectors.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		return resource{}, scimExplained(err)
	}
	return decodeResource(body)
}
