package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/flows"
	"github.com/usherhq/usher/handlers/views"
)

// sketch is a drafter that answers the same always.
type sketch string

func (s sketch) Draft(context.Context, string, string) (string, error) { return string(s), nil }

// TestADraftIsReadByAPerson: what a model proposes goes into the field Steps, and is nothing before somebody sends it.
func TestADraftIsReadByAPerson(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	c.began = func(f *flows.Flows) {
		f.DraftWith(sketch(provisionLine + "\n1. Grant Drive editors\n2. Make everybody happy"))
	}
	c.serve(nil)
	c.hit("dana", c.entitlement("dana", "Drive editors"), views.ActionWorkflowNewProvision)
	form := c.shows("dana", "New workflow", "Draft with the model")
	c.fill("dana", form.Target(), "Name", "Drafted")
	c.press("dana", form.Target(), "Draft with the model")
	form = c.shows("dana", "New workflow", "Write in a few words")
	c.fill("dana", form.Target(), "Steps", provisionLine+"\n1. let them edit")
	c.press("dana", form.Target(), "Draft with the model")
	c.until("the draft is in the field", func() bool {
		top, _ := c.person("dana").Top()
		return strings.Contains(top.Value("Steps"), "2. Make everybody happy")
	})
	form = c.shows("dana", "New workflow")
	require.Equal(t, "Drafted", form.Value("Name"), "what was typed stays")
	require.Empty(t, c.changes(), "nothing is saved by drafting")
	c.submit("dana", form)
	plan := c.shows("dana", "Workflow plan", "Grant Drive editors", "Make everybody happy", "Not clear")
	require.NotContains(t, plan.Buttons(), "Publish", "a draft is checked like anybody's words")
	c.unremarkable()
}

// TestWithoutAModelNothingDrafts: the button is there only where something can draft.
func TestWithoutAModelNothingDrafts(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.hit("dana", c.entitlement("dana", "Drive editors"), views.ActionWorkflowNewDeprovision)
		form := c.shows("dana", "New workflow", "Deprovisioning workflow")
		require.Equal(c.t, deprovisionLine+"\n1. ", form.Value("Steps"))
		require.NotContains(c.t, form.Buttons(), "Draft with the model")
	})
}

// TestManyWorkflows: hundreds of workflows and ten thousand entitlements stay inside Slack's limits and deadlines.
func TestManyWorkflows(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.crowd(10_000, 300)
		began := time.Now()
		c.press("dana", c.admin("dana").Target(), "Workflows")
		chains, err := db.ActionChains(c.ctx, c.store)
		require.NoError(c.t, err)
		list := c.shows("dana", "Workflows", fmt.Sprintf("1 to 15 of %d", len(chains)), "Crowded 000")
		c.press("dana", list.Target(), "Next page")
		list = c.shows("dana", "Workflows", fmt.Sprintf("16 to 30 of %d", len(chains)))
		c.press("dana", list.Target(), "Previous page")
		list = c.shows("dana", "Workflows", fmt.Sprintf("1 to 15 of %d", len(chains)))
		c.fill("dana", list.Target(), "Search", "crowded 299")
		c.submit("dana", list)
		c.shows("dana", "Workflows", "1 to 1 of 1", "Crowded 299")
		offered, err := c.person("dana").Suggest(list.Target(), "Entitlement", "Entitlement 09")
		require.NoError(c.t, err)
		require.Greater(c.t, len(offered), 50, "as many as an answer holds")
		require.LessOrEqual(c.t, len(offered), 100)
		form := c.entitlement("dana", "Entitlement 09999")
		options, err := c.person("dana").Suggest(form.Target(), "Provisioning workflow", "")
		require.NoError(c.t, err)
		require.NotEmpty(c.t, options)
		c.hit("dana", form, views.ActionWorkflowNewProvision)
		form = c.shows("dana", "New workflow")
		c.fill("dana", form.Target(), "Name", "One of many")
		c.fill("dana", form.Target(), "Steps", provisionLine+"\n1. Grant Entitlement 09999")
		c.submit("dana", form)
		plan := c.shows("dana", "Workflow plan", "One of many", "Group 09999")
		require.NotContains(c.t, plan.Shown(), "Not clear")
		c.t.Logf("the whole way took %s", time.Since(began))
	})
}

// crowd fills the catalogue.
func (c *company) crowd(entitlements, workflows int) {
	c.t.Helper()
	drive, err := db.EntitlementBySlug(c.ctx, c.store, "drive-editors")
	require.NoError(c.t, err)
	var rows []db.Entitlement
	for n := range entitlements {
		row := drive
		row.ID, row.Slug, row.Name = db.NewID("ent"), fmt.Sprintf("entitlement-%05d", n), fmt.Sprintf("Entitlement %05d", n)
		row.Target, row.Provider = fmt.Sprintf("Group %05d", n), nil
		rows = append(rows, row)
	}
	for begin := 0; begin < len(rows); begin += 500 {
		part := rows[begin:min(begin+500, len(rows))]
		_, err := c.store.NewInsert().Model(&part).Exec(c.ctx)
		require.NoError(c.t, err)
	}
	for n := range workflows {
		chain := db.ActionChain{
			ID: db.NewID("act"), Slug: fmt.Sprintf("crowded-%03d", n), Name: fmt.Sprintf("Crowded %03d", n), Kind: db.Deprovision, Active: true,
			UpdatedAt: c.Clock.Now(),
		}
		require.NoError(c.t, db.SaveActionChain(c.ctx, c.store, chain))
		require.NoError(c.t, db.InsertVersion(c.ctx, c.store, db.ActionChainVersion{
			ID: db.NewID("ver"), ChainID: chain.ID, Number: 1, Status: db.Draft, Scripts: []db.Script{{Name: "no", Type: "none"}},
			Author: "dana@acme.example", CreatedAt: c.Clock.Now(),
		}))
	}
}

// TestATestThatHangs: a provider that does not answer keeps nobody waiting for long, and its version is not tested.
func TestATestThatHangs(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.write("dana", "Drive editors", views.ActionWorkflowNewProvision, "Patience", provisionLine+"\n1. Grant Drive editors")
		c.Target.SetMode(target.Offline)
		c.press("dana", c.shows("dana", "Workflow plan").Target(), "Test")
		require.NoError(c.t, c.person("dana").Select(c.shows("dana", "Test workflow").Target(), views.ActionWorkflowPerson, "ben"))
		shown := c.shows("dana", "Test workflow", "Not each step could be planned", "Could not be planned")
		c.press("dana", shown.Target(), "Back")
		plan := c.shows("dana", "Workflow plan", "draft v1")
		require.NotContains(c.t, plan.Buttons(), "Publish")
		c.Target.SetMode(target.Online)
		c.tested("dana", "ben")
	})
}
