package slack_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// call posts a form to a Web API method with the bot token and returns the body.
func (b *bundle) call(method string, pairs ...string) map[string]any {
	b.t.Helper()
	body, _ := b.callAs(b.app.BotToken, method, pairs...)
	return body
}

func (b *bundle) callAs(token, method string, pairs ...string) (map[string]any, *http.Response) {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.APIURL()+method, strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(b.t, err)
	defer res.Body.Close()
	body := map[string]any{}
	require.NoError(b.t, json.NewDecoder(res.Body).Decode(&body))
	return body, res
}

// wire is a socket without a client library: frames come as they are.
type wire struct {
	*websocket.Conn
	t      *testing.T
	frames chan map[string]any
}

// dial opens a socket by hand; query is appended to its URL.
func (b *bundle) dial(query string) *wire {
	b.t.Helper()
	body, _ := b.callAs(b.app.AppToken, "apps.connections.open")
	address, ok := body["url"].(string)
	require.True(b.t, ok, "%v", body)
	conn, res, err := websocket.DefaultDialer.DialContext(b.ctx, address+query, nil)
	require.NoError(b.t, err)
	defer res.Body.Close()
	w := &wire{Conn: conn, t: b.t, frames: make(chan map[string]any, 100)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(w.frames)
		for {
			var frame map[string]any
			if conn.ReadJSON(&frame) != nil {
				return
			}
			w.frames <- frame
		}
	}()
	b.t.Cleanup(func() {
		_ = conn.Close() // it may be closed already
		<-done
	})
	return w
}

// next returns the next frame, or nil when the socket was closed.
func (w *wire) next() map[string]any {
	w.t.Helper()
	select {
	case frame := <-w.frames:
		return frame
	case <-time.After(20 * time.Second):
		require.Fail(w.t, "no frame came")
		return nil
	}
}

// ack acknowledges an envelope; a payload is optional.
func (w *wire) ack(frame map[string]any, payload any) {
	w.t.Helper()
	answer := map[string]any{"envelope_id": frame["envelope_id"]}
	if payload != nil {
		answer["payload"] = payload
	}
	raw, err := json.Marshal(answer)
	require.NoError(w.t, err)
	require.NoError(w.t, w.WriteMessage(websocket.TextMessage, raw))
}
