package slack_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

const boltFolder = "testdata/bolt"

// startBolt runs the app on Slack's own framework, @slack/bolt, against the workspace.
func startBolt(t *testing.T, b *bundle) {
	t.Helper()
	node, err := exec.LookPath("node")
	require.NoError(t, err, "this test needs Node.js 20 or newer (package nodejs), then `make deps`")
	_, err = os.Stat(boltFolder + "/node_modules/@slack/bolt")
	require.NoError(t, err, "this test needs the npm package @slack/bolt: run `make deps`")
	cmd := exec.Command(node, "app.js")
	cmd.Dir = boltFolder
	cmd.Env = append(os.Environ(),
		"BOT_TOKEN="+b.app.BotToken, "APP_TOKEN="+b.app.AppToken, "API_URL="+b.APIURL(),
		"CHANNEL="+b.ChannelID("access"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended by itself
		_ = cmd.Wait()         // its end by the signal is wanted
		if t.Failed() {
			t.Logf("node app.js:\n%s", out.String())
		}
	})
	b.eventually(func() bool { return b.Connections(b.app.ID) == 1 })
}

func TestBoltRunsUnmodified(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	startBolt(t, b)
	requestWithBolt(t, b)
	decideWithBolt(t, b)

	t.Log("plain answers, Home, events and shortcuts")
	notice, err := b.ana.Command("access", "/echo", "hello")
	require.NoError(t, err)
	require.Empty(t, notice)
	require.Equal(t, "you said hello", b.ana.Ephemerals("access")[0].Text)
	require.NoError(t, b.ana.OpenHome("Echo"))
	b.eventually(func() bool { _, ok := b.ana.Home("Echo"); return ok })
	home, _ := b.ana.Home("Echo")
	require.Contains(t, home.Shown(), "Your access")
	require.NoError(t, b.ChangeUser("ben", func(u *slack.User) { u.Deleted = true }))
	b.eventually(func() bool { return saw(b.ana, "ben is gone") })
	require.NoError(t, b.ana.Shortcut("Echo it"))
	b.eventually(func() bool { _, ok := b.ana.Top(); return ok })
	require.NoError(t, b.ana.CloseAll())
	b.eventually(func() bool { return saw(b.ana, "closed, cleared: true") })
	b.noErrors()
}

func requestWithBolt(t *testing.T, b *bundle) {
	t.Helper()
	_, err := b.ana.Command("access", "/echo", "modal")
	require.NoError(t, err)
	b.eventually(func() bool { _, ok := b.ana.Top(); return ok })
	modal, _ := b.ana.Top()
	require.NoError(t, b.ana.Type(modal.Target(), "Reason", "no"))
	none, err := b.ana.Suggest(modal.Target(), "Access", "d")
	require.NoError(t, err)
	require.Empty(t, none, "shorter than min_query_length")
	two, err := b.ana.Suggest(modal.Target(), "Access", "drive")
	require.NoError(t, err)
	require.Len(t, two, 2)
	require.NoError(t, b.ana.Select(modal.Target(), "Access", "Drive editors"))
	b.eventually(func() bool { v, _ := b.ana.Top(); return len(v.Fields()) == 3 })
	modal, _ = b.ana.Top()
	require.Equal(t, "no", modal.Value("Reason"), "an update keeps what was typed")
	require.NoError(t, b.ana.Select(modal.Target(), "Role", "Owner"))
	result, err := b.ana.Submit(modal)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"reason": "Say why."}, result.Errors)
	require.NoError(t, b.ana.Type(modal.Target(), "Reason", "The report"))
	result, err = b.ana.Submit(modal)
	require.NoError(t, err)
	require.Equal(t, "updated", result.Result)
	modal, _ = b.ana.Top()
	require.Contains(t, modal.Shown(), "Your request was sent.")
	require.NoError(t, b.ana.CloseView(modal))
}

// decideWithBolt recycles the socket first, so that the click travels over the new one.
func decideWithBolt(t *testing.T, b *bundle) {
	t.Helper()
	b.eventually(func() bool { return len(b.ben.Messages("access")) == 1 })
	before := len(b.Journal())
	b.Recycle(b.app.ID)
	b.eventually(func() bool { return reconnected(b, before) })
	card := b.ben.Messages("access")[0]
	require.Equal(t, "Drive editors, Owner: The report\nApprove\nDeny", card.Shown())
	require.Equal(t, []string{"Approve", "Deny"}, card.Buttons())
	require.NoError(t, b.ben.PressLabel(card.Target(), "Approve"))
	b.eventually(func() bool { return len(b.ben.Ephemerals("access")) == 1 })
	require.Contains(t, b.ana.Messages("access")[0].Shown(), "Approved by <@"+b.ben.ID()+">")
	require.Len(t, b.ana.Thread("access", card.TS), 2)
}

func reconnected(b *bundle, since int) bool {
	for _, e := range b.Journal()[since:] {
		if e.Method == "socket" && e.Summary == "connected" {
			return b.Connections(b.app.ID) == 1
		}
	}
	return false
}

func saw(p *slack.Person, text string) bool {
	for _, m := range p.Messages("access") {
		if strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}
