package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// groupArg is the argument that every endpoint about a user group has.
var groupArg = connectors.Field{Name: "group", Type: connectors.TypeString, Doc: "handle, name or id of the user group; the entitlement's target if absent"}

func (p *provider) groupEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{
		{
			Name: "create_group", Effect: connectors.Grants, Undo: "delete_group", Outputs: outputs(),
			Doc: "Creates a user group, or enables a disabled one that has no members",
			Args: []connectors.Field{
				groupArg,
				{Name: "handle", Type: connectors.TypeString, Doc: "what is mentioned, without @; made from the name if absent"},
				{Name: "description", Type: connectors.TypeString, Doc: "what the new user group is for"},
			},
			Read: p.readGroup(true), Write: p.createGroup,
			Did: func(call connectors.Call) string { return "Created user group " + groupName(call) },
		},
		{
			Name: "delete_group", Effect: connectors.Revokes, Undo: "create_group", Args: []connectors.Field{groupArg}, Outputs: outputs(),
			Doc:  "Disables a user group, whoever is in it: Slack never erases one, and its name and handle stay taken",
			Read: p.readGroup(false),
			Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
				return p.disableGroup(ctx, found.Seen.(*slackgo.UserGroup).ID)
			},
			Did: func(call connectors.Call) string { return "Disabled user group " + groupName(call) },
		},
	}
}

// readGroup reads whether there is an enabled user group. One that is disabled and had members is not taken as a place
// for a new one: to enable it would let all of them back in.
func (p *provider) readGroup(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		group, err := p.group(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		state := connectors.State{Summary: "There is no user group " + groupName(call), Seen: group}
		exists, id := enabled(group), ""
		if group != nil {
			id = group.ID
			state.Summary = "There is a user group " + groupName(call)
			if !exists {
				state.Summary = "The user group " + groupName(call) + " is disabled"
			}
		}
		if wanted && group != nil && !exists && len(group.Users) > 0 {
			return connectors.State{}, connectors.Refuse(fmt.Errorf("the user group %s is disabled, and enabling it would let its %d earlier members back in: "+
				"enable it in Slack, or add somebody by add_user_to_group, which enables it for that person alone", groupName(call), len(group.Users)))
		}
		state.Done = exists == wanted
		state.Output = map[string]any{"exists": exists, "id": id}
		return state, nil
	}
}

func (p *provider) createGroup(ctx context.Context, call connectors.Call, found connectors.State) error {
	if group := found.Seen.(*slackgo.UserGroup); group != nil {
		return p.enableGroup(ctx, group.ID)
	}
	return write(ctx, "usergroups.create", func(ctx context.Context) error {
		_, err := p.web.CreateUserGroupContext(ctx, slackgo.UserGroup{
			Name: groupName(call), Handle: handle(call), Description: call.Text("description", ""),
		})
		return err
	})
}

// notInHandles is what a name may have and a handle may not.
var notInHandles = regexp.MustCompile(`[^a-z0-9._-]+`)

// handle makes what is mentioned: the argument, else the name with hyphens between its words.
func handle(call connectors.Call) string {
	made := strings.Trim(notInHandles.ReplaceAllString(strings.ToLower(groupName(call)), "-"), "-")
	return strings.TrimPrefix(call.Text("handle", made), "@")
}

func (p *provider) enableGroup(ctx context.Context, id string) error {
	return write(ctx, "usergroups.enable", func(ctx context.Context) error {
		_, err := p.web.EnableUserGroupContext(ctx, id)
		return err
	})
}

func (p *provider) disableGroup(ctx context.Context, id string) error {
	return write(ctx, "usergroups.disable", func(ctx context.Context) error {
		_, err := p.web.DisableUserGroupContext(ctx, id)
		return err
	})
}

// group finds the user group that the call names, disabled ones among them, or nil.
func (p *provider) group(ctx context.Context, call connectors.Call) (*slackgo.UserGroup, error) {
	name := groupName(call)
	if name == "" {
		return nil, connectors.Refuse(errors.New("no user group is named: set the entitlement's target or the argument group"))
	}
	var all []slackgo.UserGroup
	err := read(ctx, "usergroups.list", func(ctx context.Context) (err error) {
		all, err = p.web.GetUserGroupsContext(ctx, slackgo.GetUserGroupsOptionIncludeDisabled(true), slackgo.GetUserGroupsOptionIncludeUsers(true))
		return err
	})
	return choose(all, name), err
}

// choose finds a user group by id, else by handle, else by name. Slack keeps each of them unique.
func choose(all []slackgo.UserGroup, name string) *slackgo.UserGroup {
	for _, fits := range []func(slackgo.UserGroup) bool{
		func(g slackgo.UserGroup) bool { return g.ID == name },
		func(g slackgo.UserGroup) bool { return strings.EqualFold(g.Handle, name) },
		func(g slackgo.UserGroup) bool { return g.Name == name },
		func(g slackgo.UserGroup) bool { return strings.EqualFold(g.Name, name) },
	} {
		for i := range all {
			if fits(all[i]) {
				return &all[i]
			}
		}
	}
	return nil
}

// enabled is true for a user group that is there and is not disabled.
func enabled(group *slackgo.UserGroup) bool { return group != nil && group.DateDelete == 0 }
