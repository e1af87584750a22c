package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// seat is a channel, an account, and whether the one is in the other, as read just now.
type seat struct {
	channel slackgo.Channel
	user    account
	member  bool
}

// channelEndpoints has each change under two names: an entity is what one is let into, and a channel is that in Slack.
func (p *provider) channelEndpoints() []connectors.Endpoint {
	entity := connectors.Field{Name: "entity", Type: connectors.TypeString, Doc: "the channel: its name with or without #, or its id; the entitlement's target if absent"}
	channel := connectors.Field{Name: "channel", Type: entity.Type, Doc: "its name with or without #, or its id; the entitlement's target if absent"}
	return []connectors.Endpoint{
		p.invite("add_user_to_entity", "remove_user_from_entity", entity),
		p.kick("remove_user_from_entity", "add_user_to_entity", entity),
		p.invite("invite_to_channel", "kick_from_channel", channel),
		p.kick("kick_from_channel", "invite_to_channel", channel),
	}
}

// channelOutputs is what the four tell.
func channelOutputs() []connectors.Field {
	return outputs(memberOutput, userIDOutput, connectors.Field{Name: connectors.OutputURL, Type: connectors.TypeString, Doc: "the channel's address"})
}

func (p *provider) invite(name, undo string, arg connectors.Field) connectors.Endpoint {
	return connectors.Endpoint{
		Name: name, Effect: connectors.Grants, Undo: undo, Args: []connectors.Field{userArg, arg}, Outputs: channelOutputs(),
		Doc:  "Adds a person to a channel that the token's account is in",
		Read: p.readSeat(true),
		Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
			seen := found.Seen.(seat)
			return write(ctx, "conversations.invite", func(ctx context.Context) error {
				_, err := p.web.InviteUsersToConversationContext(ctx, seen.channel.ID, seen.user.id)
				return err
			})
		},
		Did: func(call connectors.Call) string {
			return "Added " + userName(call) + " to channel " + channelName(call)
		},
	}
}

func (p *provider) kick(name, undo string, arg connectors.Field) connectors.Endpoint {
	return connectors.Endpoint{
		Name: name, Effect: connectors.Revokes, Undo: undo, Args: []connectors.Field{userArg, arg}, Outputs: channelOutputs(),
		Doc:  "Removes a person from a channel that the token's account is in",
		Read: p.readSeat(false),
		Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
			seen := found.Seen.(seat)
			return write(ctx, "conversations.kick", func(ctx context.Context) error {
				return p.web.KickUserFromConversationContext(ctx, seen.channel.ID, seen.user.id)
			})
		},
		Did: func(call connectors.Call) string {
			return "Removed " + userName(call) + " from channel " + channelName(call)
		},
	}
}

// readSeat reads channel and account. The channel must be seen either way: the members of one that is hidden from the
// token's account are not known, and that is not the same as none.
func (p *provider) readSeat(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		seen, err := p.seat(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		summary := userName(call) + " is not in channel #" + seen.channel.Name
		switch {
		case wanted && !seen.user.active:
			return connectors.State{}, connectors.Refuse(fmt.Errorf("%s has no active account in Slack: let a create_user step come first", userName(call)))
		case !seen.user.exists():
			summary = userName(call) + " has no active account in Slack"
		case seen.member:
			summary = userName(call) + " is in channel #" + seen.channel.Name
		}
		return connectors.State{Done: seen.member == wanted, Seen: seen, Summary: summary, Output: map[string]any{
			"exists": true, "id": seen.channel.ID, "member": seen.member, "user_id": seen.user.id,
			connectors.OutputURL: "https://slack.com/app_redirect?channel=" + seen.channel.ID,
		}}, nil
	}
}

func (p *provider) seat(ctx context.Context, call connectors.Call) (seen seat, err error) {
	if seen.channel, err = p.channel(ctx, channelName(call)); err != nil {
		return seen, err
	}
	if seen.user, err = p.account(ctx, call); err != nil || !seen.user.exists() {
		return seen, err
	}
	seen.member, err = p.sits(ctx, seen.channel.ID, seen.user.id)
	return seen, err
}

// sits looks through the members of a channel.
func (p *provider) sits(ctx context.Context, channel, user string) (bool, error) {
	for cursor := ""; ; {
		var page []string
		err := read(ctx, "conversations.members", func(ctx context.Context) (err error) {
			page, cursor, err = p.web.GetUsersInConversationContext(ctx, &slackgo.GetUsersInConversationParameters{ChannelID: channel, Cursor: cursor, Limit: 1000})
			return err
		})
		if found := slices.Contains(page, user); err != nil || found || cursor == "" {
			return found, err
		}
	}
}

// channelID is the form of Slack's ids of channels.
var channelID = regexp.MustCompile(`^[CG][A-Z0-9]{7,}$`)

// channel finds a channel that the token's account is in, by id or by name.
func (p *provider) channel(ctx context.Context, name string) (slackgo.Channel, error) {
	plain := strings.ToLower(strings.TrimPrefix(name, "#"))
	switch {
	case plain == "":
		return slackgo.Channel{}, connectors.Refuse(errors.New("no channel is named: set the entitlement's target, for example #design"))
	case channelID.MatchString(name):
		return p.channelByID(ctx, name)
	}
	for _, kind := range []string{"public_channel", "private_channel"} {
		found, err := p.channelByName(ctx, kind, plain)
		if err != nil || found.ID != "" {
			return found, err
		}
	}
	return slackgo.Channel{}, connectors.Refuse(fmt.Errorf("there is no channel #%s that the token's account is in: add the account there with /invite, or correct the entitlement's target", plain))
}

func (p *provider) channelByID(ctx context.Context, id string) (found slackgo.Channel, err error) {
	err = read(ctx, "conversations.info", func(ctx context.Context) error {
		channel, err := p.web.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: id})
		if err == nil {
			found = *channel
		}
		return err
	})
	if err == nil && !found.IsMember {
		err = connectors.Refuse(&codeError{method: "conversations.info", code: "not_in_channel"})
	}
	return found, err
}

// channelByName looks through the channels of one kind that the token's account is in.
func (p *provider) channelByName(ctx context.Context, kind, name string) (slackgo.Channel, error) {
	for cursor := ""; ; {
		var page []slackgo.Channel
		err := read(ctx, "users.conversations", func(ctx context.Context) (err error) {
			page, cursor, err = p.web.GetConversationsForUserContext(ctx, &slackgo.GetConversationsForUserParameters{Types: []string{kind}, Cursor: cursor, Limit: 999})
			return err
		})
		if err != nil {
			return slackgo.Channel{}, err
		}
		for _, channel := range page {
			if channel.Name == name || channel.NameNormalized == name {
				return channel, nil
			}
		}
		if cursor == "" {
			return slackgo.Channel{}, nil
		}
	}
}
