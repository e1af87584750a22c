package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// own gives an entitlement another owner.
func (c *company) own(slug, email string) {
	c.t.Helper()
	_, err := c.store.NewUpdate().Model((*db.Entitlement)(nil)).Set("owner_email = ?", email).Where("slug = ?", slug).Exec(c.ctx)
	require.NoError(c.t, err)
}

// ownAll gives everything one owner.
func (c *company) ownAll(email string) {
	c.t.Helper()
	for _, model := range []any{(*db.Entitlement)(nil), (*db.Provider)(nil)} {
		_, err := c.store.NewUpdate().Model(model).Set("owner_email = ?", email).Where("TRUE").Exec(c.ctx)
		require.NoError(c.t, err)
	}
}

// TestWorkflowsAreForTheirOwners: who owns an entitlement writes what belongs to it and nothing more; everybody else
// is refused, also when he presses what was there before.
func TestWorkflowsAreForTheirOwners(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.ownAll("dana@acme.example")
		c.own("drive-viewers", "eve@acme.example")
		c.own("drive-admins", "ben@acme.example")
		c.set(func(s *db.Settings) { s.Auditors = nil })
		require.Contains(c.t, c.answer("ana", "admin").Shown(), "Only admins")
		shown := c.admin("eve")
		require.NotContains(c.t, shown.Shown(), "connections", "the state of the system is for admins")
		c.press("eve", shown.Target(), "Workflows")
		list := c.shows("eve", "Workflows", "drive-group-in", "🟢🔑", "Provisioning", "🔴🔑", "Deprovisioning")
		offered, err := c.person("eve").Suggest(list.Target(), "Entitlement", "drive")
		require.NoError(c.t, err)
		require.Len(c.t, offered, 1)
		require.Equal(c.t, "Drive viewers", offered[0].Text)
		c.press("eve", list.Target(), "Open", c.chain("drive-group-in").ID)
		plan := c.shows("eve", "Workflow plan", "drive-group-in", "others own")
		require.NotContains(c.t, plan.Buttons(), "Edit words")
		require.NotContains(c.t, plan.Buttons(), "Fix step")

		c.write("eve", "Drive viewers", views.ActionWorkflowNewProvision, "Eve's way", provisionLine+"\n1. Wait 1 minute")
		c.fixTo("eve", "1", "drive_api_add_user_to_group", "join", map[string]string{"group": "Administrators"})
		c.tested("eve", "dana")
		c.press("eve", c.shows("eve", "Workflow plan").Target(), "Publish")
		notice := c.shows("eve", "Not done", "something other than Drive viewers", "dana@acme.example")
		c.press("eve", notice.Target(), "Back")
		c.fixTo("eve", "1", "drive_api_add_user_to_group", "join", map[string]string{"group": "{{ entitlement.target }}"})
		c.tested("eve", "dana")
		plan = c.published("eve")

		c.own("drive-viewers", "dana@acme.example")
		c.press("eve", plan.Target(), "Edit words")
		c.shows("eve", "Not done", "belongs to access that you don't own")
		c.own("drive-viewers", "eve@acme.example")
		shown = c.admin("eve")
		c.own("drive-viewers", "dana@acme.example")
		c.press("eve", shown.Target(), "Workflows")
		c.shows("eve", "Not done", "you own none")
		require.NoError(c.t, c.person("eve").CloseAll())
		require.Contains(c.t, c.answer("eve", "admin").Shown(), "Only admins")
	})
}

// TestTwoWriteTheSameWorkflow: the second one is told who was faster and loses nothing of what he wrote.
func TestTwoWriteTheSameWorkflow(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.own("drive-viewers", "eve@acme.example")
		c.write("eve", "Drive viewers", views.ActionWorkflowNewProvision, "Together", provisionLine+"\n1. Wait 5 minutes")
		c.press("eve", c.shows("eve", "Workflow plan").Target(), "Edit words")
		form := c.shows("eve", "Edit workflow")

		c.press("dana", c.admin("dana").Target(), "Workflows")
		list := c.shows("dana", "Workflows", "Together", "draft v1")
		c.fill("dana", list.Target(), "Search", "together")
		c.submit("dana", list)
		c.until("only one is left", func() bool {
			top, _ := c.person("dana").Top()
			return strings.Contains(top.Shown(), "Together") && !strings.Contains(top.Shown(), "drive-group-in")
		})
		c.press("dana", c.shows("dana", "Workflows").Target(), "Open", c.chain("together").ID)
		c.press("dana", c.shows("dana", "Workflow plan").Target(), "Edit words")
		theirs := c.shows("dana", "Edit workflow")
		c.fill("dana", theirs.Target(), "Steps", provisionLine+"\n1. Wait 10 minutes")
		c.submit("dana", theirs)
		c.shows("dana", "Workflow plan", "draft v2", "10 minutes")

		c.fill("eve", form.Target(), "Steps", provisionLine+"\n1. Wait 7 minutes")
		said := c.refused("eve", form, "Steps")
		require.Contains(c.t, said, "dana@acme.example saved version 2")
		require.Contains(c.t, said, "UTC")
		top, _ := c.person("eve").Top()
		require.Contains(c.t, top.Value("Steps"), "7 minutes")

		c.press("dana", c.shows("dana", "Workflow plan").Target(), "Back")
		c.shows("dana", "Workflows", "Together")
	})
}
