package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
)

// kills is how often each database's process is killed: USHER_KILLS, else few enough for every run of the tests.
func kills(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("USHER_KILLS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// How long after a restart everything is to be done: behind an approval, and in whatever script it was killed. These are
// promises, and not a matter of how busy the machine is: hours could be lost in silence, seconds can't.
const (
	recovery       = 30 * time.Second
	recoveryAtMost = 60 * time.Second
)

// TestKilledBehindAnApproval kills the bot at random moments right behind the acknowledgement of an approval. After
// the restart the grant reaches its target, each script has succeeded exactly once, and nothing is told twice.
func TestKilledBehindAnApproval(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := ""
			if name == "postgres" {
				url = dbtest.URL(t, dbtest.Postgres)
			}
			c := found(t, url)
			p := &process{c: c}
			p.start()
			for round := range kills(t, 3) {
				p.killBehindApproval(round)
			}
			p.kill()
		})
	}
}

// process is the bot as a process of its own.
type process struct {
	c     *company
	extra map[string]string // environment besides the company's
	cmd   *exec.Cmd
}

func (p *process) start() {
	p.c.t.Helper()
	p.launch(p.c.log)
	p.c.sockets(1)
}

// launch starts the process, which logs to a place of its own.
func (p *process) launch(log io.Writer) {
	p.c.t.Helper()
	env := p.c.Environment()
	p.cmd = usher(p.c.t, "serve")
	env["HOME"] = p.c.Dir
	maps.Copy(env, p.extra)
	for name, value := range env {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stderr = log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(p.c.t, p.cmd.Start())
	p.c.t.Cleanup(p.kill)
}

func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill() // it may have ended already
		_ = p.cmd.Wait()
	}
}

func (p *process) killBehindApproval(round int) {
	c := p.c
	c.t.Helper()
	reason := fmt.Sprintf("Round %d of the kills", round)
	card := c.ask("ana", "Drive editors", "10 minutes", reason)
	require.NoError(c.t, c.person("ben").PressLabel(card.Target(), "Approve"))
	moment := rand.N(600 * time.Millisecond)
	time.Sleep(moment) //nolint:forbidigo // the random moment is what is tested
	p.kill()
	c.until("the workspace noticed", func() bool { return c.Workspace.Connections(c.App.ID) == 0 })
	restarted := time.Now()
	p.start()
	p.recovers(card.TS, restarted.Add(recovery))
	c.t.Logf("round %d: killed %v behind the acknowledgement, active %v after the restart", round, moment.Round(time.Millisecond), time.Since(restarted).Round(time.Millisecond))
	require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
	c.untilThread(card.TS, "now has")
	c.giveBack("ana", "drive-editors")
	c.untilCard(card.TS, "Access has ended")
	c.untilThread(card.TS, "no longer has")
	p.once(reason, card.TS)
}

// giveBack ends a person's access early, as he would.
func (c *company) giveBack(name, entitlement string) {
	c.t.Helper()
	_, err := c.person(name).Command(c.access(), "/access", "return "+entitlement)
	require.NoError(c.t, err)
}

// recovers waits until the card shows that the access is active, at most until a time.
func (p *process) recovers(ts string, until time.Time) {
	p.c.t.Helper()
	p.c.untilIn(time.Until(until), "what was killed is active", func() bool { return strings.Contains(p.c.card(ts).Shown(), "Active") })
}

// once checks that the round left one card, one of each message in its thread, and one success of each script.
func (p *process) once(reason, ts string) {
	c := p.c
	c.t.Helper()
	cards := 0
	for _, message := range c.person("dana").Messages(c.access()) {
		if strings.Contains(message.Shown(), reason) {
			cards++
		}
	}
	require.Equal(c.t, 1, cards, "one card")
	thread := c.replies(ts)
	for _, once := range []string{"asked for", "Giving access", "Taking access back", "now has", "no longer has"} {
		require.Equal(c.t, 1, strings.Count(thread, once), "%q in the thread:\n%s", once, thread)
	}
	message, err := db.MessageAt(c.ctx, c.store, c.access(), ts)
	require.NoError(c.t, err)
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{Request: message.RequestID}, 1000)
	require.NoError(c.t, err)
	succeeded := map[string]int{}
	for _, event := range events {
		if event.Action == "script.succeeded" || event.Action == "script.skipped" {
			succeeded[event.Script]++
		}
	}
	require.Equal(c.t, map[string]int{"find": 1, "account": 1, "join": 1, "leave": 1}, succeeded)
}

// TestReadyAndHealthy asks the HTTP side as an orchestrator does.
func TestReadyAndHealthy(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.serve(map[string]string{"USHER_HTTP_ADDR": "127.0.0.1:0"})
	address := c.log.httpAddress()
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": "usher_requests_pending 0"} {
		answer, err := http.Get("http://" + address + path)
		require.NoError(t, err)
		var body bytes.Buffer
		_, err = body.ReadFrom(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusOK, answer.StatusCode)
		require.Contains(t, body.String(), want)
	}
	c.unremarkable()
}
