package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

// LookAfterReview does what the job of a due access review does.
func (f *Flows) LookAfterReview(ctx context.Context, id string) error { return f.reviewDue(ctx, id) }

// ReviewEmergency begins the review of a grant as the emergency path does.
func (f *Flows) ReviewEmergency(ctx context.Context, grantID string) error {
	return f.withGrant(ctx, grantID, func(ctx context.Context, c *change, grant db.Grant) error {
		request, err := db.RequestByID(ctx, c, grant.RequestID)
		if err != nil {
			return err
		}
		item, err := db.ItemByID(ctx, c, grant.ItemID)
		if err != nil {
			return err
		}
		return c.openEmergencyReview(ctx, request, item, grant)
	})
}

// ReviewersAgain does what the job does that looks anew for reviewers.
func (f *Flows) ReviewersAgain(ctx context.Context, id string) error { return f.reviewAgain(ctx, id) }
