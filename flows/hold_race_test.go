package flows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// A change is approved while the directory writes a newer one: either it is written and the newer one follows it, or it is
// superseded and the person is told. Never are both lost, and nothing is written that nobody approved.
func TestApprovedWhileItIsSuperseded(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := staffed(t, b, "zoe")
		for round := range 6 {
			o.write(t, saveAs("zoe@acme.example", withTitle("Title "+string(rune('A'+2*round)))))
			o.gathered(t)
			sheet := o.only(t)
			newer := "Title " + string(rune('B'+2*round))
			o.write(t, saveAs("zoe@acme.example", withTitle(newer)))
			var approved error
			require.NoError(t, together(
				func() error {
					approved = o.Approve(o.ctx, sheet.Items[0].Current().ID, o.people["carl"], consent())
					return nil
				},
				func() error { return o.second(t).DirectoryWork(o.ctx, o.directory.ID) },
			))
			o.gathered(t)
			user, _ := o.target.User("zoe@acme.example")
			if approved != nil {
				refused(t, approved, "cancelled")
			} else {
				require.Equal(t, "Title "+string(rune('A'+2*round)), user.Title)
			}
			require.NotEqual(t, newer, user.Title, "nobody approved it yet")
			o.say(t, o.only(t), "carl", "")
			o.settle(t)
			user, _ = o.target.User("zoe@acme.example")
			require.Equal(t, newer, user.Title)
		}
		require.Empty(t, o.drifts(t))
		o.verified(t)
	})
}

// Two people press at once, on the same change and on others of the same card.
func TestTwoPeopleDecideOnHeldChanges(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		policy.Routes = []db.DirectoryRoute{{Chain: "either"}}
		o := holding(t, b, policy)
		o.approvals(t, "either", "{name: IT, approvers: [carl@example.com, ben@example.com], need: 1}")
		o.save(t, "Design", true, "amy", "bob", "cat", "dan")
		o.gathered(t)
		sheet := o.only(t)
		press := func(n int, name string) func() error {
			return func() error {
				err := o.Approve(o.ctx, sheet.Items[n].Current().ID, o.people[name], consent())
				if _, told := refusalOf(err); told {
					return nil
				}
				return err
			}
		}
		require.NoError(t, together(press(0, "carl"), press(0, "ben"), press(1, "carl"), press(1, "ben"), press(2, "carl"), press(3, "ben")))
		o.settle(t)
		require.Equal(t, []string{"user_created written", "user_created written", "user_created written", "user_created written"}, o.states(t))
		require.Equal(t, 4, o.count(t, sheet.Request.ID, "flow.approved"))
		require.Equal(t, 4, o.said(t, "held.written"))
		o.verified(t)
	})
}

// Two processes work out the same directory: each change has its effect once, and in order.
func TestTwoProcessesWorkOutADirectory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		policy.Modes = map[string]string{db.UserCreated: db.Observe, db.UserUpdated: db.Observe, db.UserSuspended: db.Hold}
		o := holding(t, b, policy)
		other := o.second(t)
		for _, department := range []string{"Design", "Sales", "Legal", "Finance"} {
			o.save(t, department, true, "amy", "bob", "cat", "dan", "eva", "fay", "gus", "hal")
		}
		o.save(t, "Finance", false, "amy", "bob")
		work := func() error { return o.DirectoryWork(o.ctx, o.directory.ID) }
		require.NoError(t, together(work, func() error { return other.DirectoryWork(o.ctx, o.directory.ID) }, work))
		require.Equal(t, 8, o.journal(t, db.UserCreated, db.ChangeEffective))
		require.Equal(t, 24, o.journal(t, db.UserUpdated, db.ChangeEffective))
		require.Equal(t, 2, o.journal(t, db.UserSuspended, db.ChangeHeld))
		require.Len(t, o.changes(t), 2)
		p, err := db.PersonByEmail(o.ctx, o.store, "cat@acme.example")
		require.NoError(t, err)
		require.Equal(t, "Finance", p.Department)
	})
}

// Whatever a process was doing when it was killed, the next one goes on: with the real pools and the real clock.
func TestHeldWorkGoesOnInAnotherProcess(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		policy.Gather = db.Duration(time.Second)
		o := holding(t, b, policy)
		o.save(t, "Design", true, "zoe") // its job is lost: no pool runs
		_, err := o.store.NewRaw("DELETE FROM river_job").Exec(o.ctx)
		require.NoError(t, err)
		o.work(t)
		o.until(t, "a request", func() bool { return len(o.requests(t)) == 1 })
		o.say(t, o.only(t), "carl", "")
		o.until(t, "zoe to be written", func() bool { return o.states(t)[0] == "user_created written" })
		user, _ := o.target.User("zoe@acme.example")
		require.True(t, user.Active)
	})
}
