package flows_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// nothingDecided requires that a click left nothing but its own line in the log.
func (b *bundle) nothingDecided(t testing.TB, requestID string) {
	t.Helper()
	require.Zero(t, b.count(t, requestID, "decision.approved")+b.count(t, requestID, "decision.denied"))
	sheet := b.sheet(t, requestID)
	require.Equal(t, db.Pending, sheet.Request.Status)
	require.Nil(t, sheet.Items[0].Grant)
}

func TestWhoMayNotDecide(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ who, says string }{
		"the requester":     {"ana", "your own request"},
		"the subject":       {"eve", "access for yourself"},
		"a guest":           {"greta", "Guests can't"},
		"a bot":             {"bolt", "Bots can't"},
		"a leaver":          {"gone", "deactivated"},
		"a stranger":        {"alien", "another workspace"},
		"somebody else":     {"carl", "not one of the people who may decide here. It waits for dana"},
		"an admin, unasked": {"ada", "not one of the people who may decide"},
	}
	onBoth(t, func(t *testing.T, b *bundle) {
		b.hire(t, "gone")
		b.leave(t, "gone")
		b.stranger(t, "alien")
		form := b.form(t, "ana", "editors", "8h")
		form.For = b.people["eve"] // Eve has no manager, so the owner stands in
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		step := b.step(t, request.ID)
		for name, one := range cases {
			refused(t, b.Approve(b.ctx, step, b.people[one.who], flows.Consent{}), one.says)
			refused(t, b.Deny(b.ctx, step, b.people[one.who], "no"), one.says)
			refused(t, b.MayDecide(b.ctx, step, b.people[one.who]), one.says)
			refused(t, b.ChangeDuration(b.ctx, step, b.people[one.who], form.Items[0].Duration/2, ""), one.says)
			require.NotEmpty(t, name)
		}
		require.Equal(t, 4*len(cases), b.count(t, request.ID, "click.refused"))
		b.nothingDecided(t, request.ID)
		require.NoError(t, b.Approve(b.ctx, step, b.people["dana"], flows.Consent{}))
	})
}

func TestDecideOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		step := b.step(t, request.ID)
		refused(t, b.Deny(b.ctx, step, b.people["ben"], " \n\t"), "Write a reason")
		refused(t, b.Deny(b.ctx, step, b.people["ben"], "no\x00"), "plain text")
		b.nothingDecided(t, request.ID)
		require.NoError(t, b.Deny(b.ctx, step, b.people["ben"], "not now"))
		refused(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{}), "You have already denied this")
		refused(t, b.Approve(b.ctx, step, b.people["dana"], flows.Consent{}), "already denied by ben")
		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Denied, sheet.Request.Status)
		require.Nil(t, sheet.Items[0].Grant, "a denied request has no grant")
		require.Equal(t, []string{"request.created", "step.opened", "decision.denied", "flow.denied", "click.refused", "click.refused"}, b.actions(t, request.ID))
	})
}

func TestTwoOfThreeMustApprove(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "carl", "admins", "8h").Request
		owners := b.sheet(t, request.ID).Items[0].Steps[1].ID
		refused(t, b.Approve(b.ctx, owners, b.people["dana"], flows.Consent{}), "not this step's turn")
		require.NoError(t, b.Approve(b.ctx, b.step(t, request.ID), b.people["ben"], flows.Consent{}))
		require.Equal(t, owners, b.step(t, request.ID))

		require.NoError(t, b.Approve(b.ctx, owners, b.people["dana"], flows.Consent{}))
		refused(t, b.Approve(b.ctx, owners, b.people["dana"], flows.Consent{}), "You have already decided on this step")
		require.Nil(t, b.sheet(t, request.ID).Items[0].Grant, "one approval twice is not two")
		require.NoError(t, b.Approve(b.ctx, owners, b.people["eve"], flows.Consent{}))
		require.NotNil(t, b.sheet(t, request.ID).Items[0].Grant)
		require.Equal(t, []string{
			"request.created", "step.opened", "click.refused", "decision.approved", "step.opened", "decision.approved",
			"click.refused", "decision.approved", "flow.approved", "grant.created",
		}, b.actions(t, request.ID))
	})
}

// Power is looked up at the click: who left the group has none, and who joined it has.
func TestGroupChangesMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "crew", "Crew", []string{"U003", "U005"})) // Carl and Eve
		b.approvals(t, "grouped", `{name: Crew, approvers: ["@crew"]}`)
		b.offer(t, "grouped", "Editors", "[{chain: grouped}]", "editors-in", "editors-out")
		request := b.ask(t, "ana", "grouped", "8h").Request
		step := b.step(t, request.ID)
		require.NoError(t, b.SaveSlackGroup(b.ctx, "S1", "crew", "Crew", []string{"U005", "U004"}))
		refused(t, b.Approve(b.ctx, step, b.people["carl"], flows.Consent{}), "not one of the people")
		require.NoError(t, b.Approve(b.ctx, step, b.people["dana"], flows.Consent{}))
	})
}

// When the chain names nobody who may decide, the owner stands in, then the provider's owner, then the admins.
func TestWhoStandsIn(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		asks string
		gone []string
		want []string
	}{
		"manager known":                 {"ana", nil, []string{"ben"}},
		"manager unknown":               {"eve", nil, []string{"dana"}},
		"manager left":                  {"ana", []string{"ben"}, []string{"dana"}},
		"owner left":                    {"eve", []string{"dana"}, []string{"carl"}},
		"owner asks":                    {"dana", nil, []string{"carl"}},
		"owner and provider owner left": {"eve", []string{"dana", "carl"}, []string{"ada"}},
		"owner asks, other owner left":  {"dana", []string{"carl"}, []string{"ada"}},
		"nobody at all":                 {"ada", []string{"dana", "carl"}, nil},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				b.reconfigure(t, "    owner: dana@example.com", "    owner: carl@example.com")
				for _, who := range one.gone {
					b.leave(t, who)
				}
				var want, found []string
				for _, who := range one.want {
					want = append(want, b.people[who])
				}
				for _, approver := range b.ask(t, one.asks, "editors", "8h").Items[0].Current().Approvers {
					found = append(found, approver.PersonID)
				}
				require.Equal(t, want, found)
			})
		})
	}
}

func TestChangeDuration(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "carl", "admins", "8h").Request
		change := func(who string, to db.Duration) error {
			return b.ChangeDuration(b.ctx, b.step(t, request.ID), b.people[who], to, "enough")
		}
		require.NoError(t, change("ben", db.Duration(2*hour)))
		refused(t, change("ben", db.Duration(2*hour)), "the duration already")
		refused(t, change("ben", db.Duration(9*hour)), "8 hours at most")
		refused(t, change("ben", 0), "Choose how long")
		require.NoError(t, change("ben", db.Duration(4*hour)), "nobody has approved yet")
		require.NoError(t, b.Approve(b.ctx, b.step(t, request.ID), b.people["ben"], flows.Consent{}))
		refused(t, change("dana", db.Duration(5*hour)), "only be made shorter")
		require.NoError(t, change("dana", db.Duration(3*hour)))
		b.approve(t, request.ID, "dana", "eve")
		grant := b.grant(t, request.ID)
		require.Equal(t, 3*hour, grant.ExpiresAt.Sub(grant.ActiveAt))
		require.Equal(t, 3, b.count(t, request.ID, "duration.changed"))
	})
}

// What was approved for another item of the request says nothing about this one.
// What is said with another duration is kept in the log like every comment.
func TestChangeDurationWithAComment(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		for comment, says := range map[string]string{"an\x00 hour": "plain text", strings.Repeat("a", 1001): "below 1000"} {
			refusedAt(t, b.ChangeDuration(b.ctx, b.step(t, request.ID), b.people["ben"], db.Duration(hour), comment), flows.FieldComment, says)
		}
		require.NotContains(t, b.actions(t, request.ID), "duration.changed")
	})
}

func TestChangeDurationOfAnotherItem(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "carl", "admins", "1h")
		form.Items = append(form.Items, b.form(t, "carl", "editors", "1h").Items...)
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		items := b.sheet(t, request.ID).Items
		require.NoError(t, b.Approve(b.ctx, items[0].Current().ID, b.people["ben"], flows.Consent{}))
		require.NoError(t, b.ChangeDuration(b.ctx, items[1].Current().ID, b.people["ben"], db.Duration(8*hour), ""))
	})
}

// A longer time may need other people's consent: it can't be had by way of a change.
func TestChangeDurationNeverEvadesTheChain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.offer(t, "short", "Editors", `[{chain: manager, when: "duration <= duration('8h')"}, {chain: two}]`, "editors-in", "editors-out")
		request := b.ask(t, "ana", "short", "1h").Request
		step := b.step(t, request.ID)
		require.NoError(t, b.ChangeDuration(b.ctx, step, b.people["ben"], db.Duration(8*hour), ""))
		refused(t, b.ChangeDuration(b.ctx, step, b.people["ben"], db.Duration(9*hour), ""), "other people have to decide")
		require.Equal(t, db.Duration(8*hour), b.sheet(t, request.ID).Items[0].Duration)
	})
}

// TestWhatIsNoLongerOfferedIsNotApproved takes an entitlement out of the catalogue while a request for it waits.
func TestWhatIsNoLongerOfferedIsNotApproved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		sheet := b.ask(t, "ana", "editors", "8h")
		step := sheet.Items[0].Current()
		_, err := b.store.ExecContext(b.ctx, "UPDATE entitlements SET active = ? WHERE slug = 'editors'", false)
		require.NoError(t, err)
		refusal, ok := flows.Refusal(b.Approve(b.ctx, step.ID, b.people["ben"], flows.Consent{}))
		require.True(t, ok)
		require.Contains(t, refusal.Text, "no longer offered")
		require.NoError(t, b.Deny(b.ctx, step.ID, b.people["ben"], "It is gone"))
		require.Nil(t, b.sheet(t, sheet.Request.ID).Items[0].Grant)
	})
}
