package bot

import (
	"cmp"
	"context"

	"github.com/slack-go/slack"
)

// usersPage is how many users are asked for at once; Slack advises at most 200.
const usersPage = 200

// User is a member of the workspace, or a stranger from a connected one.
type User struct {
	ID     string
	TeamID string
	Email  string
	Name   string
	Title  string
	// TZ is the name of the time zone, such as Europe/Berlin.
	TZ    string
	IsBot bool
	// IsGuest says that the account is restricted to one or several channels.
	IsGuest bool
	Deleted bool
	// IsStranger says that the person is of another workspace and shares a channel with ours.
	IsStranger bool
}

// Usergroup is a group of people with a handle, such as @security.
type Usergroup struct {
	ID     string
	Handle string
	Name   string
	// Disabled groups have no members.
	Disabled bool
}

// User looks up a person by ID.
func (b *Bot) User(ctx context.Context, id string) (User, error) {
	answer, err := b.api.GetUserInfoContext(ctx, id)
	if err != nil {
		return User{}, classify("users.info", err)
	}
	return userOf(answer), nil
}

// UserByEmail looks up a person by the address of the Slack account.
func (b *Bot) UserByEmail(ctx context.Context, email string) (User, error) {
	answer, err := b.api.GetUserByEmailContext(ctx, email)
	if err != nil {
		return User{}, classify("users.lookupByEmail", err)
	}
	return userOf(answer), nil
}

// Users hands every user of the workspace to take, and stops at its first error.
func (b *Bot) Users(ctx context.Context, take func(User) error) error {
	pages := b.api.GetUsersPaginated(slack.GetUsersOptionLimit(usersPage))
	for {
		page, err := pages.Next(ctx)
		if page.Done(err) {
			return nil
		}
		if err != nil {
			return classify("users.list", err)
		}
		for i := range page.Users {
			if err := take(userOf(&page.Users[i])); err != nil {
				return err
			}
		}
		pages = page
	}
}

// Usergroups lists the user groups, the disabled ones too.
func (b *Bot) Usergroups(ctx context.Context) ([]Usergroup, error) {
	answer, err := b.api.GetUserGroupsContext(ctx, slack.GetUserGroupsOptionIncludeDisabled(true))
	if err != nil {
		return nil, classify("usergroups.list", err)
	}
	groups := make([]Usergroup, 0, len(answer))
	for _, group := range answer {
		groups = append(groups, Usergroup{
			ID: group.ID, Handle: group.Handle, Name: group.Name, Disabled: group.DateDelete != 0,
		})
	}
	return groups, nil
}

// UsergroupMembers lists the user IDs of a group's members.
func (b *Bot) UsergroupMembers(ctx context.Context, id string) ([]string, error) {
	members, err := b.api.GetUserGroupMembersContext(ctx, id)
	return members, classify("usergroups.users.list", err)
}

func userOf(user *slack.User) User {
	return User{
		ID: user.ID, TeamID: user.TeamID, Email: user.Profile.Email,
		Name:  cmp.Or(user.Profile.RealName, user.RealName, user.Profile.DisplayName, user.Name),
		Title: user.Profile.Title, TZ: user.TZ,
		// Slackbot is the one bot without the mark.
		IsBot:   user.IsBot || user.IsWorkflowBot || user.IsConnectorBot || user.ID == "USLACKBOT",
		IsGuest: user.IsRestricted || user.IsUltraRestricted, Deleted: user.Deleted,
		IsStranger: user.IsStranger,
	}
}
