package slack_test

import (
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestWhereAnAppMayPost(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	b.AddChannel(slack.Channel{ID: "C0PUBLIC000", Name: "public"})
	b.AddChannel(slack.Channel{ID: "C0PRIVATE00", Name: "private", Private: true, Members: []string{"ana"}})
	b.AddChannel(slack.Channel{ID: "C0OLD000000", Name: "old", Archived: true})
	require.NoError(t, b.InviteApp(b.app.ID, "old"))
	post := func(channel string) any {
		return b.call("chat.postMessage", "channel", channel, "text", "hello")["error"]
	}
	require.Nil(t, post("C0PUBLIC000"), "chat:write.public")
	require.Nil(t, post("#public"))
	require.Nil(t, post(b.ana.ID()))
	require.Len(t, b.ana.DMs(), 1)
	require.Equal(t, "channel_not_found", post("C0PRIVATE00"))
	require.Equal(t, "is_archived", post("C0OLD000000"))
	require.Equal(t, "channel_not_found", post("C0NOWHERE00"))
	b.Revoke(b.app.ID, "chat:write.public")
	require.Equal(t, "not_in_channel", post("C0PUBLIC000"))
	require.Equal(t, "not_in_channel",
		b.call("chat.postEphemeral", "channel", "C0PUBLIC000", "user", b.ana.ID(), "text", "x")["error"])
}

func TestAnAppWithoutMessagesTab(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	app, err := b.Install([]byte(`{"display_information":{"name":"Mute"},"features":{"bot_user":{"display_name":"Mute"}},
		"oauth_config":{"scopes":{"bot":["chat:write"]}},"settings":{"socket_mode_enabled":true}}`))
	require.NoError(t, err)
	body, _ := b.callAs(app.BotToken, "chat.postMessage", "channel", b.ana.ID(), "text", "hello")
	require.Equal(t, "messages_tab_disabled", body["error"])
	body, _ = b.callAs(app.BotToken, "views.publish", "user_id", b.ana.ID(), "view", `{"type":"home","blocks":[]}`)
	require.Equal(t, "not_enabled", body["error"])
}

func TestMessages(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	channel := b.ChannelID("access")
	_, ts, err := b.api.PostMessage(channel, slackgo.MsgOptionText("root", false),
		slackgo.MsgOptionMetadata(slackgo.SlackMetadata{EventType: "request", EventPayload: map[string]any{"id": "7"}}))
	require.NoError(t, err)
	_, reply, err := b.api.PostMessage(channel, slackgo.MsgOptionText("reply", false), slackgo.MsgOptionTS(ts))
	require.NoError(t, err)
	_, _, _, err = b.api.UpdateMessage(channel, ts, slackgo.MsgOptionText("edited", false))
	require.NoError(t, err)
	root := b.ana.Messages("access")[0]
	require.Equal(t, "edited", root.Text)
	require.True(t, root.Edited)
	require.Equal(t, 1, root.ReplyCount)

	link, err := b.api.GetPermalink(&slackgo.PermalinkParameters{Channel: channel, Ts: reply})
	require.NoError(t, err)
	require.Contains(t, link, "/archives/"+channel+"/p"+strings.ReplaceAll(reply, ".", "")+"?thread_ts="+ts)
	thread, _, _, err := b.api.GetConversationReplies(&slackgo.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: ts, IncludeAllMetadata: true,
	})
	require.NoError(t, err)
	require.Len(t, thread, 2)
	require.Equal(t, "request", thread[0].Metadata.EventType)
	history, err := b.api.GetConversationHistory(&slackgo.GetConversationHistoryParameters{ChannelID: channel})
	require.NoError(t, err)
	require.Len(t, history.Messages, 1)
	require.Empty(t, history.Messages[0].Metadata.EventType, "metadata is given only when asked for")

	require.NoError(t, b.api.AddReaction("eyes", slackgo.NewRefToMessage(channel, ts)))
	require.Equal(t, "already_reacted", b.call("reactions.add", "channel", channel, "timestamp", ts, "name", "eyes")["error"])
	_, _, err = b.api.DeleteMessage(channel, reply)
	require.NoError(t, err)
	require.Len(t, b.ana.Thread("access", ts), 1)
	require.Equal(t, "message_not_found", b.call("chat.update", "channel", channel, "ts", reply, "text", "x")["error"])
	require.Equal(t, "no_text", b.call("chat.postMessage", "channel", channel)["error"])
	require.Equal(t, "cannot_reply_to_message",
		b.call("chat.postMessage", "channel", channel, "text", "x", "thread_ts", "1.1")["error"])
	ts, err = b.ana.Say("access", "mine")
	require.NoError(t, err)
	require.Equal(t, "cant_update_message", b.call("chat.update", "channel", channel, "ts", ts, "text", "x")["error"])
}

func TestEphemeralsCannotBeUpdated(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	channel := b.ChannelID("access")
	ts, err := b.api.PostEphemeral(channel, b.ana.ID(), slackgo.MsgOptionText("only you", false))
	require.NoError(t, err)
	require.Len(t, b.ana.Ephemerals("access"), 1)
	require.Equal(t, "message_not_found", b.call("chat.update", "channel", channel, "ts", ts, "text", "x")["error"])
	require.Equal(t, "user_not_in_channel",
		b.call("chat.postEphemeral", "channel", channel, "user", "U0NOBODY", "text", "x")["error"])
}
