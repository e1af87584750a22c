package flows

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// mayGiveAgain refuses access that a review removed with the word that it is not to be given again. Whoever owns it and
// admins may ask for it on the person's behalf: that is how the word is taken back.
func (f *Flows) mayGiveAgain(ctx context.Context, q bun.IDB, request db.Request, item db.RequestItem) error {
	last, err := db.LastGrantOf(ctx, q, item.SubjectID, item.EntitlementID, item.ID)
	if errors.Is(err, db.ErrNotFound) || err == nil && (last.DoNotRenew == "" || last.EndCause != db.CauseRevoked) {
		return nil
	}
	if err != nil {
		return err
	}
	if request.RequesterID != item.SubjectID {
		if may, err := f.mayMend(ctx, q, *request.Requester, *item.Entitlement); err != nil || may {
			return err
		}
	}
	return refuseField(FieldAccess, 0, "%s is not to be given to %s again, as a review said: %s If that has changed, its owner or an admin can ask for it on their behalf.",
		item.Entitlement.Name, item.Subject.Name, ended(last.DoNotRenew))
}
