package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// crowdHolds gives n further people what the grant of a card gives, as rows alone, each with Ben as manager.
func (c *company) crowdHolds(n int, model db.Grant) {
	c.t.Helper()
	item, err := db.ItemByID(c.ctx, c.store, model.ItemID)
	require.NoError(c.t, err)
	request, err := db.RequestByID(c.ctx, c.store, model.RequestID)
	require.NoError(c.t, err)
	for k := range n {
		p := db.Person{
			ID: db.NewID("per"), Email: fmt.Sprintf("holder%04d@acme.example", k), Name: fmt.Sprint("Holder ", k), Kind: db.Member, Active: true,
			ManagerEmail: "ben@acme.example", CreatedAt: model.CreatedAt, UpdatedAt: model.CreatedAt,
		}
		require.NoError(c.t, db.InsertPerson(c.ctx, c.store, p))
		made, wish, grant := request, item, model
		made.ID, made.RequesterID, made.Submission = db.NewID("req"), p.ID, fmt.Sprint("holder ", k)
		wish.ID, wish.RequestID, wish.SubjectID = db.NewID("itm"), made.ID, p.ID
		grant.ID, grant.RequestID, grant.ItemID, grant.SubjectID = db.NewID("grt"), made.ID, wish.ID, p.ID
		require.NoError(c.t, db.InsertRequest(c.ctx, c.store, made, []db.RequestItem{wish}))
		require.NoError(c.t, db.InsertFlow(c.ctx, c.store, db.ApprovalFlow{
			ID: db.NewID("apf"), ItemID: wish.ID, RequestID: made.ID, Chain: "manager", Status: db.Approved,
		}, nil))
		require.NoError(c.t, db.InsertGrant(c.ctx, c.store, grant))
	}
}

// TestSixtyToReview: a card shows five at a time, and the next come as they are decided.
func TestSixtyToReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card := c.held("ana", "Drive editors", "30d", "The poster", "ben")
		c.crowdHolds(59, c.grants(card)[0])
		c.startReview("dana", "Autumn", []string{"Access", "Drive editors"})
		review := c.reviewCard("ben", "0 of 60 decided", "… and 55 more")
		keeps := func(labels []string) int {
			return len(slices.DeleteFunc(slices.Clone(labels), func(label string) bool { return label != "Keep" }))
		}
		require.Equal(c.t, 5, keeps(review.Buttons()))
		for n := range 60 {
			review = c.reviewCard("ben", fmt.Sprintf("%d of 60 decided", n))
			c.press("ben", review.Target(), "Keep")
			if n < 59 {
				c.reviewCard("ben", fmt.Sprintf("%d of 60 decided", n+1))
			}
		}
		c.reviewCard("ben", "nothing is left for you to decide", "60 kept")
		require.Len(c.t, c.dms("ben", "Access review: Autumn"), 1, "one message, drawn anew")
		c.noButtons("ben")
	})
}

// TestADelegateGetsTheReview: whoever is away is not asked, and his delegate is, also in a review under way.
func TestADelegateGetsTheReview(t *testing.T) {
	t.Parallel()
	onFlows(t, func(c *company, f *flows.Flows) {
		c.held("ana", "Drive editors", "30d", "The poster", "ben")
		c.startReview("dana", "Autumn", []string{"Access", "Drive editors"})
		c.reviewCard("ben", c.mention("ana"))
		ben := c.row("ben").ID
		_, err := f.Delegate(c.ctx, flows.Away{By: ben, For: ben, To: c.row("eve").ID, Until: c.Clock.Now().Add(5 * 24 * time.Hour)})
		require.NoError(c.t, err)
		card := c.reviewCard("eve", c.mention("ana"))
		c.press("eve", card.Target(), "Keep")
		c.reviewCard("eve", "1 kept")
		c.noButtons("ben")
		require.NoError(c.t, c.person("dana").CloseAll())

		c.startReview("dana", "Winter", []string{"Access", "Drive editors"})
		c.dm("eve", "Access review: Winter")
		require.Empty(c.t, c.dms("ben", "Access review: Winter"))
	})
}

// TestAnEmergencyIsReviewed: access by the emergency path is looked at by somebody else afterwards, and stays loud.
func TestAnEmergencyIsReviewed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		form := c.filled("ana", "production-data", "1h", "Customers can't log in")
		require.NoError(c.t, c.person("ana").Select(form.Target(), "Emergency", "This can't wait for the usual way"))
		c.until("the form says that nobody is asked", func() bool {
			top, ok := c.person("ana").Top()
			return ok && strings.Contains(top.Shown(), "as an emergency")
		})
		c.submit("ana", c.view("ana", "Request access"))
		card := c.posted("Customers can't log in")
		c.untilCard(card.TS, "Active")
		review := c.dm("eve", "Access review: Emergency access to Production data", "By the emergency path.", "Customers can't log in")
		c.until("the channel hears of it", func() bool { return c.heard("security", "Emergency access to Production data") })
		c.untilThread(card.TS, "This access is to be looked at afterwards")
		require.Empty(c.t, c.dms("ana", "Access review"), "never who asked for it")
		c.press("eve", review.Target(), "Remove")
		removing := c.view("eve", "Remove access")
		c.fill("eve", removing.Target(), "Reason", "Not an emergency")
		c.submit("eve", removing)
		c.untilCard(card.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Production"), "ana@acme.example")
		c.dm("eve", "nothing is left for you to decide", "1 removed")
	})
}
