package flows_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/oidc"
	"github.com/usherhq/usher/connectors/oidc/oidctest"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// witness is an identity provider that answers what a test says, and counts what it is asked.
type witness struct {
	mu    sync.Mutex
	who   connectors.Identity
	err   error
	asked int
	poll  time.Duration
	life  time.Duration
}

func (w *witness) Begin(context.Context) (connectors.DeviceCode, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return connectors.DeviceCode{
		Code: "the-device-code", UserCode: "ABCD-EFGH", VerifyURL: "https://login.example.com/device?code=ABCD-EFGH", Poll: w.poll, Ends: time.Now().Add(w.life),
	}, w.err
}

func (w *witness) Finish(_ context.Context, code string) (connectors.Identity, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	if code != "the-device-code" {
		return connectors.Identity{}, errors.New("another code")
	}
	return w.who, w.err
}

func (w *witness) says(who connectors.Identity, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.who, w.err = who, err
}

// witnessed is the bundle with an identity provider in the test's hand.
func (b *bundle) witnessed(t testing.TB) *witness {
	t.Helper()
	w := &witness{life: 10 * time.Minute}
	b.proving(t, func(o *flows.Options) { o.Identity = w })
	return w
}

// seen is somebody who signed in now.
func seen(email string) connectors.Identity {
	return connectors.Identity{Issuer: "https://login.example.com", Subject: "0815", Email: email, SignedAt: time.Now(), Methods: []string{"otp"}, Level: "high", TokenSHA256: "abc"}
}

// begun is a sign-in of a person for a step that may be asked about at once, as often as a test likes.
func (b *bundle) begun(t testing.TB, name, step string) string {
	t.Helper()
	row, err := b.BeginSignIn(b.ctx, b.people[name], step)
	require.NoError(t, err)
	require.Equal(t, "ABCD-EFGH", row.UserCode)
	return row.ID
}

// unhurried lets the identity provider be asked again at once.
func (b *bundle) unhurried(t testing.TB, id string) {
	t.Helper()
	_, err := b.store.NewUpdate().Table("sign_ins").Set("polled_at = NULL").Where("id = ?", id).Exec(b.ctx)
	require.NoError(t, err)
}

func TestApproveWithASignIn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		w := b.witnessed(t)
		request, step := b.waiting(t, provenStep)
		asks, err := b.ApprovalAsks(b.ctx, step, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, flows.Asks{StepUp: true, Factor: flows.FactorSignIn}, asks)
		for _, who := range []string{"ana", "carl", "greta"} {
			_, err := b.BeginSignIn(b.ctx, b.people[who], step)
			require.Error(t, err, who)
		}
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{}), flows.FieldCode, "asks for a sign-in")
		refused(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{SignIn: "made up"}), "no sign-in of yours")
		id := b.begun(t, "ben", step)
		require.NotContains(t, b.everything(t), "the-device-code")

		w.says(connectors.Identity{}, connectors.ErrSignInWaiting)
		row, err := b.CheckSignIn(b.ctx, id, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, db.SignInWaiting, row.Status)
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{SignIn: id}), flows.FieldCode, "not signed in yet")
		_, err = b.CheckSignIn(b.ctx, id, b.people["carl"])
		refused(t, err, "no sign-in of yours")

		w.says(seen("Ben@Example.com"), nil)
		row, err = b.CheckSignIn(b.ctx, id, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, db.SignInWaiting, row.Status, "it is too early to ask again")
		require.Equal(t, 1, w.asked)
		b.unhurried(t, id)
		row, err = b.CheckSignIn(b.ctx, id, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, db.SignInProven, row.Status)
		refused(t, b.Approve(b.ctx, step, b.people["carl"], flows.Consent{SignIn: id}), "not one of the people")
		other := b.step(t, b.ask(t, "ana", "chained", "8h").Request.ID)
		refusedAt(t, b.Approve(b.ctx, other, b.people["ben"], flows.Consent{SignIn: id}), flows.FieldCode, "for another decision")
		b.nothingDecided(t, request)

		require.NoError(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{SignIn: id}))
		proof := b.fact(t, request, "decision.approved").Proof
		require.Equal(t, []any{flows.FactorSignIn, "https://login.example.com", "0815", []string{"otp"}, "high", "abc"},
			[]any{proof.Kind, proof.Issuer, proof.Subject, proof.Methods, proof.Level, proof.Evidence})
		row, err = db.SignInByID(b.ctx, b.store, id)
		require.NoError(t, err)
		require.Equal(t, db.SignInUsed, row.Status)
	})
}

// A proven sign-in counts once, for five minutes, also when it is used twice at once.
func TestASignInCountsOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		w := b.witnessed(t)
		_, step := b.waiting(t, `{name: Two, approvers: [ben@example.com, carl@example.com], need: 2, step_up: true}`)
		w.says(seen("ben@example.com"), nil)
		id := b.begun(t, "ben", step)
		_, err := b.CheckSignIn(b.ctx, id, b.people["ben"])
		require.NoError(t, err)
		b.clock.Advance(5*minute + time.Second)
		refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{SignIn: id}), flows.FieldCode, "too long ago")
		id = b.begun(t, "ben", step)
		_, err = b.CheckSignIn(b.ctx, id, b.people["ben"])
		require.NoError(t, err)
		other := b.second(t)
		results := make(chan error, 4)
		for n := range cap(results) {
			go func() {
				by := []*flows.Flows{b.Flows, other}[n%2]
				results <- by.Approve(b.ctx, step, b.people["ben"], flows.Consent{SignIn: id})
			}()
		}
		won := 0
		for range cap(results) {
			if err := <-results; err == nil {
				won++
			} else {
				_, refusal := flows.Refusal(err)
				require.True(t, refusal, err)
			}
		}
		require.Equal(t, 1, won)
	})
}

// What proves nothing is refused for good, with the reason in the log.
func TestSignInsThatProveNothing(t *testing.T) {
	t.Parallel()
	with := func(change func(*connectors.Identity)) connectors.Identity {
		who := seen("ben@example.com")
		change(&who)
		return who
	}
	cases := map[string]struct {
		who  connectors.Identity
		err  error
		says string
	}{
		"somebody else":    {seen("carl@example.com"), nil, "Somebody else signed in"},
		"no address":       {seen(""), nil, "whose account"},
		"never verified":   {with(func(w *connectors.Identity) { w.Unverified = true }), nil, "never verified"},
		"no time":          {with(func(w *connectors.Identity) { w.SignedAt = time.Time{} }), nil, "did not say when"},
		"long ago":         {with(func(w *connectors.Identity) { w.SignedAt = time.Now().Add(-6 * time.Minute) }), nil, "too long ago"},
		"in the future":    {with(func(w *connectors.Identity) { w.SignedAt = time.Now().Add(10 * time.Minute) }), nil, "clock is wrong"},
		"refused by hand":  {connectors.Identity{}, &connectors.SignInRefusedError{Why: "The sign-in was cancelled."}, "was cancelled"},
		"not in time":      {connectors.Identity{}, nil, "not sign in in time"},
		"key changed":      {seen("ben@example.com"), nil, "key was changed"},
		"asked from afar":  {connectors.Identity{}, connectors.ErrSignInSlower, ""},
		"can't be reached": {connectors.Identity{}, errors.New("no route"), "can't be reached"},
	}
	onBoth(t, func(t *testing.T, b *bundle) {
		w := b.witnessed(t)
		_, step := b.waiting(t, provenStep)
		refusals := 0
		for name, one := range cases {
			w.says(one.who, nil)
			if w.life = 10 * time.Minute; name == "not in time" {
				w.life = -time.Second
			}
			id := b.begun(t, "ben", step)
			w.says(one.who, one.err)
			by := b.Flows
			if name == "key changed" {
				options := b.options
				options.SecretKey = []byte("another key of thirty-two bytes!")
				var err error
				by, err = flows.New(options)
				require.NoError(t, err)
			}
			row, err := by.CheckSignIn(b.ctx, id, b.people["ben"])
			if name == "can't be reached" {
				refused(t, err, one.says)
				continue
			}
			require.NoError(t, err, name)
			if one.says == "" {
				require.Equal(t, db.SignInWaiting, row.Status)
				require.Equal(t, 6, row.PollSeconds, "it asks less often")
				continue
			}
			refusals++
			require.Equal(t, db.Refused, row.Status, name)
			require.Contains(t, row.Error, one.says, name)
			require.Empty(t, row.Device)
			w.says(seen("ben@example.com"), nil)
			b.unhurried(t, id)
			again, err := b.CheckSignIn(b.ctx, id, b.people["ben"])
			require.NoError(t, err)
			require.Equal(t, db.Refused, again.Status, "it stays refused: %s", name)
			refusedAt(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{SignIn: id}), flows.FieldCode, one.says)
		}
		logged := 0
		for _, action := range b.personEvents(t, "ben") {
			if action == "sign_in.refused" {
				logged++
			}
		}
		require.Equal(t, refusals, logged)
	})
}

func TestSignInsAreLimited(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		_, step := b.waiting(t, provenStep)
		_, err := b.BeginSignIn(b.ctx, b.people["ben"], step)
		refused(t, err, "USHER_OIDC_ISSUER")
		w := b.witnessed(t)
		w.says(connectors.Identity{}, errors.New("no route"))
		_, err = b.BeginSignIn(b.ctx, b.people["ben"], step)
		refused(t, err, "can't be reached")
		w.says(connectors.Identity{}, nil)
		for range 20 {
			b.begun(t, "ben", step)
		}
		_, err = b.BeginSignIn(b.ctx, b.people["ben"], step)
		refused(t, err, "20 sign-ins")
	})
}

// A sign-in is kept for a day; its proof stands with the decision.
func TestOldSignInsAreForgotten(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		b.witnessed(t)
		_, step := b.waiting(t, provenStep)
		old, fresh := b.begun(t, "ben", step), b.begun(t, "ben", step)
		_, err := b.store.NewUpdate().Table("sign_ins").Set("created_at = ?", db.UTC(time.Now().Add(-25*hour))).Where("id = ?", old).Exec(b.ctx)
		require.NoError(t, err)
		require.NoError(t, b.Sweep(b.ctx))
		_, err = db.SignInByID(b.ctx, b.store, old)
		require.ErrorIs(t, err, db.ErrNotFound)
		_, err = db.SignInByID(b.ctx, b.store, fresh)
		require.NoError(t, err)
	})
}

// The whole way with a real identity provider: Ben signs in there in a browser and approves.
func TestApproveWithASignInAtARealProvider(t *testing.T) {
	t.Parallel()
	issuer := oidctest.Start(t)
	onBoth(t, func(t *testing.T, b *bundle) {
		provider, err := oidc.New(oidc.Settings{Issuer: issuer, ClientID: oidctest.Public})
		require.NoError(t, err)
		b.proving(t, func(o *flows.Options) { o.Identity = provider })
		request, step := b.waiting(t, provenStep)
		mallory, err := b.BeginSignIn(b.ctx, b.people["ben"], step)
		require.NoError(t, err)
		oidctest.NewBrowser(t).SignIn(mallory.VerifyURL, "carl@example.com")
		mallory, err = b.CheckSignIn(b.ctx, mallory.ID, b.people["ben"])
		require.NoError(t, err)
		require.Contains(t, mallory.Error, "Somebody else signed in")

		mine, err := b.BeginSignIn(b.ctx, b.people["ben"], step)
		require.NoError(t, err)
		oidctest.NewBrowser(t).SignIn(mine.VerifyURL, "ben@example.com")
		mine, err = b.CheckSignIn(b.ctx, mine.ID, b.people["ben"])
		require.NoError(t, err)
		require.Equal(t, db.SignInProven, mine.Status, mine.Error)
		require.NoError(t, b.Approve(b.ctx, step, b.people["ben"], flows.Consent{SignIn: mine.ID}))
		proof := b.fact(t, request, "decision.approved").Proof
		require.Equal(t, issuer, proof.Issuer)
		require.Equal(t, "ben@example.com", proof.Subject)
		require.WithinDuration(t, time.Now(), proof.Signed, time.Minute)
	})
}
