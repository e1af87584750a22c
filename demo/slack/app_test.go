package slack_test

import (
	"context"
	"os"
	"testing"
	"time"

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

// errorsOf lists the summaries of the journal's errors.
func (b *bundle) errorsOf() []string {
	summaries := []string{}
	for _, e := range b.Errors() {
		summaries = append(summaries, e.Summary)
	}
	return summaries
}
