package flows

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// reviewersOf finds who may decide on a grant in an access review: whom the review names, by the same search as for
// approvals; never the holder, and in the review of an emergency never who asked for it.
func (f *Flows) reviewersOf(ctx context.Context, q bun.IDB, review db.Review, grant db.Grant) ([]db.Approver, error) {
	request := db.Request{}
	if review.Kind == db.EmergencyReview {
		asked, err := db.RequestByID(ctx, q, grant.RequestID)
		if err != nil {
			return nil, err
		}
		request = asked
	}
	item := db.RequestItem{
		SubjectID: grant.SubjectID, Subject: grant.Subject, EntitlementID: grant.EntitlementID, Entitlement: grant.Entitlement,
	}
	return f.findApprovers(ctx, q, request, item, review.Reviewers, 1)
}

// snapshot makes the items of an access review and finds who decides on each.
func (c *change) snapshot(ctx context.Context, review db.Review, grants []db.Grant) ([]db.ReviewItem, []db.ReviewPerson, []string, error) {
	items := make([]db.ReviewItem, 0, len(grants))
	var people []db.ReviewPerson
	var labels []string
	for n, grant := range grants {
		item := db.ReviewItem{ID: db.NewID("rvi"), ReviewID: review.ID, GrantID: grant.ID, Position: n + 1, Status: db.ItemOpen}
		items = append(items, item)
		found, err := c.f.reviewersOf(ctx, c, review, grant)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, one := range found {
			people = append(people, db.ReviewPerson{ItemID: item.ID, PersonID: one.PersonID, Source: one.Source})
			labels = append(labels, one.Person.Label())
		}
	}
	slices.Sort(labels)
	return items, people, slices.Compact(labels), nil
}
