package flows

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// CheckSignIn asks the identity provider whether a sign-in is done, and returns it as it stands then: waiting, proven or
// refused, with the reason in Error. Between two questions it waits as long as the provider wants, and only returns the
// sign-in.
func (f *Flows) CheckSignIn(ctx context.Context, signInID, personID string) (db.SignIn, error) {
	row, p, err := f.signInOf(ctx, f.store, signInID, personID)
	if err != nil || row.Status != db.SignInWaiting {
		return row, err
	}
	now := db.UTC(time.Now())
	if f.identity == nil || f.sealer == nil {
		return row, refuse(noIdentity)
	}
	if now.After(row.EndsAt) {
		return f.finish(ctx, row, "You did not sign in in time. Begin again.")
	}
	err = db.ClaimPoll(ctx, f.store, row, now)
	if errors.Is(err, db.ErrConflict) {
		return db.SignInByID(ctx, f.store, row.ID)
	}
	if err != nil {
		return row, err
	}
	return f.poll(ctx, row, p)
}

// signInOf reads a person's own sign-in.
func (f *Flows) signInOf(ctx context.Context, q bun.IDB, id, personID string) (db.SignIn, db.Person, error) {
	p, err := actor(ctx, q, personID)
	if err != nil {
		return db.SignIn{}, p, err
	}
	row, err := db.SignInByID(ctx, q, id)
	if errors.Is(err, db.ErrNotFound) || (err == nil && row.PersonID != p.ID) {
		return db.SignIn{}, p, refuse("This is no sign-in of yours. Begin anew.")
	}
	return row, p, err
}

// poll asks the identity provider once.
func (f *Flows) poll(ctx context.Context, row db.SignIn, p db.Person) (db.SignIn, error) {
	code, err := f.sealer.open(row.Device, aboutSignIn(row))
	if errors.Is(err, errSealed) {
		return f.finish(ctx, row, "This sign-in can't be finished any more, because Usher's key was changed. Begin again.")
	}
	if err != nil {
		return row, err
	}
	who, err := f.identity.Finish(ctx, code)
	var refused *connectors.SignInRefusedError
	switch {
	case errors.Is(err, connectors.ErrSignInWaiting):
		return row, nil
	case errors.Is(err, connectors.ErrSignInSlower):
		row.PollSeconds += int(slowerPoll / time.Second)
		return row, db.SlowPoll(ctx, f.store, row)
	case errors.As(err, &refused):
		return f.finish(ctx, row, refused.Why)
	case err != nil:
		f.log.ErrorContext(ctx, "ask about a sign-in", "sign_in", row.ID, "error", err)
		return row, refuse("Your company's identity provider can't be reached now. Try again in a minute.")
	}
	now := f.Now()
	if why := whyNot(who, p, time.Now()); why != "" {
		return f.finish(ctx, row, why)
	}
	row.Proof = &db.Proof{
		Kind: FactorSignIn, At: now, Issuer: who.Issuer, Subject: who.Subject, Signed: db.UTC(who.SignedAt),
		Methods: who.Methods, Level: who.Level, Evidence: who.TokenSHA256,
	}
	return f.finish(ctx, row, "")
}

// whyNot says why a sign-in does not prove that it was the person, a sentence, or "" when it does.
func whyNot(who connectors.Identity, p db.Person, now time.Time) string {
	switch {
	case who.Email == "":
		return "The identity provider did not say whose account it was. Ask whoever runs Usher to let it tell the e-mail address."
	case who.Unverified:
		return "The identity provider says that the e-mail address of the account was never verified."
	case !strings.EqualFold(who.Email, p.Email):
		return "Somebody else signed in: the account is not that of " + p.Email + ". Begin again with your own."
	case who.SignedAt.IsZero():
		return "The identity provider did not say when you signed in. Ask whoever runs Usher to let it tell auth_time."
	case who.SignedAt.Before(now.Add(-signInFresh)):
		return "You signed in too long ago. Begin again, and sign in anew when you are asked to."
	case who.SignedAt.After(now.Add(signInSkew)):
		return "The identity provider's clock is wrong: it says that you signed in later than now. Tell whoever runs Usher."
	}
	return ""
}

// finish writes how a sign-in came out: refused for a reason, or proven. The device code is of no use any more.
func (f *Flows) finish(ctx context.Context, row db.SignIn, refused string) (db.SignIn, error) {
	row.Status, row.Error, row.Device = db.SignInProven, refused, ""
	if refused != "" {
		row.Status = db.Refused
	}
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		if err := db.FinishSignIn(ctx, c, row); err != nil || refused == "" {
			return err
		}
		p, err := db.PersonByID(ctx, c, row.PersonID)
		if err != nil {
			return err
		}
		return c.recordFactor(person(p), "sign_in.refused", p, db.Details{Error: refused, Step: row.Purpose})
	})
	if errors.Is(err, db.ErrConflict) {
		return db.SignInByID(ctx, f.store, row.ID)
	}
	return row, err
}
