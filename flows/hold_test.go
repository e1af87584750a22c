package flows_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/mirror"
	"github.com/usherhq/usher/flows"
)

// A change waits until somebody approves it, and is then written downstream and so here.
func TestAHeldChangeIsApprovedAndWritten(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		o.save(t, "Design", true, "zoe")
		o.settle(t)
		require.Equal(t, []string{"user_created gathering"}, o.states(t))
		require.Empty(t, o.requests(t), "others of its kind may join it")
		o.gathered(t)

		sheet := o.only(t)
		require.Equal(t, "Okta wants to create zoe@acme.example.", sheet.Request.Reason)
		require.Equal(t, "#it", sheet.Request.Channel)
		require.Equal(t, db.FromHeld, sheet.Request.Origin)
		require.Equal(t, "Create zoe@acme.example", sheet.Items[0].Title)
		require.Equal(t, "zoe@acme.example", sheet.Items[0].Subject.Email)
		require.False(t, sheet.Items[0].Subject.Active, "nobody has decided that zoe is somebody here")
		require.Equal(t, []string{"create the account of zoe@acme.example at Acme Drive"}, sheet.Items[0].Plan)
		_, there := o.target.User("zoe@acme.example")
		require.False(t, there)

		o.say(t, sheet, "carl", "")
		o.settle(t)
		user, there := o.target.User("zoe@acme.example")
		require.True(t, there)
		require.True(t, user.Active)
		require.Equal(t, []string{"user_created written"}, o.states(t))
		require.Equal(t, db.Approved, o.sheet(t, sheet.Request.ID).Request.Status)
		require.Equal(t, []string{
			"request.created", "held.waiting", "step.opened", "decision.approved", "flow.approved", "work.begun",
			"script.started", "script.succeeded", "work.done", "held.written",
		}, o.actions(t, sheet.Request.ID))
		require.Empty(t, o.drifts(t))
		o.verified(t)
	})
}

// What comes together is asked about by one card, and each of it is decided by itself.
func TestManyHeldChangesMakeOneRequest(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		o.save(t, "Design", true, "amy", "bob", "cat")
		o.settle(t)
		o.save(t, "Sales", true, "dan")
		o.gathered(t)

		sheet := o.only(t)
		require.Equal(t, "Okta wants to create 4 people.", sheet.Request.Reason)
		require.Len(t, sheet.Items, 4)
		o.say(t, sheet, "carl", "", 0, 2)
		o.say(t, sheet, "carl", "nobody knows him", 1)
		o.settle(t)
		require.Equal(t, db.Pending, o.sheet(t, sheet.Request.ID).Request.Status, "one is not decided")
		o.pass(t, 31*24*hour)
		require.Equal(t, []string{"user_created written", "user_created denied", "user_created written", "user_created expired"}, o.states(t))
		require.Equal(t, db.Approved, o.sheet(t, sheet.Request.ID).Request.Status)
		require.Equal(t, []string{
			"Okta wanted to create bob@acme.example, and it is not so: it was denied.",
			"Okta wanted to create dan@acme.example, and it is not so: nobody decided in time.",
		}, o.drifts(t))
		for name, want := range map[string]bool{"amy": true, "bob": false, "cat": true, "dan": false} {
			_, there := o.target.User(name + "@acme.example")
			require.Equal(t, want, there, name)
		}
		o.verified(t)
	})
}

// More than fifty are asked about by several cards, and nothing is asked about twice by two processes.
func TestHeldChangesFillSeveralRequests(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		var names []string
		for n := range 53 {
			names = append(names, "u"+string(rune('a'+n/26))+string(rune('a'+n%26)))
		}
		o.save(t, "Design", true, names...)
		o.settle(t)
		o.clock.Advance(minute)
		require.NoError(t, together(func() error { return o.HeldAsk(o.ctx, o.directory.ID) }, func() error { return o.second(t).HeldAsk(o.ctx, o.directory.ID) }))
		requests := o.requests(t)
		require.Len(t, requests, 2)
		require.Len(t, o.sheet(t, requests[0]).Items, 50)
		require.Len(t, o.sheet(t, requests[1]).Items, 3)
		require.Equal(t, 2, o.said(t, "held.waiting"))
	})
}

// Who decides goes by the person and the change; without a route, or with a chain that is gone, the admins do.
func TestWhoDecidesOnHeldChanges(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		policy.Routes = []db.DirectoryRoute{
			{When: "person.department == 'Finance'", Chain: "two", Channel: "#finance"},
			{When: "change.kind == 'user_created' && change.after['displayName'].startsWith('O')", Chain: "gone"},
			{When: "person.department == 'Broken' && person.attributes.nothing == 'x'", Chain: "directory"},
			{When: "person.department == 'Design'", Chain: "directory"},
		}
		o := holding(t, b, policy)
		o.save(t, "Finance", true, "fay")
		o.save(t, "Legal", true, "otto")
		o.save(t, "Broken", true, "bea")
		o.save(t, "Design", true, "dot")
		o.save(t, "Nowhere", true, "ned")
		o.gathered(t)
		asked := map[string][]string{}
		channel := map[string]string{}
		for _, id := range o.requests(t) {
			for _, item := range o.sheet(t, id).Items {
				for _, one := range item.Current().Approvers {
					asked[item.Subject.Email] = append(asked[item.Subject.Email], one.Person.Name)
				}
				channel[item.Subject.Email] = o.sheet(t, id).Request.Channel
			}
		}
		require.Equal(t, map[string][]string{
			"fay@acme.example": {"Dana"}, "otto@acme.example": {"ada"}, "bea@acme.example": {"ada"}, "dot@acme.example": {"Carl"}, "ned@acme.example": {"ada"},
		}, asked, "Fay's manager is not known, so that the owner of the directory stands in")
		require.Equal(t, "#finance", channel["fay@acme.example"])
		require.Equal(t, "#access", channel["dot@acme.example"])
	})
}

// A chain that would pass over all of its steps passes over none of a held change, and nobody decides on what is about
// himself, whatever the chain says.
func TestNothingHeldPassesByItself(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		policy.Routes = []db.DirectoryRoute{{Chain: "lenient"}}
		o := holding(t, b, policy)
		o.approvals(t, "lenient",
			"{name: First, approvers: [carl@example.com, ben@example.com], need: 1, self: true, when: \"subject.department == 'Never'\"}",
			"{name: Second, approvers: [dana@example.com], need: 1, when: \"subject.department == 'Never'\", timeout: 1h, on_timeout: {go_on: true}}")
		o.write(t, saveAs("carl@example.com", scimUser("carl", "Sales", true)))
		o.gathered(t)
		sheet := o.only(t)
		step := sheet.Items[0].Current()
		require.NotNil(t, step)
		require.Equal(t, "First", step.Spec.Name)
		refused(t, o.Approve(o.ctx, step.ID, o.people["carl"], consent()), "access for yourself")
		refused(t, o.Cancel(o.ctx, sheet.Request.ID, o.people["eve"]), "admins")
		refused(t, o.ChangeDuration(o.ctx, step.ID, o.people["ben"], db.Duration(hour), ""), "no duration")
		require.NoError(t, o.Approve(o.ctx, step.ID, o.people["ben"], consent()))
		o.settle(t)
		require.Equal(t, []string{"user_created written"}, o.states(t))
	})
}

// A newer change of the same user takes the place of one that waits, and starts from what was before that one.
func TestANewerChangeSupersedes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		o.save(t, "Design", true, "zoe", "yan")
		o.gathered(t)
		first := o.only(t)
		o.save(t, "Sales", true, "zoe")
		o.gathered(t)
		require.Equal(t, []string{"user_created superseded", "user_created waiting", "user_created waiting"}, sorted(o.states(t)))
		was := o.sheet(t, first.Request.ID)
		require.Equal(t, db.Pending, was.Request.Status, "Yan still waits")
		require.Equal(t, 1, o.count(t, first.Request.ID, "held.superseded"))
		refused(t, o.Approve(o.ctx, first.Items[0].Current().ID, o.people["carl"], consent()), "cancelled")

		o.removed(t, "yan")
		o.settle(t)
		require.Equal(t, db.Cancelled, o.sheet(t, first.Request.ID).Request.Status, "nothing is left of it")
		sheet := o.only(t)
		o.say(t, sheet, "carl", "")
		o.settle(t)
		zoe, _ := o.target.User("zoe@acme.example")
		require.True(t, zoe.Active)
		_, there := o.target.User("yan@acme.example")
		require.False(t, there)

		o.save(t, "Legal", true, "zoe")
		o.save(t, "Sales", true, "zoe")
		o.gathered(t)
		require.Len(t, o.requests(t), 2, "there and back is nothing to decide")
		require.Empty(t, o.drifts(t))
		o.verified(t)
	})
}

// What was denied is taken up by the next change, and is settled when the directory takes it back.
func TestWhatWasDeniedIsNotMadeSoInPassing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		o.save(t, "Design", true, "zoe")
		o.gathered(t)
		o.say(t, o.only(t), "carl", "")
		o.settle(t)

		o.save(t, "Finance", true, "zoe")
		o.gathered(t)
		o.say(t, o.only(t), "carl", "not in Finance")
		o.settle(t)
		require.Equal(t, []string{"Okta wanted to change zoe@acme.example, and it is not so: it was denied."}, o.drifts(t))

		titled := scimUser("zoe", "Finance", true)
		titled["title"] = "Lead"
		o.write(t, saveAs("zoe@acme.example", titled))
		o.gathered(t)
		last := o.changes(t)[len(o.changes(t))-1]
		require.Equal(t, "Design", last.Before["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"], "%v", last)
		require.Equal(t, "Lead", last.After["title"])
		o.say(t, o.only(t), "carl", "no")
		require.Len(t, o.drifts(t), 1, "it is the same difference")

		o.save(t, "Design", true, "zoe")
		o.gathered(t)
		require.Empty(t, o.drifts(t), "the directory says again what is so")
		require.Equal(t, 1, o.said(t, "drift.settled"))
		for _, id := range o.requests(t) {
			require.NotEqual(t, db.Pending, o.sheet(t, id).Request.Status)
		}
	})
}

// What is for us alone is not written elsewhere: when somebody begins and ends, and what a directory keeps besides.
func TestWhatIsForUsIsNotWrittenDownstream(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		write := func(end string) {
			o.write(t, func(ctx context.Context, j *flows.Journal) error {
				was, _ := db.DirectoryUserByName(ctx, j, j.Directory.ID, "zoe@acme.example")
				resource := scimUser("zoe", "Design", true)
				resource["schemas"] = []any{"urn:ietf:params:scim:schemas:core:2.0:User", ofUsher}
				resource[ofUsher] = map[string]any{"endDate": end}
				_, err := mirror.SaveUser(ctx, j, was, resource, mirror.Told{})
				return err
			})
			o.settle(t)
			o.gathered(t)
		}
		write("2027-01-31")
		sheet := o.only(t)
		text, err := json.Marshal(sheet.Items[0].Scripts)
		require.NoError(t, err)
		require.Contains(t, string(text), "Design")
		require.NotContains(t, string(text), "usher")
		o.say(t, sheet, "carl", "")
		o.settle(t)
		_, there := o.target.User("zoe@acme.example")
		require.True(t, there)

		write("2027-02-28")
		sheet = o.only(t)
		require.Empty(t, sheet.Items[0].Scripts, "there is nothing to write")
		o.say(t, sheet, "carl", "")
		o.settle(t)
		p, err := db.PersonByEmail(o.ctx, o.store, "zoe@acme.example")
		require.NoError(t, err)
		require.Equal(t, "2027-03-01T00:00", p.EndsAt.UTC().Format("2006-01-02T15:04"), "the end of the last day is so here")
	})
}
