package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/handlers/views"
)

// approvals reads an approval chain.
func (c *company) approvals(slug string) db.ApprovalChain {
	c.t.Helper()
	row, err := db.ApprovalChainBySlug(c.ctx, c.store, slug)
	require.NoError(c.t, err)
	return row
}

// untilSteps waits until the chain in front says who decides.
func (c *company) untilSteps(name, words string) slack.View {
	c.t.Helper()
	return c.untilTop(name, func(top slack.View) bool {
		return strings.HasSuffix(top.Title, "approval chain") && strings.Contains(top.Shown(), "*Who decides*: "+words)
	})
}

// stepDone fills the form of a step in front and sends it.
func (c *company) stepDone(name, title, called string, who ...string) {
	c.t.Helper()
	form := c.shows(name, title)
	c.fill(name, form.Target(), "Name", called)
	c.picked(name, form, "Who decides", who...)
	c.submit(name, form)
}

// TestAChainInSlack edits an approval chain as an ordered list: add, edit, move, remove, always with what it means in
// words, and saves it.
func TestAChainInSlack(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		chain := c.made("dana", "approval_chain", "Approval chains", "approval chain")
		require.Contains(c.t, chain.Shown(), "nobody is asked: it is approved at once")
		c.fill("dana", chain.Target(), "Slug", "with-care")
		c.fill("dana", chain.Target(), "Name", "With care")
		c.press("dana", chain.Target(), "Add a step")
		c.stepDone("dana", "Step 1", "Manager", "Manager")
		chain = c.untilSteps("dana", "the manager of whoever it is for.")
		require.Equal(c.t, "With care", chain.Value("Name"), "what was typed stays")

		c.press("dana", chain.Target(), "Add a step")
		form := c.shows("dana", "Step 2")
		c.fill("dana", form.Target(), "Name", "Admins")
		c.picked("dana", form, "Who decides", "@drive-admins", "Owner of the access", "Eve Lind")
		c.picked("dana", form, "How many of them must approve", "two")
		c.fill("dana", form.Target(), "Only if", "entitlement.rsk == 'high'")
		require.Contains(c.t, c.refused("dana", form, "Only if"), "rsk")
		c.fill("dana", form.Target(), "Only if", "entitlement.risk == 'high'")
		c.fill("dana", form.Target(), "Reminded every", "2d")
		c.fill("dana", form.Target(), "Time limit", "24h")
		require.Contains(c.t, c.refused("dana", form, "Reminded every"), "remind")
		c.fill("dana", form.Target(), "Reminded every", "4h")
		c.picked("dana", form, "What happens after that", "others may decide too")
		c.picked("dana", form, "Who the others are", "Owner of the provider")
		c.picked("dana", form, "Terms", "Who approves has to say why", "Nobody can hand the decision to somebody else")
		c.picked("dana", form, "Told, without deciding", "#general")
		c.submit("dana", form)
		chain = c.untilSteps("dana", "the manager of whoever it is for, then two of @drive-admins, the owner of the access and eve@acme.example")

		c.hit("dana", chain, views.ActionAdminStep, "up.1")
		chain = c.untilSteps("dana", "two of @drive-admins")
		c.press("dana", chain.Target(), "Add a step")
		c.stepDone("dana", "Step 3", "Too many", "Owner of the provider")
		chain = c.untilSteps("dana", "two of @drive-admins")
		c.hit("dana", chain, views.ActionAdminStep, "remove.2")
		chain = c.untilTop("dana", func(top slack.View) bool { return !strings.Contains(top.Shown(), "Too many") })
		c.hit("dana", chain, views.ActionAdminStep, "down.0")
		chain = c.untilSteps("dana", "the manager of whoever it is for, then")
		c.hit("dana", chain, views.ActionAdminStep, "edit.1")
		form = c.shows("dana", "Step 2")
		require.Equal(c.t, "24h", form.Value("Time limit"))
		require.Equal(c.t, "two", form.Value("How many of them must approve"))
		c.press("dana", form.Target(), "Back")

		shown := c.saved("dana", c.untilSteps("dana", "the manager"), "New approval chain *With care*", "Who will decide")
		require.Contains(c.t, shown.Shown(), "*2. Admins*: two of @drive-admins")
		saved := c.approvals("with-care")
		require.Equal(c.t, "With care", saved.Name)
		day, four := db.Duration(24*time.Hour), db.Duration(4*time.Hour)
		require.Equal(c.t, []db.Step{
			{Name: "Manager", Approvers: []string{"manager"}, Need: 1},
			{
				Name: "Admins", Approvers: []string{"@drive-admins", "owner", "eve@acme.example"}, Need: 2, When: "entitlement.risk == 'high'", Comment: true, Fixed: true,
				Notify: []string{"#general"}, Remind: four, Timeout: day, OnTimeout: db.OnTimeout{Escalate: []string{"provider_owner"}},
			},
		}, saved.Steps)
		c.disabled("dana", shown)
		require.False(c.t, c.approvals("with-care").Active)
	})
}

// TestTheReplayOfAChain: before a chain is saved, the review says what the requests of the last months would meet.
func TestTheReplayOfAChain(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		for _, reason := range []string{"One", "Two"} {
			card := c.ask("ana", "Drive editors", "1h", reason)
			c.press("ben", card.Target(), "Deny")
			form := c.view("ben", "Deny request")
			c.fill("ben", form.Target(), "Reason", "Not today")
			c.submit("ben", form)
			c.untilCard(card.TS, "Denied")
		}
		c.press("dana", c.object("dana", "approval_chain", "Approval chains", "manager", "manager").Target(), "Edit")
		chain := c.untilSteps("dana", "the manager of whoever it is for")
		c.hit("dana", chain, views.ActionAdminStep, "edit.0")
		form := c.shows("dana", "Step 1")
		c.picked("dana", form, "Who decides", "@drive-admins")
		c.submit("dana", form)
		c.submit("dana", c.untilSteps("dana", "one of @drive-admins"))
		review := c.shows("dana", "Review", "Replay", "(2 items)", "Until now")
		require.Contains(c.t, review.Shown(), "people asked in all: *4*, until now 2", "dana and eve instead of ben, twice")
		c.submit("dana", review)
		c.untilTop("dana", func(top slack.View) bool { return strings.Contains(top.Shown(), "Saved.") })
		require.Equal(c.t, []string{"@drive-admins"}, c.approvals("manager").Steps[0].Approvers)
	})
}

// TestAChainThatIsWrong: a mistake about the chain as a whole is said above its steps, and nothing is lost.
func TestAChainThatIsWrong(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		chain := c.made("dana", "approval_chain", "Approval chains", "approval chain")
		c.fill("dana", chain.Target(), "Slug", "Twice")
		require.Contains(c.t, c.refused("dana", chain, "Slug"), "lug")
		c.fill("dana", chain.Target(), "Slug", "twice")
		for _, title := range []string{"Step 1", "Step 2"} {
			c.press("dana", chain.Target(), "Add a step")
			form := c.shows("dana", title)
			c.fill("dana", form.Target(), "Name", "Late "+title)
			c.picked("dana", form, "Who decides", "Manager")
			c.fill("dana", form.Target(), "Time limit", "1h")
			c.picked("dana", form, "What happens after that", "the step is passed over")
			c.submit("dana", form)
			chain = c.untilTop("dana", func(top slack.View) bool {
				return strings.Contains(top.Shown(), "Late "+title) && top.Title == "New approval chain"
			})
		}
		c.submit("dana", chain)
		shown := c.untilTop("dana", func(top slack.View) bool { return strings.Contains(top.Shown(), "consent") })
		require.Contains(c.t, shown.Shown(), "Late Step 2")
		chains, err := db.ApprovalChains(c.ctx, c.store)
		require.NoError(c.t, err)
		require.False(c.t, slices.ContainsFunc(chains, func(row db.ApprovalChain) bool { return row.Slug == "twice" }))
	})
}
