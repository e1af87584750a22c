package slack_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

var impatientClient = &http.Client{Timeout: 100 * time.Millisecond}

// respond posts to a response URL and returns the status and the body.
func respond(t *testing.T, url, body string) (int, string) {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(body))
	require.NoError(t, err)
	defer res.Body.Close()
	var text strings.Builder
	buffer := make([]byte, 512)
	n, _ := res.Body.Read(buffer)
	text.Write(buffer[:n])
	return res.StatusCode, text.String()
}

func TestResponseURLOfACommand(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	urls := make(chan string, 10)
	b.connect(func(evt socketmode.Event) any {
		cmd, _ := evt.Data.(slackgo.SlashCommand)
		urls <- cmd.ResponseURL
		return nil
	})
	_, err := b.ana.Command("access", "/echo", "")
	require.NoError(t, err)
	url := <-urls
	for i := range 5 {
		kind := "ephemeral"
		if i == 4 {
			kind = "in_channel"
		}
		status, body := respond(t, url, `{"text":"hi","blocks":null,"delete_original":false,"response_type":"`+kind+`"}`)
		require.Equal(t, 200, status, body)
	}
	status, body := respond(t, url, `{"text":"hi"}`)
	require.Equal(t, 404, status)
	require.Contains(t, body, "used_url")
	require.Len(t, b.ana.Ephemerals("access"), 4)
	require.Empty(t, b.ben.Ephemerals("access"))
	require.Len(t, b.ben.Messages("access"), 1)

	_, err = b.ana.Command("access", "/echo", "")
	require.NoError(t, err)
	url = <-urls
	_, body = respond(t, url, `{"delete_original":true}`)
	require.Contains(t, body, "cant_delete_message", "a command has no message of its own")
	b.Clock().Advance(31 * time.Minute)
	status, body = respond(t, url, `{"text":"hi"}`)
	require.Equal(t, 404, status)
	require.Contains(t, body, "expired_url")
}

func TestResponseURLOfAButton(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	got := make(chan slackgo.InteractionCallback, 10)
	b.connect(func(evt socketmode.Event) any {
		data, _ := evt.Data.(slackgo.InteractionCallback)
		got <- data
		return nil
	})
	channel := b.ChannelID("access")
	button := slackgo.MsgOptionBlocks(
		slackgo.NewActionBlock("a", slackgo.NewButtonBlockElement("go", "1", plain("Go"))))
	_, err := b.api.PostEphemeral(channel, b.ana.ID(), slackgo.MsgOptionText("card", false), button)
	require.NoError(t, err)
	require.NoError(t, b.ana.Press(b.ana.Ephemerals("access")[0].Target(), "go"))
	click := <-got
	require.True(t, click.Container.IsEphemeral)
	require.Empty(t, click.Message.Text, "the payload of an ephemeral holds no message")
	status, _ := respond(t, click.ResponseURL, `{"text":"done","replace_original":true}`)
	require.Equal(t, 200, status)
	require.Equal(t, "done", b.ana.Ephemerals("access")[0].Text, "it stays ephemeral")
	require.Empty(t, b.ana.Messages("access"))
	respond(t, click.ResponseURL, `{"delete_original":true}`)
	require.Empty(t, b.ana.Ephemerals("access"))

	_, ts, err := b.api.PostMessage(channel, slackgo.MsgOptionText("card", false), button)
	require.NoError(t, err)
	require.NoError(t, b.ben.Press(slack.Target{Channel: channel, MessageTS: ts}, "go"))
	click = <-got
	require.Equal(t, "card", click.Message.Text)
	require.Equal(t, channel, click.Channel.ID)
	respond(t, click.ResponseURL, `{"text":"in thread","response_type":"in_channel","replace_original":false,"thread_ts":"`+ts+`"}`)
	require.Len(t, b.ana.Thread("access", ts), 2)
	respond(t, click.ResponseURL, `{"text":"replaced","replace_original":true}`)
	require.Equal(t, "replaced", b.ana.Messages("access")[0].Text)
	b.noErrors()
}
