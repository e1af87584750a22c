package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/demo/target"
)

// observed is a policy under which all is so at once that Okta writes.
const observed = `mode: observe`

// TestBreaker: too many suspensions within an hour stop; nothing of it is done before somebody says that it goes on.
func TestBreaker(t *testing.T) {
	t.Parallel()
	onOkta(t, observed+", breaker: {changes: 5, percent: 100}", "", func(c *company, idp okta) {
		card := c.stopped(idp, 3)
		require.Contains(c.t, c.told("carl", card.Target(), "Resume…"), "Only admins and the owner of Okta")
		require.Contains(c.t, c.told("carl", card.Target(), "Discard…"), "Only admins and the owner of Okta")
		c.press("carl", card.Target(), "Show all")
		require.Contains(c.t, c.view("carl", "What waits").Shown(), "Suspend p8@acme.example")
		require.NoError(c.t, c.person("carl").CloseAll())
		c.press("ben", card.Target(), "Resume…")
		form := c.view("ben", "Resume")
		require.Contains(c.t, form.Shown(), "3 changes")
		c.fill("ben", form.Target(), "Reason", "The summer jobs are over")
		c.submit("ben", form)
		shown := c.untilCard(card.TS, "Let go on")
		require.Empty(c.t, shown.Buttons())
		require.Contains(c.t, shown.Shown(), "The summer jobs are over")
		idp.settled()
		for n := range 8 {
			c.until("everybody is gone", func() bool { return !c.rowOf(fmt.Sprintf("p%d@acme.example", n+1)).LeftAt.IsZero() })
		}
		require.Empty(c.t, idp.drifts())
	})
}

// TestBreakerDiscards: what somebody says is wrong is never done, and differs.
func TestBreakerDiscards(t *testing.T) {
	t.Parallel()
	onOkta(t, observed+", breaker: {changes: 5, percent: 100}", "", func(c *company, idp okta) {
		card := c.stopped(idp, 3)
		c.press("dana", card.Target(), "Discard…")
		form := c.view("dana", "Discard")
		c.fill("dana", form.Target(), "Reason", " ")
		require.Contains(c.t, c.refused("dana", form, "Reason"), "Write a reason")
		c.fill("dana", form.Target(), "Reason", "Somebody unassigned the app by mistake")
		c.submit("dana", form)
		shown := c.untilCard(card.TS, "Discarded")
		require.Empty(c.t, shown.Buttons())
		idp.settled()
		require.Len(c.t, idp.drifts(), 3)
		require.True(c.t, c.rowOf("p8@acme.example").LeftAt.IsZero())
		require.Contains(c.t, c.health("dana").Shown(), "Okta")
	})
}

// stopped lets an identity provider suspend more people than are usual, and returns the card.
func (c *company) stopped(idp okta, waits int) slack.Message {
	c.t.Helper()
	for n := range 8 {
		idp.makes(fmt.Sprintf("P%d Person", n+1), "Sales", "Trainee")
	}
	idp.settled()
	for n := range 8 {
		idp.suspends(fmt.Sprintf("p%d@acme.example", n+1))
		idp.settled()
	}
	card := c.posted("Okta is stopped")
	card = c.untilCard(card.TS, fmt.Sprintf("*What waits* · %d", waits))
	require.Subset(c.t, card.Buttons(), []string{"Resume…", "Discard…", "Show all"})
	require.Contains(c.t, card.Shown(), c.mention("ben"))
	require.True(c.t, c.rowOf("p8@acme.example").LeftAt.IsZero(), "it waits")
	return card
}

// two adds a second system beside the drive, whose entitlement is called Vault access.
func (c *company) two() {
	c.t.Helper()
	c.configure("providers:\n", `providers:
  - slug: vault
    name: Acme Vault
    connector: scim
    owner: dana@acme.example
    settings: {base_url: "`+c.TargetURL+`/scim/v2", token: "file:`+c.Dir+`/drive-token"}
`)
	c.configure("entitlements:\n", `entitlements:
  - slug: vault-access
    provider: vault
    kind: group
    target: Production
    name: Vault access
    owner: dana@acme.example
    risk: low
    durations: {default: 30d, max: 30d, choices: [30d]}
    approval: [{chain: auto}]
    provision: vault-in
    deprovision: vault-out
`)
	c.configure("action_chains:\n", `action_chains:
  - {slug: vault-in, kind: provision, scripts: [{name: account, type: vault_api_create_user}, {name: join, type: vault_api_add_user_to_group}]}
  - {slug: vault-out, kind: deprovision, scripts: [{name: leave, type: vault_api_remove_user_from_group}]}
`)
}

// onLeaver runs a story in which Carl holds access at two systems, and Okta knows him.
func onLeaver(t *testing.T, story func(c *company, idp okta)) {
	t.Helper()
	foundOnBoth(t, func(c *company) {
		c.two()
		idp := c.withOkta(observed, "")
		idp.makes("Carl Meyer", "Sales", "Account manager")
		idp.settled()
		c.held("carl", "Drive editors", "30d", "The archive", "dana")
		c.untilCard(c.wants("carl", "vault-access", "30d", "The safe").TS, "Active")
		story(c, idp)
	})
}

// TestLeaver: whoever leaves loses all at once, at every system, and one card proves it.
func TestLeaver(t *testing.T) {
	t.Parallel()
	onLeaver(t, func(c *company, idp okta) {
		waits := c.ask("carl", "Drive administrators", "1h", "One more thing")
		idp.suspends("carl@acme.example")
		card := c.posted("Carl Meyer has left")
		shown := c.untilCard(card.TS, "*Complete* after").Shown()
		for _, text := range []string{"Told by", "Okta", "Account manager", "✓ *Drive editors* at Acme Drive: ended", "✓ *Vault access* at Acme Vault: ended", "account suspended"} {
			require.Contains(c.t, shown, text)
		}
		require.NotContains(c.t, c.Target.Members("Editors"), "carl@acme.example")
		require.NotContains(c.t, c.Target.Members("Production"), "carl@acme.example")
		user, _ := c.Target.User("carl@acme.example")
		require.False(c.t, user.Active)
		c.untilThread(card.TS, "All that was held is being ended", "The departure of "+c.mention("carl")+" is complete", "Done: ", "*Shut Carl Meyer out of Acme Drive*") // what is done at the same time is told together
		require.NotContains(c.t, c.thread(card.TS), "Change of the directory")
		c.untilCard(waits.TS, "Cancelled")
		require.Equal(c.t, []string{"Undo…"}, c.card(card.TS).Buttons())
		require.Contains(c.t, c.dm("dana", "Carl Meyer has left", "*Complete* after").Shown(), "*Vault access* at Acme Vault")
		require.Len(c.t, c.dms("dana", "Carl Meyer has left"), 1, "his manager, once")
		require.Contains(c.t, c.told("ana", card.Target(), "Undo…"), "Only admins and the owner")
	})
}

// TestLeaverNotComplete: the card says what is still open, and whoever looks after it is asked.
func TestLeaverNotComplete(t *testing.T) {
	t.Parallel()
	onLeaver(t, func(c *company, idp okta) {
		c.Target.SetMode(target.ReadOnly)
		idp.suspends("carl@acme.example")
		card := c.posted("Carl Meyer has left")
		c.untilCard(card.TS, "⚠ *Not complete*")
		c.untilCard(card.TS, "Open since")
		c.dm("dana", "*Shut Carl Meyer out of Acme Drive*", "stopped")
		c.Target.SetMode(target.Online)
		c.Clock.Advance(2 * time.Hour)
		for _, asked := range c.dms("dana", "stopped: step", "Shut Carl") {
			c.press("dana", asked.Target(), "Retry")
		}
		c.untilCard(card.TS, "*Complete* after")
	})
}

// TestLeaverByMistake: a departure is undone, and all is as before.
func TestLeaverByMistake(t *testing.T) {
	t.Parallel()
	onLeaver(t, func(c *company, idp okta) {
		idp.suspends("carl@acme.example")
		card := c.posted("Carl Meyer has left")
		c.untilCard(card.TS, "*Complete* after")
		c.press("ben", card.Target(), "Undo…")
		form := c.view("ben", "Undo a departure")
		require.Contains(c.t, form.Shown(), c.mention("carl"))
		c.fill("ben", form.Target(), "Reason", "Somebody pressed the wrong line")
		c.submit("ben", form)
		shown := c.untilCard(card.TS, "Carl Meyer had not left")
		require.Empty(c.t, shown.Buttons())
		require.Contains(c.t, shown.Shown(), "*Undone* by "+c.mention("ben"))
		require.Contains(c.t, shown.Shown(), "Reason: Somebody pressed the wrong line.")
		c.dm("dana", "Carl Meyer is here again", "Somebody pressed the wrong line")
		c.dm("dana", "Carl Meyer had not left")
		c.untilThread(card.TS, "was a mistake", "Somebody pressed the wrong line")
		c.until("Carl has his access again", func() bool {
			return strings.Contains(strings.Join(c.Target.Members("Editors"), " "), "carl@acme.example") &&
				strings.Contains(strings.Join(c.Target.Members("Production"), " "), "carl@acme.example")
		})
		user, _ := c.Target.User("carl@acme.example")
		require.True(c.t, user.Active)
		c.dm("carl", "You have *Drive editors*")
		require.Len(c.t, idp.drifts(), 1)
		c.until("both grants are active", func() bool {
			grants, err := db.LiveGrantsOf(c.ctx, c.store, c.row("carl").ID)
			return err == nil && len(grants) == 2 && grants[0].Status == db.Active && grants[1].Status == db.Active
		})
	})
}
