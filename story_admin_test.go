package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/handlers/views"
)

// admin opens the administration.
func (c *company) admin(name string) slack.View {
	c.t.Helper()
	c.command(name, "admin")
	return c.shows(name, "Administration")
}

// health opens the state of the system.
func (c *company) health(name string) slack.View {
	c.t.Helper()
	c.hit(name, c.admin(name), views.ActionAdminSystem)
	return c.shows(name, "State of the system")
}

// list opens a list of the administration.
func (c *company) list(name, kind, title string) slack.View {
	c.t.Helper()
	c.hit(name, c.admin(name), views.ActionAdminList, kind)
	return c.shows(name, title, "in all")
}

// object opens an object of the administration, found by its name.
func (c *company) object(name, kind, title, slug, called string) slack.View {
	c.t.Helper()
	list := c.list(name, kind, title)
	c.fill(name, list.Target(), "Search", called)
	c.submit(name, list)
	list = c.shows(name, title, "page 1 of 1", called)
	c.hit(name, list, views.ActionAdminOpen, slug)
	top := c.untilTop(name, func(top slack.View) bool {
		return strings.Contains(top.Shown(), slug) && slices.Contains(top.Buttons(), "Back") && top.Title != title
	})
	return top
}

// untilTop waits for a modal in front that is as wanted.
func (c *company) untilTop(name string, holds func(slack.View) bool) slack.View {
	c.t.Helper()
	var top slack.View
	c.until("the modal in front of "+name+" is as wanted", func() bool {
		var open bool
		top, open = c.person(name).Top()
		return open && holds(top)
	})
	return top
}

// saved sends a form for review and saves it, and returns what then stands there.
func (c *company) saved(name string, form slack.View, texts ...string) slack.View {
	c.t.Helper()
	c.submit(name, form)
	review := c.shows(name, "Review", texts...)
	require.NotEmpty(c.t, review.SubmitLabel, review.Shown())
	c.submit(name, review)
	return c.untilTop(name, func(top slack.View) bool { return strings.Contains(top.Shown(), "Saved.") })
}

// made begins an object of a kind.
func (c *company) made(name, kind, title, one string) slack.View {
	c.t.Helper()
	list := c.list(name, kind, title)
	c.press(name, list.Target(), "New "+one)
	return c.shows(name, "New "+one)
}

// picked chooses in a field of a form.
func (c *company) picked(name string, form slack.View, field string, choices ...string) {
	c.t.Helper()
	require.NoError(c.t, c.person(name).Select(form.Target(), field, choices...))
}

// disabled makes the object in front inactive.
func (c *company) disabled(name string, object slack.View) slack.View {
	c.t.Helper()
	c.press(name, object.Target(), "Disable")
	c.submit(name, c.shows(name, "Review", "nothing is deleted"))
	return c.untilTop(name, func(top slack.View) bool {
		return strings.Contains(top.Shown(), "Saved.") && strings.Contains(top.Shown(), "· disabled")
	})
}

// TestEntitlementsInSlack: an admin finds, reads, makes, changes, disables and enables an entitlement, and people can
// ask for it as it is then.
func TestEntitlementsInSlack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		shown := c.object("dana", "entitlement", "Entitlements", "drive-editors", "Drive editors")
		for _, text := range []string{"Edit everything in the shared drives", "Acme Drive", "Dana Weiss", "medium", "`8h`", "drive-group-in"} {
			require.Contains(c.t, shown.Shown(), text)
		}
		require.Subset(c.t, shown.Buttons(), []string{"Edit", "Disable", "Workflows", "Back"})

		form := c.made("dana", "entitlement", "Entitlements", "entitlement")
		for field, value := range map[string]string{
			"Slug": "drive-archive", "Name": "Drive archive", "Target": "Archive", "How long as a rule": "8h", "How long at most": "soon", "Offered durations": "1h, 8h",
		} {
			c.fill("dana", form.Target(), field, value)
		}
		c.picked("dana", form, "Provider", "Acme Drive")
		c.picked("dana", form, "Kind", "group")
		c.picked("dana", form, "Owner", "Eve Lind")
		c.picked("dana", form, "Risk", "low")
		c.picked("dana", form, "Workflow that gives it", "drive-group-in")
		c.picked("dana", form, "Workflow that takes it back", "drive-group-out")
		c.picked("dana", form, "Approval chain 1", "manager")
		require.Contains(c.t, c.refused("dana", form, "How long at most"), "soon")
		c.fill("dana", form.Target(), "How long at most", "7d")
		shown = c.saved("dana", form, "New entitlement *Drive archive*")
		require.Contains(c.t, shown.Shown(), "written last by dana@acme.example in Slack")
		row, err := db.EntitlementBySlug(c.ctx, c.store, "drive-archive")
		require.NoError(c.t, err)
		require.Equal(c.t, "eve@acme.example", row.OwnerEmail)
		require.Equal(c.t, []db.ApprovalRule{{Chain: "manager"}}, row.Approval)
		require.Equal(c.t, "7d", row.Durations.Max.String())

		c.press("dana", shown.Target(), "Edit")
		form = c.shows("dana", "Edit entitlement", "drive-archive")
		require.Equal(c.t, "Eve Lind", form.Value("Owner"))
		require.NotContains(c.t, form.Fields(), "Slug", "a slug never changes")
		c.fill("dana", form.Target(), "Description", "What is *old*")
		c.press("dana", form.Target(), "Add an approval chain")
		form = c.untilTop("dana", func(top slack.View) bool { return slices.Contains(top.Fields(), "Approval chain 2") })
		require.Equal(c.t, "What is *old*", form.Value("Description"), "what was typed stays")
		c.fill("dana", form.Target(), "Chain 1 only if", "subject.departmnt == 'Design'")
		c.picked("dana", form, "Approval chain 2", "manager-then-owner")
		require.Contains(c.t, c.refused("dana", form, "Chain 1 only if"), "departmnt")
		c.fill("dana", form.Target(), "Chain 1 only if", "subject.department == 'Design'")
		shown = c.saved("dana", form, "Description", "Approval")
		row, err = db.EntitlementBySlug(c.ctx, c.store, "drive-archive")
		require.NoError(c.t, err)
		require.Equal(c.t, []db.ApprovalRule{{Chain: "manager", When: "subject.department == 'Design'"}, {Chain: "manager-then-owner"}}, row.Approval)

		shown = c.disabled("dana", shown)
		c.press("dana", shown.Target(), "Enable")
		c.submit("dana", c.shows("dana", "Review", "Enable the entitlement"))
		c.untilTop("dana", func(top slack.View) bool {
			return strings.Contains(top.Shown(), "Saved.") && !strings.Contains(top.Shown(), "· disabled")
		})
		require.Len(c.t, c.changes(), 4, "made, changed, disabled and enabled stand in the log")
	})
}

// TestAnEmergencyPathInSlack is declared in the entitlement's form.
func TestAnEmergencyPathInSlack(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.press("dana", c.object("dana", "entitlement", "Entitlements", "drive-admins", "Drive administrators").Target(), "Edit")
		c.press("dana", c.shows("dana", "Edit entitlement").Target(), "Add an emergency path")
		form := c.untilTop("dana", func(top slack.View) bool {
			return slices.Contains(top.Fields(), "Emergency: how long at most")
		})
		c.fill("dana", form.Target(), "Emergency: how long at most", "1h")
		c.fill("dana", form.Target(), "Emergency: told in the channel", "#access")
		c.picked("dana", form, "Emergency: who looks at it afterwards", "Eve Lind")
		c.saved("dana", form, "Emergency")
		row, err := db.EntitlementBySlug(c.ctx, c.store, "drive-admins")
		require.NoError(c.t, err)
		require.NotNil(c.t, row.Emergency)
		require.Equal(c.t, []string{"eve@acme.example"}, row.Emergency.Reviewers)
		c.press("dana", c.shows("dana", "Entitlement", "Saved.").Target(), "Edit")
		c.press("dana", c.shows("dana", "Edit entitlement").Target(), "Remove the emergency path")
		form = c.untilTop("dana", func(top slack.View) bool {
			return slices.Contains(top.Buttons(), "Add an emergency path")
		})
		c.saved("dana", form, "Emergency")
		row, err = db.EntitlementBySlug(c.ctx, c.store, "drive-admins")
		require.NoError(c.t, err)
		require.Nil(c.t, row.Emergency)
	})
}

// TestPagesOfALongList: a list has pages and a total, and a search leaves what it finds.
func TestPagesOfALongList(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.crowd(100, 0)
		list := c.list("dana", "entitlement", "Entitlements")
		slugs, err := db.EntitlementSlugs(c.ctx, c.store)
		require.NoError(c.t, err)
		pages := (len(slugs) + 9) / 10
		require.Contains(c.t, list.Shown(), fmt.Sprintf("%d in all · page 1 of %d", len(slugs), pages))
		c.press("dana", list.Target(), "Next page")
		list = c.shows("dana", "Entitlements", fmt.Sprintf("page 2 of %d", pages))
		c.press("dana", list.Target(), "Previous page")
		list = c.shows("dana", "Entitlements", fmt.Sprintf("page 1 of %d", pages))
		c.fill("dana", list.Target(), "Search", "entitlement 00077")
		c.submit("dana", list)
		list = c.shows("dana", "Entitlements", "1 in all · page 1 of 1", "Entitlement 00077")
		c.press("dana", list.Target(), "Open")
		c.press("dana", c.shows("dana", "Entitlement", "Group 00077").Target(), "Back")
		list = c.shows("dana", "Entitlements", "1 in all")
		require.Equal(c.t, "entitlement 00077", list.Value("Search"), "Back leads to where one was")
		c.press("dana", list.Target(), "Back")
		c.shows("dana", "Administration", "Approval chains")
	})
}
