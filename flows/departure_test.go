package flows_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/flows"
)

// provider adds a SCIM target with a group Staff, and an entitlement of that group with its chains, all called slug.
func (o *company) provider(t testing.TB, slug string) *target.Target {
	t.Helper()
	made := target.New(target.Options{Name: slug, Token: testToken, Clock: o.clock.Now, Groups: []target.Group{{Name: "Staff"}}})
	server := httptest.NewServer(made.Handler())
	t.Cleanup(server.Close)
	o.reconfigure(t, "providers:\n", fmt.Sprintf("providers:\n  - {slug: %s, name: %s, connector: scim, owner: dana@example.com, "+
		"settings: {base_url: %q, token: \"env:X\", consistency: \"100ms\"}}\n", slug, strings.ToUpper(slug), server.URL+"/scim/v2"))
	o.chain(t, slug+"-in", "provision", "{name: account, type: "+slug+"_api_create_user}", "{name: join, type: "+slug+"_api_add_user_to_group}")
	o.chain(t, slug+"-out", "deprovision", "{name: leave, type: "+slug+"_api_remove_user_from_group, retry: {attempts: 1}}")
	o.apply(t, o.text+fmt.Sprintf("  - {slug: %s, provider: %s, kind: group, target: Staff, name: Staff of %s, owner: dana@example.com, risk: low, "+
		"durations: {default: 8h, max: 30d, choices: [8h]}, approval: [{chain: auto}], provision: %s-in, deprovision: %s-out}\n", slug, slug, slug, slug, slug))
	return made
}

// Whoever leaves is shut out of each provider at once; one that fails delays no other, and is tried until it is done.
func TestALeaverOfThreeProviders(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		crm, wiki := o.provider(t, "crm"), o.provider(t, "wiki")
		o.rule(t, ofLab("editors", "crm", "wiki"))
		o.tell(t, "zoe", told{"manager": "ben@example.com"})
		require.Equal(t, []string{"crm", "editors", "wiki"}, o.holds(t, "zoe"))
		for _, one := range []*target.Target{o.target, crm, wiki} {
			_, can := one.SignIn("zoe@example.com")
			require.True(t, can)
		}
		asked := o.ask(t, "ana", "editors", "8h") // stays pending
		own := o.form(t, "ben", "by-hand", "8h")
		own.For = o.person(t, "zoe").ID
		other, err := o.Request(o.ctx, own)
		require.NoError(t, err)
		pending := o.form(t, "ben", "crossed", "8h")
		pending.For = o.person(t, "zoe").ID
		waits, err := o.Request(o.ctx, pending)
		require.NoError(t, err)

		wiki.Fail(1000, http.StatusServiceUnavailable)
		left := o.Now()
		o.tell(t, "zoe", told{"manager": "ben@example.com", "active": false})
		for _, one := range []*target.Target{o.target, crm} {
			user, _ := one.User("zoe@example.com")
			require.False(t, user.Active)
			for _, session := range one.Sessions("zoe@example.com") {
				require.False(t, session.Ended.IsZero(), "the session has ended")
				require.Less(t, session.Ended.Sub(left), 5*minute)
			}
		}
		require.Empty(t, o.target.Members("Editors"))
		require.Empty(t, crm.Members("Staff"))
		require.Equal(t, []string{"zoe@example.com"}, wiki.Members("Staff"))
		departure := o.departure(t, "zoe")
		require.Equal(t, db.DepartureOpen, departure.Status)
		require.Zero(t, departure.SessionsAt)
		require.Equal(t, db.Cancelled, o.sheet(t, waits.ID).Request.Status)
		require.Equal(t, db.Pending, o.sheet(t, asked.Request.ID).Request.Status)
		require.Equal(t, 1, o.count(t, other.ID, "grant.revoked"), "what was asked for is ended too")
		o.pass(t, hour)
		require.Equal(t, db.DepartureOpen, o.departure(t, "zoe").Status, "it goes on being tried")

		wiki.Fail(0, 0)
		for range 3 {
			o.clock.Advance(10 * minute)
			o.settle(t)
		}
		user, _ := wiki.User("zoe@example.com")
		require.False(t, user.Active)
		require.Empty(t, wiki.Members("Staff"))
		departure = o.departure(t, "zoe")
		require.Equal(t, db.DepartureDone, departure.Status)
		require.False(t, departure.SessionsAt.IsZero())
		require.Empty(t, o.grants(t, "zoe"))
		require.Equal(t, 1, o.count(t, departure.RequestID, "departure.started"))
		require.Equal(t, 1, o.count(t, departure.RequestID, "departure.done"))
		require.Equal(t, 3, o.count(t, departure.RequestID, "work.done"))
		o.verified(t)
	})
}

// A departure that was a mistake is undone: all that it ended is given back for as long as it would have lasted.
func TestAMistakenDepartureIsUndone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		rule := ofLab("editors")
		rule.Chain = "manager"
		o.rule(t, rule)
		o.tell(t, "ana", told{"manager": "ben@example.com"})
		o.approve(t, o.requests(t)[0], "ben")
		own := o.ask(t, "ana", "open", "8h")
		o.settle(t)
		ends := o.grant(t, own.Request.ID).ExpiresAt
		later := o.form(t, "ana", "open", "8h")
		later.StartsAt = o.Now().Add(48 * hour)
		_, err := o.Request(o.ctx, later)
		require.NoError(t, err)
		require.Len(t, o.grants(t, "ana"), 3)

		o.tell(t, "ana", told{"manager": "ben@example.com", "active": false})
		require.Empty(t, o.grants(t, "ana"))
		departure := o.departure(t, "ana")
		require.Len(t, departure.Grants, 3)
		refused(t, o.UndoDeparture(o.ctx, departure.ID, o.people["carl"], "a mistake"), "Only admins and the owner of the directory")
		refused(t, o.UndoDeparture(o.ctx, departure.ID, o.people["ada"], " "), "reason")
		o.pass(t, hour)
		require.NoError(t, o.UndoDeparture(o.ctx, departure.ID, o.people["ada"], "HR mixed up two people"))
		o.settle(t)
		refused(t, o.UndoDeparture(o.ctx, departure.ID, o.people["dana"], "again"), "undone already")

		require.True(t, o.person(t, "ana").Active)
		require.Equal(t, []string{"editors", "open"}, o.holds(t, "ana"))
		user, _ := o.target.User("ana@example.com")
		require.True(t, user.Active)
		for _, grant := range o.grants(t, "ana") {
			switch {
			case grant.Status == db.Scheduled:
				require.WithinDuration(t, later.StartsAt, grant.StartsAt, time.Second)
			case grant.Entitlement.Slug == "editors":
				require.Equal(t, "lab", grant.Birthright)
				require.Zero(t, grant.ExpiresAt)
			default:
				require.WithinDuration(t, ends, grant.ExpiresAt, 5*time.Second)
			}
		}
		require.Equal(t, db.DepartureUndone, o.departure(t, "ana").Status)
		require.Len(t, o.drifts(t), 1, "the directory still says that she is gone")
		o.reconcile(t)
		require.Equal(t, []string{"editors", "open"}, o.holds(t, "ana"), "nobody ends it again")
		o.tell(t, "ana", told{"manager": "ben@example.com"})
		require.Empty(t, o.drifts(t))
		o.verified(t)
	})
}

// A departure is undone while a provider fails: what is still to be done of it is not done any more.
func TestADepartureIsUndoneHalfWay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.tell(t, "zoe", told{})
		o.target.Fail(1000, http.StatusServiceUnavailable)
		o.tell(t, "zoe", told{"active": false})
		departure := o.departure(t, "zoe")
		require.Equal(t, db.DepartureOpen, departure.Status)
		require.NoError(t, o.UndoDeparture(o.ctx, departure.ID, o.people["ada"], "a mistake"))
		o.target.Fail(0, 0)
		for range 4 {
			o.clock.Advance(10 * minute)
			o.settle(t)
		}
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		require.Equal(t, []string{"zoe@example.com"}, o.target.Members("Editors"))
		user, _ := o.target.User("zoe@example.com")
		require.True(t, user.Active)
		require.Equal(t, db.DepartureUndone, o.departure(t, "zoe").Status)
		o.verified(t)
	})
}

// Whoever is suspended and let in again by the directory gets what rules give him, and his accounts; what else he held is for
// whoever undoes the departure.
func TestALeaveAndAReturn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.tell(t, "ana", told{})
		o.ask(t, "ana", "open", "30d")
		o.settle(t)
		o.tell(t, "ana", told{"active": false})
		require.Empty(t, o.grants(t, "ana"))
		o.tell(t, "ana", told{})
		require.Equal(t, []string{"editors"}, o.holds(t, "ana"))
		user, _ := o.target.User("ana@example.com")
		require.True(t, user.Active)
		require.NoError(t, o.UndoDeparture(o.ctx, o.departure(t, "ana").ID, o.people["dana"], "it was a leave"))
		o.settle(t)
		require.Equal(t, []string{"editors", "open"}, o.holds(t, "ana"))
		require.Len(t, o.about(t, "ana", "person.returned"), 1)

		o.gone(t, "ana")
		require.Empty(t, o.grants(t, "ana"))
		require.Len(t, o.about(t, "ana", "person.left"), 2)
		o.tell(t, "ana", told{})
		require.Equal(t, []string{"editors"}, o.holds(t, "ana"), "made anew it is the same person")
	})
}

// A directory that is taken down takes its people with it, except whom another knows.
func TestADirectoryIsTakenDown(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		o.tell(t, "zoe", told{})
		o.tell(t, "yan", told{})
		other := db.Directory{
			ID: db.NewID("dir"), Slug: "other", Name: "Other", Kind: db.SCIMDirectory, PersonID: db.NewID("per"), Active: true, UpdatedAt: o.Now(),
		}
		require.NoError(t, db.InsertDirectory(o.ctx, o.store, other))
		elsewhere := company{&heldWorld{bundle: b, directory: other}}
		elsewhere.tell(t, "yan", told{})
		o.write(t, adds(db.DirectoryChange{Kind: db.DirectoryDeleted, Label: "Okta"}))
		o.settle(t)
		require.True(t, o.person(t, "zoe").Active, "somebody is asked first")
		stop, err := db.OpenStop(o.ctx, o.store, o.directory.ID)
		require.NoError(t, err)
		require.NoError(t, o.ResumeDirectory(o.ctx, answer(stop, o.people["ada"], "it is true")))
		o.settle(t)
		require.False(t, o.person(t, "zoe").Active)
		require.Empty(t, o.grants(t, "zoe"))
		require.True(t, o.person(t, "yan").Active)
		require.Equal(t, []string{"editors"}, o.holds(t, "yan"))
	})
}

// Two processes end the same access, and approve what is asked for the same person, at once: he is left with nothing.
func TestALeaverAndAnApprovalAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		second := o.second(t)
		o.rule(t, ofLab("editors"))
		for n := range 6 {
			name := fmt.Sprintf("worker%d", n)
			o.tell(t, name, told{"manager": "ben@example.com"})
			form := o.form(t, "ben", "admins", "8h")
			form.By, form.For = o.people["carl"], o.person(t, name).ID
			request, err := o.Request(o.ctx, form)
			require.NoError(t, err)
			step := o.step(t, request.ID)
			o.say(t, name, told{"manager": "ben@example.com", "active": false})
			id := o.person(t, name).ID
			jobs := []func() error{
				func() error { return o.DirectoryWork(o.ctx, o.directory.ID) },
				func() error { return second.DirectoryWork(o.ctx, o.directory.ID) },
				func() error { return o.SettlePerson(o.ctx, id) },
				func() error { return second.SettlePerson(o.ctx, id) },
				func() error {
					err := second.Approve(o.ctx, step, o.people["ben"], flows.Consent{})
					if _, is := flows.Refusal(err); is {
						return nil
					}
					return err
				},
			}
			for _, err := range atOnce(len(jobs), func(n int) error { return jobs[n]() }) {
				require.NoError(t, unlessConflict(err))
			}
			o.settle(t)
			require.Empty(t, o.grants(t, name))
			require.Len(t, o.about(t, name, "departure.started"), 1)
		}
		o.verified(t)
	})
}

// Whoever was asked to decide and left is not waited for.
func TestAnApproverLeaves(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.tell(t, "ben", told{})
		asked := o.ask(t, "carl", "editors", "8h").Request.ID
		require.Equal(t, []string{"ben"}, o.asked(t, asked))
		o.tell(t, "ben", told{"active": false})
		require.Equal(t, []string{"dana"}, o.asked(t, asked))
	})
}

// A last day that was a mistake is undone too, and does not come again; what a directory says of it later counts.
func TestALastDayIsUndone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.rule(t, ofLab("editors"))
		day := o.Now().AddDate(0, 0, 2)
		o.tell(t, "zoe", told{"endDate": day.Format(time.DateOnly)})
		o.pass(t, 4*24*hour)
		o.settle(t)
		require.Empty(t, o.grants(t, "zoe"))
		require.NoError(t, o.UndoDeparture(o.ctx, o.departure(t, "zoe").ID, o.people["dana"], "the contract goes on"))
		o.settle(t)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		o.reconcile(t)
		o.pass(t, 24*hour)
		o.settle(t)
		require.Equal(t, []string{"editors"}, o.holds(t, "zoe"))
		o.tell(t, "zoe", told{"endDate": o.Now().AddDate(0, 0, 1).Format(time.DateOnly)})
		o.pass(t, 3*24*hour)
		o.settle(t)
		require.Empty(t, o.grants(t, "zoe"))
	})
}
