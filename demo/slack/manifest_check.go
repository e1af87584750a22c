package slack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// complaints collects what is wrong with a manifest, each with its place.
type complaints []string

func (c *complaints) when(wrong bool, place, message string) {
	if wrong {
		*c = append(*c, place+": "+message)
	}
}

func (c *complaints) length(place, text string, least, most int) {
	n := utf8.RuneCountInString(text)
	c.when(n < least || n > most, place, fmt.Sprintf("must have %d to %d characters, has %d", least, most, n))
}

func (m *manifest) problems() []string {
	var c complaints
	c.length("/display_information/name", m.Display.Name, 1, 35)
	c.length("/display_information/description", m.Display.Description, 0, 140)
	if m.Display.LongDescription != "" {
		c.length("/display_information/long_description", m.Display.LongDescription, 175, 4000)
	}
	if color := m.Display.BackgroundColor; color != "" {
		c.when(!isColor.MatchString(color), "/display_information/background_color", "must be #rgb or #rrggbb")
	}
	if m.Features.BotUser != nil {
		c.length("/features/bot_user/display_name", m.Features.BotUser.DisplayName, 1, 80)
	}
	m.checkCommands(&c)
	m.checkShortcuts(&c)
	m.checkScopes(&c)
	m.checkEvents(&c)
	return c
}

var isColor = regexp.MustCompile(`^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$`)

func (m *manifest) checkCommands(c *complaints) {
	c.when(len(m.Features.Commands) > 50, "/features/slash_commands", "no more than 50")
	for i, cmd := range m.Features.Commands {
		place := fmt.Sprintf("/features/slash_commands/%d", i)
		c.length(place+"/command", cmd.Command, 2, 32)
		c.when(!strings.HasPrefix(cmd.Command, "/"), place+"/command", "must begin with /")
		c.length(place+"/description", cmd.Description, 1, 2000)
		c.length(place+"/usage_hint", cmd.UsageHint, 0, 1000)
		c.when(!m.Settings.SocketMode && cmd.URL == "", place+"/url", "is required without Socket Mode")
	}
	if len(m.Features.Commands) > 0 {
		c.when(!slices.Contains(m.OAuth.Scopes.Bot, "commands"), "/oauth_config/scopes/bot",
			"slash commands need the scope commands")
	}
}

func (m *manifest) checkShortcuts(c *complaints) {
	c.when(len(m.Features.Shortcuts) > 10, "/features/shortcuts", "no more than 10")
	for i, s := range m.Features.Shortcuts {
		place := fmt.Sprintf("/features/shortcuts/%d", i)
		c.length(place+"/name", s.Name, 1, 24)
		c.length(place+"/callback_id", s.CallbackID, 1, 255)
		c.length(place+"/description", s.Description, 1, 150)
		c.when(s.Type != "global" && s.Type != "message", place+"/type", "must be global or message")
	}
	interactive := m.Settings.Interactivity != nil && m.Settings.Interactivity.Enabled
	c.when(len(m.Features.Shortcuts) > 0 && !interactive, "/settings/interactivity",
		"shortcuts need is_enabled: true")
}

func (m *manifest) checkScopes(c *complaints) {
	bot := m.OAuth.Scopes.Bot
	c.when(len(bot) > 255, "/oauth_config/scopes/bot", "no more than 255")
	c.when(len(bot) > 0 && m.Features.BotUser == nil, "/features/bot_user", "is required with bot scopes")
	for i, scope := range bot {
		c.length(fmt.Sprintf("/oauth_config/scopes/bot/%d", i), scope, 1, 50)
	}
}

// eventScopes are the scopes without which Slack refuses a subscription.
var eventScopes = map[string]string{
	"user_change": "users:read", "team_join": "users:read", "subteam_members_changed": "usergroups:read",
	"subteam_created": "usergroups:read", "subteam_updated": "usergroups:read",
	"message.im": "im:history", "message.channels": "channels:history", "message.groups": "groups:history",
	"message.mpim": "mpim:history", "app_mention": "app_mentions:read", "link_shared": "links:read",
	"reaction_added": "reactions:read", "reaction_removed": "reactions:read",
	"channel_archive": "channels:read", "member_joined_channel": "channels:read", "member_left_channel": "channels:read",
}

func (m *manifest) checkEvents(c *complaints) {
	events := m.Settings.Events.Bot
	c.when(len(events) > 100, "/settings/event_subscriptions/bot_events", "no more than 100")
	for i, event := range events {
		place := fmt.Sprintf("/settings/event_subscriptions/bot_events/%d", i)
		c.when(slices.Index(events, event) != i, place, event+" is there twice")
		if scope := eventScopes[event]; scope != "" {
			c.when(!slices.Contains(m.OAuth.Scopes.Bot, scope), place, event+" needs the scope "+scope)
		}
	}
	c.when(len(events) > 0 && !m.Settings.SocketMode && m.Settings.Events.RequestURL == "",
		"/settings/event_subscriptions/request_url", "is required without Socket Mode")
}
