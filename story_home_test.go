package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/flows"
)

// withFlows runs a story on SQLite and on Postgres in which the bot can be stopped.
func withFlows(t *testing.T, story func(c *company, f *flows.Flows, stop func())) {
	t.Helper()
	foundOnBoth(t, func(c *company) {
		stop := c.serve(nil)
		story(c, c.flows, stop)
	})
}

// row reads somebody of the workspace.
func (c *company) row(name string) db.Person {
	c.t.Helper()
	p, err := db.PersonBySlackID(c.ctx, c.store, c.person(name).ID())
	require.NoError(c.t, err)
	return p
}

// asks makes requests without the form.
func (c *company) asks(f *flows.Flows, name, entitlement string, times int, reason string) {
	c.t.Helper()
	what, err := db.EntitlementBySlug(c.ctx, c.store, entitlement)
	require.NoError(c.t, err)
	for n := range times {
		_, err := f.Request(c.ctx, flows.Ask{
			By: c.row(name).ID, For: c.row(name).ID, Reason: fmt.Sprintf("%s %d", reason, n), Submission: fmt.Sprint(reason, name, n),
			Items: []flows.AskItem{{EntitlementID: what.ID, Duration: db.Duration(time.Hour)}},
		})
		require.NoError(c.t, err)
	}
}

// home opens somebody's Home and waits until it shows a text.
func (c *company) home(name, text string) slack.View {
	c.t.Helper()
	require.NoError(c.t, c.person(name).OpenHome(""))
	return c.homeShows(name, text)
}

func (c *company) homeShows(name string, texts ...string) slack.View {
	c.t.Helper()
	var home slack.View
	defer func() {
		if c.t.Failed() {
			c.t.Log(home.Shown())
		}
	}()
	c.until(name+"'s Home shows "+strings.Join(texts, " … "), func() bool {
		home, _ = c.person(name).Home("")
		for _, text := range texts {
			if !strings.Contains(home.Shown(), text) {
				return false
			}
		}
		return true
	})
	return home
}

// publishes counts how often somebody's Home was published.
func (c *company) publishes(name string) int {
	n := 0
	for _, entry := range c.Workspace.Journal() {
		var args struct {
			UserID string `json:"user_id"`
		}
		if entry.Method == "views.publish" && json.Unmarshal(entry.Payload, &args) == nil && args.UserID == c.person(name).ID() {
			n++
		}
	}
	return n
}

func labelled(labels []string, label string) int {
	n := 0
	for _, one := range labels {
		if one == label {
			n++
		}
	}
	return n
}

// TestHomePages pages through 60 waiting approvals. What is open survives a decision, opening Home anew, and the process.
func TestHomePages(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, f *flows.Flows, stop func()) {
		c.asks(f, "ana", "drive-editors", 60, "Report")
		home := c.home("ben", "Waiting on me")
		require.Contains(c.t, home.Shown(), "60 things wait for you")
		require.Equal(c.t, 5, labelled(home.Buttons(), "Approve"))
		c.press("ben", home.Target(), "Show all (60)")
		home = c.homeShows("ben", "1 to 15 of 60", "Report 0", "Report 14")
		require.Equal(c.t, 15, labelled(home.Buttons(), "Approve"))
		require.NotContains(c.t, home.Buttons(), "Previous")
		for _, shown := range []string{"16 to 30 of 60", "31 to 45 of 60", "46 to 60 of 60"} {
			c.press("ben", home.Target(), "Next")
			home = c.homeShows("ben", shown)
		}
		require.NotContains(c.t, home.Buttons(), "Next")
		require.Contains(c.t, home.Shown(), "Report 59")

		steps, err := db.StepsWaitingFor(c.ctx, c.store, c.row("ben").ID, 100)
		require.NoError(c.t, err)
		c.press("ben", home.Target(), "Approve", steps[59].ID)
		home = c.homeShows("ben", "46 to 59 of 59")
		require.NotContains(c.t, home.Shown(), "Report 59", "what is decided waits no more, and the page stays")
		require.NoError(c.t, c.person("ben").OpenHome(""))
		c.press("ben", c.homeShows("ben", "46 to 59 of 59").Target(), "Previous")
		c.homeShows("ben", "31 to 45 of 59")

		stop()
		c.serve(nil)
		f = c.flows
		c.asks(f, "ana", "drive-editors", 1, "After the restart")
		home = c.homeShows("ben", "31 to 45 of 60")
		c.press("ben", home.Target(), "Back to the overview")
		home = c.homeShows("ben", "Show all (60)")
		require.Contains(c.t, home.Shown(), "My access")
	})
}

// TestHomeIsDrawnForThoseConcerned: what happens to Ana draws her Home and her manager's, and nobody else's.
func TestHomeIsDrawnForThoseConcerned(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, _ *flows.Flows, _ func()) {
		everybody := []string{"ana", "ben", "carl", "dana", "eve"}
		before := map[string]int{}
		for _, name := range everybody {
			c.home(name, "Request access")
		}
		for _, name := range everybody {
			before[name] = c.publishes(name)
		}
		card := c.ask("ana", "Drive editors", "1h", "A logo")
		c.homeShows("ben", "A logo")
		c.homeShows("ana", "Waiting for Manager")
		c.press("ben", c.homeShows("ben", "A logo").Target(), "Approve")
		c.untilCard(card.TS, "Active")
		c.homeShows("ana", "My access", "left.")
		c.homeShows("ben", "Nothing waits")
		for _, name := range []string{"carl", "dana", "eve"} {
			require.Equal(c.t, before[name], c.publishes(name), "%s has nothing to do with it", name)
		}
		drawn := map[string]int{"ana": c.publishes("ana") - before["ana"], "ben": c.publishes("ben") - before["ben"]}
		c.t.Logf("from the request to the access Home was published %v times", drawn)
		require.LessOrEqual(c.t, drawn["ana"], 8)
		require.LessOrEqual(c.t, drawn["ben"], 5)
	})
}

// TestHomeRemindsAndCancels: the requester has the approvers reminded and takes a request back, from Home.
func TestHomeRemindsAndCancels(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, _ *flows.Flows, _ func()) {
		card := c.ask("ana", "Drive editors", "1h", "A poster")
		c.until("the bot knows where the card stands", func() bool {
			row, err := db.MessageByKey(c.ctx, c.store, "card:"+c.id(card))
			return err == nil && row.TS != ""
		})
		home := c.home("ana", "/archives/"+c.access()+"/p"+strings.ReplaceAll(card.TS, ".", "")+"|Open the request")
		c.press("ana", home.Target(), "Remind them")
		c.dm("ben", "A reminder", "A poster")
		c.homeShows("ana", "approvers reminded")
		c.press("ana", c.homeShows("ana", "approvers reminded").Target(), "Cancel")
		c.submit("ana", c.view("ana", "Cancel request"))
		c.untilCard(card.TS, "Cancelled")
		home = c.homeShows("ana", "Cancelled")
		require.NotContains(c.t, home.Buttons(), "Remind them")
	})
}

// TestHomeOfThoseWhoLookAfterUsher: each thing that can be wrong really is; admins mend it from Home, auditors read it.
func TestHomeOfThoseWhoLookAfterUsher(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, f *flows.Flows, _ func()) {
		c.sockets(2)
		c.until("the bot knows too that both are open: one alone would be told of", func() bool {
			return strings.Contains(c.home("dana", "State of the system").Shown(), "Nothing has failed")
		})
		held := c.held("carl", "Drive viewers", "1h", "Look around", "dana")
		c.Target.SetMode(target.ReadOnly)
		card := c.ask("ana", "Drive editors", "8h", "While it is broken")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Giving access has stopped")
		c.Clock.Advance(time.Hour + time.Minute)
		c.untilCard(held.TS, "Taking access back has stopped")
		c.asks(f, "dana", "drive-editors", 1, "Nobody can decide this")

		texts := []string{"Access that should have ended", "was to end", "Flows that have stopped", "Requests that nobody can decide", c.mention("dana") + " asks for *Drive editors*", "nobody can decide."}
		require.NoError(c.t, c.person("eve").OpenHome(""))
		home := c.homeShows("eve", texts...)
		require.NotContains(c.t, home.Buttons(), "Retry", "an auditor reads")
		require.NoError(c.t, c.person("ana").OpenHome(""))
		require.NotContains(c.t, c.homeShows("ana", "My requests").Shown(), "State of the system")

		require.NoError(c.t, c.person("dana").OpenHome(""))
		home = c.homeShows("dana", texts...)
		require.Equal(c.t, 2, labelled(home.Buttons(), "Retry"))
		c.Target.SetMode(target.Online)
		for _, run := range c.failedScripts() {
			c.press("dana", home.Target(), "Retry", run)
		}
		c.untilCard(card.TS, "Active")
		c.untilCard(held.TS, "Access has ended")
		require.NoError(c.t, c.person("dana").OpenHome(""))
		c.until("the failures are gone from Home", func() bool {
			home, _ := c.person("dana").Home("")
			return !strings.Contains(home.Shown(), "Flows that have stopped") && !strings.Contains(home.Shown(), "should have ended")
		})
	})
}

// failedScripts are the ids of scripts that wait to be mended.
func (c *company) failedScripts() []string {
	c.t.Helper()
	var ids []string
	require.NoError(c.t, c.store.NewSelect().Model((*db.FlowScript)(nil)).Column("id").Where("status = ?", db.Failed).Scan(c.ctx, &ids))
	require.NotEmpty(c.t, ids)
	return ids
}

// TestHomeShowsAProviderThatIsDown: its calls have failed since a time that is told.
func TestHomeShowsAProviderThatIsDown(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, _ *flows.Flows, _ func()) {
		c.Target.SetMode(target.Offline)
		card := c.ask("ana", "Drive editors", "1h", "While it is away")
		c.press("ben", card.Target(), "Approve")
		c.until("a call has failed", func() bool {
			calls, err := db.CallsSince(c.ctx, c.store, c.Clock.Now().Add(-time.Hour))
			return err == nil && len(calls) == 1 && !calls[0].FailsSince.IsZero()
		})
		require.Contains(c.t, c.home("dana", "Providers that fail").Shown(), "It has never worked so far")
		c.Target.SetMode(target.Online)
		c.until("it is tried again, or was for too long", func() bool {
			shown := c.card(card.TS).Shown()
			return strings.Contains(shown, "Active") || strings.Contains(shown, "Giving access has stopped")
		})
		if strings.Contains(c.card(card.TS).Shown(), "Giving access has stopped") {
			c.press("dana", c.dm("dana", "stopped: step").Target(), "Retry")
		}
		c.untilCard(card.TS, "Active")
		require.NoError(c.t, c.person("dana").OpenHome(""))
		c.homeShows("dana", "Nothing has failed")
	})
}

// TestHomeShowsAReview: decisions of an access review wait on Home until they are made.
func TestHomeShowsAReview(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, f *flows.Flows, _ func()) {
		c.held("ana", "Drive editors", "8h", "A logo", "ben")
		require.NotContains(c.t, c.home("ben", "away").Shown(), "Access review")
		_, err := f.StartReview(c.ctx, c.row("dana").ID, flows.ReviewPlan{
			Title: "Spring", Reviewers: []string{"manager"}, Due: c.Clock.Now().Add(72 * time.Hour), Overdue: db.OverdueKeep, Submission: "spring",
		})
		require.NoError(c.t, err)
		home := c.homeShows("ben", "Access review *Spring*: 1 decision waits for you")
		require.Contains(c.t, home.Shown(), "1 thing waits for you")
		c.press("ben", c.reviewCard("ben", "Spring").Target(), "Keep")
		c.homeShows("ben", "Nothing waits")
	})
}
