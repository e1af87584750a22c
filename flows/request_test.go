package flows_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestFormIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		by    string
		spoil func(b *bundle, form *flows.Ask)
		field string
		says  string
	}{
		"no reason":          {"ana", func(_ *bundle, f *flows.Ask) { f.Reason = "" }, flows.FieldReason, "Write a reason"},
		"blank reason":       {"ana", func(_ *bundle, f *flows.Ask) { f.Reason = " \t\u00a0\u2003\n" }, flows.FieldReason, "Write a reason"},
		"endless reason":     {"ana", func(_ *bundle, f *flows.Ask) { f.Reason = strings.Repeat("ä", 1001) }, flows.FieldReason, "below 1000"},
		"unstorable reason":  {"ana", func(_ *bundle, f *flows.Ask) { f.Reason = "a\x00b" }, flows.FieldReason, "plain text"},
		"broken reason":      {"ana", func(_ *bundle, f *flows.Ask) { f.Reason = "a\xff" }, flows.FieldReason, "plain text"},
		"no duration":        {"ana", func(_ *bundle, f *flows.Ask) { f.Items[0].Duration = 0 }, flows.FieldDuration, "how long"},
		"negative duration":  {"ana", func(_ *bundle, f *flows.Ask) { f.Items[0].Duration = -1 }, flows.FieldDuration, "how long"},
		"too long":           {"ana", func(_ *bundle, f *flows.Ask) { f.Items[0].Duration = db.Duration(31 * 24 * hour) }, flows.FieldDuration, "30 days at most"},
		"start in the past":  {"ana", func(b *bundle, f *flows.Ask) { f.StartsAt = b.Now().Add(-2 * time.Minute) }, flows.FieldStart, "in the past"},
		"start far ahead":    {"ana", func(b *bundle, f *flows.Ask) { f.StartsAt = b.Now().AddDate(1, 0, 1) }, flows.FieldStart, "more than a year"},
		"nothing chosen":     {"ana", func(_ *bundle, f *flows.Ask) { f.Items = nil }, flows.FieldAccess, "Choose what"},
		"the same twice":     {"ana", func(_ *bundle, f *flows.Ask) { f.Items = append(f.Items, f.Items[0]) }, flows.FieldAccess, "already in the request"},
		"unknown access":     {"ana", func(_ *bundle, f *flows.Ask) { f.Items[0].EntitlementID = "ent_none" }, flows.FieldAccess, "no longer offered"},
		"six at once":        {"ana", func(_ *bundle, f *flows.Ask) { f.Items = make([]flows.AskItem, 6) }, flows.FieldAccess, "at most 5"},
		"not for me":         {"ana", func(b *bundle, f *flows.Ask) { f.Items[0].EntitlementID = b.entitlement("admins") }, flows.FieldAccess, "can't be asked for by you"},
		"for a bot":          {"ana", func(b *bundle, f *flows.Ask) { f.For = b.people["bolt"] }, flows.FieldFor, "can't hold access"},
		"for a stranger":     {"ana", func(b *bundle, f *flows.Ask) { f.For = b.people["alien"] }, flows.FieldFor, "can't hold access"},
		"for a leaver":       {"ana", func(b *bundle, f *flows.Ask) { f.For = b.people["gone"] }, flows.FieldFor, "can't hold access"},
		"extends what ended": {"ana", func(_ *bundle, f *flows.Ask) { f.Items[0].Extends = "grt_none" }, "", "already ended"},
		"by a guest":         {"greta", func(*bundle, *flows.Ask) {}, "", "Guests can't"},
		"by a bot":           {"bolt", func(*bundle, *flows.Ask) {}, "", "Bots can't"},
		"by a leaver":        {"gone", func(*bundle, *flows.Ask) {}, "", "deactivated"},
		"by a stranger":      {"alien", func(*bundle, *flows.Ask) {}, "", "another workspace"},
	}
	onBoth(t, func(t *testing.T, b *bundle) {
		b.hire(t, "gone")
		b.leave(t, "gone")
		b.stranger(t, "alien")
		for name, one := range cases {
			form := b.form(t, one.by, "editors", "8h")
			one.spoil(b, &form)
			_, err := b.Request(b.ctx, form)
			refused(t, err, one.says)
			refusal, _ := flows.Refusal(err)
			require.Equal(t, one.field, refusal.Field, name)
		}
		require.Zero(t, b.rows(t, "requests"), "a refused form leaves no row")
		require.Zero(t, b.rows(t, "request_items"))
	})
}

func TestAGuestMayHoldAccess(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "ana", "editors", "8h")
		form.For = b.people["greta"]
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		b.approve(t, request.ID, "dana")
		require.Equal(t, []string{"greta@example.com"}, b.target.Members("Editors"))

		grant, err := b.FindOwnGrant(b.ctx, b.people["greta"], "editors")
		require.NoError(t, err)
		require.NoError(t, b.Return(b.ctx, grant.ID, b.people["greta"]), "who holds access may give it back")
		b.drive(t)
		require.Empty(t, b.target.Members("Editors"))
	})
}

func TestAStartThatIsNow(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "ana", "editors", "1h")
		form.StartsAt = b.Now().Add(-30 * time.Second)
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, request.ID).Status)
	})
}

func TestSameSubmissionTwice(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "ana", "editors", "8h")
		first, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		again, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		require.Equal(t, first.ID, again.ID)
		require.Equal(t, 1, b.count(t, first.ID, "request.created"))
	})
}

func TestTheFirstRuleThatHolds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ by, length, chain, rule string }{
		"Design, short": {"ana", "1h", "auto", "subject.department == 'Design' && duration <= duration('1h')"},
		"Design, long":  {"ana", "8h", "manager", "default"},
		"Sales, short":  {"carl", "1h", "manager", "default"},
	}
	onBoth(t, func(t *testing.T, b *bundle) {
		for _, one := range cases {
			flow := b.ask(t, one.by, "editors", one.length).Items[0].Flow
			require.Equal(t, one.chain, flow.Chain)
			require.Equal(t, one.rule, flow.Rule)
		}
	})
}

// A chain without a step approves at once; the log says by which rule.
func TestApprovedByRule(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "1h").Request
		require.Equal(t, db.Approved, b.sheet(t, request.ID).Request.Status)
		require.Equal(t, []string{"request.created", "flow.approved", "grant.created"}, b.actions(t, request.ID))
		events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{Request: request.ID}, batch)
		require.NoError(t, err)
		facts, err := events[1].Facts()
		require.NoError(t, err)
		require.Contains(t, facts.Rule, "subject.department == 'Design'")
		require.Equal(t, "usher", events[1].Actor)
	})
}

// Five things in one request, each with an outcome of its own.
func TestFiveItems(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "carl", "editors", "8h")
		for _, slug := range []string{"admins", "crowded", "by-hand", "crossed"} {
			form.Items = append(form.Items, b.form(t, "carl", slug, "8h").Items...)
		}
		request, err := b.Request(b.ctx, form)
		require.NoError(t, err)
		items := b.sheet(t, request.ID).Items
		require.Len(t, items, 5)
		require.Equal(t, db.Approved, items[3].Status, "by rule")

		require.NoError(t, b.Deny(b.ctx, items[1].Current().ID, b.people["ben"], "no"))
		require.NoError(t, b.Approve(b.ctx, items[0].Current().ID, b.people["ben"], flows.Consent{}))
		require.NoError(t, b.Deny(b.ctx, items[2].Current().ID, b.people["ana"], "no"))
		require.Equal(t, db.Pending, b.sheet(t, request.ID).Request.Status)
		require.NoError(t, b.Cancel(b.ctx, request.ID, b.people["carl"]))
		b.drive(t)

		sheet := b.sheet(t, request.ID)
		require.Equal(t, db.Approved, sheet.Request.Status)
		for n, want := range []string{db.Approved, db.Denied, db.Denied, db.Approved, db.Cancelled} {
			require.Equal(t, want, sheet.Items[n].Status)
			require.Equal(t, want == db.Approved, sheet.Items[n].Grant != nil)
		}
		require.Equal(t, db.Active, sheet.Items[0].Grant.Status)
		require.Equal(t, db.Provisioning, sheet.Items[3].Grant.Status)
	})
}

func TestEntitlementNoLongerOffered(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		form := b.form(t, "ana", "editors", "8h")
		_, err := b.store.ExecContext(b.ctx, "UPDATE entitlements SET active = false WHERE slug = 'editors'")
		require.NoError(t, err)
		_, err = b.Request(b.ctx, form)
		refused(t, err, "no longer offered")
	})
}

// What runs is the version that was published when the request was made.
func TestRepublishedChainMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request := b.ask(t, "ana", "editors", "8h").Request
		b.reconfigure(t, "name: leave, type: drive_api_remove_user_from_group", "name: other, type: none",
			"name: find, type: drive_api_get_user", "name: find, type: none", `, when: "!find.exists"`, "",
			"{name: Manager, approvers: [manager]", "{name: Eve, approvers: [eve@example.com]")
		b.approve(t, request.ID, "ben")
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		b.pass(t, 9*hour)
		require.Empty(t, b.target.Members("Editors"), "what takes it back is as old as what gave it")
		sheet := b.sheet(t, request.ID)
		require.Equal(t, "drive_api_get_user", sheet.Items[0].Runs[0].Scripts[0].Type)
		require.Equal(t, "leave", sheet.Items[0].Runs[1].Scripts[0].Name)
	})
}

func TestWhoMayCancel(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for _, who := range []string{"ana", "carl", "ada"} {
			form := b.form(t, "ana", "editors", "8h")
			form.For = b.people["carl"]
			request, err := b.Request(b.ctx, form)
			require.NoError(t, err)
			step := b.step(t, request.ID)
			for _, other := range []string{"ben", "dana", "eve"} {
				refused(t, b.Cancel(b.ctx, request.ID, b.people[other]), "Only the person who asked")
			}
			refused(t, b.Cancel(b.ctx, request.ID, b.people["greta"]), "Guests can't")
			require.NoError(t, b.Cancel(b.ctx, request.ID, b.people[who]))
			refused(t, b.Cancel(b.ctx, request.ID, b.people[who]), "is cancelled already")
			refused(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{}), "was cancelled")
			require.Nil(t, b.sheet(t, request.ID).Items[0].Grant, "a cancelled request has no grant")
			require.Equal(t, []string{"request.created", "step.opened", "request.cancelled", "click.refused"}, b.actions(t, request.ID))
		}
		refused(t, b.Cancel(b.ctx, "req_none", b.people["ana"]), "There is no request req_none")
	})
}
