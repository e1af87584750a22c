package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
)

// scriptKind is one kind of script under which the process is killed.
type scriptKind struct {
	scripts string // of the provisioning, YAML lines; the one called it is the one that is killed
	undo    string // of the deprovisioning, YAML lines; nothing if empty
	// answer is what a person, or another system, does after the restart to let the script go on.
	answer func(k *killing, card slack.Message)
	// effects is how often the script took effect for the request at its target.
	effects func(k *killing, request string) int
}

// TestKilledUnderEachKindOfScript kills the process while a script of each kind is under way: before its call, while
// the target works, or before the answer is recorded. After the restart each script has taken effect once.
func TestKilledUnderEachKindOfScript(t *testing.T) {
	t.Parallel()
	for name, kind := range scriptKinds() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := killable(t, name, kind)
			k.start()
			for round := range kills(t, 1) {
				k.round(round)
			}
			k.kill()
		})
	}
}

// killing is a company whose process is killed under one kind of script.
type killing struct {
	*process
	*targets

	name string
	kind scriptKind
}

// killable makes a company that offers an entitlement whose provisioning has the kind of script.
func killable(t *testing.T, name string, kind scriptKind) *killing {
	t.Helper()
	c := found(t, "")
	k := &killing{process: &process{c: c}, name: name, kind: kind}
	k.targets = surround(t, c)
	k.extra = k.targets.env
	path := filepath.Join(c.Dir, "usher.yaml")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(k.configuration(string(content))), 0o600))
	return k
}

// configuration adds the targets and the entitlement to the company's own.
func (k *killing) configuration(text string) string {
	undo := firstOf(k.kind.undo, "      - {name: nothing, type: none}\n")
	for _, pair := range [][2]string{
		{"providers:\n", "providers:\n" + k.targets.providers()},
		{"entitlements:\n", `entitlements:
  - slug: killed
    provider: drive
    kind: group
    target: Editors
    name: Killed access
    owner: dana@acme.example
    risk: low
    durations: {default: 8h, max: 30d, choices: [8h]}
    approval: [{chain: auto}]
    provision: killed-in
    deprovision: killed-out
`},
		{"action_chains:\n", "action_chains:\n  - slug: killed-in\n    kind: provision\n    scripts:\n" + k.kind.scripts +
			"  - slug: killed-out\n    kind: deprovision\n    scripts:\n" + undo},
	} {
		require.Contains(k.c.t, text, pair[0])
		text = strings.Replace(text, pair[0], pair[1], 1)
	}
	return text
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// round asks, kills the process under the script, restarts it, and sees that everything happened once.
func (k *killing) round(round int) {
	c := k.c
	c.t.Helper()
	card := c.ask("ana", "Killed access", "8 hours", fmt.Sprintf("Round %d of %s", round, k.name))
	request := c.id(card)
	defer func() {
		if c.t.Failed() {
			c.t.Logf("the card and its thread:\n%s\n%s", c.thread(card.TS), c.scene())
		}
	}()
	k.underway(request)
	moment := rand.N(40 * time.Millisecond)
	time.Sleep(moment) //nolint:forbidigo // the random moment is what is tested
	k.kill()
	c.until("the workspace noticed", func() bool { return c.Workspace.Connections(c.App.ID) == 0 })
	restarted := time.Now()
	k.start()
	if k.kind.answer != nil {
		k.kind.answer(k, card)
	}
	k.recovers(card.TS, restarted.Add(recoveryAtMost))
	c.t.Logf("%s, round %d: killed %v into the script, active %v after the restart", k.name, round, moment.Round(time.Millisecond), time.Since(restarted).Round(time.Millisecond))
	require.Equal(c.t, 1, k.kind.effects(k, request), "the script took effect once")
	k.succeededOnce(request)
	c.giveBack("ana", "killed")
	c.untilCard(card.TS, "Access has ended")
}

// underway waits until the script runs, or is done already.
func (k *killing) underway(request string) {
	c := k.c
	c.t.Helper()
	deadline := time.Now().Add(storyDeadline)
	for time.Now().Before(deadline) {
		n, err := c.store.NewSelect().Table("action_flow_scripts").Where("request_id = ?", request).Where("name = 'it'").
			Where("status <> ?", db.Waiting).Count(c.ctx)
		require.NoError(c.t, err)
		if n > 0 {
			return
		}
		time.Sleep(time.Millisecond) //nolint:forbidigo // rows of another process make no news here
	}
	c.t.Fatalf("the script never ran: %s", c.scene())
}

// succeededOnce checks that each script started and succeeded once in the log.
func (k *killing) succeededOnce(request string) {
	c := k.c
	c.t.Helper()
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{Request: request}, 1000)
	require.NoError(c.t, err)
	counted := map[string]int{}
	for _, event := range events {
		switch event.Action {
		case "script.started", "script.succeeded", "script.done_by_hand":
			counted[event.Script+" "+strings.Replace(event.Action, "done_by_hand", "succeeded", 1)]++
		}
	}
	require.NotZero(c.t, counted["it script.succeeded"])
	for what, n := range counted {
		require.Equal(c.t, 1, n, what)
	}
}
