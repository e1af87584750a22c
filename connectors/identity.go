package connectors

import (
	"errors"
	"time"
)

// DeviceCode is a sign-in that an identity provider waits for (RFC 8628). Code is a secret.
type DeviceCode struct {
	Code      string
	UserCode  string        // what the person compares or types
	VerifyURL string        // where the person signs in; the user code stands in it where the provider can take it so
	Ends      time.Time     // when the provider forgets it, by the wall clock
	Poll      time.Duration // how long to wait between two questions
}

// Identity is whom an identity provider saw sign in.
type Identity struct {
	Issuer      string
	Subject     string
	Email       string
	Unverified  bool      // the provider says that the address was never verified
	SignedAt    time.Time // auth_time, by the provider's clock; zero if it was not told
	Methods     []string  // amr
	Level       string    // acr
	TokenSHA256 string    // of the ID token, in hexadecimal
}

// What an identity provider answers while there is no Identity. Any other error but a [SignInRefusedError] says that it
// could not be asked.
var (
	ErrSignInWaiting = errors.New("the person has not signed in yet")
	ErrSignInSlower  = errors.New("the identity provider wants to be asked less often")
)

// SignInRefusedError says that a sign-in will never be proven. Why is a sentence for the person.
type SignInRefusedError struct{ Why string }

// Error returns the sentence.
func (e *SignInRefusedError) Error() string { return e.Why }
