package flows

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/usherhq/usher/db"
)

// Consent is what somebody gives with an approval, as far as the step asks for it.
type Consent struct {
	Comment string // why; required where the step says so
	Code    string // a time-based code, or
	SignIn  string // the id of a sign-in that was proven; one of both where the step asks for a second factor
}

// Asks says what an approval of a step will want of a person.
type Asks struct {
	Comment bool   // to say why
	StepUp  bool   // to prove anew who he is
	Factor  string // how: FactorCode, FactorSignIn, or empty when he can't
	Why     string // a sentence that says what to do, where he can't
}

// ApprovalAsks says what Approve will want of a person for a step. It refuses as MayDecide does.
func (f *Flows) ApprovalAsks(ctx context.Context, stepID, personID string) (Asks, error) {
	if err := f.MayDecide(ctx, stepID, personID); err != nil {
		return Asks{}, err
	}
	step, err := db.StepByID(ctx, f.store, stepID)
	if err != nil {
		return Asks{}, err
	}
	asks := Asks{Comment: step.Spec.Comment, StepUp: step.Spec.StepUp}
	if !asks.StepUp {
		return asks, nil
	}
	now := f.Now()
	factor, err := f.factorOf(ctx, f.store, personID, now)
	asks.Factor, asks.Why = f.howToProve(factor, now)
	return asks, err
}

// howToProve says by which factor somebody can prove who he is now, or why by none: a sentence that says what to do.
func (f *Flows) howToProve(factor Factor, now time.Time) (which, why string) {
	switch {
	case factor.Enrolled && factor.LockedUntil.IsZero() && !factor.UsableAt.After(now):
		return FactorCode, ""
	case factor.SignIn:
		return FactorSignIn, ""
	case !factor.LockedUntil.IsZero():
		return "", lockedWords(factor.LockedUntil, now)
	case factor.Enrolled:
		return "", fmt.Sprintf("Your authenticator app is new. It counts for approvals in %s.", inWords(factor.UsableAt, now))
	case !factor.CanEnrol:
		return "", factor.WhyNot
	case f.factorWait > 0:
		return "", fmt.Sprintf("This step asks for a second factor. Set up an authenticator app in Usher's Home: it counts for approvals %s later.", db.Duration(f.factorWait).Words())
	}
	return "", "This step asks for a second factor. Set up an authenticator app in Usher's Home first."
}

// inWords is how long it is until a time, in whole minutes, rounded up.
func inWords(at, now time.Time) string {
	return db.Duration(at.Sub(now).Truncate(time.Minute) + time.Minute).Words()
}

// checkComment refuses a comment that the step asks for and that is missing, or that can't be kept.
func checkComment(step db.Step, comment string) error {
	err := checkReason(comment)
	refusal, ok := Refusal(err)
	switch {
	case comment == "" && !step.Comment:
		return nil
	case comment == "":
		return refuseField(FieldComment, 0, "Say why you approve: this step asks for it.")
	case ok:
		return refuseField(FieldComment, 0, "%s", refusal.Text)
	}
	return err
}

// prove checks and spends the second factor of a consent, where the step asks for one.
func (c *change) prove(ctx context.Context, d desk, p db.Person, consent Consent) (*db.Proof, error) {
	if !d.step.Spec.StepUp {
		return nil, nil //nolint:nilnil // no proof is asked for
	}
	if consent.SignIn != "" {
		return c.proveSignIn(ctx, d, p, consent.SignIn)
	}
	factor, err := c.f.factorOf(ctx, c, p.ID, c.now)
	if err != nil {
		return nil, err
	}
	switch which, why := c.f.howToProve(factor, c.now); {
	case which == "":
		return nil, refuseField(FieldCode, 0, "%s", why)
	case which == FactorSignIn:
		return nil, refuseField(FieldCode, 0, "This step asks for a sign-in at your company's identity provider. Press Approve again and sign in.")
	case consent.Code == "":
		return nil, refuseField(FieldCode, 0, "This step asks for a code of your authenticator app. Press Approve again and write it.")
	}
	row, err := c.takeCode(ctx, p, consent.Code)
	if err != nil {
		return nil, err
	}
	return &db.Proof{Kind: FactorCode, At: c.now, Evidence: strconv.FormatInt(row.LastCounter, 10)}, nil
}

// proveSignIn spends a sign-in that was proven for this step.
func (c *change) proveSignIn(ctx context.Context, d desk, p db.Person, id string) (*db.Proof, error) {
	row, _, err := c.f.signInOf(ctx, c, id, p.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case row.Purpose != d.step.ID:
		return nil, refuseField(FieldCode, 0, "This sign-in was for another decision. Press Approve again and sign in anew.")
	case row.Status == db.SignInWaiting:
		return nil, refuseField(FieldCode, 0, "You have not signed in yet: open the link, sign in, and press again.")
	case row.Status == db.Refused:
		return nil, refuseField(FieldCode, 0, "%s", row.Error)
	case row.Proof == nil, c.now.Sub(row.Proof.At) > signInFresh:
		return nil, refuseField(FieldCode, 0, "You signed in too long ago. Press Approve again and sign in anew.")
	}
	err = db.UseSignIn(ctx, c, row.ID)
	if errors.Is(err, db.ErrConflict) {
		return nil, refuseField(FieldCode, 0, "This sign-in was used already. Press Approve again and sign in anew.")
	}
	return row.Proof, err
}
