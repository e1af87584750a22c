package flows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

func TestEnrolment(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		_, _, err := b.BeginFactor(b.ctx, b.people["ben"])
		refused(t, err, "set USHER_SECRET_KEY")
		factor, err := b.FactorOf(b.ctx, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, flows.Factor{WhyNot: "Authenticator apps can't be used here yet: ask whoever runs Usher to set USHER_SECRET_KEY."}, factor)
		b.proving(t, nil)
		for _, who := range []string{"greta", "bolt"} {
			_, _, err := b.BeginFactor(b.ctx, b.people[who])
			require.Error(t, err, who)
		}
		refusedAt(t, b.ConfirmFactor(b.ctx, b.people["ben"], "123456"), flows.FieldCode, "no authenticator app")

		first, _, err := b.BeginFactor(b.ctx, b.people["ben"])
		require.NoError(t, err)
		second, _, err := b.BeginFactor(b.ctx, b.people["ben"])
		require.NoError(t, err)
		require.NotEqual(t, first, second)
		refusedAt(t, b.ConfirmFactor(b.ctx, b.people["ben"], codeAt(t, first, 0)), flows.FieldCode, "wrong")
		_, step := b.waiting(t, provenStep)
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: codeAt(t, second, 0)}), flows.FieldCode, "Set up an authenticator app")
		require.NoError(t, b.ConfirmFactor(b.ctx, b.people["ben"], codeAt(t, second, 0)))
		refused(t, b.ConfirmFactor(b.ctx, b.people["ben"], codeAt(t, second, 1)), "already")
		_, _, err = b.BeginFactor(b.ctx, b.people["ben"])
		refused(t, err, "already")

		require.NoError(t, b.DropFactor(b.ctx, b.people["ben"], codeAt(t, second, 1)))
		factor, err = b.FactorOf(b.ctx, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, flows.Factor{CanEnrol: true}, factor)
		require.Equal(t, []string{"factor.failed", "factor.enrolled", "factor.dropped"}, b.personEvents(t, "ben"))
	})
}

// A new app does not count at once: whoever took over a Slack account can't set one up and approve with it.
func TestANewFactorWaits(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, func(o *flows.Options) { o.FactorWait = 24 * hour })
		request, step := b.waiting(t, provenStep)
		secret := b.enrol(t, "ben")
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: codeAt(t, secret, 0)}), flows.FieldCode, "It counts for approvals in 1 day")
		b.nothingDecided(t, request)
		b.clock.Advance(24 * hour)
		require.NoError(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: codeAt(t, secret, 0)}))
	})
}

func TestResetByAnAdmin(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, nil)
		b.enrol(t, "ben")
		refused(t, b.ResetFactor(b.ctx, b.people["ben"], b.people["ben"]), "Only admins")
		refused(t, b.ResetFactor(b.ctx, b.people["ada"], b.people["carl"]), "has no second factor")
		refused(t, b.ResetFactor(b.ctx, b.people["ada"], b.people["ada"]), "with a code of it")
		require.NoError(t, b.ResetFactor(b.ctx, b.people["ada"], b.people["ben"]))
		require.Equal(t, []string{"factor.enrolled", "factor.reset"}, b.personEvents(t, "ben"))
		_, step := b.waiting(t, provenStep)
		refused(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: "123456"}), "Set up an authenticator app")
	})
}

// A secret opens only with the installation's key, and only as that of its person.
func TestSealedSecrets(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, nil)
		ben, carl := b.enrol(t, "ben"), b.enrol(t, "carl")
		row, err := db.SecondFactorOf(b.ctx, b.store, b.people["carl"])
		require.NoError(t, err)
		require.NotContains(t, row.Sealed, carl)
		_, err = b.store.NewUpdate().Table("second_factors").Set("sealed = ?", row.Sealed).Where("person_id = ?", b.people["ben"]).Exec(b.ctx)
		require.NoError(t, err)
		refused(t, b.DropFactor(b.ctx, b.people["ben"], codeAt(t, carl, 0)), "key was changed")
		require.NotEqual(t, ben, carl)

		b.options.SecretKey = []byte("another key of thirty-two bytes!")
		refused(t, b.second(t).DropFactor(b.ctx, b.people["carl"], codeAt(t, carl, 0)), "key was changed")
		require.NoError(t, b.DropFactor(b.ctx, b.people["carl"], codeAt(t, carl, 0)))
		b.options.SecretKey = []byte("short")
		_, err = flows.New(b.options)
		require.ErrorContains(t, err, "32 bytes")
	})
}
