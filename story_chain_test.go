package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/flows"
)

// chained adds an entitlement called Chain access, of Ben, to the company's configuration. Its approval chain has the
// steps, a list as it stands in the file. The bot must not have been started yet.
func (c *company) chained(steps string) {
	c.t.Helper()
	c.configure("entitlements:\n", `entitlements:
  - slug: chain-access
    provider: drive
    kind: group
    target: Editors
    name: Chain access
    owner: ben@acme.example
    risk: low
    durations: {default: 8h, max: 30d, choices: [1h, 8h, 30d]}
    approval: [{chain: story}]
    provision: drive-group-in
    deprovision: drive-group-out
`)
	c.configure("approval_chains:\n", "approval_chains:\n  - slug: story\n    name: The story's\n    steps:\n"+steps)
}

// configure replaces a text of the configuration file that stands there once at the beginning of a line.
func (c *company) configure(old, wanted string) {
	c.t.Helper()
	path := filepath.Join(c.Dir, "usher.yaml")
	content, err := os.ReadFile(path)
	require.NoError(c.t, err)
	require.Equal(c.t, 1, strings.Count(string(content), "\n"+old), old)
	require.NoError(c.t, os.WriteFile(path, []byte(strings.Replace(string(content), "\n"+old, "\n"+wanted, 1)), 0o600))
}

// onChain runs a story about a chain of its own on SQLite and on Postgres, beside the flows of the bot.
func onChain(t *testing.T, steps string, story func(c *company, f *flows.Flows)) {
	t.Helper()
	foundOnBoth(t, func(c *company) {
		c.chained(steps)
		c.serve(nil)
		story(c, c.flows)
	})
}

// wish asks for what the story's chain decides on.
func (c *company) wish(name, duration, reason string) slack.Message {
	c.t.Helper()
	return c.wants(name, "chain-access", duration, reason)
}

// step is the id of the open step of a card's only item.
func (c *company) step(card slack.Message) string {
	c.t.Helper()
	sheet, err := db.ReadSheet(c.ctx, c.store, c.id(card))
	require.NoError(c.t, err)
	require.NotNil(c.t, sheet.Items[0].Current())
	return sheet.Items[0].Current().ID
}

// TestEachOfAStep: all who are asked must approve, and one after another does.
func TestEachOfAStep(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Both, approvers: [dana@acme.example, eve@acme.example], need: all}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Two pairs of eyes")
		require.Contains(c.t, card.Shown(), "each of these 2 must approve: ")
		require.Contains(c.t, card.Shown(), "0 of 2 approvals")
		c.press("eve", card.Target(), "Approve")
		card = c.untilCard(card.TS, "1 of 2 approvals")
		require.Contains(c.t, c.told("eve", card.Target(), "Approve"), "already")
		require.Empty(c.t, c.grants(card))
		c.press("dana", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
	})
}

// TestTwoOfThree: any two of those who are asked are enough, and the third learns that nothing is left to do.
func TestTwoOfThree(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Some, approvers: [manager, dana@acme.example, eve@acme.example], need: 2}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Any two")
		require.Contains(c.t, card.Shown(), "2 of these 3 must approve")
		c.dm("dana", "Any two", "waits for your decision")
		c.press("eve", card.Target(), "Approve")
		card = c.untilCard(card.TS, "1 of 2 approvals")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		require.Empty(c.t, c.dm("dana", "Chain access", "nothing left for you to decide").Buttons())
	})
}

// TestNobodyCountsTwice: who approved a step does not count in a later one, unless that says so.
func TestNobodyCountsTwice(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: First, approvers: [manager]}
      - {name: Second, approvers: [manager, eve@acme.example]}
      - {name: Third, approvers: [manager], same_person: true}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Twice is once")
		c.press("ben", card.Target(), "Approve")
		card = c.untilCard(card.TS, "Waiting for Second")
		require.Contains(c.t, card.Shown(), "*Second*: "+c.mention("eve")+" decides")
		require.Contains(c.t, c.told("ben", card.Target(), "Approve"), "Eve Lind", "it waits for somebody else")
		c.press("eve", card.Target(), "Approve")
		card = c.untilCard(card.TS, "Waiting for Third")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
	})
}

// TestStepOnlyIf: a step whose condition does not hold is passed over, which the card and the thread say.
func TestStepOnlyIf(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Long, approvers: [eve@acme.example], when: "duration > duration('8h')"}
      - {name: Manager, approvers: [manager]}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Short")
		require.Contains(c.t, card.Shown(), "*Long*: passed over.")
		c.untilThread(card.TS, "A step was passed over: *Long*")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")

		card = c.wish("carl", "30d", "For a month")
		require.Contains(c.t, card.Shown(), "*Long*: "+c.mention("eve")+" decides")
		require.Contains(c.t, c.told("dana", card.Target(), "Approve"), "not one of the people")
	})
}

// TestWhoStandsIn: where nobody can be found whom the step names, the card and the thread say who is asked instead.
func TestWhoStandsIn(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager]}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("dana", "8h", "I have no manager")
		require.Contains(c.t, card.Shown(), "*Manager*: "+c.mention("ben")+" decides")
		require.Contains(c.t, card.Shown(), "Asked instead: the owner.")
		c.untilThread(card.TS, "The search for approvers went on for step *Manager*.")
		require.Contains(c.t, c.actions(c.id(card)), "step.fallback")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
	})
}

// TestToldBesides: those whom a step tells learn of it, without a button, and can't decide.
func TestToldBesides(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager], notify: [managers_manager, "#security"]}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "For all to know")
		require.Contains(c.t, card.Shown(), "Told besides: the manager’s manager and #security.")
		told := c.dm("dana", "For your information", "For all to know")
		require.Empty(c.t, told.Buttons())
		c.until("the channel is told", func() bool {
			for _, message := range c.person("eve").Messages(c.Workspace.ChannelID("security")) {
				if strings.Contains(message.Shown(), "For all to know") {
					return true
				}
			}
			return false
		})
		require.Contains(c.t, c.told("dana", card.Target(), "Approve"), "not one of the people")
	})
}

// TestTimeIsOver: when nobody decides, the chain says what happens: others decide instead, it is denied, or it goes on.
func TestTimeIsOver(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Slow, approvers: [manager], timeout: 1h, on_timeout: {reassign: [eve@acme.example]}}
      - {name: Lazy, approvers: [dana@acme.example], timeout: 1h, on_timeout: {go_on: true}}
      - {name: Last, approvers: [dana@acme.example], timeout: 1h, on_timeout: {deny: true}}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Nobody is there")
		c.dm("ben", "Nobody is there", "waits for your decision")
		c.Clock.Advance(time.Hour + time.Minute)
		card = c.untilCard(card.TS, "*Slow*: "+c.mention("eve")+" decides")
		c.untilThread(card.TS, "so these decide instead: "+c.mention("eve"))
		require.Contains(c.t, c.told("ben", card.Target(), "Approve"), "not one of the people")
		require.Empty(c.t, c.dm("ben", "Chain access", "Somebody else decides now").Buttons())
		c.dm("eve", "Nobody is there", "waits for your decision")
		c.press("eve", card.Target(), "Approve")

		card = c.untilCard(card.TS, "Waiting for Lazy")
		c.Clock.Advance(time.Hour + time.Minute)
		card = c.untilCard(card.TS, "Waiting for Last")
		require.Contains(c.t, card.Shown(), "*Lazy*: passed over.")

		c.Clock.Advance(time.Hour + time.Minute)
		card = c.untilCard(card.TS, "*Denied*")
		require.Empty(c.t, card.Buttons())
		require.Empty(c.t, c.grants(card))
		c.dm("ana", "Chain access", "Denied", "in time")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
	})
}
