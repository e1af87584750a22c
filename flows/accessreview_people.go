package flows

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// reviewersOf finds who may decide on a grant in an access review: whom the review names, by the same search as for
// approvals; never the holder, and in the review of an emergency never who asked for it, who is taken to have begun it.
func (f *Flows) reviewersOf(ctx context.Context, q bun.IDB, review db.Review, grant db.Grant) (found, error) {
	m := matter{step: db.ApprovalStep{Spec: db.Step{Approvers: review.Reviewers, Need: 1}, Need: 1}}
	m.item = db.RequestItem{
		SubjectID: grant.SubjectID, Subject: grant.Subject, EntitlementID: grant.EntitlementID, Entitlement: grant.Entitlement,
	}
	if review.Kind == db.EmergencyReview {
		m.request.RequesterID = review.CreatedBy
	}
	return f.findApprovers(ctx, q, m)
}

// rows names those who were found as the reviewers of an item.
func (n found) rows(itemID string) []db.ReviewPerson {
	var people []db.ReviewPerson
	for _, one := range n.approvers {
		people = append(people, db.ReviewPerson{ItemID: itemID, PersonID: one.PersonID, Source: one.Source})
	}
	return people
}

// snapshot makes the items of an access review and finds who decides on each. It returns the people's labels too.
func (c *change) snapshot(ctx context.Context, review db.Review, grants []db.Grant) ([]db.ReviewItem, []db.ReviewPerson, []string, error) {
	items := make([]db.ReviewItem, 0, len(grants))
	var people []db.ReviewPerson
	var labels []string
	for n, grant := range grants {
		item := db.ReviewItem{ID: db.NewID("rvi"), ReviewID: review.ID, GrantID: grant.ID, Position: n + 1, Status: db.ItemOpen}
		items = append(items, item)
		reviewers, err := c.f.reviewersOf(ctx, c, review, grant)
		if err != nil {
			return nil, nil, nil, err
		}
		people = append(people, reviewers.rows(item.ID)...)
		for _, one := range reviewers.approvers {
			labels = append(labels, one.Person.Label())
		}
	}
	slices.Sort(labels)
	return items, people, slices.Compact(labels), nil
}
