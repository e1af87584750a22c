package slack_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestScheduledMessages(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	channel := b.ChannelID("access")
	later := strconv.FormatInt(b.Clock().Now().Add(time.Hour).Unix(), 10)
	_, _, err := b.api.ScheduleMessage(channel, later, slackgo.MsgOptionText("later", false))
	require.NoError(t, err)
	require.Empty(t, b.ana.Messages("access"))
	b.Clock().Advance(61 * time.Minute)
	_, err = b.ana.AwaitMessage(b.ctx, "access", "later")
	require.NoError(t, err)
	require.Equal(t, "time_in_past",
		b.call("chat.scheduleMessage", "channel", channel, "text", "x", "post_at", later)["error"])
}

func TestWhatMessagesMayHold(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	channel := b.ChannelID("access")
	for name, test := range map[string]struct{ key, value, want string }{
		"markdown and text":      {"markdown_text", "# hi", "markdown_text_conflict"},
		"metadata without type":  {"metadata", `{"event_payload":{"a":1}}`, "invalid_metadata_schema"},
		"metadata that is none":  {"metadata", `[]`, "invalid_metadata_format"},
		"attachments of nothing": {"attachments", `{`, "invalid_attachments"},
	} {
		body := b.call("chat.postMessage", "channel", channel, "text", "x", test.key, test.value)
		require.Equal(t, test.want, body["error"], name)
	}
	require.Empty(t, b.ana.Messages("access"))
}

func TestReactionsAndPins(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	b.Grant(b.app.ID, "pins:write")
	channel := b.ChannelID("access")
	_, ts, err := b.api.PostMessage(channel, slackgo.MsgOptionText("x", false))
	require.NoError(t, err)
	item := slackgo.NewRefToMessage(channel, ts)
	require.NoError(t, b.api.AddReaction("eyes", item))
	require.NoError(t, b.api.RemoveReaction("eyes", item))
	require.Equal(t, "no_reaction", b.call("reactions.remove", "channel", channel, "timestamp", ts, "name", "eyes")["error"])
	require.Equal(t, "invalid_name", b.call("reactions.add", "channel", channel, "timestamp", ts, "name", "Not one")["error"])
	b.ArchiveChannel("access")
	require.Equal(t, "is_archived", b.call("reactions.add", "channel", channel, "timestamp", ts, "name", "eyes")["error"])
}

func TestDirectMessagesAndRepliesAreAwaited(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	_, _, err := b.api.PostMessage(b.ana.ID(), slackgo.MsgOptionText("for you", false))
	require.NoError(t, err)
	dm, err := b.ana.AwaitDM(b.ctx, "for you")
	require.NoError(t, err)
	_, err = b.ana.Reply(dm.Channel, dm.TS, "thanks")
	require.NoError(t, err)
	_, err = b.ana.AwaitReply(b.ctx, dm.Channel, dm.TS, "thanks")
	require.NoError(t, err)
	require.Empty(t, b.ben.DMs())
	require.Nil(t, b.ben.Thread(dm.Channel, dm.TS), "nobody else sees it")
	require.NoError(t, b.ana.OpenMessages("Echo"))
	b.AddChannel(slack.Channel{Name: "open"})
	require.NoError(t, b.ana.Join("open"))
	require.Error(t, b.ana.Join("nowhere"))
}

func TestFilesAreForDownload(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	shared, err := b.api.UploadFile(slackgo.UploadFileParameters{
		Content: "a", Filename: "a.csv", FileSize: 1, Channel: b.ChannelID("access"),
	})
	require.NoError(t, err)
	info, _, _, err := b.api.GetFileInfo(shared.ID, 0, 0)
	require.NoError(t, err)
	res, err := http.Get(info.URLPrivate)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, `attachment; filename=a.csv`, res.Header.Get("Content-Disposition"))
}
