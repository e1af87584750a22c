package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
)

// TestDirectoriesInSlack: a directory is made and changed as in a file, and shows how it does.
func TestDirectoriesInSlack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		form := c.made("dana", "directory", "Directories", "directory")
		c.fill("dana", form.Target(), "Slug", "hr")
		c.fill("dana", form.Target(), "Name", "The staff list")
		c.picked("dana", form, "Kind", "it writes here by SCIM")
		c.picked("dana", form, "Owner", "Eve Lind")
		c.picked("dana", form, "What it writes", "waits for a decision")
		require.Contains(c.t, c.refused("dana", form, "What it writes"), "no route")
		c.fill("dana", form.Target(), "Who decides", "- {chain: nobody-here, channel: \"#access\"}")
		require.Contains(c.t, c.refused("dana", form, "Who decides"), "no approval chain")
		c.fill("dana", form.Target(), "Who decides", "- {chain: manager, channel: \"#access\"}")
		c.fill("dana", form.Target(), "Other for single changes", "user_created: obseve")
		require.Contains(c.t, c.refused("dana", form, "Other for single changes"), "observe")
		c.fill("dana", form.Target(), "Other for single changes", "user_created: observe")
		c.picked("dana", form, "Written to", "Acme Drive")
		c.fill("dana", form.Target(), "Stop above so many percent", "off")
		shown := c.saved("dana", form, "New directory", "{chain: manager")
		for _, text := range []string{"The staff list", "never", "usher directory token hr", "waits for a decision", "Acme Drive", "user_created: observe"} {
			require.Contains(c.t, shown.Shown(), text)
		}
		row, err := db.DirectoryBySlug(c.ctx, c.store, "hr")
		require.NoError(c.t, err)
		require.Equal(c.t, db.Breaker{Changes: db.BreakerChanges, Percent: -1}, row.Policy.Breaker)
		require.Equal(c.t, map[string]string{db.UserCreated: db.Observe}, row.Policy.Modes)

		c.press("dana", shown.Target(), "Edit")
		form = c.shows("dana", "Edit directory")
		require.Equal(c.t, "off", form.Value("Stop above so many percent"))
		c.fill("dana", form.Target(), "Gather changes for one card", "1m")
		c.disabled("dana", c.saved("dana", form, "Gather changes for one card", "10s", "1m"))
		row, err = db.DirectoryBySlug(c.ctx, c.store, "hr")
		require.NoError(c.t, err)
		require.False(c.t, row.Active)
	})
}

// TestBirthrightsInSlack: who would gain and who would lose is said before a rule is saved.
func TestBirthrightsInSlack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		form := c.made("dana", "birthright", "Birthrights", "birthright")
		c.fill("dana", form.Target(), "Slug", "eves")
		c.fill("dana", form.Target(), "Who gets it", "person.mail == 'eve@acme.example'")
		c.picked("dana", form, "Entitlements", "Drive viewers")
		require.Contains(c.t, c.refused("dana", form, "Who gets it"), "there is no field")
		c.fill("dana", form.Target(), "Who gets it", "person.email == 'eve@acme.example'")
		c.fill("dana", form.Target(), "Opens", "0 8 30 2 *")
		c.fill("dana", form.Target(), "Is open for", "3d")
		require.Contains(c.t, c.refused("dana", form, "Opens"), "never comes")
		c.fill("dana", form.Target(), "Opens", "")
		c.fill("dana", form.Target(), "Is open for", "")
		shown := c.saved("dana", form, "New birthright", "Would gain", "1 person: Eve Lind", "Would lose", "nobody")
		require.Contains(c.t, shown.Shown(), "person.email == 'eve@acme.example'")
		c.until("Eve has the access", func() bool { return slices.Contains(c.Target.Members("Viewers"), "eve@acme.example") })

		c.press("dana", shown.Target(), "Disable")
		review := c.shows("dana", "Review", "Would lose", "1 person: Eve Lind")
		c.submit("dana", review)
		c.untilTop("dana", func(top slack.View) bool { return strings.Contains(top.Shown(), "· disabled") })
		c.until("Eve has lost the access", func() bool { return !slices.Contains(c.Target.Members("Viewers"), "eve@acme.example") })
	})
}
