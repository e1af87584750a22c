package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// Whoever joins gets what a rule gives, and whoever leaves loses all.
func TestAJoinerGetsAccessAndALeaverLosesIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, db.Birthright{Slug: "lab", Condition: "person.department == 'Lab'", Entitlements: []string{"editors", "crowded"}})
		o.tell(t, "zoe", told{"manager": "ben@example.com"})

		require.Equal(t, []string{"crowded", "editors"}, o.holds(t, "zoe"))
		require.Equal(t, []string{"zoe@example.com"}, o.target.Members("Editors"))
		grants := o.grants(t, "zoe")
		require.Equal(t, grants[0].RequestID, grants[1].RequestID, "one request asks for both")
		for _, grant := range grants {
			require.Zero(t, grant.ExpiresAt)
			require.Equal(t, "lab", grant.Birthright)
			require.Equal(t, db.Standing, grant.Duration)
		}
		sheet := o.sheet(t, grants[0].RequestID)
		require.Equal(t, db.FromBirthright, sheet.Request.Origin)
		require.Equal(t, "okta", sheet.Request.Directory)
		require.Equal(t, "By the rule lab.", sheet.Request.Reason)
		require.Equal(t, "person.department == 'Lab'", sheet.Items[0].Flow.Rule)
		told := o.about(t, "zoe", "person.access_changed")
		require.Len(t, told, 1)
		require.Equal(t, []string{"ben@example.com"}, told[0].Tell)
		require.Equal(t, "gets Drive editors, Drive crowd", told[0].Summary)
		o.pass(t, 400*24*hour)
		require.Len(t, o.holds(t, "zoe"), 2, "it stands as long as the rule holds")

		o.tell(t, "zoe", map[string]any{"active": false})
		zoe := o.person(t, "zoe")
		require.False(t, zoe.Active)
		require.False(t, zoe.LeftAt.IsZero())
		require.Empty(t, o.grants(t, "zoe"))
		require.Empty(t, o.target.Members("Editors"))
		user, _ := o.target.User("zoe@example.com")
		require.False(t, user.Active, "the account is suspended too")
		departure := o.departure(t, "zoe")
		require.Equal(t, db.DepartureDone, departure.Status)
		require.ElementsMatch(t, []string{grants[0].ID, grants[1].ID}, departure.Grants)
		require.Len(t, o.about(t, "zoe", "departure.done"), 1)
		o.verified(t)
	})
}
