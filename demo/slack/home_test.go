package slack_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestHome(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	home := `{"type":"home","blocks":[{"type":"header","text":{"type":"plain_text","text":"Mine"}}]}`
	_, published := b.ana.Home("Echo")
	require.False(t, published)
	body := b.call("views.publish", "user_id", b.ana.ID(), "view", home)
	require.Equal(t, true, body["ok"])
	shown, _ := b.ana.Home("Echo")
	require.Contains(t, shown.Shown(), "Mine")
	_, published = b.ben.Home("Echo")
	require.False(t, published)
	require.Equal(t, "hash_conflict", b.call("views.publish", "user_id", b.ana.ID(), "view", home, "hash", "1.x")["error"])
	require.Equal(t, "invalid_arguments", b.call("views.publish", "user_id", "U0NOBODY", "view", home)["error"])
	require.Equal(t, "invalid_arguments", b.call("views.publish", "user_id", b.ana.ID(), "view", smallModal)["error"])
}

func TestAReadOnlyMessagesTab(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	raw, err := os.ReadFile("../../manifest.yaml")
	require.NoError(t, err)
	usher, err := b.Install(raw)
	require.NoError(t, err, "the manifest of this repository is one that Slack takes")
	body, _ := b.callAs(usher.BotToken, "chat.postMessage", "channel", b.ana.ID(), "text", "hello")
	require.Equal(t, true, body["ok"])
	_, err = b.ana.Say(usher.BotUser, "hello")
	require.ErrorContains(t, err, "has been turned off")
}
