package flows_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
	"github.com/usherhq/usher/directory/scim"
)

// failing is a person whose change the target refuses, and a newer one that is approved and waits behind it.
func failing(t *testing.T, b *bundle) (o *heldWorld, failed db.Sheet) {
	t.Helper()
	o = staffed(t, b, "zoe")
	require.True(t, o.target.SetMode(target.ReadOnly))
	o.write(t, saveAs("zoe@acme.example", withTitle("Engineer")))
	o.gathered(t)
	failed = o.only(t)
	o.say(t, failed, "carl", "")
	o.settle(t)
	require.Equal(t, db.Failed, o.sheet(t, failed.Request.ID).Items[0].Runs[0].Status)
	require.True(t, o.target.SetMode(target.Online))
	return o, failed
}

func withTitle(title string) scim.Resource {
	resource := scimUser("zoe", "Design", true)
	resource["title"] = title
	return resource
}

// What is approved for a person is written in the order in which the directory wrote it, also behind a failure that people
// have to mend.
func TestHeldChangesAreWrittenInOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, failed := failing(t, b)
		o.write(t, saveAs("zoe@acme.example", withTitle("Lead")))
		o.gathered(t)
		newer := o.only(t)
		o.say(t, newer, "carl", "")
		o.settle(t)
		user, _ := o.target.User("zoe@acme.example")
		require.Empty(t, user.Title, "the newer one does not overtake")
		require.Nil(t, o.sheet(t, newer.Request.ID).Items[0].Grant, "it has not begun")

		script := o.sheet(t, failed.Request.ID).Items[0].Runs[0].Scripts[0]
		refused(t, o.Retry(o.ctx, script.ID, o.people["carl"]), "Only the owner of Change zoe@acme.example and admins")
		require.NoError(t, o.Retry(o.ctx, script.ID, o.people["dana"]))
		o.settle(t)
		user, _ = o.target.User("zoe@acme.example")
		require.Equal(t, "Lead", user.Title)
		require.Equal(t, []string{"user_created written", "user_updated written", "user_updated written"}, o.states(t))
		o.scriptsOnce(t, failed.Request.ID)
		o.verified(t)
	})
}

// The end of somebody's use waits for nobody, and what would let him in again is not written behind it.
func TestASuspensionOvertakes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := holding(t, b, heldPolicy())
		policy := heldPolicy()
		policy.Modes = nil // as it is unless the policy names the kind: a suspension passes
		o.setPolicy(t, policy)
		o.save(t, "Design", true, "zoe", "yan")
		o.gathered(t)
		o.say(t, o.only(t), "carl", "", 1)
		o.settle(t)
		require.True(t, o.target.SetMode(target.ReadOnly))
		failed := o.only(t)
		o.say(t, failed, "carl", "", 0)
		o.write(t, saveAs("zoe@acme.example", withTitle("Engineer")))
		o.gathered(t)
		o.say(t, o.only(t), "carl", "")
		o.settle(t)
		require.Equal(t, []string{"user_created approved", "user_created written", "user_updated approved"}, sorted(o.states(t)))
		require.True(t, o.target.SetMode(target.Online))

		o.save(t, "Design", false, "zoe")
		o.settle(t)
		require.Contains(t, o.states(t), "user_suspended written", "nobody was asked, and it waits for nothing")
		for _, item := range o.sheet(t, failed.Request.ID).Items {
			if len(item.Runs) > 0 && item.Runs[0].Status == db.Failed {
				require.NoError(t, o.Retry(o.ctx, item.Runs[0].Scripts[0].ID, o.people["dana"]))
			}
		}
		o.settle(t)
		user, there := o.target.User("zoe@acme.example")
		require.True(t, !there || !user.Active)
		require.Contains(t, o.states(t), "user_created superseded")
		o.verified(t)
	})
}

// What can't be mended is given up by who may, and the difference stands; work is no access that could be taken away.
func TestHeldWorkIsGivenUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o, failed := failing(t, b)
		item := o.sheet(t, failed.Request.ID).Items[0]
		refused(t, o.Revoke(o.ctx, item.Grant.ID, o.people["ada"], "away with it"), "no access")
		o.write(t, saveAs("zoe@acme.example", withTitle("Lead")))
		o.gathered(t)
		o.say(t, o.only(t), "carl", "")
		require.NoError(t, o.GiveUp(o.ctx, item.Runs[0].Scripts[0].ID, o.people["dana"], "no such title there"))
		o.settle(t)
		require.Equal(t, []string{"user_created written", "user_updated failed", "user_updated written"}, o.states(t))
		user, _ := o.target.User("zoe@acme.example")
		require.Equal(t, "Lead", user.Title, "the next one had its turn")
		require.Equal(t, 1, o.said(t, "work.given_up"))
		require.Empty(t, o.drifts(t), "the newer one made it equal")
	})
}

// A target that is away for a moment is tried again by itself.
func TestHeldWorkIsTriedAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := staffed(t, b, "zoe")
		o.save(t, "Sales", true, "zoe")
		o.gathered(t)
		o.target.Fail(2, http.StatusServiceUnavailable)
		o.say(t, o.only(t), "carl", "")
		for range 5 {
			o.settle(t)
			o.clock.Advance(minute)
		}
		require.Equal(t, []string{"user_created written", "user_updated written"}, o.states(t))
	})
}
