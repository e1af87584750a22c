package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// soon bounds every wait in these tests; none is expected to take that long.
const soon = 10 * time.Second

// fakeSlack is a scripted Slack: it says what a test tells it to. The strict workspace in demo/slack is the
// better witness for everything but broken behaviour.
type fakeSlack struct {
	t      *testing.T
	server *httptest.Server
	opens  atomic.Int64
	// sockets receives each connection after its hello.
	sockets chan *fakeSocket
	// greet says what a new connection gets; nil greets with hello.
	greet func(conn *websocket.Conn, number int64) (keep bool)

	mu      sync.Mutex
	methods map[string]http.HandlerFunc
	calls   map[string][]url.Values
}

type fakeSocket struct {
	conn *websocket.Conn
	// acks are the acknowledgements read from this connection.
	acks chan map[string]any
	gone chan struct{}
}

func newFakeSlack(t *testing.T) *fakeSlack {
	t.Helper()
	fake := &fakeSlack{
		t: t, sockets: make(chan *fakeSocket, 64),
		methods: map[string]http.HandlerFunc{}, calls: map[string][]url.Values{},
	}
	fake.server = httptest.NewServer(fake)
	t.Cleanup(fake.server.Close)
	fake.answer("auth.test", `{"ok":true,"team_id":"T1","team":"Acme","user_id":"UBOT","bot_id":"BBOT","url":"https://acme.example/"}`)
	fake.answer("bots.info", `{"ok":true,"bot":{"id":"BBOT","app_id":"A1"}}`)
	return fake
}

// answer makes a method answer with this body.
func (f *fakeSlack) answer(method, body string) {
	f.on(method, func(w http.ResponseWriter, _ *http.Request) { reply200(w, body) })
}

func (f *fakeSlack) on(method string, handle http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.methods[method] = handle
}

func (f *fakeSlack) called(method string) []url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[method]
}

func reply200(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(body))
}

func (f *fakeSlack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch method := strings.TrimPrefix(r.URL.Path, "/api/"); method {
	case "apps.connections.open":
		f.opens.Add(1)
		f.mu.Lock()
		handle := f.methods[method]
		f.mu.Unlock()
		if handle != nil {
			handle(w, r)
			return
		}
		reply200(w, `{"ok":true,"url":"ws`+strings.TrimPrefix(f.server.URL, "http")+`/socket"}`)
	case "/socket":
		f.serveSocket(w, r)
	default:
		f.serveMethod(method, w, r)
	}
}

func (f *fakeSlack) serveMethod(method string, w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = r.ParseForm()
	}
	f.mu.Lock()
	f.calls[method] = append(f.calls[method], r.PostForm)
	handle := f.methods[method]
	f.mu.Unlock()
	if handle == nil {
		reply200(w, `{"ok":false,"error":"unknown_method"}`)
		return
	}
	handle(w, r)
}

func (f *fakeSlack) serveSocket(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	if f.greet != nil && !f.greet(conn, f.opens.Load()) {
		return
	}
	if conn.WriteJSON(map[string]any{"type": "hello", "num_connections": 1, "connection_info": map[string]string{"app_id": "A1"}}) != nil {
		return
	}
	socket := &fakeSocket{conn: conn, acks: make(chan map[string]any, 64), gone: make(chan struct{})}
	f.sockets <- socket
	defer close(socket.gone)
	for {
		var ack map[string]any
		if conn.ReadJSON(&ack) != nil {
			return
		}
		socket.acks <- ack
	}
}

// bot returns a Bot for this Slack with short times.
func (f *fakeSlack) bot(connections int) *Bot {
	f.t.Helper()
	bot, err := New(Settings{
		BotToken: "xoxb-secret-bot", AppToken: "xapp-secret-app",
		APIURL: f.server.URL + "/api/", Connections: connections,
	}, slog.New(slog.DiscardHandler))
	require.NoError(f.t, err)
	bot.tempo.stagger = 0
	bot.gate.backoff = time.Millisecond
	return bot
}

// run starts the bot and waits for its sockets.
func (f *fakeSlack) run(bot *Bot, router *Router) []*fakeSocket {
	f.t.Helper()
	ctx, cancel := context.WithCancel(f.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- bot.Run(ctx, router) }()
	f.t.Cleanup(func() {
		cancel()
		require.NoError(f.t, receive(f.t, ended))
	})
	var sockets []*fakeSocket
	for range bot.settings.Connections {
		sockets = append(sockets, receive(f.t, f.sockets))
	}
	return sockets
}

func (s *fakeSocket) send(t *testing.T, frame any) {
	t.Helper()
	if raw, ok := frame.(string); ok {
		require.NoError(t, s.conn.WriteMessage(websocket.TextMessage, []byte(raw)))
		return
	}
	require.NoError(t, s.conn.WriteJSON(frame))
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(soon):
		require.FailNow(t, "nothing came")
		panic("unreachable")
	}
}

// deliver is an envelope as Slack sends it.
func deliver(id, kind string, payload any) map[string]any {
	return map[string]any{
		"envelope_id": id, "type": kind, "payload": payload,
		"accepts_response_payload": kind != "events_api",
	}
}

func command(text string) map[string]any {
	return map[string]any{"command": "/access", "text": text, "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
}

func press(actionID string) map[string]any {
	return map[string]any{
		"type": "block_actions", "user": map[string]any{"id": "U1", "team_id": "T1"}, "team": map[string]any{"id": "T1"},
		"trigger_id": "1.2.3", "channel": map[string]any{"id": "C1"}, "container": map[string]any{"type": "message", "message_ts": "5.1"},
		"actions": []any{map[string]any{"type": "button", "action_id": actionID, "block_id": "b", "value": "row"}},
	}
}

func submit(callbackID string) map[string]any {
	return map[string]any{
		"type": "view_submission", "user": map[string]any{"id": "U1"}, "team": map[string]any{"id": "T1"},
		"view": map[string]any{
			"id": "V1", "type": "modal", "callback_id": callbackID, "hash": "h",
			"title": map[string]any{"type": "plain_text", "text": "Request access"},
			"blocks": []any{map[string]any{
				"type": "input", "block_id": "reason", "label": map[string]any{"type": "plain_text", "text": "Reason"},
				"element": map[string]any{"type": "plain_text_input", "action_id": "text"},
			}},
			"state": map[string]any{"values": map[string]any{"reason": map[string]any{
				"text": map[string]any{"type": "plain_text_input", "value": "because"},
			}}},
		},
	}
}

func testRouter(options Options) *Router {
	return NewRouter(slog.New(slog.DiscardHandler), options)
}

func encode(t *testing.T, value any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(value)
	require.NoError(t, err)
	return raw
}
