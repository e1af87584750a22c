package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sethvargo/go-envconfig"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows"
)

// TestStartWhileSlackIsAway restarts the bot while Slack can't be reached: access that is over is taken back all the
// same, and told of when Slack is there again.
func TestStartWhileSlackIsAway(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	stop := c.serve(nil)
	card := c.ask("ana", "Drive editors", "1h", "Before the outage")
	c.press("ben", card.Target(), "Approve")
	c.untilCard(card.TS, "Active")
	stop()

	slack := awaySlack(t, c)
	env := c.Environment()
	env["SLACK_API_URL"] = slack.URL + "/api/"
	s, err := readSettings(t.Context(), envconfig.MapLookuper(env))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	started, done := make(chan struct{}), make(chan error, 1)
	go func() {
		done <- serve(ctx, s, slog.New(slog.NewTextHandler(c.log, nil)), c.Clock.Now, func(*flows.Flows) { close(started) })
	}()
	<-started
	c.Clock.Advance(time.Hour + time.Second)
	require.NoError(t, c.Target.Wait(c.ctx, func() bool { return !slices.Contains(c.Target.Members("Editors"), "ana@acme.example") }))
	slack.back.Store(true)
	c.untilCard(card.TS, "Access has ended")
	cancel()
	require.NoError(t, <-done)
}

// away is a way to Slack that is cut until back.
type away struct {
	*httptest.Server
	back atomic.Bool
}

func awaySlack(t *testing.T, c *company) *away {
	t.Helper()
	workspace, err := url.Parse(c.Workspace.URL())
	require.NoError(t, err)
	way, through := &away{}, httputil.NewSingleHostReverseProxy(workspace)
	way.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !way.back.Load() {
			panic(http.ErrAbortHandler)
		}
		through.ServeHTTP(w, r)
	}))
	t.Cleanup(way.Close)
	return way
}
