package flows_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// counting is a company of six people in the lab, who have access by a rule, and whose breaker lets three go.
func counting(t *testing.T, b *bundle) (o *company, names []string) {
	t.Helper()
	o = &company{holding(t, b, db.DirectoryPolicy{Breaker: db.Breaker{Changes: 3, Percent: -1}, Routes: []db.DirectoryRoute{{Chain: "directory", Channel: "#it"}}})}
	o.rule(t, db.Birthright{Slug: "lab", Condition: "person.department == 'Lab'", Entitlements: []string{"crowded"}, Grace: db.Duration(7 * 24 * hour)})
	for n := range 6 {
		names = append(names, fmt.Sprint("lab", n))
		o.tell(t, names[n], told{})
		require.Len(t, o.holds(t, names[n]), 1)
	}
	return o, names
}

// losing counts who is about to lose what a rule gave.
func (o *company) losing(t *testing.T, names []string) int {
	t.Helper()
	n := 0
	for _, name := range names {
		for _, grant := range o.grants(t, name) {
			if !grant.LostAt.IsZero() {
				n++
			}
		}
	}
	return n
}

// A department that gets another name takes access from everybody in it. The breaker counts that, and no change of what no
// rule asks for.
func TestTheBreakerCountsWhatAttributesTake(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, names := counting(t, b)
		for _, name := range names {
			o.say(t, name, told{"title": "Clerk"})
		}
		o.settle(t)
		require.False(t, o.stopped(t), "titles give nothing and take nothing")

		for _, name := range names {
			o.say(t, name, told{"title": "Clerk", "department": "Laboratory"})
		}
		o.settle(t)
		require.Equal(t, "Okta wants to end the time of 4 people or take access from them within an hour, where 3 are usual at most.", o.stop(t).Why)
		require.Equal(t, 3, o.losing(t, names))
		require.Equal(t, "Lab", o.person(t, names[3]).Department)

		require.NoError(t, o.ResumeDirectory(o.ctx, answer(o.stop(t), o.people["dana"], "")))
		o.settle(t)
		require.Equal(t, 6, o.losing(t, names))
		require.Equal(t, "Laboratory", o.person(t, names[3]).Department)
		o.verified(t)
	})
}

// End dates that are set for many, or brought forward, let many leave, now or one day.
func TestTheBreakerCountsEndDates(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, names := counting(t, b)
		end := func(days int) string { return o.Now().Add(hour*24).AddDate(0, 0, days).Format("2006-01-02") }
		for _, name := range names[:3] {
			o.tell(t, name, told{"endDate": end(100)})
		}
		require.False(t, o.stopped(t), "three are usual")
		o.clock.Advance(2 * hour)
		for _, name := range names[:3] {
			o.tell(t, name, told{"endDate": end(200)})
		}
		require.False(t, o.stopped(t), "later is no loss")
		for _, name := range names {
			o.say(t, name, told{"endDate": end(-3)})
		}
		o.settle(t)
		require.Equal(t, "Okta wants to end the time of 4 people or take access from them within an hour, where 3 are usual at most.", o.stop(t).Why)
		require.False(t, o.person(t, names[0]).Active)
		require.True(t, o.person(t, names[3]).Active)
		require.Len(t, o.holds(t, names[3]), 1)

		require.NoError(t, o.DiscardDirectory(o.ctx, answer(o.stop(t), o.people["dana"], "a wrong column")))
		o.settle(t)
		require.True(t, o.person(t, names[5]).Active)
		require.Len(t, o.drifts(t), 3)
		o.verified(t)
	})
}

// What came behind the last change that somebody was shown is not let go with it: it is counted anew.
func TestADecisionIsOnWhatWasSeen(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, names := guarded(t, b, db.Breaker{Changes: 2, Percent: -1}, 12)
		o.save(t, "Design", false, names[:4]...)
		o.settle(t)
		stop := o.stop(t)
		_, newest, err := db.CountStopped(o.ctx, o.store, o.directory.ID)
		require.NoError(t, err)
		o.save(t, "Design", false, names[4:9]...)
		o.settle(t)
		o.clock.Advance(2 * hour) // whoever decides may take his time
		require.NoError(t, o.ResumeDirectory(o.ctx, flows.StopAnswer{StopID: stop.ID, PersonID: o.people["dana"], Seen: newest}))
		o.settle(t)
		require.False(t, o.active(t, names[3]))
		require.True(t, o.active(t, names[4]))
		second := o.stop(t)
		require.Equal(t, "Okta wants to suspend 5 people within an hour, where 2 are usual at most.", second.Why)

		_, newest, err = db.CountStopped(o.ctx, o.store, o.directory.ID)
		require.NoError(t, err)
		o.save(t, "Design", false, names[9:11]...)
		o.settle(t)
		require.NoError(t, o.DiscardDirectory(o.ctx, flows.StopAnswer{StopID: second.ID, PersonID: o.people["dana"], Reason: "no", Seen: newest}))
		o.settle(t)
		require.True(t, o.active(t, names[8]))
		require.False(t, o.active(t, names[10]), "two are usual, and nobody said no to them")
		require.False(t, o.stopped(t))
		o.verified(t)
	})
}

// answer is what somebody decides on a stop who has seen all that waits.
func answer(stop db.DirectoryStop, personID, reason string) flows.StopAnswer {
	return flows.StopAnswer{StopID: stop.ID, PersonID: personID, Reason: reason, Seen: math.MaxInt64}
}
