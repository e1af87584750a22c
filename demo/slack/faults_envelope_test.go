package slack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestEnvelopesThatFail(t *testing.T) {
	t.Parallel()
	b := setup(t, quick)
	one, two := b.dial(""), b.dial("")
	one.next()
	two.next()

	b.Fault("/echo", slack.Fault{Kind: slack.FaultTimeout})
	notice, err := b.ana.Command("access", "/echo", "lost")
	require.NoError(t, err)
	require.Contains(t, notice, "operation_timeout")

	b.Fault("events_api", slack.Fault{Kind: slack.FaultTwice})
	require.NoError(t, b.ana.OpenHome(""))
	first, second := one.next(), two.next()
	require.Equal(t, first["envelope_id"], second["envelope_id"])
	one.ack(first, nil)
	two.ack(second, nil)
	b.eventually(func() bool { return logged(b, "ignored: acknowledged before") })

	b.Fault("/echo", slack.Fault{Kind: slack.FaultLost})
	done := make(chan string, 1)
	go func() {
		notice, _ := b.ana.Command("access", "/echo", "done, but nobody knows")
		done <- notice
	}()
	select {
	case frame := <-one.frames:
		one.ack(frame, nil)
	case frame := <-two.frames:
		two.ack(frame, nil)
	}
	require.Contains(t, <-done, "operation_timeout")
	require.True(t, logged(b, "fault: the acknowledgement was lost"))
}
