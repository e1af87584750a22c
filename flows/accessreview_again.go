package flows

import (
	"context"

	"github.com/usherhq/usher/db"
)

// ReviewAgain looks anew for who decides in an access review, because somebody whom it asks is away.
type ReviewAgain struct {
	ReviewID string `json:"review_id"`
}

// Kind names the job in the queue; it never changes.
func (ReviewAgain) Kind() string { return "review_again" }

// reviewsAgain has the reviewers of all that a person was asked to review looked for anew.
func (c *change) reviewsAgain(ctx context.Context, personID string) error {
	ids, err := db.ReviewsAsking(ctx, c, personID)
	for _, id := range ids {
		c.enqueue(ReviewAgain{ReviewID: id}, queueTimers, 0)
	}
	return err
}

// reviewAgain asks whoever may decide in an open review by now and was not asked.
func (f *Flows) reviewAgain(ctx context.Context, reviewID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		review, err := db.LockReview(ctx, c, reviewID)
		if err != nil || review.Status != db.ReviewOpen {
			return err
		}
		open, err := db.OpenReviewItems(ctx, c, reviewID)
		if err != nil {
			return err
		}
		added, err := c.findReviewersAgain(ctx, review, open)
		if err != nil || added == 0 {
			return err
		}
		return c.recordWhole(system, "review.reviewers_changed", review, db.Details{Need: int(added)})
	})
}

// findReviewersAgain names whoever may decide on open items by now, such as the delegate of who is away, and says how
// many decisions that lays into further hands. Who was named before stays named; his power is looked up at his click.
func (c *change) findReviewersAgain(ctx context.Context, review db.Review, open []string) (int64, error) {
	var people []db.ReviewPerson
	for _, id := range open {
		item, err := db.ReviewItemByID(ctx, c, id)
		if err != nil {
			return 0, err
		}
		reviewers, err := c.f.reviewersOf(ctx, c, review, *item.Grant)
		if err != nil {
			return 0, err
		}
		people = append(people, reviewers.rows(id)...)
	}
	return db.AddReviewPeople(ctx, c, people)
}
