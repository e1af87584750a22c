package flows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
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

// noKey is why nobody can set an authenticator app up.
const noKey = "Authenticator apps can't be used here yet: ask whoever runs Usher to set USHER_SECRET_KEY."

// FactorOf reads what is known of a person's second factor.
func (f *Flows) FactorOf(ctx context.Context, personID string) (Factor, error) {
	return f.factorOf(ctx, f.store, personID, f.Now())
}

func (f *Flows) factorOf(ctx context.Context, q bun.IDB, personID string, now time.Time) (Factor, error) {
	factor := Factor{CanEnrol: f.sealer != nil, SignIn: f.identity != nil}
	if !factor.CanEnrol {
		factor.WhyNot = noKey
	}
	row, err := db.SecondFactorOf(ctx, q, personID)
	if errors.Is(err, db.ErrNotFound) {
		return factor, nil
	}
	if err != nil {
		return factor, err
	}
	if row.LockedUntil.After(now) {
		factor.LockedUntil = row.LockedUntil
	}
	if row.ConfirmedAt.IsZero() {
		return factor, nil
	}
	factor.Enrolled, factor.EnrolledAt, factor.UsableAt = true, row.ConfirmedAt, row.ConfirmedAt.Add(f.factorWait)
	factor.CanEnrol, factor.WhyNot = false, "You have an authenticator app already. Remove it first."
	return factor, nil
}

// BeginFactor makes a new secret for a person's authenticator app. It counts once it is confirmed. The uri is what
// authenticator apps read from a picture.
func (f *Flows) BeginFactor(ctx context.Context, personID string) (secret, uri string, err error) {
	err = f.change(ctx, func(ctx context.Context, c *change) error {
		p, err := actor(ctx, c, personID)
		if err != nil {
			return err
		}
		if f.sealer == nil {
			return refuse(noKey)
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: "Usher", AccountName: p.Label()})
		if err != nil {
			return fmt.Errorf("make a secret: %w", err)
		}
		secret, uri = key.Secret(), key.URL()
		sealed, err := f.sealer.seal(secret, aboutFactor(p.ID))
		if err != nil {
			return err
		}
		err = db.BeginSecondFactor(ctx, c, db.SecondFactor{PersonID: p.ID, Sealed: sealed, CreatedAt: c.now})
		if errors.Is(err, db.ErrConflict) {
			return refuse("You have an authenticator app already. Remove it first, with a code of it.")
		}
		return err
	})
	if err != nil {
		return "", "", err
	}
	return secret, uri, nil
}

func aboutFactor(personID string) string { return "second factor of " + personID }

// ConfirmFactor sets a second factor up: the code shows that the person's app has the secret.
func (f *Flows) ConfirmFactor(ctx context.Context, personID, code string) error {
	return f.withCode(ctx, personID, code, func(ctx context.Context, c *change, p db.Person, row db.SecondFactor) error {
		if !row.ConfirmedAt.IsZero() {
			return refuse("You have an authenticator app already. Remove it first.")
		}
		row.ConfirmedAt = c.now
		if err := db.SaveSecondFactor(ctx, c, row); err != nil {
			return err
		}
		return c.recordFactor(person(p), "factor.enrolled", p, db.Details{Until: c.now.Add(f.factorWait).Format(time.RFC3339)})
	})
}

// DropFactor takes a person's second factor away, against a code of it.
func (f *Flows) DropFactor(ctx context.Context, personID, code string) error {
	return f.withCode(ctx, personID, code, func(ctx context.Context, c *change, p db.Person, _ db.SecondFactor) error {
		if err := db.DeleteSecondFactor(ctx, c, p.ID); err != nil {
			return err
		}
		return c.recordFactor(person(p), "factor.dropped", p, db.Details{})
	})
}

// ResetFactor takes somebody's second factor away who can't use it any more. Admins may, and the person is told.
func (f *Flows) ResetFactor(ctx context.Context, adminID, personID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		admin, err := actor(ctx, c, adminID)
		if err != nil {
			return err
		}
		may, err := f.IsAdmin(ctx, c, admin)
		switch {
		case err != nil:
		case !may:
			err = refuse("Only admins can take somebody's second factor away.")
		case adminID == personID: // else who has only taken over an admin's Slack could set up a factor of his own
			err = refuse("Your own you remove in Usher's Home, with a code of it. If you can't, another admin can reset it.")
		}
		if err != nil {
			return err
		}
		p, err := db.PersonByID(ctx, c, personID)
		if err != nil {
			return err
		}
		err = db.DeleteSecondFactor(ctx, c, p.ID)
		if errors.Is(err, db.ErrConflict) {
			return refuse("%s has no second factor.", p.Name)
		}
		if err != nil {
			return err
		}
		return c.recordFactor(person(admin), "factor.reset", p, db.Details{})
	})
}

// recordFactor adds an event about a person's second factor.
func (c *change) recordFactor(actor by, action string, p db.Person, details db.Details) error {
	return c.append(db.AuditEvent{Actor: actor.name, ActorKind: actor.kind, Action: action, Subject: p.Label()}, details)
}
