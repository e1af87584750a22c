package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// errOverwritten means that somebody else wrote the list of members at the same time and theirs won.
var errOverwritten = errors.New("somebody else changed the user group at the same moment, and their list replaced ours")

// changeGroup changes the members of a user group. Slack knows no way to add or remove one: usergroups.users.update
// replaces the whole list and takes no condition. So that nobody is lost,
//
//   - one writer at a time works on a group, within this process;
//   - the list is read anew just before it is written;
//   - it is read again afterwards: where our change is missing, another process overwrote it, and this run is worth
//     another try (connectors.Run reads once more after that, which sees a slower one).
//
// What remains is another process, or a person in Slack, whose whole change, its own looking again included, falls
// between our reading and our writing, about one round trip: then ours replaces theirs and nobody can see it. Let one
// replica of Usher work on a workspace's user groups, and people leave them alone, where that matters.
func (p *provider) changeGroup(ctx context.Context, seen membership, wanted bool, change func(context.Context, *slackgo.UserGroup) error) error {
	unlock, err := p.lock(ctx, seen.group.ID)
	if err != nil {
		return err
	}
	defer unlock()
	group, err := p.group(ctx, connectors.Call{Target: seen.group.ID})
	if err != nil {
		return err
	}
	if group == nil {
		return connectors.Refuse(&codeError{method: "usergroups.list", code: "no_such_subteam"})
	}
	if (enabled(group) && slices.Contains(group.Users, seen.user.id)) == wanted {
		return nil // somebody was faster: the read-back sees it
	}
	if err := change(ctx, group); err != nil {
		return err
	}
	if !wanted && len(lacking(group.Users, seen.user.id)) == 0 {
		return nil // disabled and looked at already
	}
	after, err := p.members(ctx, group.ID)
	switch {
	case err != nil:
		return connectors.Unsure(fmt.Errorf("look at the user group again: %w", err))
	case slices.Contains(after, seen.user.id) != wanted:
		return connectors.Retry(errOverwritten, 0)
	}
	return nil
}

// removeLast disables a group whose only member goes. Whoever was added in that moment gets the group back.
func (p *provider) removeLast(ctx context.Context, group, user string) error {
	if err := p.disableGroup(ctx, group); err != nil {
		return err
	}
	left, err := p.members(ctx, group)
	if err != nil {
		return connectors.Unsure(fmt.Errorf("look at the user group again: %w", err))
	}
	rest := lacking(left, user)
	if len(rest) == 0 {
		return nil
	}
	if err := p.setMembers(ctx, group, rest); err != nil {
		return connectors.Unsure(err)
	}
	if err := p.enableGroup(ctx, group); err != nil {
		return connectors.Unsure(err)
	}
	return nil
}

// members reads the list that Slack has, also of a disabled group.
func (p *provider) members(ctx context.Context, group string) (users []string, err error) {
	err = read(ctx, "usergroups.users.list", func(ctx context.Context) (err error) {
		users, err = p.web.GetUserGroupMembersContext(ctx, group, slackgo.GetUserGroupMembersOptionIncludeDisabled(true))
		return err
	})
	return users, err
}

// setMembers replaces the list.
func (p *provider) setMembers(ctx context.Context, group string, users []string) error {
	return write(ctx, "usergroups.users.update", func(ctx context.Context) error {
		_, err := p.web.UpdateUserGroupMembersListContext(ctx, group, users)
		return err
	})
}
