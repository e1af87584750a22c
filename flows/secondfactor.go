package flows

import (
	"context"
	"time"
)

// The second factors by which somebody can prove anew who he is.
const (
	FactorCode   = "totp" // a time-based code of an authenticator app
	FactorSignIn = "oidc" // a sign-in at the company's identity provider
)

// Factor is what is known of a person's second factor.
type Factor struct {
	Enrolled    bool      // he has confirmed an authenticator app
	EnrolledAt  time.Time // when
	UsableAt    time.Time // from when on it counts for approvals
	LockedUntil time.Time // after too many wrong codes; zero is not locked
	CanEnrol    bool      // an authenticator app can be set up here
	WhyNot      string    // a sentence, where it can't
	SignIn      bool      // the company's identity provider can be used
}

// FactorOf reads what is known of a person's second factor.
func (f *Flows) FactorOf(ctx context.Context, personID string) (Factor, error) {
	return Factor{}, nil
}

// BeginFactor makes a new secret for a person's authenticator app. It counts once it is confirmed. The uri is what
// authenticator apps read from a picture.
func (f *Flows) BeginFactor(ctx context.Context, personID string) (secret, uri string, err error) {
	return "", "", nil
}

// ConfirmFactor sets a second factor up: the code shows that the person's app has the secret.
func (f *Flows) ConfirmFactor(ctx context.Context, personID, code string) error { return nil }

// DropFactor takes a person's second factor away, against a code of it.
func (f *Flows) DropFactor(ctx context.Context, personID, code string) error { return nil }

// ResetFactor takes somebody's second factor away who can't use it any more. Admins may, and the person is told.
func (f *Flows) ResetFactor(ctx context.Context, adminID, personID string) error { return nil }
