package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/handlers/views"
)

// TestRulesInSlack: an approval rule and a separation of duties are made, changed and disabled.
func TestRulesInSlack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		form := c.made("dana", "approval_rule", "Approval rules", "approval rule")
		c.fill("dana", form.Target(), "Slug", "short-looks")
		c.fill("dana", form.Target(), "Name", "Short looks")
		c.picked("dana", form, "What it does", "approves without asking")
		c.fill("dana", form.Target(), "When", "duration <= duration('1h'")
		require.NotEmpty(c.t, c.refused("dana", form, "When"))
		c.fill("dana", form.Target(), "When", "duration <= duration('1h')")
		c.picked("dana", form, "Entitlements", "Drive viewers", "Drive editors")
		c.fill("dana", form.Target(), "Until", "some day")
		require.Contains(c.t, c.refused("dana", form, "Until"), "2027-01-31")
		c.fill("dana", form.Target(), "Until", "2099-12-31")
		shown := c.saved("dana", form, "New approval rule")
		require.Contains(c.t, shown.Shown(), "Drive viewers, Drive editors")
		c.disabled("dana", shown)

		form = c.made("dana", "separation", "Separation of duties", "separation")
		c.fill("dana", form.Target(), "Slug", "edit-or-run")
		c.picked("dana", form, "Entitlements", "Drive editors")
		c.picked("dana", form, "What happens to who asks for another", "it is refused")
		c.submit("dana", form)
		form = c.shows("dana", "New separation", "at least two entitlements")
		c.picked("dana", form, "Entitlements", "Drive editors", "Drive administrators")
		c.picked("dana", form, "What happens to who asks for another", "one more step decides")
		form = c.untilTop("dana", func(top slack.View) bool { return contains(top.Fields(), "Who decides") })
		c.picked("dana", form, "Who decides", "Eve Lind")
		c.fill("dana", form.Target(), "Why", "Nobody runs what he edits")
		c.saved("dana", form, "New separation")
		rows, err := db.Separations(c.ctx, c.store)
		require.NoError(c.t, err)
		at := -1
		for n := range rows {
			if rows[n].Slug == "edit-or-run" {
				at = n
			}
		}
		require.GreaterOrEqual(c.t, at, 0)
		require.Equal(c.t, []string{"drive-editors", "drive-admins"}, rows[at].Entitlements)
		require.NotNil(c.t, rows[at].Step)
		require.Equal(c.t, []string{"eve@acme.example"}, rows[at].Step.Approvers)
	})
}

// TestProvidersInSlack: a provider's settings are written as in a file, and a secret is a reference.
func TestProvidersInSlack(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		form := c.made("dana", "provider", "Providers", "provider")
		c.fill("dana", form.Target(), "Slug", "porch")
		c.fill("dana", form.Target(), "Name", "The porch")
		c.fill("dana", form.Target(), "Connector", "http")
		c.picked("dana", form, "Owner", "Eve Lind")
		c.fill("dana", form.Target(), "Settings", "base_url: [")
		require.NotEmpty(c.t, c.refused("dana", form, "Settings"))
		c.fill("dana", form.Target(), "Settings", "base_url: \"https://porch.example\"")
		c.fill("dana", form.Target(), "Workers", "many")
		require.Contains(c.t, c.refused("dana", form, "Workers"), "whole number")
		c.fill("dana", form.Target(), "Workers", "2")
		shown := c.saved("dana", form, "New provider")
		require.Contains(c.t, shown.Shown(), "porch.example")
		row, err := db.ProviderBySlug(c.ctx, c.store, "porch")
		require.NoError(c.t, err)
		require.Equal(c.t, 2, row.Workers)
		require.Equal(c.t, "https://porch.example", row.Settings["base_url"])
		c.disabled("dana", shown)

		shown = c.object("dana", "provider", "Providers", "drive", "Acme Drive")
		c.press("dana", shown.Target(), "Disable")
		review := c.shows("dana", "Review", "drive")
		require.Empty(c.t, review.SubmitLabel, "what is in use stays")
	})
}

// TestPeopleAndRolesInSlack: a person's manager, and who is an auditor.
func TestPeopleAndRolesInSlack(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.press("dana", c.object("dana", "person", "People", "eve@acme.example", "Eve").Target(), "Edit")
		form := c.shows("dana", "Edit person")
		require.Equal(c.t, "Dana Weiss", form.Value("Manager"))
		c.picked("dana", form, "Manager", "Ben Okafor")
		c.fill("dana", form.Target(), "Groups", "night-shift, porch")
		c.fill("dana", form.Target(), "Attributes", "site: Berlin")
		c.saved("dana", form, "Manager")
		row, err := db.PersonByEmail(c.ctx, c.store, "eve@acme.example")
		require.NoError(c.t, err)
		require.Equal(c.t, "ben@acme.example", row.ManagerEmail)
		require.Equal(c.t, map[string]any{"site": "Berlin"}, row.Attributes)

		c.hit("dana", c.admin("dana"), views.ActionAdminDirectory)
		directory := c.shows("dana", "Directory", "Drive admins", "2 members", "night-shift")
		c.fill("dana", directory.Target(), "Search", "night")
		c.submit("dana", directory)
		directory = c.untilTop("dana", func(top slack.View) bool { return !strings.Contains(top.Shown(), "Drive admins") })
		c.press("dana", directory.Target(), "Members")
		c.shows("dana", "Directory", c.mention("eve"), "1 in all")

		c.hit("dana", c.admin("dana"), views.ActionAdminOpen, "settings")
		c.press("dana", c.shows("dana", "Settings", "Dana Weiss").Target(), "Edit")
		form = c.shows("dana", "Edit settings")
		c.picked("dana", form, "Auditors", "Carl Meyer")
		c.picked("dana", form, "Four eyes", "manager")
		c.fill("dana", form.Target(), "Quiet from", "20:00")
		require.Contains(c.t, c.refused("dana", form, "Quiet from"), "from and to")
		c.fill("dana", form.Target(), "Quiet until", "08:00")
		c.saved("dana", form, "Auditors")
		settings, err := db.ReadSettings(c.ctx, c.store)
		require.NoError(c.t, err)
		require.Equal(c.t, []string{"carl@acme.example"}, settings.Auditors)
		require.Equal(c.t, "#access", settings.Channel, "what was not touched stays")
		require.Equal(c.t, "20:00", settings.QuietHours.From)
		require.Contains(c.t, c.admin("carl").Shown(), "You are an auditor")
	})
}

// TestTheRestOfTheAdministration: action chains are read, people without a manager are listed, the state is shown.
func TestTheRestOfTheAdministration(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		shown := c.object("dana", "action_chain", "Action chains", "drive-group-in", "drive-group-in")
		require.Contains(c.t, shown.Shown(), "drive_api_add_user_to_group")
		require.NotContains(c.t, shown.Buttons(), "Edit", "workflows have a journey of their own")
		c.hit("dana", c.admin("dana"), views.ActionAdminDirectory)
		directory := c.shows("dana", "Directory", "without a manager")
		c.press("dana", directory.Target(), "Without a manager")
		people := c.shows("dana", "Directory", c.mention("dana"))
		c.press("dana", people.Target(), "Back")
		c.shows("dana", "Directory", "synchronisation")
		c.hit("dana", c.admin("dana"), views.ActionAdminSystem)
		system := c.shows("dana", "State of the system", "connections to Slack")
		c.press("dana", system.Target(), "Back")
		start := c.shows("dana", "Administration")
		c.hit("dana", start, views.ActionReviewList)
		c.press("dana", c.shows("dana", "Access reviews", "no access review yet").Target(), "Administration")
		start = c.shows("dana", "Administration")
		c.press("dana", start.Target(), "Workflows")
		c.press("dana", c.shows("dana", "Workflows", "drive-group-in").Target(), "Administration")
		c.shows("dana", "Administration")
		c.press("dana", c.object("dana", "entitlement", "Entitlements", "drive-editors", "Drive editors").Target(), "Workflows")
		require.Equal(c.t, "🟢🔑 drive-group-in", c.shows("dana", "Entitlement", "Drive editors").Value("Provisioning workflow"))
	})
}
