package slack_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// quick makes deadlines short; the rules stay the same.
var quick = slack.Options{AckDeadline: 300 * time.Millisecond}

func TestACommandThatNobodyAcknowledges(t *testing.T) {
	t.Parallel()
	b := setup(t, quick)
	w := b.dial("")
	w.next()
	notice, err := b.ana.Command("access", "/echo", "hello")
	require.NoError(t, err)
	require.Equal(t, `/echo failed with the error "operation_timeout"`, notice)
	require.Equal(t, []string{"/echo: not acknowledged within 300ms"}, b.errorsOf())
	w.ack(w.next(), nil)
	b.eventually(func() bool { return logged(b, "ignored: too late") })
}

func TestACommandWithoutASocket(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	notice, err := b.ana.Command("access", "/echo", "hello")
	require.NoError(t, err)
	require.Equal(t, `/echo failed with the error "dispatch_failed"`, notice)
	notice, err = b.ana.Command("access", "/nope", "")
	require.NoError(t, err)
	require.Contains(t, notice, "/nope is not a valid command")
	ts, err := b.ana.Say("access", "hello")
	require.NoError(t, err)
	_, err = b.ana.Reply("access", ts, "/echo hello")
	require.ErrorContains(t, err, "is not supported in threads")
}

func TestAcksThatCountForNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, quick)
	w := b.dial("")
	w.next()
	w.ack(map[string]any{"envelope_id": "unknown"}, nil)
	b.eventually(func() bool { return logged(b, "ignored: unknown envelope") })

	require.NoError(t, b.ana.OpenHome(""))
	frame := w.next()
	w.ack(frame, nil)
	w.ack(frame, nil)
	b.eventually(func() bool { return logged(b, "ignored: acknowledged before") })
	b.noErrors()

	go func() { _, _ = b.ana.Command("access", "/echo", "hello") }()
	w.ack(w.next(), map[string]any{"text": strings.Repeat("x", 20480)})
	b.eventually(func() bool { return logged(b, "dropped: too large") })
	b.eventually(func() bool { return logged(b, "/echo: not acknowledged within 300ms") })
}

func TestAnAckInFragments(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	w := b.dial("")
	w.next()
	out, err := w.NextWriter(websocket.TextMessage)
	require.NoError(t, err)
	_, err = out.Write([]byte(`{"envelope_id":"` + strings.Repeat("x", 9000) + `"}`)) // more than one buffer
	require.NoError(t, err)
	require.NoError(t, out.Close())
	b.eventually(func() bool { return logged(b, "dropped: fragmented") })
}

func TestAPayloadWhereNoneIsTaken(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	w := b.dial("")
	w.next()
	require.NoError(t, b.ana.OpenHome(""))
	w.ack(w.next(), map[string]any{"text": "hello"})
	b.eventually(func() bool { return logged(b, "app_home_opened: takes no payload") })
}

func TestAnswersToACommand(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	w := b.dial("")
	w.next()
	for _, test := range []struct {
		name   string
		answer map[string]any
		notice string
	}{
		{"private", map[string]any{"text": "hi"}, ""},
		{"public", map[string]any{"text": "hi all", "response_type": "in_channel"}, ""},
		{
			"broken blocks",
			map[string]any{"text": "x", "blocks": []any{map[string]any{"type": "nope"}}},
			`/echo failed with the error "invalid_command_response"`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			done := make(chan string, 1)
			go func() {
				notice, _ := b.ana.Command("access", "/echo", test.name)
				done <- notice
			}()
			frame := w.next()
			require.Equal(t, true, frame["accepts_response_payload"])
			payload, _ := frame["payload"].(map[string]any)
			require.Equal(t, "false", payload["is_enterprise_install"], "a string, as on Slack")
			w.ack(frame, test.answer)
			require.Equal(t, test.notice, <-done)
		})
	}
	require.Equal(t, "hi", b.ana.Ephemerals("access")[0].Text)
	require.Empty(t, b.ben.Ephemerals("access"))
	shown := b.ben.Messages("access")
	require.Equal(t, "/echo public", shown[0].Text, "in_channel shows the command too")
	require.Equal(t, "hi all", shown[1].Text)
}

func logged(b *bundle, summary string) bool {
	for _, e := range b.Journal() {
		if e.Summary == summary {
			return true
		}
	}
	return false
}
