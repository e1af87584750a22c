package slack_test

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestHello(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	for want := 1; want <= 2; want++ {
		hello := b.dial("").next()
		require.Equal(t, "hello", hello["type"])
		require.InEpsilon(t, float64(want), hello["num_connections"], 0)
		require.Equal(t, map[string]any{"app_id": b.app.ID}, hello["connection_info"])
		debug, _ := hello["debug_info"].(map[string]any)
		require.InEpsilon(t, 18000.0, debug["approximate_connection_time"], 0)
	}
	debug, _ := b.dial("&debug_reconnects=true").next()["debug_info"].(map[string]any)
	require.InEpsilon(t, 360.0, debug["approximate_connection_time"], 0)
}

func TestATicketIsGoodForOneSocket(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	body, _ := b.callAs(b.app.AppToken, "apps.connections.open")
	address, _ := body["url"].(string)
	first, res, err := websocket.DefaultDialer.Dial(address, nil)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	defer first.Close()
	_, res, err = websocket.DefaultDialer.Dial(address, nil)
	require.Error(t, err)
	require.Equal(t, 403, res.StatusCode)
}

func TestTheEleventhSocketIsTurnedAway(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	for range 10 {
		require.Equal(t, "hello", b.dial("").next()["type"])
	}
	late := b.dial("")
	require.Equal(t, "too_many_websockets", late.next()["reason"])
	require.Nil(t, late.next(), "closed")
	require.Equal(t, 10, b.Connections(b.app.ID))
}

func TestEachPayloadGoesToOneSocket(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	one, two := b.dial(""), b.dial("")
	one.next()
	two.next()
	for range 2 {
		require.NoError(t, b.ana.OpenHome("Echo"))
	}
	for _, w := range []*wire{one, two} {
		frame := w.next()
		require.Equal(t, "events_api", frame["type"])
		require.Equal(t, false, frame["accepts_response_payload"])
		w.ack(frame, nil)
	}
	b.noErrors()
}

func TestPings(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{PingEvery: 10 * time.Millisecond})
	body, _ := b.callAs(b.app.AppToken, "apps.connections.open")
	address, _ := body["url"].(string)
	conn, res, err := websocket.DefaultDialer.Dial(address, nil)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	defer conn.Close()
	pings := 0
	conn.SetPingHandler(func(string) error {
		pings++
		return nil
	})
	for {
		if _, _, err = conn.ReadMessage(); err != nil {
			break // no ping was answered: the workspace drops the socket
		}
	}
	require.Positive(t, pings)
	b.eventually(func() bool { return b.Connections(b.app.ID) == 0 })
}

func TestRecycle(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{RecycleLead: 20 * time.Millisecond})
	w := b.dial("")
	w.next()
	b.RecycleWithWarning(b.app.ID)
	require.Equal(t, "warning", w.next()["reason"])
	require.Equal(t, "refresh_requested", w.next()["reason"])
	require.Nil(t, w.next())
	b.eventually(func() bool { return b.Connections(b.app.ID) == 0 })

	w = b.dial("")
	w.next()
	b.Recycle(b.app.ID)
	require.Equal(t, "refresh_requested", w.next()["reason"])
	require.Nil(t, w.next())
}

func TestASocketEndsByItself(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{SocketLife: 30 * time.Millisecond, RecycleLead: 20 * time.Millisecond})
	w := b.dial("")
	w.next()
	require.Equal(t, "warning", w.next()["reason"])
	require.Equal(t, "refresh_requested", w.next()["reason"])
}

func TestLinkDisabled(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	w := b.dial("")
	w.next()
	b.SetSocketMode(b.app.ID, false)
	require.Equal(t, "link_disabled", w.next()["reason"])
	require.Equal(t, "link_disabled", b.dial("").next()["reason"])
	b.SetSocketMode(b.app.ID, true)
	require.Equal(t, "hello", b.dial("").next()["type"])
}

func TestDropSockets(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	w := b.dial("")
	w.next()
	b.DropSockets(b.app.ID)
	require.Nil(t, w.next())
	b.eventually(func() bool { return b.Connections(b.app.ID) == 0 })
}
