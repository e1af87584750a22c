package flows

import (
	"context"
	"errors"

	"github.com/usherhq/usher/db"
)

// ReviewsPage is how many access reviews a list shows at once.
const ReviewsPage = 8

// errNoReviews is told to who has nothing to do with access reviews.
const errNoReviews = "Only admins, auditors and owners of access see access reviews. What you are to decide comes to you as a direct message."

// Reviews lists a page, counted from 0, of the access reviews that a person may see: all for admins and auditors, his
// own for owners. Total is how many there are.
func (f *Flows) Reviews(ctx context.Context, personID string, page int) (rows []db.ReviewSummary, total int64, err error) {
	p, role, err := f.reviewRole(ctx, personID)
	if err != nil {
		return nil, 0, err
	}
	mine := p.ID
	if role.Admin || role.Auditor {
		mine = ""
	}
	return db.ReviewSummaries(ctx, f.store, mine, int64(max(page, 0))*ReviewsPage, ReviewsPage)
}

// ShowReview reads one access review for somebody who may see it, and says whether he may cancel it.
func (f *Flows) ShowReview(ctx context.Context, reviewID, personID string) (db.ReviewSummary, bool, error) {
	p, role, err := f.reviewRole(ctx, personID)
	if err != nil {
		return db.ReviewSummary{}, false, err
	}
	review, err := db.ReadReviewSummary(ctx, f.store, reviewID)
	if errors.Is(err, db.ErrNotFound) || err == nil && !role.Admin && !role.Auditor && review.CreatedBy != p.ID {
		return review, false, refuse("There is no review %s that you may see. /access reviews lists yours.", reviewID)
	}
	return review, review.Status == db.ReviewOpen && (role.Admin || review.CreatedBy == p.ID), err
}

// reviewRole reads what a person may do with access reviews, or refuses.
func (f *Flows) reviewRole(ctx context.Context, personID string) (db.Person, Role, error) {
	p, err := actor(ctx, f.store, personID)
	if err != nil {
		return p, Role{}, err
	}
	role, err := f.RoleOf(ctx, f.store, p)
	if err == nil && !role.Any() {
		return p, role, &Error{Text: errNoReviews}
	}
	return p, role, err
}

// MayStartReview refuses whoever may not begin an access review.
func (f *Flows) MayStartReview(ctx context.Context, personID string) error {
	_, role, err := f.reviewRole(ctx, personID)
	if err == nil && !role.Admin && !role.Owner {
		return refuse("Auditors read reviews and export them; admins and owners begin them.")
	}
	return err
}

// CancelReview ends an open access review without deciding what is left. Who began it and admins may; the review of an
// emergency can't be cancelled.
func (f *Flows) CancelReview(ctx context.Context, reviewID, personID string) error {
	return f.change(ctx, func(ctx context.Context, c *change) error {
		p, err := actor(ctx, c, personID)
		if err != nil {
			return err
		}
		review, err := db.LockReview(ctx, c, reviewID)
		if errors.Is(err, db.ErrNotFound) {
			return refuse("There is no review %s.", reviewID)
		}
		if err != nil {
			return err
		}
		admin, err := f.IsAdmin(ctx, c, p)
		switch {
		case err != nil:
			return err
		case !admin && review.CreatedBy != p.ID:
			return refuse("Only who began the review and admins can cancel it.")
		case review.Kind == db.EmergencyReview:
			return refuse("The review of an emergency can't be cancelled: decide on it.")
		case review.Status != db.ReviewOpen:
			return refuse("This review is over already.")
		}
		if err := db.EndReviewItems(ctx, c, reviewID, c.now); err != nil {
			return err
		}
		if err := db.EndReview(ctx, c, reviewID, db.ReviewCancelled, c.now); err != nil {
			return err
		}
		return c.recordWhole(person(p), "review.cancelled", review, db.Details{})
	})
}
