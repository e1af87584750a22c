package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory/scim"
)

// What passes is so at once and written downstream at once, and the channel is told of it.
func TestWhatPassesIsTold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		policy.Modes = map[string]string{db.UserCreated: db.Pass, db.GroupCreated: db.Pass, db.MembersAdded: db.Pass}
		o := holding(t, b, policy)
		o.save(t, "Design", true, "amy", "bob", "cat")
		o.group(t, "Crew", scim.AddMembers, "amy", "bob", "cat")
		o.settle(t)
		require.True(t, o.active(t, "amy"))
		require.Equal(t, []string{"amy@acme.example", "bob@acme.example", "cat@acme.example"}, o.target.Members("Crew"))
		var reasons []string
		for _, id := range o.requests(t) {
			sheet := o.sheet(t, id)
			require.Equal(t, db.Approved, sheet.Request.Status)
			require.Equal(t, "#it", sheet.Request.Channel)
			require.Empty(t, sheet.Items[0].Steps, "nobody is asked")
			reasons = append(reasons, sheet.Request.Reason)
			require.Equal(t, 1, o.count(t, id, "request.created"))
		}
		require.Contains(t, reasons, "Okta wants to add 3 people to groups.")
		for _, state := range o.states(t) {
			require.Contains(t, state, "written")
		}
		require.Zero(t, o.said(t, "held.waiting"))

		policy.Modes[db.UserSuspended] = db.Pass
		o.setPolicy(t, policy)
		o.save(t, "Design", false, "bob")
		require.NoError(t, o.DirectoryWork(o.ctx, o.directory.ID))
		require.False(t, o.active(t, "bob"), "here before the target has answered")
		o.settle(t)
		user, _ := o.target.User("bob@acme.example")
		require.False(t, user.Active)
		o.verified(t)
	})
}

// What waits for a decision is not let through by a change that passes or is observed.
func TestNothingUndecidedPassesWithANewerChange(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		policy := heldPolicy()
		policy.Modes = map[string]string{db.UserUpdated: db.Observe, db.UserSuspended: db.Pass, db.UserResumed: db.Observe}
		o := holding(t, b, policy)
		o.save(t, "Design", true, "zoe")
		o.gathered(t)
		o.save(t, "Finance", true, "zoe")
		o.gathered(t)
		require.False(t, o.active(t, "zoe"), "an update is nothing that creates her")
		require.Equal(t, "Okta wants to create zoe@acme.example.", o.only(t).Request.Reason)

		o.save(t, "Finance", false, "zoe")
		o.settle(t)
		require.Equal(t, []string{"user_created superseded", "user_created superseded"}, o.states(t), "she was never here")
		o.save(t, "Legal", false, "zoe")
		o.save(t, "Legal", true, "zoe")
		o.gathered(t)
		sheet := o.only(t)
		require.Equal(t, "Okta wants to create zoe@acme.example.", sheet.Request.Reason)
		require.False(t, o.active(t, "zoe"))
		o.say(t, sheet, "carl", "")
		o.settle(t)
		require.True(t, o.active(t, "zoe"))
		p, err := db.PersonByEmail(o.ctx, o.store, "zoe@acme.example")
		require.NoError(t, err)
		require.Equal(t, "Legal", p.Department)
	})
}

// A change whose effect can't be worked out holds up no other, and what is left differs for all to see.
func TestAChangeThatCantBeHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, db.DirectoryPolicy{})
		o.write(t, adds(db.DirectoryChange{Kind: db.UserUpdated, UserID: "dus_gone", Label: "gone@acme.example", After: map[string]any{"title": "X"}}))
		o.save(t, "Design", true, "zoe")
		o.settle(t)
		require.Equal(t, 1, o.journal(t, db.UserUpdated, db.ChangeFailed))
		require.Equal(t, 1, o.journal(t, db.UserCreated, db.ChangeEffective))
		require.True(t, o.active(t, "zoe"))
		require.Equal(t, 1, o.said(t, "directory.failed"))
		require.Len(t, o.drifts(t), 1)
		require.Contains(t, o.drifts(t)[0], "Okta wanted to change gone@acme.example, and it is not so: Something that it needs is not there")
		o.verified(t)
	})
}

// Who may see the differences, and how they are paged.
func TestDriftOf(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, db.DirectoryPolicy{})
		var changes []db.DirectoryChange
		for n := range 25 {
			changes = append(changes, db.DirectoryChange{Kind: db.UserUpdated, UserID: "dus_" + string(rune('a'+n)), Label: "x", After: map[string]any{"title": "X"}})
		}
		for _, one := range changes {
			o.write(t, adds(one))
		}
		o.settle(t)
		_, err := o.DriftOf(o.ctx, o.people["carl"], "okta", 0)
		refused(t, err, "Only admins, auditors and the owner of Okta")
		_, err = o.DriftOf(o.ctx, o.people["ada"], "nothing", 0)
		refused(t, err, "There is no directory called nothing")
		page, err := o.DriftOf(o.ctx, o.people["dana"], "okta", 1)
		require.NoError(t, err)
		require.Equal(t, []int{1, 2, 25, 5}, []int{page.Page, page.Pages, page.Total, len(page.Rows)})
	})
}
