package slack_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// bundle is a workspace with two people, a channel and an app that slack-go's clients speak for.
type bundle struct {
	*slack.Workspace
	t   *testing.T
	ctx context.Context
	app slack.App
	api *slackgo.Client
	ana *slack.Person
	ben *slack.Person
}

func setup(t *testing.T, opts slack.Options) *bundle {
	t.Helper()
	w := slack.New(opts)
	_, err := w.Start("127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(func() {
		cancel()
		require.NoError(t, w.Close())
	})
	w.AddUser(slack.User{Name: "ana", RealName: "Ana Diaz", Email: "ana@example.com", TZ: "Europe/Lisbon"})
	w.AddUser(slack.User{Name: "ben", RealName: "Ben Ode", Email: "ben@example.com"})
	w.AddChannel(slack.Channel{Name: "access", Members: []string{"ana", "ben"}})
	raw, err := os.ReadFile("testdata/manifest.yaml")
	require.NoError(t, err)
	app, err := w.Install(raw)
	require.NoError(t, err)
	require.NoError(t, w.InviteApp(app.ID, "access"))
	api := slackgo.New(app.BotToken, slackgo.OptionAppLevelToken(app.AppToken), slackgo.OptionAPIURL(w.APIURL()))
	return &bundle{Workspace: w, t: t, ctx: ctx, app: app, api: api, ana: w.Person("ana"), ben: w.Person("ben")}
}

// handler is what an app does with an envelope; what it returns goes into the acknowledgement.
type handler func(evt socketmode.Event) any

// noAck is returned by handlers that do not acknowledge at all.
type noAck struct{}

// connect opens a socket as slack-go does, and returns once the workspace counts it.
func (b *bundle) connect(handle handler) {
	b.t.Helper()
	before := b.Connections(b.app.ID)
	client := socketmode.New(b.api)
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(b.ctx)
	go func() {
		defer close(done)
		for {
			select {
			case evt := <-client.Events:
				if evt.Request == nil || evt.Request.EnvelopeID == "" {
					continue
				}
				answer := handle(evt)
				if _, ok := answer.(noAck); ok {
					continue
				}
				if answer == nil {
					_ = client.AckCtx(ctx, evt.Request.EnvelopeID, nil)
					continue
				}
				_ = client.AckCtx(ctx, evt.Request.EnvelopeID, answer)
			case <-ctx.Done():
				return
			}
		}
	}()
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = client.RunContext(ctx)
	}()
	b.t.Cleanup(func() {
		cancel()
		<-done
		<-gone
	})
	b.eventually(func() bool { return b.Connections(b.app.ID) > before })
}

func (b *bundle) eventually(holds func() bool) {
	b.t.Helper()
	require.NoError(b.t, b.Wait(b.ctx, holds), "%+v", b.Errors())
}

func (b *bundle) noErrors() {
	b.t.Helper()
	require.Empty(b.t, b.Errors())
}

func callback(t *testing.T, evt socketmode.Event) slackgo.InteractionCallback {
	t.Helper()
	data, ok := evt.Data.(slackgo.InteractionCallback)
	if !ok {
		t.Errorf("not an interaction: %s", evt.Type)
	}
	return data
}

func plain(text string) *slackgo.TextBlockObject {
	return slackgo.NewTextBlockObject(slackgo.PlainTextType, text, true, false)
}

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

// errorsOf lists the summaries of the journal's errors.
func (b *bundle) errorsOf() []string {
	summaries := []string{}
	for _, e := range b.Errors() {
		summaries = append(summaries, e.Summary)
	}
	return summaries
}
