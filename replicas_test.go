package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/flows/audit"
)

// crowd is how many approvers press at once.
const crowd = 50

// TestFiftyApproversTwoReplicas lets fifty people press Approve and Deny at once on one card while two replicas share
// the work on Postgres: there is one outcome, and everybody else is told.
func TestFiftyApproversTwoReplicas(t *testing.T) {
	t.Parallel()
	c := found(t, dbtest.URL(t, dbtest.Postgres))
	c.pressAtOnce()
}

// BenchmarkFiftyApproversTwoReplicas measures how soon everybody else is told: ten seconds are the promise.
func BenchmarkFiftyApproversTwoReplicas(b *testing.B) {
	for b.Loop() {
		c := found(b, pgtest.Open(b)+"&pool_max_conns=24")
		b.ReportMetric(float64(c.pressAtOnce().Milliseconds()), "told-ms")
	}
	b.ReportMetric(0, "ns/op")
}

// pressAtOnce lets the crowd decide at once on one request, and returns how long it took until all but one were told.
func (c *company) pressAtOnce() time.Duration {
	c.t.Helper()
	approvers := c.gather()
	stop := c.serve(nil)
	stopOther := c.serve(nil)
	c.sockets(4)
	card := c.ask("ana", "Crowded room", "1 hour", "Let me in")

	forms := make([]slack.View, crowd)
	for n := crowd / 2; n < crowd; n++ {
		require.NoError(c.t, c.person(approvers[n]).PressLabel(card.Target(), "Deny"))
		forms[n] = c.view(approvers[n], "Deny request")
		require.NoError(c.t, c.person(approvers[n]).Fill(forms[n].Target(), "Reason", "Not now"))
	}
	pressed := time.Now()
	results := make([]slack.Result, crowd)
	var all sync.WaitGroup
	for n, name := range approvers {
		all.Go(func() {
			if n < crowd/2 {
				assert.NoError(c.t, c.person(name).PressLabel(card.Target(), "Approve"))
				return
			}
			result, err := c.person(name).Submit(forms[n])
			assert.NoError(c.t, err)
			results[n] = result
		})
	}
	all.Wait()
	c.t.Logf("all clicks were acknowledged within %v", time.Since(pressed).Round(time.Millisecond))

	c.until("a decision counts", func() bool { return strings.Contains(strings.Join(c.actions(c.id(card)), " "), "decision.") })
	winner, verdict := c.outcome(card.TS)
	c.until("everybody else is told", func() bool { return c.toldLosers(approvers, results, winner) == crowd-1 })
	took := time.Since(pressed)
	c.t.Logf("%s was first and %s; the other %d were told within %v", winner, verdict, crowd-1, took.Round(time.Millisecond))
	if verdict == db.Approved {
		c.untilCard(card.TS, "Active")
	} else {
		c.untilCard(card.TS, "Denied")
	}
	require.Empty(c.t, c.card(card.TS).Buttons())
	_, err := audit.VerifyStore(c.ctx, c.store)
	require.NoError(c.t, err)
	c.unremarkable()
	stop()
	stopOther()
	return took
}

// gather hires the crowd, makes it a user group and gives it an entitlement to decide on.
func (c *company) gather() []string {
	c.t.Helper()
	var names, ids []string
	for n := range crowd {
		name := fmt.Sprintf("approver%02d", n)
		user := c.Workspace.AddUser(slack.User{Name: name, RealName: fmt.Sprintf("Approver %02d", n), Email: name + "@acme.example", TZ: "Europe/Berlin"})
		names, ids = append(names, name), append(ids, user.ID)
		require.NoError(c.t, c.person(name).Join(c.access()))
	}
	c.Workspace.AddUsergroup(slack.Usergroup{Handle: "crowd", Name: "The crowd", Users: ids})
	path := filepath.Join(c.Dir, "usher.yaml")
	content, err := os.ReadFile(path)
	require.NoError(c.t, err)
	text := strings.Replace(string(content), "\nentitlements:\n", `
entitlements:
  - slug: crowded-room
    provider: drive
    kind: group
    target: Viewers
    name: Crowded room
    owner: dana@acme.example
    risk: low
    durations: {default: 1h, max: 8h, choices: [1h, 8h]}
    approval: [{chain: crowd}]
    provision: drive-group-in
    deprovision: drive-group-out
`, 1)
	text = strings.Replace(text, "\napproval_chains:\n", `
approval_chains:
  - slug: crowd
    steps:
      - {name: Crowd, approvers: ["@crowd"], need: 1, ask_in: "#access"}
`, 1)
	require.NoError(c.t, os.WriteFile(path, []byte(text), 0o600))
	return names
}

// outcome reads which decision counted: exactly one is in the log.
func (c *company) outcome(ts string) (winner, verdict string) {
	c.t.Helper()
	message, err := db.MessageAt(c.ctx, c.store, c.access(), ts)
	require.NoError(c.t, err)
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{Request: message.RequestID}, 1000)
	require.NoError(c.t, err)
	decided := 0
	for _, event := range events {
		if name, ok := strings.CutPrefix(event.Action, "decision."); ok {
			decided++
			winner, verdict = strings.TrimSuffix(event.Actor, "@acme.example"), name
		}
	}
	require.Equal(c.t, 1, decided, "one decision counts")
	return winner, verdict
}

// toldLosers counts those who were told privately that their click did not count.
func (c *company) toldLosers(approvers []string, results []slack.Result, winner string) int {
	n := 0
	for i, name := range approvers {
		if name == winner {
			continue
		}
		said := fmt.Sprint(results[i].Errors)
		if open, ok := c.person(name).Top(); ok {
			said += open.Shown() // a modal whose answer came late says it itself
		}
		for _, message := range append(c.person(name).Ephemerals(c.access()), c.person(name).DMs()...) {
			said += message.Shown()
		}
		if strings.Contains(said, "Nothing was changed") {
			n++
		}
	}
	return n
}
