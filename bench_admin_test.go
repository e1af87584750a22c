package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/handlers/views"
)

// The size at which the administration is measured, and how often each of its modals is opened.
const (
	adminEntitlements = 10_000
	adminPeople       = 5_000
	adminRounds       = 10
)

// adminPause stands between two rounds, unmeasured: Slack takes a hundred changes of modals in a minute, and the bot waits
// for its turn.
const adminPause = 12 * time.Second

// BenchmarkAdminModals measures, at 10,000 entitlements and 5,000 people, how long it takes from a press until the person
// sees the modal that it leads to, with Slack's round trips and the drawing of it.
func BenchmarkAdminModals(b *testing.B) {
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				url := ""
				if name == "postgres" {
					url = pgtest.Open(b)
				}
				c := found(b, url)
				stop := c.serve(nil)
				c.crowd(adminEntitlements, 0)
				c.staff(adminPeople)
				m := &measure{took: map[string][]time.Duration{}}
				for range adminRounds {
					c.walk(m)
					c.pause(adminPause)
				}
				stop()
				m.report(b)
			}
		})
	}
}

// pause waits.
func (c *company) pause(length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.ctx.Done():
	}
}

// staff fills the directory.
func (c *company) staff(people int) {
	c.t.Helper()
	now := db.UTC(c.Clock.Now())
	var rows []db.Person
	for n := range people {
		email := fmt.Sprintf("staff%04d@acme.example", n)
		rows = append(rows, db.Person{
			ID: db.NewID("per"), Email: email, Name: fmt.Sprintf("Staff %04d", n), Kind: db.Member, Active: true, ManagerEmail: "dana@acme.example",
			Attributes: map[string]any{}, CreatedAt: now, UpdatedAt: now,
		})
	}
	for begin := 0; begin < len(rows); begin += 500 {
		part := rows[begin:min(begin+500, len(rows))]
		_, err := c.store.NewInsert().Model(&part).Exec(c.ctx)
		require.NoError(c.t, err)
	}
}

// walk goes through the modals once.
func (c *company) walk(m *measure) {
	var top slack.View
	timed := func(what string, do func(), title string, texts ...string) {
		m.time(what, func() { do(); top = c.shows("dana", title, texts...) })
	}
	press := func(action string, value ...string) func() { return func() { c.hit("dana", top, action, value...) } }
	submit := func() { c.submit("dana", top) }
	suggest := func(what, field, typed, first string) {
		m.time(what, func() {
			offered, err := c.person("dana").Suggest(top.Target(), field, typed)
			require.NoError(c.t, err)
			require.NotEmpty(c.t, offered)
			require.Contains(c.t, offered[0].Text, first)
		})
	}
	timed("start", func() { c.command("dana", "admin") }, "Administration")
	timed("list", press(views.ActionAdminList, "entitlement"), "Entitlements", "page 1 of 1001")
	timed("page", press(views.ActionAdminPage+"_after"), "Entitlements", "page 2 of 1001")
	c.fill("dana", top.Target(), "Search", "entitlement 09876")
	timed("search", submit, "Entitlements", "Entitlement 09876", "page 1 of 1")
	timed("show", press(views.ActionAdminOpen, "entitlement-09876"), "Entitlement", "Group 09876")
	timed("form", press(views.ActionAdminEdit), "Edit entitlement")
	suggest("suggest-person", "Owner", "staff 4321", "Staff 4321")
	suggest("suggest-chain", "Approval chain 1", "", "")
	c.fill("dana", top.Target(), "Description", fmt.Sprint("Described at ", time.Now().UnixNano()))
	timed("review", submit, "Review", "Described at")
	timed("save", submit, "Entitlement", "Saved.")
	timed("back", press(views.ActionAdminBack), "Entitlements", "page 1 of 1")
	timed("start-again", press(views.ActionAdminBack), "Administration")
	timed("people", press(views.ActionAdminList, "person"), "People", "page 1 of 50")
	press(views.ActionAdminBack)()
	top = c.shows("dana", "Administration")
	timed("directory", press(views.ActionAdminDirectory), "Directory", "without a manager")
	press(views.ActionAdminBack)()
	top = c.shows("dana", "Administration")
	press(views.ActionAdminList, "approval_chain")()
	top = c.shows("dana", "Approval chains", "manager-then-admins")
	press(views.ActionAdminOpen, "manager-then-admins")()
	top = c.shows("dana", "Approval chain", "Who decides")
	timed("chain", press(views.ActionAdminEdit), "Edit approval chain")
	timed("step", press(views.ActionAdminStep, "edit.0"), "Step 1")
	suggest("suggest-approver", "Who decides", "staff 0012", "Staff 0012")
	timed("step-done", submit, "Edit approval chain")
	c.fill("dana", top.Target(), "Name", fmt.Sprint("Measured at ", time.Now().UnixNano()))
	timed("replay", submit, "Review", "Replay")
	require.NoError(c.t, c.person("dana").CloseAll())
}
