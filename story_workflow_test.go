package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/handlers/views"
)

const (
	provisionLine   = "Create a custom provisioning workflow with the following steps."
	deprovisionLine = "Create a custom deprovisioning workflow with the following steps."
)

// shows waits until the modal in front of a person has a title and shows all of the texts, and returns it.
func (c *company) shows(name, title string, texts ...string) slack.View {
	c.t.Helper()
	var top slack.View
	ctx, cancel := context.WithTimeout(c.ctx, storyDeadline)
	defer cancel()
	err := c.Workspace.Wait(ctx, func() bool {
		var open bool
		if top, open = c.person(name).Top(); !open || top.Title != title {
			return false
		}
		for _, text := range texts {
			if !strings.Contains(top.Shown(), text) {
				return false
			}
		}
		return true
	})
	require.NoError(c.t, err, "%s should see %s with %q and sees %s", name, title, texts, top.Shown())
	return top
}

// hit presses a button of a modal by its action id.
func (c *company) hit(name string, on slack.View, action string, value ...string) {
	c.t.Helper()
	require.NoError(c.t, c.person(name).Press(on.Target(), action, value...))
}

// entitlement opens the workflows of an entitlement from /access admin.
func (c *company) entitlement(name, entitlement string) slack.View {
	c.t.Helper()
	c.press(name, c.admin(name).Target(), "Workflows")
	require.NoError(c.t, c.person(name).Select(c.shows(name, "Workflows").Target(), "Entitlement", entitlement))
	return c.shows(name, "Entitlement", entitlement)
}

// write begins a workflow for an entitlement and shows its plan.
func (c *company) write(name, entitlement, begin, called, text string) slack.View {
	c.t.Helper()
	c.hit(name, c.entitlement(name, entitlement), begin)
	form := c.shows(name, "New workflow")
	c.fill(name, form.Target(), "Name", called)
	c.fill(name, form.Target(), "Steps", text)
	c.submit(name, form)
	return c.shows(name, "Workflow plan", called)
}

// tested tests the workflow in front for a person and comes back to its plan.
func (c *company) tested(name, subject string) slack.View {
	c.t.Helper()
	c.press(name, c.shows(name, "Workflow plan").Target(), "Test")
	require.NoError(c.t, c.person(name).Select(c.shows(name, "Test workflow").Target(), views.ActionWorkflowPerson, subject))
	c.press(name, c.shows(name, "Test workflow", "Each step could be planned").Target(), "Back")
	return c.shows(name, "Workflow plan", "tested v")
}

// published publishes the tested workflow in front.
func (c *company) published(name string) slack.View {
	c.t.Helper()
	c.press(name, c.shows(name, "Workflow plan", "tested v").Target(), "Publish")
	return c.shows(name, "Workflow plan", "is published")
}

// changes are the entries of the audit log about changes of the configuration by people.
func (c *company) changes() []db.AuditEvent {
	c.t.Helper()
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{}, 1000)
	require.NoError(c.t, err)
	var found []db.AuditEvent
	for _, event := range events {
		if event.Action == "config.changed" && event.ActorKind == "person" {
			found = append(found, event)
		}
	}
	return found
}

// TestAWorkflow is the whole journey: write, see what is unclear, make it clear in words and by hand, test, publish,
// link, and have it run by a request.
func TestAWorkflow(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		require.Contains(c.t, c.health("dana").Shown(), "connections to Slack are open")
		form := c.entitlement("dana", "Drive editors")
		require.Equal(c.t, "🟢🔑 drive-group-in", form.Value("Provisioning workflow"))
		require.Equal(c.t, "🔴🔑 drive-group-out", form.Value("Deprovisioning workflow"))
		c.hit("dana", form, views.ActionWorkflowNewProvision)
		form = c.shows("dana", "New workflow", "Provisioning workflow", "Drive editors")
		require.Equal(c.t, provisionLine+"\n1. ", form.Value("Steps"))

		c.fill("dana", form.Target(), "Name", "Editors with care")
		c.fill("dana", form.Target(), "Steps", "1. Add the user to Drive editors")
		require.Contains(c.t, c.refused("dana", form, "Steps"), "irst line")
		c.fill("dana", form.Target(), "Steps", provisionLine+"\n1. Check if the user has Acme Drive user access\n"+
			"2. If the user lacks Acme Drive user access, provision it first\n3. Add the user to Drive edtors\n4. Wait 5 minutes")
		c.submit("dana", form)

		plan := c.shows("dana", "Workflow plan", "Editors with care", "Not clear", "draft v1")
		require.Contains(c.t, plan.Shown(), "drive_api_get_user")
		require.NotContains(c.t, plan.Buttons(), "Test", "what is unclear can't be tested")
		require.NotContains(c.t, plan.Buttons(), "Publish")
		options := plan.Options(views.ActionWorkflowOption)
		require.NotEmpty(c.t, options)
		require.NoError(c.t, c.person("dana").Select(plan.Target(), views.ActionWorkflowOption, "Grant Drive editors"))
		plan = c.shows("dana", "Workflow plan", "draft v2", "Grant Drive editors")
		require.NotContains(c.t, plan.Shown(), "Not clear")
		require.Contains(c.t, plan.Buttons(), "Test")
		require.NotContains(c.t, plan.Buttons(), "Publish", "what was not tested can't be published")

		c.fixed("dana", plan)
		c.tested("dana", "ana")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example", "a test changes nothing")
		plan = c.published("dana")
		c.press("dana", plan.Target(), "Link to Drive editors")
		form = c.shows("dana", "Entitlement", "Press Save")
		require.Equal(c.t, "🟢🔑 Editors with care", form.Value("Provisioning workflow"))
		c.saveLinks("dana", form)

		card := c.held("ana", "Drive editors", "1h", "The new way", "ben")
		c.untilThread(card.TS, "check_user")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.recorded()
	})
}

// fixed makes the third step of the plan in front another one, with pickers.
func (c *company) fixed(name string, plan slack.View) {
	c.t.Helper()
	c.hit(name, plan, views.ActionWorkflowFix, "4")
	form := c.shows(name, "Fix step 4", "Wait 5 minutes")
	require.Equal(c.t, "sleep", form.Value("Script type"))
	require.Equal(c.t, "5m", form.Value("for"))
	c.fill(name, form.Target(), "for", "soon")
	require.Contains(c.t, c.refused(name, form, "for"), "not a duration")
	require.NoError(c.t, c.person(name).Select(form.Target(), "Script type", "none"))
	c.until("the form is that of another type", func() bool {
		top, _ := c.person(name).Top()
		return top.Value("Script type") == "none" && strings.Contains(top.Shown(), "Does nothing")
	})
	form = c.shows(name, "Fix step 4")
	c.fill(name, form.Target(), "Only if", "subject.departmnt == 'Design'")
	require.Contains(c.t, c.refused(name, form, "Only if"), "departmnt")
	c.fill(name, form.Target(), "Only if", "subject.department == 'Sales'")
	c.submit(name, form)
	c.shows(name, "Workflow plan", "draft v3", "chosen by hand", "subject.department == 'Sales'")
}

// saveLinks saves a pair, reading what does not fit about it.
func (c *company) saveLinks(name string, form slack.View) {
	c.t.Helper()
	c.submit(name, form)
	c.until("the pair is saved or warned of", func() bool {
		top, _ := c.person(name).Top()
		return strings.Contains(top.Shown(), "Saved.") || strings.Contains(top.Shown(), "do not fit everywhere")
	})
	form = c.shows(name, "Entitlement")
	if strings.Contains(form.Shown(), "Saved.") {
		return
	}
	require.NoError(c.t, c.person(name).Select(form.Target(), "Link them all the same?", "I have read this"))
	c.submit(name, form)
	c.shows(name, "Entitlement", "Saved.")
}

// recorded checks that the audit log tells who changed what.
func (c *company) recorded() {
	c.t.Helper()
	changes := c.changes()
	require.Len(c.t, changes, 6, "three versions, a test, a publication and a link")
	for _, event := range changes {
		require.Equal(c.t, "dana@acme.example", event.Actor)
		require.Equal(c.t, "drive-editors", event.Entitlement)
		facts, err := event.Facts()
		require.NoError(c.t, err)
		require.NotNil(c.t, facts.After)
		require.Equal(c.t, event.Outcome == "added", facts.Before == nil, event.Details)
	}
	var last struct {
		After map[string]string `json:"after"`
	}
	require.NoError(c.t, json.Unmarshal([]byte(changes[5].Details), &last))
	require.Equal(c.t, "editors-with-care", last.After["provision"])
}

// TestARunningRequestKeepsItsVersion: who asked before a workflow was published anew gets what the approver saw.
func TestARunningRequestKeepsItsVersion(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.write("dana", "Drive viewers", views.ActionWorkflowNewProvision, "Viewers", provisionLine+"\n1. Wait 1 minute")
		c.fixTo("dana", "1", "drive_api_add_user_to_group", "join", map[string]string{"group": "Administrators"})
		c.tested("dana", "ben")
		c.press("dana", c.published("dana").Target(), "Link to Drive viewers")
		c.saveLinks("dana", c.shows("dana", "Entitlement", "Press Save"))

		card := c.ask("ben", "Drive viewers", "30d", "Asked before")
		c.entitlement("dana", "Drive viewers")
		c.press("dana", c.shows("dana", "Entitlement").Target(), "Open", c.chain("viewers").ID)
		c.shows("dana", "Workflow plan", "Viewers", "Administrators")
		c.fixTo("dana", "1", "drive_api_add_user_to_group", "join", map[string]string{"group": "Viewers"})
		c.tested("dana", "ben")
		plan := c.published("dana")
		require.Contains(c.t, plan.Shown(), "published v3")

		c.press("dana", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.Target.Members("Administrators"), "ben@acme.example", "the version that was asked for runs")
		require.NotContains(c.t, c.Target.Members("Viewers"), "ben@acme.example")

		c.press("dana", plan.Target(), "Versions")
		list := c.shows("dana", "Versions", "published v3", "retired v2")
		c.press("dana", list.Target(), "Compare", c.version("viewers", 2).ID)
		diff := c.shows("dana", "Compare versions", "Against")
		require.Contains(c.t, diff.Shown(), "*+* `join: drive_api_add_user_to_group group=Administrators`")
		require.Contains(c.t, diff.Shown(), "*−* `join: drive_api_add_user_to_group group=Viewers`")
		c.press("dana", diff.Target(), "Restore version 2")
		plan = c.shows("dana", "Workflow plan", "draft v4", "version 2 again")
		require.Contains(c.t, plan.Shown(), "group=Administrators")
		require.Contains(c.t, plan.Shown(), "published v3", "a restored version has to be tested and published like any other")
	})
}

// fixTo puts a script in place of a step of the plan in front.
func (c *company) fixTo(name, step, kind, called string, args map[string]string) slack.View {
	c.t.Helper()
	c.hit(name, c.shows(name, "Workflow plan"), views.ActionWorkflowFix, step)
	form := c.shows(name, "Fix step "+step)
	if form.Value("Script type") != kind {
		require.NoError(c.t, c.person(name).Select(form.Target(), "Script type", kind))
		c.until("the form has the type's arguments", func() bool {
			top, _ := c.person(name).Top()
			for arg := range args {
				if !contains(top.Fields(), arg) {
					return false
				}
			}
			return true
		})
	}
	form = c.shows(name, "Fix step "+step)
	for arg, value := range args {
		c.fill(name, form.Target(), arg, value)
	}
	c.fill(name, form.Target(), "Script name", called)
	c.submit(name, form)
	return c.shows(name, "Workflow plan", "chosen by hand")
}

func contains(all []string, one string) bool {
	for _, other := range all {
		if other == one {
			return true
		}
	}
	return false
}

// chain reads an action chain by its slug.
func (c *company) chain(slug string) db.ActionChain {
	c.t.Helper()
	row, err := db.ActionChainBySlug(c.ctx, c.store, slug)
	require.NoError(c.t, err)
	return row
}

func (c *company) version(slug string, number int) db.ActionChainVersion {
	c.t.Helper()
	rows, err := db.ActionChainVersions(c.ctx, c.store, c.chain(slug).ID)
	require.NoError(c.t, err)
	return rows[number-1]
}
