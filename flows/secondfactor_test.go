package flows_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// proving is the bundle with a key for secrets, and what the options say besides.
func (b *bundle) proving(t testing.TB, set func(*flows.Options)) {
	t.Helper()
	b.options.SecretKey = []byte(strings.Repeat("k", 32))
	if set != nil {
		set(&b.options)
	}
	b.Flows = b.second(t)
}

// enrol sets up an authenticator app and returns its secret. The code that confirms it is that of the step before.
func (b *bundle) enrol(t testing.TB, name string) string {
	t.Helper()
	secret, uri, err := b.BeginFactor(b.ctx, b.people[name])
	require.NoError(t, err)
	require.Contains(t, uri, "otpauth://totp/Usher:"+name+"@example.com?")
	require.Contains(t, uri, secret)
	require.NoError(t, b.ConfirmFactor(b.ctx, b.people[name], codeAt(t, secret, -1)))
	return secret
}

// codeAt is the code of an authenticator app, some steps of 30 seconds from now. Few are left of the present step, the
// next one is waited for, so that a test sees one step only.
func codeAt(t testing.TB, secret string, steps int) string {
	t.Helper()
	const step = 30 * time.Second
	if left := step - time.Duration(time.Now().UnixNano())%step; left < 4*time.Second {
		<-time.After(left)
	}
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*step))
	require.NoError(t, err)
	return code
}

// wrong is a code that is none of those that hold now.
func wrong(t testing.TB, secret string) string {
	t.Helper()
	for _, code := range []string{"000000", "111111", "222222", "333333"} {
		if code != codeAt(t, secret, -1) && code != codeAt(t, secret, 0) && code != codeAt(t, secret, 1) {
			return code
		}
	}
	panic("four codes hold at once")
}

// personEvents are the actions of the log's events about a person that belong to no request.
func (b *bundle) personEvents(t testing.TB, name string) []string {
	t.Helper()
	events, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{}, batch)
	require.NoError(t, err)
	var actions []string
	for _, event := range events {
		if event.Request == "" && event.Subject == name+"@example.com" {
			actions = append(actions, event.Action)
		}
	}
	return actions
}

const provenStep = `{name: Manager, approvers: [manager], step_up: true}`

func TestApproveWithACode(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, nil)
		request, step := b.waiting(t, provenStep)
		asks, err := b.ApprovalAsks(b.ctx, step, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, flows.Asks{StepUp: true, Why: "This step asks for a second factor. Set up an authenticator app in Usher's Home first."}, asks)
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: "123456"}), flows.FieldCode, "Set up an authenticator app")

		secret := b.enrol(t, "ben")
		asks, err = b.ApprovalAsks(b.ctx, step, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, flows.Asks{StepUp: true, Factor: flows.FactorCode}, asks)
		_, err = b.ApprovalAsks(b.ctx, step, b.people["carl"])
		refused(t, err, "not one of the people")
		for code, says := range map[string]string{
			"": "asks for a code", "12345": "Write the 6 digits", "1234567": "Write the 6 digits", "abcdef": "Write the 6 digits",
			wrong(t, secret): "This code is wrong", codeAt(t, secret, -1): "used already",
		} {
			refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: code}), flows.FieldCode, says)
		}
		b.nothingDecided(t, request)
		code := codeAt(t, secret, 0)
		require.NoError(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: code[:3] + " " + code[3:]}))
		proof := b.sheet(t, request).Items[0].Steps[0].Decisions[0].Proof
		require.Equal(t, flows.FactorCode, proof.Kind)
		require.Equal(t, proof, b.fact(t, request, "decision.approved").Proof)
		require.NotContains(t, b.everything(t), secret)

		other := b.ask(t, "ana", "chained", "8h").Request.ID
		refusedAt(t, b.Approve(b.ctx, b.step(t, other), b.people["ben"], flows.Consent{Code: code}), flows.FieldCode, "used already")
		require.NoError(t, b.Approve(b.ctx, b.step(t, other), b.people["ben"], flows.Consent{Code: codeAt(t, secret, 1)}))
	})
}

// A step that asks for nothing takes no code, and whoever denies proves nothing.
func TestWhatNeedsNoCode(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, nil)
		b.enrol(t, "ben")
		_, step := b.waiting(t, provenStep)
		require.NoError(t, b.Deny(b.ctx, step, b.people["ben"], "no"))
		request := b.ask(t, "ana", "editors", "8h").Request.ID
		require.NoError(t, b.Approve(b.ctx, b.step(t, request), b.people["ben"], flows.Consent{Code: "000000"}))
		require.Nil(t, b.sheet(t, request).Items[0].Steps[0].Decisions[0].Proof)
		require.Equal(t, []string{"factor.enrolled"}, b.personEvents(t, "ben"))
	})
}

// Five wrong codes lock the factor, whatever they were for and however many come at once.
func TestWrongCodesLock(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, nil)
		secret := b.enrol(t, "ben")
		request, step := b.waiting(t, provenStep)
		other, bad := b.second(t), wrong(t, secret)
		var group sync.WaitGroup
		for n := range 12 {
			group.Go(func() {
				switch n % 3 {
				case 0:
					_ = b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: bad})
				case 1:
					_ = other.ApproveFor(b.ctx, step, b.people["ben"], db.Duration(hour), flows.Consent{Code: bad})
				case 2:
					_ = other.DropFactor(b.ctx, b.people["ben"], bad)
				}
			})
		}
		group.Wait()
		require.Equal(t, []string{"factor.enrolled", "factor.failed", "factor.failed", "factor.failed", "factor.failed", "factor.locked"}, b.personEvents(t, "ben"))
		good := codeAt(t, secret, 0)
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: good}), flows.FieldCode, "There were 5 wrong codes. Try again in 15 minutes")
		refusedAt(t, b.DropFactor(b.ctx, b.people["ben"], good), flows.FieldCode, "Try again in")
		factor, err := b.FactorOf(b.ctx, b.people["ben"])
		require.NoError(t, err)
		require.WithinDuration(t, b.Now().Add(15*minute), factor.LockedUntil, minute)
		asks, err := b.ApprovalAsks(b.ctx, step, b.people["ben"])
		require.NoError(t, err)
		require.Contains(t, asks.Why, "5 wrong codes")
		b.nothingDecided(t, request)

		b.clock.Advance(15*minute + time.Second)
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: bad}), flows.FieldCode, "After 4 more wrong codes")
		require.NoError(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Code: good}))
		b.verified(t)
	})
}

// The time is made shorter with the approval or not at all, and never longer.
func TestApproveFor(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.proving(t, nil)
		secret := b.enrol(t, "ben")
		request, step := b.waiting(t, provenStep)
		bad := flows.Consent{Code: wrong(t, secret)}
		refusedAt(t, b.ApproveFor(b.ctx, step, b.people["ben"], db.Duration(hour), bad), flows.FieldCode, "wrong")
		require.NotContains(t, b.actions(t, request), "duration.changed")
		good := flows.Consent{Code: codeAt(t, secret, 0), Comment: "an hour will do"}
		refusedAt(t, b.ApproveFor(b.ctx, step, b.people["ben"], db.Duration(9*hour), good), flows.FieldDuration, "only be made shorter than 8 hours")
		refusedAt(t, b.ApproveFor(b.ctx, step, b.people["ben"], 0, good), flows.FieldDuration, "how long")
		require.Equal(t, db.Duration(8*hour), b.sheet(t, request).Items[0].Duration)
		require.NoError(t, b.ApproveFor(b.ctx, step, b.people["ben"], db.Duration(hour), good), "what was refused did not spend the code")
		sheet := b.sheet(t, request)
		require.Equal(t, db.Duration(hour), sheet.Items[0].Grant.Duration)
		require.Equal(t, "an hour will do", sheet.Items[0].Steps[0].Decisions[0].Reason)
		require.Equal(t, "1h", b.fact(t, request, "duration.changed").Duration)

		same := b.ask(t, "ana", "chained", "8h").Request.ID
		require.NoError(t, b.ApproveFor(b.ctx, b.step(t, same), b.people["ben"], db.Duration(8*hour), flows.Consent{Code: codeAt(t, secret, 1)}))
		require.NotContains(t, b.actions(t, same), "duration.changed")
	})
}

func TestApproveWithAComment(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		request, step := b.waiting(t, `{name: Manager, approvers: [manager], comment: true}`)
		asks, err := b.ApprovalAsks(b.ctx, step, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, flows.Asks{Comment: true}, asks)
		for _, comment := range []string{"", " \n", "\x00", strings.Repeat("a", 5000)} {
			refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Comment: comment}), flows.FieldComment, "")
		}
		b.nothingDecided(t, request)
		require.NoError(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{Comment: "Ana starts today"}))
		require.Equal(t, "Ana starts today", b.fact(t, request, "decision.approved").Reason)
	})
}
