package slack_test

import (
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestBlocksThatSlackRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	body := b.call("chat.postMessage", "channel", b.ChannelID("access"), "text", "x",
		"blocks", `[{"type":"header","text":{"type":"plain_text","text":"`+strings.Repeat("x", 151)+`"}}]`)
	require.Equal(t, "invalid_blocks", body["error"])
	lines, _ := body["errors"].([]any)
	require.NotEmpty(t, lines)
	meta, _ := body["response_metadata"].(map[string]any)
	messages, _ := meta["messages"].([]any)
	require.Equal(t, "[ERROR] "+lines[0].(string), messages[0]) //nolint:forcetypeassert // a line is a string
	require.Equal(t, "invalid_blocks_format",
		b.call("chat.postMessage", "channel", b.ChannelID("access"), "text", "x", "blocks", "nonsense")["error"])
	require.Equal(t, "invalid_blocks", b.call("blocks.validate", "blocks", `[{"type":"nope"}]`)["error"])
	require.Equal(t, true, b.call("blocks.validate", "blocks", `[{"type":"divider"}]`)["ok"])
	require.Equal(t, "invalid_arguments", b.call("blocks.validate")["error"])
}

func TestLimits(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	channel := b.ChannelID("access")
	var limited *slackgo.RateLimitedError
	var err error
	for range 7 {
		if _, _, err = b.api.PostMessage(channel, slackgo.MsgOptionText("x", false)); err != nil {
			break
		}
	}
	require.ErrorAs(t, err, &limited)
	require.Equal(t, time.Second, limited.RetryAfter)
	require.Len(t, b.ana.Messages("access"), 5, "a refused message is not posted")
	for range 40 {
		if _, _, _, err = b.api.UpdateMessage(channel, b.ana.Messages("access")[0].TS, slackgo.MsgOptionText("y", false)); err != nil {
			break
		}
	}
	require.ErrorAs(t, err, &limited, "chat.update is Tier 3")
	b.noErrors()
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	channel := b.ChannelID("access")
	post := func() error {
		_, _, err := b.api.PostMessageContext(b.ctx, channel, slackgo.MsgOptionText("x", false))
		return err
	}
	b.Fault("chat.postMessage", slack.Fault{Kind: slack.FaultStatus, Times: 2})
	var status slackgo.StatusCodeError
	require.ErrorAs(t, post(), &status)
	require.ErrorAs(t, post(), &status)
	require.Equal(t, 503, status.Code)
	b.Fault("chat.postMessage", slack.Fault{Kind: slack.FaultLost})
	require.Error(t, post())
	require.Len(t, b.ana.Messages("access"), 1, "done, but nobody was told")
	b.Fault("*", slack.Fault{Kind: slack.FaultLimited, Delay: 7 * time.Second})
	var limited *slackgo.RateLimitedError
	require.ErrorAs(t, post(), &limited)
	require.Equal(t, 7*time.Second, limited.RetryAfter)
	b.Fault("chat.postMessage", slack.Fault{Kind: slack.FaultSlow, Delay: time.Millisecond})
	require.NoError(t, post())
	b.Fault("chat.postMessage", slack.Fault{Kind: slack.FaultTimeout})
	impatient := slackgo.New(b.app.BotToken, slackgo.OptionAPIURL(b.APIURL()),
		slackgo.OptionHTTPClient(impatientClient))
	_, _, err := impatient.PostMessage(channel, slackgo.MsgOptionText("x", false))
	require.ErrorContains(t, err, "Timeout")
	require.Len(t, b.ana.Messages("access"), 2)
}
