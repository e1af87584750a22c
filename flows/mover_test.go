package flows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

const week = 7 * 24 * hour

// Whoever moves keeps what he had for the grace of its rule, and gets what the new rule gives at once.
func TestAMoverKeepsForTheGrace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		rule := ofLab("editors")
		rule.Grace = db.Duration(week)
		o.rule(t, rule)
		o.rule(t, db.Birthright{Slug: "sales", Condition: "person.department == 'Trade'", Entitlements: []string{"crowded"}})
		o.tell(t, "zoe", told{"manager": "ben@example.com"})
		o.tell(t, "zoe", told{"manager": "ben@example.com", "department": "Trade"})

		require.Equal(t, []string{"crowded", "editors"}, o.holds(t, "zoe"))
		lost := o.grants(t, "zoe")[0]
		require.Equal(t, week, lost.ExpiresAt.Sub(lost.LostAt))
		require.Equal(t, "gets Drive crowd; loses Drive editors", o.about(t, "zoe", "person.access_changed")[1].Summary)
		o.pass(t, 6*24*hour)
		require.Equal(t, []string{"crowded", "editors"}, o.holds(t, "zoe"))
		o.pass(t, 2*24*hour)
		require.Equal(t, []string{"crowded"}, o.holds(t, "zoe"))
		require.Empty(t, o.target.Members("Editors"))
	})
}

// Whoever comes back within the grace goes on as if nothing had been.
func TestAMoverComesBackWithinTheGrace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		rule := ofLab("editors")
		rule.Grace = db.Duration(week)
		o.rule(t, rule)
		o.tell(t, "zoe", told{})
		was := o.grants(t, "zoe")[0]
		o.tell(t, "zoe", told{"department": "Trade"})
		o.tell(t, "zoe", told{})
		is := o.grants(t, "zoe")[0]
		require.Equal(t, was.ID, is.ID)
		require.Zero(t, is.LostAt)
		require.Zero(t, is.ExpiresAt)
		require.Equal(t, 1, o.count(t, is.RequestID, "birthright.moved"))
		o.pass(t, 2*week)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
	})
}

// Keep asks in the ordinary way; approved, the access is the person's own.
func TestAMoverKeepsWhatIsApproved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		rule := ofLab("editors")
		rule.Grace = db.Duration(week)
		o.rule(t, rule)
		o.tell(t, "ana", told{"manager": "ben@example.com"})
		grant := o.grants(t, "ana")[0]
		_, err := o.KeepAccess(o.ctx, grant.ID, o.people["ana"], "I finish a thing")
		refused(t, err, "not about to end")
		_, err = o.Request(o.ctx, o.form(t, "ana", "editors", "8h"))
		refused(t, err, "A rule gives Drive editors for as long as it holds")

		o.tell(t, "ana", told{"manager": "ben@example.com", "department": "Trade"})
		_, err = o.KeepAccess(o.ctx, grant.ID, o.people["carl"], "I want it too")
		refused(t, err, "Only ana, the manager and the owner")
		request, err := o.KeepAccess(o.ctx, grant.ID, o.people["ana"], "I finish a thing")
		require.NoError(t, err)
		again, err := o.KeepAccess(o.ctx, grant.ID, o.people["ana"], "I finish a thing")
		require.NoError(t, err)
		require.Equal(t, request.ID, again.ID, "pressed twice")
		o.approve(t, request.ID, "ben")

		kept := o.grants(t, "ana")[0]
		require.Equal(t, grant.ID, kept.ID)
		require.Empty(t, kept.Birthright)
		require.WithinDuration(t, o.Now().Add(8*hour), kept.ExpiresAt, minute)
		require.Equal(t, 1, o.count(t, request.ID, "birthright.kept"))
		o.pass(t, 9*hour)
		require.Empty(t, o.holds(t, "ana"))
	})
}

// What two rules give is held once, and goes on as long as one of them holds.
func TestAnotherRuleTakesOver(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.rule(t, db.Birthright{Slug: "staff", Condition: "person.employment == 'employee'", Entitlements: []string{"editors", "open"}})
		o.tell(t, "zoe", told{"employmentType": "employee"})
		require.Equal(t, []string{"editors", "open"}, o.holds(t, "zoe"))
		grants := o.grants(t, "zoe")
		require.Len(t, grants, 2)
		o.tell(t, "zoe", told{"employmentType": "employee", "department": "Trade"})
		require.Equal(t, []string{"editors", "open"}, o.holds(t, "zoe"))
		require.Equal(t, "staff", o.grants(t, "zoe")[0].Birthright)
		require.Empty(t, o.about(t, "zoe", "birthright.lost"))
		o.tell(t, "zoe", told{"department": "Trade"})
		require.Empty(t, o.grants(t, "zoe"))
		require.Empty(t, o.target.Members("Editors"))
	})
}

// What somebody asked for himself no rule touches.
func TestRulesLeaveAloneWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		own := o.held(t, "ana", "30d")
		o.rule(t, ofLab("editors"))
		o.tell(t, "ana", told{"manager": "ben@example.com"})
		require.Len(t, o.holds(t, "ana"), 2)
		o.tell(t, "ana", told{"manager": "ben@example.com", "department": "Trade"})
		require.Equal(t, []string{"editors"}, o.holds(t, "ana"))
		require.Equal(t, own.ID, o.grants(t, "ana")[0].ID)
		require.Equal(t, own.ExpiresAt, o.grants(t, "ana")[0].ExpiresAt)
		require.Equal(t, []string{"ana@example.com"}, o.target.Members("Editors"), "another grant covers it")
	})
}

// Where a rule names a chain, somebody agrees first. What is denied or given back is not asked for again, until the rule has
// stopped holding in between.
func TestARuleThatAsks(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		rule := ofLab("editors")
		rule.Chain = "manager"
		o.rule(t, rule)
		o.tell(t, "zoe", told{"manager": "ben@example.com"})
		require.Empty(t, o.grants(t, "zoe"))
		first := o.requests(t)[0]
		require.Equal(t, []string{"ben"}, o.asked(t, first))
		require.NoError(t, o.Deny(o.ctx, o.step(t, first), o.people["ben"], "not yet"))
		o.tell(t, "zoe", told{"manager": "ben@example.com", "title": "Chemist"})
		o.settle(t)
		require.Len(t, o.requests(t), 1, "ben said no")

		o.tell(t, "zoe", told{"manager": "ben@example.com", "department": "Trade"})
		o.tell(t, "zoe", told{"manager": "ben@example.com"})
		require.Len(t, o.requests(t), 2, "it holds anew")
		second := o.requests(t)[1]
		o.tell(t, "zoe", told{"manager": "ben@example.com", "department": "Trade"})
		require.Equal(t, db.Cancelled, o.sheet(t, second).Request.Status, "nobody is asked for nothing")
		o.tell(t, "zoe", told{"manager": "ben@example.com"})
		o.approve(t, o.requests(t)[2], "ben")
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))

		require.NoError(t, o.Revoke(o.ctx, o.grants(t, "zoe")[0].ID, o.people["dana"], "no longer"))
		o.tell(t, "zoe", told{"manager": "ben@example.com", "title": "Chemist"})
		require.Empty(t, o.holds(t, "zoe"), "dana said no")
	})
}

// A separation of duties that blocks stands against rules too: the access is not given, and that is told of. When nothing
// stands against it any more, the next look gives it.
func TestASeparationBlocksARule(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.also(t, apart)
		o.rule(t, ofLab("editors", "crowded"))
		o.tell(t, "zoe", told{})
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"), "the first of a rule is given")
		blocked := o.about(t, "zoe", "birthright.blocked")
		require.Len(t, blocked, 1)
		require.Contains(t, blocked[0].Error, `The rule "Enter or pay" keeps Drive crowd apart from Drive editors`)
		require.Len(t, o.drifts(t), 1)
		o.tell(t, "zoe", told{"title": "Chemist"})
		require.Len(t, o.about(t, "zoe", "birthright.blocked"), 1, "it is told once")

		o.rule(t, ofLab("crowded"))
		require.Empty(t, o.drifts(t))
		require.Equal(t, []string{"crowded"}, o.holds(t, "zoe"))
		o.tell(t, "zoe", told{"active": false})
		require.Empty(t, o.drifts(t))
	})
}

// An attribute that changes is told to the target for whoever holds what the rule gives, as he is now and one after another.
func TestAnAttributeIsAdjusted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.chain(t, "regroup", "provision", `{name: join, type: drive_api_add_user_to_group, args: {group: "{{ subject.title }}"}}`)
		rule := ofLab("editors")
		rule.Adjust = &db.Adjustment{On: []string{"title"}, Run: "regroup"}
		o.rule(t, rule)
		o.tell(t, "zoe", told{"title": "Crowded"})
		require.Empty(t, o.target.Members("Crowded"), "who gets it now gets it as he is")
		o.tell(t, "zoe", told{"title": "Crossed"})
		require.Equal(t, []string{"zoe@example.com"}, o.target.Members("Crossed"))
		o.tell(t, "yan", told{"department": "Trade", "title": "Crowded"})
		o.tell(t, "yan", told{"department": "Trade", "title": "Crossed"})
		require.NotContains(t, o.target.Members("Crossed"), "yan@example.com", "he holds nothing of the rule")
		work := o.requests(t)[1]
		require.Equal(t, db.FromAdjustment, o.sheet(t, work).Request.Origin)
		require.Equal(t, 1, o.count(t, work, "work.done"))
		require.Equal(t, "Adjust what zoe has by the rule lab", o.sheet(t, work).Items[0].Title)
	})
}

// A rule that is open now and then gives for as long as it is open, each time once. One that nobody was there to open, and that
// is still open, is opened late.
func TestARuleThatOpensNowAndThen(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		berlin, err := time.LoadLocation("Europe/Berlin")
		require.NoError(t, err)
		at := o.Now().In(berlin)
		opens := time.Date(at.Year(), at.Month(), 28, 8, 0, 0, 0, berlin)
		for !opens.After(at.Add(week)) {
			opens = opens.AddDate(0, 1, 0)
		}
		rule := ofLab("editors")
		rule.During = &db.Window{Cron: "0 8 28 * *", For: db.Duration(3 * 24 * hour), Zone: "Europe/Berlin"}
		o.tell(t, "zoe", told{})
		o.clock.Advance(opens.Add(-hour).Sub(o.Now()))
		o.rule(t, rule)
		require.Empty(t, o.grants(t, "zoe"))
		row, err := db.BirthrightBySlug(o.ctx, o.store, "lab")
		require.NoError(t, err)
		require.True(t, opens.Equal(row.NextAt), "%s", row.NextAt)

		o.pass(t, 2*hour) // nobody looks for rules yet
		o.tell(t, "yan", told{})
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		require.Equal(t, []string{"editors"}, o.holds(t, "yan"), "who comes while it is open gets it too")
		for _, name := range []string{"zoe", "yan"} {
			require.True(t, opens.AddDate(0, 0, 3).Equal(o.grants(t, name)[0].ExpiresAt))
		}
		o.settle(t)
		o.clock.Advance(opens.AddDate(0, 0, 3).Sub(o.Now()) + minute)
		o.settle(t)
		require.Empty(t, o.grants(t, "zoe"))
		require.Empty(t, o.target.Members("Editors"))

		o.clock.Advance(opens.AddDate(0, 1, 1).Sub(o.Now()))
		o.settle(t)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"), "it opens again")
		require.Equal(t, 2, o.heldWorld.said(t, "birthright.opened"))
	})
}
