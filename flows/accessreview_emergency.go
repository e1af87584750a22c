package flows

import (
	"context"
	"time"

	"github.com/usherhq/usher/db"
)

// reviewEmergencyIn is how long the review of an emergency may take where the entitlement does not say.
const reviewEmergencyIn = 3 * 24 * time.Hour

// openEmergencyReview begins the review of a grant that was given by the emergency path: somebody else looks at it
// afterwards. What nobody decides in time is kept, but the admins are asked too and everybody is reminded each day.
func (c *change) openEmergencyReview(ctx context.Context, request db.Request, item db.RequestItem, grant db.Grant) error {
	path := db.Emergency{Reviewers: []string{"owner"}}
	if item.Entitlement.Emergency != nil {
		path = *item.Entitlement.Emergency
	}
	within := time.Duration(path.ReviewIn)
	if within <= 0 {
		within = reviewEmergencyIn
	}
	review := db.Review{
		ID: db.NewID("rev"), Kind: db.EmergencyReview, Title: "Emergency access to " + item.Entitlement.Name,
		Scope: db.ReviewScope{Entitlements: []string{item.Entitlement.Slug}, People: []string{item.Subject.Email}}, Reviewers: path.Reviewers,
		Overdue: db.OverdueKeep, Status: db.ReviewOpen, CreatedBy: request.RequesterID, CreatedAt: c.now, DueAt: c.now.Add(within),
		Channel: path.Channel, Submission: "emergency:" + item.ID,
	}
	return c.startReview(ctx, system, review, []db.Grant{grant}, request.ID)
}
