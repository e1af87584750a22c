package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sethvargo/go-envconfig"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/demo"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/flows"
)

// storyDeadline is how long a story waits for any one thing to be seen.
const storyDeadline = 2 * time.Minute

// lookAgain is how long a story waits for news from the workspace before it looks again without: rows make no news.
const lookAgain = 500 * time.Millisecond

// patient is Slack with more patience than it has: the race detector, and as many stories at once as a machine bears, may
// make the bot take longer than three seconds for what it does in milliseconds. The bot waits longer in turn before it
// acknowledges what is not done yet. That it is in time is measured by the benchmarks, which Slack's real limits hold
// for; that Slack keeps them is tested in demo/slack, and what the bot does when they pass in bot.
var patient = slack.Options{AckDeadline: 30 * time.Second, TriggerLife: 30 * time.Second}

// company is the demo's company with the bot beside it, in this process, for stories: ask, press, see.
type company struct {
	*demo.World

	ctx      context.Context
	t        testing.TB
	log      *logBook
	database string             // what DATABASE_URL names
	ackAfter time.Duration      // when the bot acknowledges what is not done yet; the bot's own time if 0
	store    *db.Store          // a connection of the test's own, to look
	flows    *flows.Flows       // of the bot, once it serves
	began    func(*flows.Flows) // if not nil, gets the bot before it serves
}

// onBoth runs a story on SQLite and on Postgres.
func onBoth(t *testing.T, story func(c *company)) {
	t.Helper()
	foundOnBoth(t, func(c *company) {
		c.serve(nil)
		story(c)
	})
}

// onFlows runs a story on SQLite and on Postgres that also calls the flows itself, where people would take too long.
func onFlows(t *testing.T, story func(c *company, f *flows.Flows)) {
	t.Helper()
	onBoth(t, func(c *company) { story(c, c.flows) })
}

// foundOnBoth runs a story on SQLite and on Postgres, in which the bot does not serve yet.
func foundOnBoth(t *testing.T, story func(c *company)) {
	t.Helper()
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := ""
			if name == "postgres" {
				url = dbtest.URL(t, dbtest.Postgres)
			}
			c := found(t, url)
			story(c)
			c.unremarkable()
		})
	}
}

// found starts the company on a database; an empty url is a SQLite database of the test's own.
func found(t testing.TB, url string) *company {
	t.Helper()
	if _, measures := t.(*testing.B); measures {
		return foundIn(t, url, slack.Options{})
	}
	return foundIn(t, url, patient)
}

// foundIn starts the company in a workspace with options of the story's own.
func foundIn(t testing.TB, url string, options slack.Options) *company {
	t.Helper()
	world, err := demo.Start("127.0.0.1:0", t.TempDir(), manifest, options)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 5*storyDeadline)
	t.Cleanup(func() {
		cancel()
		closing, done := context.WithTimeout(context.Background(), 10*time.Second)
		defer done()
		require.NoError(t, world.Close(closing))
	})
	c := &company{World: world, ctx: ctx, t: t, log: &logBook{}, ackAfter: options.AckDeadline * 5 / 6}
	if url == "" {
		url = dbtest.URL(t, dbtest.SQLite)
	}
	c.database = url
	c.store, err = db.Open(ctx, url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.store.Close()) })
	return c
}

// Environment is the company's, with the test's database.
func (c *company) Environment() map[string]string {
	env := c.World.Environment()
	env["DATABASE_URL"] = c.database
	return env
}

// serve runs the bot in this process until the test ends or stop is called.
func (c *company) serve(extra map[string]string) (stop func()) {
	c.t.Helper()
	env := c.Environment()
	for name, value := range extra {
		env[name] = value
	}
	s, err := readSettings(c.ctx, envconfig.MapLookuper(env))
	require.NoError(c.t, err)
	s.router.AckAfter = c.ackAfter
	ctx, cancel := context.WithCancel(c.ctx)
	done, started := make(chan error, 1), make(chan struct{})
	before := c.Workspace.Connections(c.App.ID)
	go func() {
		done <- serve(ctx, s, slog.New(slog.NewTextHandler(c.log, &slog.HandlerOptions{Level: slog.LevelInfo})), c.Clock.Now, func(f *flows.Flows) {
			c.Clock.OnAdvance(func() {
				if ctx.Err() == nil {
					_ = f.SweepSoon(ctx) // the sweep of the next second does it too
				}
			})
			if c.flows = f; c.began != nil {
				c.began(f)
			}
			close(started)
		})
	}()
	select {
	case <-started:
	case err := <-done:
		require.NoError(c.t, err)
	}
	c.sockets(before + 1) // the bot opens the others while it works already
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			require.NoError(c.t, <-done)
		})
	}
	c.t.Cleanup(stop)
	return stop
}

// sockets waits until at least so many are open.
func (c *company) sockets(n int) {
	c.t.Helper()
	c.until(fmt.Sprintf("%d sockets are open", n), func() bool { return c.Workspace.Connections(c.App.ID) >= n })
}

// unremarkable fails the story when Slack refused something or an error was logged.
func (c *company) unremarkable() {
	c.t.Helper()
	for _, entry := range c.Workspace.Errors() {
		c.t.Errorf("Slack: %s %s %s\n%s", entry.Method, entry.Summary, entry.Detail, entry.Payload)
	}
	for _, line := range c.log.errors() {
		c.t.Errorf("log: %s", line)
	}
}

// until waits for something that can be seen in the workspace, or in the database.
func (c *company) until(what string, holds func() bool) {
	c.t.Helper()
	c.untilIn(storyDeadline, what, holds)
}

func (c *company) untilIn(limit time.Duration, what string, holds func() bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, limit)
	defer cancel()
	for {
		soon, stop := context.WithTimeout(ctx, lookAgain)
		err := c.Workspace.Wait(soon, holds)
		stop()
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			c.t.Fatalf("waited %v until %s\n%s", limit, what, c.scene())
		}
	}
}

func (c *company) person(name string) *slack.Person { return c.Workspace.Person(name) }

func (c *company) access() string { return c.Workspace.ChannelID("access") }

// ask makes a request as the person would: type the command, fill the form, send it; it returns the card.
func (c *company) ask(name, entitlement, duration, reason string) slack.Message {
	c.t.Helper()
	p := c.person(name)
	seen := len(p.Messages(c.access()))
	notice, err := p.Command(c.access(), "/access", "request")
	require.NoError(c.t, err)
	require.Empty(c.t, notice)
	form := c.view(name, "Request access")
	require.NoError(c.t, p.Select(form.Target(), "Access", entitlement))
	c.until("the form shows what applies", func() bool {
		top, ok := p.Top()
		return ok && strings.Contains(top.Shown(), "Acme Drive")
	})
	form = c.view(name, "Request access")
	require.NoError(c.t, p.Select(form.Target(), "Duration", duration))
	require.NoError(c.t, p.Fill(form.Target(), "Reason", reason))
	result, err := p.Submit(form)
	require.NoError(c.t, err)
	require.True(c.t, result.OK(), "%+v", result)
	var card slack.Message
	c.until("the card is posted", func() bool {
		for _, message := range p.Messages(c.access())[seen:] {
			if strings.Contains(message.Shown(), reason) {
				card = message
				return true
			}
		}
		return false
	})
	return card
}

func (c *company) view(name, title string) slack.View {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, storyDeadline)
	defer cancel()
	view, err := c.person(name).AwaitView(ctx, title)
	if err != nil {
		c.t.Fatalf("%v\n%s", err, c.scene())
	}
	return view
}

// card is a message of #access as it stands now.
func (c *company) card(ts string) slack.Message {
	for _, message := range c.person("dana").Messages(c.access()) {
		if message.TS == ts {
			return message
		}
	}
	return slack.Message{}
}

// untilCard waits until the card shows a text.
func (c *company) untilCard(ts, text string) slack.Message {
	c.t.Helper()
	c.until("the card shows "+text, func() bool { return strings.Contains(c.card(ts).Shown(), text) })
	return c.card(ts)
}

// untilThread waits until the card's thread shows all of the texts.
func (c *company) untilThread(ts string, texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		c.until("the thread says "+text, func() bool { return strings.Contains(c.thread(ts), text) })
	}
}

// thread is all that the card's thread shows.
func (c *company) thread(ts string) string {
	var all []string
	for _, message := range c.person("dana").Thread(c.access(), ts) {
		all = append(all, message.Shown())
	}
	return strings.Join(all, "\n")
}

// replies is what the card's thread shows below the card.
func (c *company) replies(ts string) string {
	return strings.TrimPrefix(c.thread(ts), c.card(ts).Shown())
}

// logBook keeps the bot's log for the story.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

var _ io.Writer = (*logBook)(nil)

// Write adds lines.
func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all that was written.
func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logBook) errors() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []string
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, "level=ERROR") {
			lines = append(lines, line)
		}
	}
	return lines
}

// httpAddress is where the bot said that it serves HTTP.
func (l *logBook) httpAddress() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, rest, _ := strings.Cut(l.text.String(), "msg=http addr=")
	address, _, _ := strings.Cut(rest, "\n")
	return address
}
