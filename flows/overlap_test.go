package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/target"
)

// Two entitlements with one target are one access: it ends when the last of the grants does, in either order.
func TestOverlapOfTwoEntitlements(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ first, second string }{
		"the older ends first": {"8h", "16h"},
		"the newer ends first": {"16h", "8h"},
		"both end at once":     {"8h", "8h"},
	}
	for name, one := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				b.offer(t, "more", "Editors", "[{chain: auto}]", "editors-in", "editors-out")
				first := b.held(t, "ana", one.first)
				second := b.ask(t, "ana", "more", one.second).Request
				b.drive(t)
				require.Equal(t, db.Active, b.grant(t, second.ID).Status)
				if one.first != one.second {
					b.pass(t, 9*hour)
					require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"), "the other grant still gives it")
				}
				b.pass(t, 9*hour)
				require.Empty(t, b.target.Members("Editors"))
				for _, id := range []string{first.RequestID, second.ID} {
					require.Equal(t, db.Ended, b.grant(t, id).Status)
					require.Equal(t, 1, b.count(t, id, "grant.ended"))
				}
			})
		})
	}
}

func TestGiveBackOneOfTwo(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.offer(t, "more", "Editors", "[{chain: auto}]", "editors-in", "editors-out")
		first := b.held(t, "ana", "8h")
		second := b.ask(t, "ana", "more", "8h").Request
		b.drive(t)
		before := b.target.Mutations()
		require.NoError(t, b.Return(b.ctx, first.ID, b.people["ana"]))
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, first.RequestID).Status)
		require.Equal(t, before, b.target.Mutations(), "the target is not touched")
		require.Equal(t, db.Active, b.grant(t, second.ID).Status)
	})
}

// A new grant while the old one is being taken away waits for its turn: at the end the access is there.
func TestAskAnewWhileItIsTakenAway(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		old := b.held(t, "ana", "8h")
		b.clock.Advance(9 * hour)
		require.NoError(t, b.ExpireDue(b.ctx, old.ID))
		settle, err := b.PerformScript(b.ctx, b.script(t, old.RequestID, "leave").ID)
		require.NoError(t, err)

		sheet := b.ask(t, "ana", "editors", "8h")
		require.Empty(t, sheet.Items[0].ExtendsGrantID, "what is ending can't be extended")
		b.approve(t, sheet.Request.ID, "ben")
		require.Equal(t, db.Queued, b.sheet(t, sheet.Request.ID).Items[0].Runs[0].Status)
		require.NoError(t, settle())
		b.drive(t)
		require.Equal(t, db.Ended, b.grant(t, old.RequestID).Status)
		require.Equal(t, db.Active, b.grant(t, sheet.Request.ID).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
	})
}

// A grant whose provisioning failed gives nobody access: it keeps none alive.
func TestAFailedGrantCoversNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.chain(t, "broken-in", "provision", "{name: join, type: drive_api_add_user_to_group}", `{name: stop, type: sleep, args: {for: "{{ subject.attributes.absent }}"}}`)
		b.offer(t, "more", "Editors", "[{chain: auto}]", "broken-in", "editors-out")
		old := b.held(t, "ana", "8h")
		broken := b.ask(t, "ana", "more", "8h").Request
		b.drive(t)
		require.Equal(t, 1, b.count(t, broken.ID, "action_flow.failed"))

		b.pass(t, 9*hour)
		require.Equal(t, db.Ended, b.grant(t, old.RequestID).Status)
		require.Equal(t, 2, b.count(t, broken.ID, "action_flow.failed"), "it was tried anew behind, and asks again")
		require.Equal(t, db.Provisioning, b.grant(t, broken.ID).Status)

		require.NoError(t, b.Skip(b.ctx, b.script(t, broken.ID, "stop").ID, b.people["dana"], "never mind"))
		b.drive(t)
		require.Equal(t, db.Active, b.grant(t, broken.ID).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"), "what is active is really there")
		b.pass(t, 9*hour)
		require.Empty(t, b.target.Members("Editors"))
	})
}

// The access could not be taken away; meanwhile it was granted anew. Then nothing is left to take.
func TestGrantedAnewWhileTakingAwayFails(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		old := b.held(t, "ana", "8h")
		b.target.SetMode(target.ReadOnly)
		b.pass(t, 9*hour)
		require.Equal(t, 1, b.count(t, old.RequestID, "action_flow.failed"))
		b.target.SetMode(target.Online)
		again := b.ask(t, "ana", "editors", "8h").Request
		b.approve(t, again.ID, "ben")
		require.Equal(t, db.Active, b.grant(t, again.ID).Status)
		b.pass(t, 6*minute)
		require.Equal(t, db.Ended, b.grant(t, old.RequestID).Status)
		require.Equal(t, []string{"ana@example.com"}, b.target.Members("Editors"))
		actions := b.actions(t, old.RequestID)
		require.Equal(t, []string{"script.retried", "grant.ended"}, actions[len(actions)-2:])
	})
}
