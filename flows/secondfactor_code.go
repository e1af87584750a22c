package flows

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/usherhq/usher/db"
)

// How codes are made (RFC 6238), and how many wrong ones lock a factor for how long. A code of the step before or
// behind counts too: clocks differ, and people type slowly.
const (
	codeStep    = 30 * time.Second
	codeDigits  = otp.DigitsSix
	codeSkew    = 1
	maxFailures = 5
	lockFor     = 15 * time.Minute
)

// mismatch is a refusal that is counted: what its transaction wrote is kept.
type mismatch struct{ refusal *Error }

// Error returns the refusal's sentence.
func (m *mismatch) Error() string { return m.refusal.Text }

// Unwrap returns the refusal.
func (m *mismatch) Unwrap() error { return m.refusal }

// counting is change for what takes codes: a wrong code is written down although what it was for does not happen. Codes
// are looked at before anything else is written.
func (f *Flows) counting(ctx context.Context, do func(ctx context.Context, c *change) error) error {
	var wrong *mismatch
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		err := do(ctx, c)
		if errors.As(err, &wrong) {
			return nil
		}
		return err
	})
	if err == nil && wrong != nil {
		return wrong
	}
	return err
}

// withCode runs do for a person whose code is right.
func (f *Flows) withCode(ctx context.Context, personID, code string, do func(context.Context, *change, db.Person, db.SecondFactor) error) error {
	return f.counting(ctx, func(ctx context.Context, c *change) error {
		p, err := actor(ctx, c, personID)
		if err != nil {
			return err
		}
		row, err := c.takeCode(ctx, p, code)
		if err != nil {
			return err
		}
		return do(ctx, c, p, row)
	})
}

// takeCode spends a code of a person's authenticator app and returns the factor as it stands then. A wrong code is a
// mismatch.
func (c *change) takeCode(ctx context.Context, p db.Person, code string) (db.SecondFactor, error) {
	row, secret, err := c.secretOf(ctx, p)
	if err != nil {
		return row, err
	}
	code = strings.Join(strings.Fields(code), "")
	if len(code) != codeDigits.Length() || strings.Trim(code, "0123456789") != "" {
		return row, refuseField(FieldCode, 0, "Write the %d digits that your authenticator app shows.", codeDigits.Length())
	}
	counter, err := counterOf(secret, code, time.Now()) // the app goes by the wall clock
	switch {
	case err != nil:
		return row, err
	case counter == 0:
		return row, c.countWrong(ctx, p, row)
	case counter <= row.LastCounter:
		return row, refuseField(FieldCode, 0, "This code was used already. Wait for the next one.")
	}
	row.LastCounter, row.Failures, row.LockedUntil = counter, 0, time.Time{}
	return row, db.SaveSecondFactor(ctx, c, row)
}

// secretOf reads a person's factor under its lock, with the secret, unless it is locked by wrong codes.
func (c *change) secretOf(ctx context.Context, p db.Person) (db.SecondFactor, string, error) {
	if c.f.sealer == nil {
		return db.SecondFactor{}, "", refuse(noKey)
	}
	row, err := db.LockSecondFactor(ctx, c, p.ID)
	if errors.Is(err, db.ErrNotFound) {
		return row, "", refuseField(FieldCode, 0, "You have no authenticator app set up. Set one up in Usher's Home.")
	}
	if err != nil {
		return row, "", err
	}
	if row.LockedUntil.After(c.now) {
		return row, "", refuseField(FieldCode, 0, "%s", lockedWords(row.LockedUntil, c.now))
	}
	secret, err := c.f.sealer.open(row.Sealed, aboutFactor(p.ID))
	if errors.Is(err, errSealed) {
		return row, "", refuseField(FieldCode, 0, "Your authenticator app can't be checked any more, because Usher's key was changed. Ask an admin to reset it, and set it up anew.")
	}
	return row, secret, err
}

// countWrong writes a wrong code down, and locks the factor behind too many.
func (c *change) countWrong(ctx context.Context, p db.Person, row db.SecondFactor) error {
	row.Failures++
	action, text := "factor.failed", fmt.Sprintf("This code is wrong. After %d more wrong codes you have to wait for %s.", maxFailures-row.Failures, db.Duration(lockFor).Words())
	details := db.Details{Attempts: row.Failures}
	if row.Failures >= maxFailures {
		row.Failures, row.LockedUntil = 0, c.now.Add(lockFor)
		action, text = "factor.locked", lockedWords(row.LockedUntil, c.now)
		details.Until = row.LockedUntil.Format(time.RFC3339)
	}
	if err := db.SaveSecondFactor(ctx, c, row); err != nil {
		return err
	}
	if err := c.recordFactor(person(p), action, p, details); err != nil {
		return err
	}
	return &mismatch{refusal: &Error{Field: FieldCode, Text: text}}
}

func lockedWords(until, now time.Time) string {
	return fmt.Sprintf("There were %d wrong codes. Try again in %s.", maxFailures, inWords(until, now))
}

// counterOf finds the time step of a code, or 0 when it is none that holds now.
func counterOf(secret, code string, now time.Time) (int64, error) {
	present := now.Unix() / int64(codeStep/time.Second)
	for counter := present - codeSkew; counter <= present+codeSkew; counter++ {
		right, err := hotp.GenerateCodeCustom(secret, uint64(counter), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, fmt.Errorf("check a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			return counter, nil
		}
	}
	return 0, nil
}
