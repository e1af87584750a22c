package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// The statuses of a sign-in besides Refused. SignInWaiting has not been answered by the identity provider.
const (
	SignInWaiting = "waiting"
	SignInProven  = "proven"
	SignInUsed    = "used" // it stands behind a decision
)

// SignIn is a sign-in at the company's identity provider by which a person proves anew who he is. Its times are those
// of the wall clock, by which the identity provider goes.
type SignIn struct {
	bun.BaseModel `bun:"table:sign_ins,alias:sign_in"`

	ID          string    `bun:"id,pk"`
	PersonID    string    `bun:"person_id"`
	Purpose     string    `bun:"purpose"`      // the approval step that it is for
	Device      string    `bun:"device"`       // the device code, sealed
	UserCode    string    `bun:"user_code"`    // what the person types, if the address does not hold it
	VerifyURL   string    `bun:"verify_url"`   // where the person signs in
	PollSeconds int       `bun:"poll_seconds"` // how long to wait between two questions to the identity provider
	PolledAt    time.Time `bun:"polled_at,nullzero"`
	Status      string    `bun:"status"`           // SignInWaiting, SignInProven, SignInUsed or Refused
	Proof       *Proof    `bun:"proof,type:jsonb"` // once it is proven
	Error       string    `bun:"error"`            // why it was refused, a sentence
	CreatedAt   time.Time `bun:"created_at"`
	EndsAt      time.Time `bun:"ends_at"` // it can't be finished any more
}

// InsertSignIn adds a sign-in.
func InsertSignIn(ctx context.Context, q bun.IDB, row SignIn) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add sign-in "+row.ID)
}

// SignInByID reads one sign-in.
func SignInByID(ctx context.Context, q bun.IDB, id string) (SignIn, error) {
	var row SignIn
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "sign-in", id)
}

// SignInsSince counts the sign-ins that a person began after a time.
func SignInsSince(ctx context.Context, q bun.IDB, personID string, after time.Time) (int64, error) {
	n, err := q.NewSelect().Model((*SignIn)(nil)).Where("person_id = ?", personID).Where("created_at > ?", after).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count sign-ins of %s: %w", personID, err)
	}
	return n, nil
}

// ClaimPoll takes the next question to the identity provider about a waiting sign-in; ErrConflict when it is too early
// for one, or another process asks.
func ClaimPoll(ctx context.Context, q bun.IDB, row SignIn, now time.Time) error {
	result, err := q.NewUpdate().Model((*SignIn)(nil)).Set("polled_at = ?", now).
		Where("id = ?", row.ID).Where("status = ?", SignInWaiting).
		Where("(polled_at IS NULL OR polled_at <= ?)", now.Add(-time.Duration(row.PollSeconds)*time.Second)).Exec(ctx)
	return changed(result, err, "sign-in", row.ID)
}

// SlowPoll lengthens the wait between two questions about a sign-in.
func SlowPoll(ctx context.Context, q bun.IDB, row SignIn) error {
	_, err := q.NewUpdate().Model(&row).Column("poll_seconds").WherePK().Exec(ctx)
	return wrap(err, "slow sign-in "+row.ID)
}

// FinishSignIn writes how a waiting sign-in came out; ErrConflict when that was written already.
func FinishSignIn(ctx context.Context, q bun.IDB, row SignIn) error {
	result, err := q.NewUpdate().Model(&row).Column("status", "proof", "error", "device").
		Where("id = ?", row.ID).Where("status = ?", SignInWaiting).Exec(ctx)
	return changed(result, err, "sign-in", row.ID)
}

// UseSignIn spends a proven sign-in; ErrConflict when it was spent already.
func UseSignIn(ctx context.Context, q bun.IDB, id string) error {
	result, err := q.NewUpdate().Model((*SignIn)(nil)).Set("status = ?", SignInUsed).
		Where("id = ?", id).Where("status = ?", SignInProven).Exec(ctx)
	return changed(result, err, "sign-in", id)
}

// ForgetSignIns drops sign-ins that were begun before the time given. What one proved stands with the decision.
func ForgetSignIns(ctx context.Context, q bun.IDB, before time.Time) error {
	_, err := q.NewDelete().Model((*SignIn)(nil)).Where("created_at < ?", before).Exec(ctx)
	return wrap(err, "forget sign-ins")
}
