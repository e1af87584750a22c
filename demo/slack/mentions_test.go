package slack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestWhatPeopleTypeIsEscaped(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	group := b.AddUsergroup(slack.Usergroup{Handle: "drive-admins"})
	_, err := b.ana.Say("access", "<!channel> R&D asks @ben, @drive-admins and @nobody in #access.")
	require.NoError(t, err)
	want := "&lt;!channel&gt; R&amp;D asks <@" + b.ben.ID() + ">, <!subteam^" + group + "|@drive-admins> and @nobody in <#" +
		b.ChannelID("access") + "|access>."
	require.Equal(t, want, b.ben.Messages("access")[0].Text)
}

func TestShouldEscape(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	app, err := b.Install([]byte(`{display_information: {name: Tidy}, features: {bot_user: {display_name: Tidy},
		slash_commands: [{command: /tidy, description: x, should_escape: true}]},
		oauth_config: {scopes: {bot: [commands]}}, settings: {socket_mode_enabled: true}}`))
	require.NoError(t, err)
	b.app = app
	w := b.dial("")
	w.next()
	go func() { _, _ = b.ana.Command("access", "/tidy", "ask @ben about https://example.com/x in #access") }()
	frame := w.next()
	payload, _ := frame["payload"].(map[string]any)
	require.Equal(t, "ask <@"+b.ben.ID()+"> about <https://example.com/x> in <#"+b.ChannelID("access")+"|access>", payload["text"])
	w.ack(frame, nil)
	b.eventually(func() bool { return acknowledged(b) })

	foreign, _ := payload["trigger_id"].(string)
	other, err := b.Install([]byte(`{display_information: {name: Other}, features: {bot_user: {display_name: Other}},
		oauth_config: {scopes: {bot: [commands]}}, settings: {socket_mode_enabled: true}}`))
	require.NoError(t, err)
	body, _ := b.callAs(other.BotToken, "views.open", "trigger_id", foreign, "view", smallModal)
	require.Equal(t, "invalid_trigger_id", body["error"], "a trigger belongs to the app that got it")
}
