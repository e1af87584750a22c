package bot

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestSocketsThatDoNotHoldAreBraked(t *testing.T) {
	t.Parallel()
	for name, greet := range map[string]func(*websocket.Conn, int64) bool{
		"refused before the hello": func(conn *websocket.Conn, _ int64) bool {
			_ = conn.WriteJSON(map[string]any{"type": "disconnect", "reason": "too_many_websockets"})
			return false
		},
		"ended right after the hello": func(conn *websocket.Conn, _ int64) bool {
			_ = conn.WriteJSON(map[string]any{"type": "hello"})
			_ = conn.WriteJSON(map[string]any{"type": "disconnect", "reason": "link_disabled"})
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := newFakeSlack(t)
			fake.greet = greet
			bot := fake.bot(1)
			bot.tempo.shortest = 100 * time.Millisecond
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			require.NoError(t, bot.Run(ctx, testRouter(Options{})))
			require.LessOrEqual(t, fake.opens.Load(), int64(8))
			require.GreaterOrEqual(t, fake.opens.Load(), int64(2))
		})
	}
}

func TestBrakeWaitsLongerEachTimeAndNotForever(t *testing.T) {
	t.Parallel()
	brake := &brake{tempo: normalTempo()}
	require.Zero(t, brake.pause(true))
	for range 40 {
		pause := brake.pause(false)
		require.Positive(t, pause)
		require.LessOrEqual(t, pause, normalTempo().longest*3/2)
	}
	require.GreaterOrEqual(t, brake.pause(false), normalTempo().longest/2)
	require.Zero(t, brake.pause(true))
	require.LessOrEqual(t, brake.pause(false), normalTempo().shortest*3/2)
}

func TestRecycleLosesNoClick(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	started, release := make(chan struct{}, 2), make(chan struct{})
	router.Action("request_approve", func(context.Context, Action) error {
		started <- struct{}{}
		<-release
		return nil
	})
	bot := fake.bot(1)
	old := fake.run(bot, router)[0]
	old.send(t, deliver("e1", "interactive", press("request_approve")))
	receive(t, started)
	old.send(t, map[string]any{"type": "disconnect", "reason": "warning"})
	successor := receive(t, fake.sockets)
	require.Eventually(t, func() bool { return bot.Connected() == 2 }, soon, time.Millisecond)
	old.send(t, deliver("e2", "interactive", press("request_approve")))
	receive(t, started)
	close(release)
	got := []any{receive(t, old.acks)["envelope_id"], receive(t, old.acks)["envelope_id"]}
	require.ElementsMatch(t, []any{"e1", "e2"}, got, "the old line is listened to until Slack ends it")
	require.NoError(t, old.conn.Close())
	successor.send(t, deliver("e3", "interactive", press("request_approve")))
	require.Equal(t, "e3", receive(t, successor.acks)["envelope_id"])
	require.Eventually(t, func() bool { return bot.Connected() == 1 }, soon, time.Millisecond)
}

func TestClickWhoseSocketBrokeIsAcknowledgedOverAnother(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	started, release := make(chan struct{}), make(chan struct{})
	router.Action("request_approve", func(context.Context, Action) error {
		close(started)
		<-release
		return nil
	})
	bot := fake.bot(1)
	broken := fake.run(bot, router)[0]
	broken.send(t, deliver("e1", "interactive", press("request_approve")))
	receive(t, started)
	require.NoError(t, broken.conn.Close())
	successor := receive(t, fake.sockets)
	close(release)
	require.Equal(t, "e1", receive(t, successor.acks)["envelope_id"])
}

func TestSilentSocketIsReplaced(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	bot := fake.bot(1)
	bot.tempo.silence, bot.tempo.steady = 30*time.Millisecond, 0
	silent := fake.run(bot, testRouter(Options{}))[0]
	receive(t, fake.sockets)
	receive(t, silent.gone)
}

func TestSocketMustBeEncryptedWhenTheAPIIs(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	bot := fake.bot(1)
	bot.gate.base.Scheme = "https"
	_, err := bot.dial(t.Context())
	require.ErrorContains(t, err, "not wss")
}

func TestRunEndsWhenATokenIsWrongForGood(t *testing.T) {
	t.Parallel()
	for code, kind := range map[string]error{
		"invalid_auth": ErrToken, "token_revoked": ErrToken, "not_allowed_token_type": ErrToken, "missing_scope": ErrScope,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			fake := newFakeSlack(t)
			fake.on("apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
				reply200(w, `{"ok":false,"error":"`+code+`"}`)
			})
			err := fake.bot(2).Run(t.Context(), testRouter(Options{}))
			require.ErrorIs(t, err, kind)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestHandlersAtWorkMayFinishAtTheEnd(t *testing.T) {
	t.Parallel()
	fake, router := newFakeSlack(t), testRouter(Options{})
	started, release := make(chan struct{}), make(chan struct{})
	router.Command("/access", func(ctx context.Context, _ Command) (Answer, error) {
		close(started)
		<-release
		return Answer{Text: "Done"}, ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	bot := fake.bot(1)
	go func() { ended <- bot.Run(ctx, router) }()
	socket := receive(t, fake.sockets)
	socket.send(t, deliver("e1", "slash_commands", command("")))
	receive(t, started)
	cancel()
	close(release)
	require.Equal(t, "Done", receive(t, socket.acks)["payload"].(map[string]any)["text"])
	require.NoError(t, receive(t, ended))
	require.Zero(t, bot.Connected())
	receive(t, socket.gone)
}

func TestAFullRouterLeavesDeliveriesUnacknowledged(t *testing.T) {
	t.Parallel()
	fake := newFakeSlack(t)
	router := testRouter(Options{Concurrency: 1, AckAfter: 50 * time.Millisecond})
	release := make(chan struct{})
	started := make(chan struct{}, 2)
	router.Action("request_approve", func(context.Context, Action) error {
		started <- struct{}{}
		<-release
		return nil
	})
	socket := fake.run(fake.bot(1), router)[0]
	socket.send(t, deliver("e1", "interactive", press("request_approve")))
	receive(t, started)
	require.Equal(t, "e1", receive(t, socket.acks)["envelope_id"], "its time was up")
	socket.send(t, deliver("e2", "interactive", press("request_approve")))
	socket.send(t, deliver("e3", "interactive", press("nobody")))
	require.Equal(t, "e3", receive(t, socket.acks)["envelope_id"])
	select {
	case <-socket.acks:
		require.FailNow(t, "an unhandled click was acknowledged")
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
}
