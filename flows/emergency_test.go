package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// urgent gives the entitlement admins an emergency path for everybody in Sales, and lets everybody ask for it.
func (b *bundle) urgent(t testing.TB, more string) {
	t.Helper()
	b.reconfigure(t, `requestable_by: "requester.department == 'Sales'", `, "", "approval: [{chain: two}], provision: editors-in, deprovision: editors-out",
		`approval: [{chain: two}], provision: editors-in, deprovision: editors-out, emergency: {max: 1h, channel: "#alarm", reviewers: [owner, eve@example.com], usable_by: "requester.department == 'Sales'"`+more+"}")
}

func (b *bundle) emergency(t testing.TB, name, slug, duration string) flows.Ask {
	t.Helper()
	ask := b.form(t, name, slug, duration)
	ask.Emergency = true
	return ask
}

func TestAnEmergencyIsGivenAtOnceAndLookedAtAfterwards(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.urgent(t, "")
		preview, err := b.Preview(b.ctx, b.form(t, "carl", "admins", "8h"))
		require.NoError(t, err)
		require.Equal(t, "#alarm", preview.Emergency.Channel, "the form offers it")
		require.Len(t, preview.Steps, 2)

		request, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "8h"))
		require.NoError(t, err)
		b.drive(t)
		sheet := b.sheet(t, request.ID)
		require.True(t, sheet.Request.Emergency)
		require.Equal(t, db.Approved, sheet.Request.Status)
		require.Empty(t, sheet.Items[0].Steps)
		grant := b.grant(t, request.ID)
		require.Equal(t, db.Active, grant.Status)
		require.Equal(t, db.Duration(hour), grant.Duration, "cut to what the path allows")
		told := b.fact(t, request.ID, "request.emergency")
		require.Equal(t, "#alarm", told.AskIn)
		require.Equal(t, "I need it", told.Reason)
		require.True(t, told.Emergency)

		var reviews []db.Review
		require.NoError(t, b.store.NewSelect().Model(&reviews).Scan(b.ctx))
		require.Len(t, reviews, 1)
		require.Equal(t, db.EmergencyReview, reviews[0].Kind)
		items := b.reviewItems(t, reviews[0].ID)
		require.Len(t, items, 1)
		require.Equal(t, grant.ID, items[0].GrantID)
		require.NotContains(t, b.reviewersOf(t, items[0]), "carl", "somebody else")
		b.pass(t, 2*hour)
		require.Equal(t, db.Ended, b.grant(t, request.ID).Status)
	})
}

func TestWhereNoEmergencyHelps(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.urgent(t, "")
		preview, err := b.Preview(b.ctx, b.form(t, "ana", "admins", "1h"))
		require.NoError(t, err)
		require.Nil(t, preview.Emergency)
		require.Contains(t, b.refused(t, b.emergency(t, "ana", "admins", "1h")), "is not open to you")
		require.Contains(t, b.refused(t, b.emergency(t, "carl", "editors", "8h")), "has no emergency path")
		later := b.emergency(t, "carl", "admins", "1h")
		later.StartsAt = b.Now().Add(hour)
		require.Contains(t, b.refused(t, later), "An emergency begins at once")

		b.held(t, "carl", "8h")
		b.also(t, "separations: [{slug: apart, name: Apart, entitlements: [editors, admins]}]\n")
		require.Contains(t, b.refused(t, b.emergency(t, "carl", "admins", "1h")), "keeps Drive admins apart from Drive editors")
		require.Zero(t, b.rows(t, "reviews"))

		b.also(t, "approval_rules: [{slug: no, effect: deny, entitlements: [admins]}]\n")
		b.reconfigure(t, "entitlements: [editors, admins]}", "entitlements: [editors, open]}")
		request, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "1h"))
		require.NoError(t, err)
		require.Equal(t, db.Denied, b.sheet(t, request.ID).Request.Status, "a rule that denies holds in an emergency too")
		require.Zero(t, b.rows(t, "reviews"))
	})
}

func TestAnEmergencyWithAChainOfItsOwn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.urgent(t, ", chain: anybody")
		b.also(t, "approval_rules: [{slug: always, effect: approve, entitlements: [admins]}]\n")
		request, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "1h"))
		require.NoError(t, err)
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Pending, sheet.Request.Status)
		require.Equal(t, "anybody", sheet.Items[0].Flow.Chain)
		require.Equal(t, "emergency", sheet.Items[0].Flow.Rule)
		require.Zero(t, b.rows(t, "reviews"))
		b.reconfigure(t, "emergency: {max: 1h", "emergency: {max: 30m")
		b.approve(t, request.ID, "ana")
		grant := b.grant(t, request.ID)
		require.Equal(t, db.Active, grant.Status)
		require.Equal(t, db.Duration(30*minute), grant.Duration, "what the path allows when it is given")
		require.EqualValues(t, 1, b.rows(t, "reviews"))
	})
}

// In an emergency more time is given only up to what the path allows from now, and each time is looked at.
func TestAnEmergencyExtends(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.urgent(t, "")
		request, err := b.Request(b.ctx, b.emergency(t, "carl", "admins", "1h"))
		require.NoError(t, err)
		b.drive(t)
		b.pass(t, 40*minute)
		_, err = b.Request(b.ctx, b.emergency(t, "carl", "admins", "1h"))
		require.NoError(t, err)
		left := b.grant(t, request.ID).ExpiresAt.Sub(b.Now())
		require.InDelta(t, 60, left.Minutes(), 0.5)
		require.EqualValues(t, 2, b.rows(t, "reviews"))
		b.drive(t)
		text := b.refused(t, b.emergency(t, "carl", "admins", "1h"))
		require.Contains(t, text, "This is held for as long as an emergency may last")
	})
}
