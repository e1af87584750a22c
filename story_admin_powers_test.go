package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/handlers/views"
)

// set changes the settings behind the bot's back.
func (c *company) set(change func(*db.Settings)) {
	c.t.Helper()
	settings, err := db.ReadSettings(c.ctx, c.store)
	require.NoError(c.t, err)
	change(&settings)
	require.NoError(c.t, db.SaveSettings(c.ctx, c.store, settings))
}

// TestWhoAdministers: an admin changes everything, an auditor reads everything, an owner changes his own, and nobody
// else sees anything.
func TestWhoAdministers(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.ownAll("dana@acme.example")
		c.own("drive-viewers", "ben@acme.example")
		c.set(func(s *db.Settings) { s.Auditors = []string{"carl@acme.example"} })
		require.Contains(c.t, c.answer("ana", "admin").Shown(), "Only admins")

		start := c.admin("carl")
		require.Contains(c.t, start.Shown(), "You are an auditor")
		require.NotContains(c.t, start.Buttons(), "Workflows")
		shown := c.object("carl", "provider", "Providers", "drive", "Acme Drive")
		require.Contains(c.t, shown.Shown(), "token")
		require.Equal(c.t, []string{"Back"}, shown.Buttons())
		require.NotContains(c.t, c.list("carl", "entitlement", "Entitlements").Buttons(), "New entitlement")
		c.hit("carl", c.admin("carl"), views.ActionAdminOpen, "settings")
		require.Contains(c.t, c.shows("carl", "Settings", "Carl Meyer").Shown(), "Dana Weiss")

		start = c.admin("ben")
		require.Contains(c.t, start.Shown(), "the access that you own")
		require.NotContains(c.t, start.Shown(), "Providers")
		list := c.list("ben", "entitlement", "Entitlements")
		require.NotContains(c.t, list.Shown(), "Drive editors")
		require.NotContains(c.t, list.Buttons(), "New entitlement")
		shown = c.object("ben", "entitlement", "Entitlements", "drive-viewers", "Drive viewers")
		c.press("ben", shown.Target(), "Edit")
		form := c.shows("ben", "Edit entitlement")
		c.fill("ben", form.Target(), "Description", "Looks, and touches nothing")
		c.saved("ben", form, "Description", "Looks, and touches nothing")
		row, err := db.EntitlementBySlug(c.ctx, c.store, "drive-viewers")
		require.NoError(c.t, err)
		require.Equal(c.t, "Looks, and touches nothing", row.Description)
	})
}

// TestPressedAllTheSame: who has lost his power while a modal was open presses in vain, at each step of the way.
func TestPressedAllTheSame(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.ownAll("dana@acme.example")
		power := func(has bool) {
			c.set(func(s *db.Settings) {
				if s.Admins = []string{"dana@acme.example"}; has {
					s.Admins = append(s.Admins, "eve@acme.example")
				}
			})
		}
		notDone := func(view slack.View, button string) {
			power(false)
			c.press("eve", view.Target(), button)
			c.shows("eve", "Not done")
			power(true)
		}
		power(true)
		list := c.list("eve", "approval_rule", "Approval rules")
		notDone(list, "New approval rule")
		notDone(c.object("eve", "entitlement", "Entitlements", "drive-viewers", "Drive viewers"), "Edit")
		notDone(c.object("eve", "entitlement", "Entitlements", "drive-viewers", "Drive viewers"), "Disable")

		c.press("eve", c.object("eve", "entitlement", "Entitlements", "drive-viewers", "Drive viewers").Target(), "Edit")
		form := c.shows("eve", "Edit entitlement")
		c.fill("eve", form.Target(), "Description", "Mine now")
		c.submit("eve", form)
		review := c.shows("eve", "Review", "Mine now")
		power(false)
		_, err := c.person("eve").Submit(review)
		require.NoError(c.t, err)
		refused := c.untilTop("eve", func(top slack.View) bool { return strings.Contains(top.Shown(), "⚠") || top.SubmitLabel == "" })
		require.NotContains(c.t, refused.Shown(), "Saved.")
		row, err := db.EntitlementBySlug(c.ctx, c.store, "drive-viewers")
		require.NoError(c.t, err)
		require.NotEqual(c.t, "Mine now", row.Description)
		require.Empty(c.t, c.changes())
	})
}

// TestTwoEditTheSameObject: the second one is told who was faster; what was typed stays, and can be compared and saved.
func TestTwoEditTheSameObject(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.set(func(s *db.Settings) { s.Admins = append(s.Admins, "eve@acme.example") })
		begin := func(name string) slack.View {
			c.press(name, c.object(name, "entitlement", "Entitlements", "drive-viewers", "Drive viewers").Target(), "Edit")
			return c.shows(name, "Edit entitlement")
		}
		slow, fast := begin("dana"), begin("eve")
		c.fill("dana", slow.Target(), "Description", "From Dana")
		c.submit("dana", slow)
		review := c.shows("dana", "Review", "From Dana")
		c.fill("eve", fast.Target(), "Description", "From Eve")
		c.saved("eve", fast, "From Eve")

		c.submit("dana", review)
		review = c.shows("dana", "Review", "eve@acme.example", "From Dana")
		require.Empty(c.t, review.SubmitLabel)
		row, err := db.EntitlementBySlug(c.ctx, c.store, "drive-viewers")
		require.NoError(c.t, err)
		require.Equal(c.t, "From Eve", row.Description)
		c.press("dana", review.Target(), "Compare with what is stored now")
		review = c.shows("dana", "Review", "From Eve", "From Dana")
		c.submit("dana", review)
		c.shows("dana", "Entitlement", "Saved.", "From Dana")
	})
}

// TestFourEyes: where edits need a second pair of eyes, an edit is sent for approval and takes effect with it.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.set(func(s *db.Settings) {
			s.FourEyes, s.Admins = "manager", append(s.Admins, "eve@acme.example")
		})
		c.press("eve", c.object("eve", "entitlement", "Entitlements", "drive-viewers", "Drive viewers").Target(), "Edit")
		form := c.shows("eve", "Edit entitlement")
		c.fill("eve", form.Target(), "Description", "With four eyes")
		c.submit("eve", form)
		review := c.shows("eve", "Review", "With four eyes")
		require.Equal(c.t, "Send for approval", review.SubmitLabel)
		c.fill("eve", review.Target(), "Reason", "It reads better")
		c.submit("eve", review)
		sent := c.shows("eve", "Sent for approval", "req_")
		c.press("eve", sent.Target(), "Back")
		c.shows("eve", "Entitlement", "waits for its approval")
		row, err := db.EntitlementBySlug(c.ctx, c.store, "drive-viewers")
		require.NoError(c.t, err)
		require.NotEqual(c.t, "With four eyes", row.Description)

		card := c.posted("It reads better")
		require.Contains(c.t, c.told("eve", card.Target(), "Approve"), "own request")
		c.press("dana", card.Target(), "Approve")
		c.until("the change is in effect", func() bool {
			row, err := db.EntitlementBySlug(c.ctx, c.store, "drive-viewers")
			return err == nil && row.Description == "With four eyes"
		})
		require.Empty(c.t, c.untilCard(card.TS, "In effect").Buttons())
		require.Subset(c.t, c.actions(c.id(card)), []string{"decision.approved", "config.changed", "change.applied"})
	})
}
