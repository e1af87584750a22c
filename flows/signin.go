package flows

import (
	"context"
	"time"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// IdentityProvider is where the company's people sign in. It is implemented where OpenID Connect is known; its errors
// are those of connectors/identity.go.
type IdentityProvider interface {
	// Begin asks for a sign-in on another device.
	Begin(ctx context.Context) (connectors.DeviceCode, error)
	// Finish asks once whether a sign-in is done, and who it was.
	Finish(ctx context.Context, code string) (connectors.Identity, error)
}

// How long a sign-in counts, by when the person signed in and by when Usher saw it; and how many one person may begin
// in an hour.
const (
	signInFresh = 5 * time.Minute
	maxSignIns  = 20
	signInSkew  = time.Minute     // how far the provider's clock may go before ours
	slowerPoll  = 5 * time.Second // RFC 8628 section 3.5
)

// noIdentity is why nobody can sign in.
const noIdentity = "Sign-ins at your company's identity provider can't be used here yet: ask whoever runs Usher to set USHER_OIDC_ISSUER."

// BeginSignIn starts a sign-in at the company's identity provider. Its purpose is the approval step that it is for. The
// person opens VerifyURL, where UserCode stands in already or is to be typed.
func (f *Flows) BeginSignIn(ctx context.Context, personID, purpose string) (db.SignIn, error) {
	if err := f.maySignIn(ctx, personID, purpose); err != nil {
		return db.SignIn{}, err
	}
	code, err := f.identity.Begin(ctx)
	if err != nil {
		f.log.ErrorContext(ctx, "begin a sign-in", "person", personID, "error", err)
		return db.SignIn{}, refuse("Your company's identity provider can't be reached now. Try again in a minute.")
	}
	row := db.SignIn{
		ID: db.NewID("sgn"), PersonID: personID, Purpose: purpose, UserCode: code.UserCode, VerifyURL: code.VerifyURL,
		PollSeconds: max(int(code.Poll/time.Second), 1), Status: db.SignInWaiting, CreatedAt: db.UTC(time.Now()), EndsAt: db.UTC(code.Ends),
	}
	if row.Device, err = f.sealer.seal(code.Code, aboutSignIn(row)); err != nil {
		return db.SignIn{}, err
	}
	return row, db.InsertSignIn(ctx, f.store, row)
}

// maySignIn says why a person can't begin a sign-in, or nil.
func (f *Flows) maySignIn(ctx context.Context, personID, purpose string) error {
	if f.identity == nil || f.sealer == nil {
		return refuse(noIdentity)
	}
	if err := f.MayDecide(ctx, purpose, personID); err != nil {
		return err
	}
	begun, err := db.SignInsSince(ctx, f.store, personID, db.UTC(time.Now().Add(-time.Hour)))
	if err == nil && begun >= maxSignIns {
		err = refuse("You began %d sign-ins within an hour. Wait a while before the next.", maxSignIns)
	}
	return err
}

func aboutSignIn(row db.SignIn) string { return "sign-in " + row.ID + " of " + row.PersonID }
