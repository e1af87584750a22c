package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
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
		require.Equal(t, []string{"make the account of zoe@acme.example what the directory says at Acme Drive"}, sheet.Items[0].Plan)
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
