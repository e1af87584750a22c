package flows

import (
	"context"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
)

// A review reminds at half of its time and a day before its end; that of an emergency each day once its time is over.
const (
	remindBefore  = 24 * time.Hour
	remindOverdue = 24 * time.Hour
	remindAtLeast = time.Hour // between a reminder and the beginning or the end
)

// reviewAdmins is the source of reviewers who were asked because nobody decided on an emergency in time.
const reviewAdmins = "admins"

// whyOverdue is the reason of what a review's default decides.
const whyOverdue = "Nobody decided in time."

// ReviewDue looks after an access review: reminders, its end, and access that has ended otherwise.
type ReviewDue struct {
	ReviewID string `json:"review_id"`
}

// Kind names the job in the queue; it never changes.
func (ReviewDue) Kind() string { return "review_due" }

// dueReviews are the jobs of the access reviews that have to be looked after.
func (f *Flows) dueReviews(ctx context.Context, now time.Time) ([]job, error) {
	ids, err := db.DueReviews(ctx, f.store, now, sweepBatch)
	if err != nil {
		return nil, err
	}
	due := make([]job, 0, len(ids))
	for _, id := range ids {
		due = append(due, job{args: ReviewDue{ReviewID: id}, queue: queueTimers})
	}
	return due, nil
}

// reviewDue looks after one access review. Each item is decided in a transaction of its own; a run that was cut off is
// taken up by the next sweep.
func (f *Flows) reviewDue(ctx context.Context, reviewID string) error {
	ended, err := db.EndedReviewItems(ctx, f.store, reviewID)
	if err != nil {
		return err
	}
	if err := f.eachReviewItem(ctx, ended, (*change).dropReviewItem); err != nil {
		return err
	}
	review, err := f.reviewOverdue(ctx, reviewID)
	if err != nil {
		return err
	}
	if review.Kind == db.ScheduledReview && !review.OverdueAt.IsZero() {
		open, err := db.OpenReviewItems(ctx, f.store, reviewID)
		if err != nil {
			return err
		}
		return f.eachReviewItem(ctx, open, (*change).decideByDefault)
	}
	return nil
}

// eachReviewItem runs do on items that are still to be decided. A lost race is no failure.
func (f *Flows) eachReviewItem(ctx context.Context, ids []string, do func(*change, context.Context, reviewed) error) error {
	for _, id := range ids {
		err := f.onReviewItem(ctx, id, func(ctx context.Context, c *change, at reviewed) error {
			if at.item.Status != db.ItemOpen || at.review.Status != db.ReviewOpen {
				return errNothing
			}
			return do(c, ctx, at)
		})
		if err != nil && !errors.Is(err, errNothing) && !errors.Is(err, db.ErrConflict) {
			return err
		}
	}
	return nil
}

// decideByDefault does with an item what the review says about what nobody decided in time.
func (c *change) decideByDefault(ctx context.Context, at reviewed) error {
	if at.grant.Status == db.Ending || at.grant.Status == db.Ended {
		return c.dropReviewItem(ctx, at)
	}
	at.item.ByDefault = true
	return c.decideReviewItem(ctx, at, system, Verdict{Remove: at.review.Overdue == db.OverdueRemove, Reason: whyOverdue})
}

// reviewOverdue reminds, notes that the end has come, or ends a review that has nothing left to decide, and returns
// the review as it stands then.
func (f *Flows) reviewOverdue(ctx context.Context, reviewID string) (db.Review, error) {
	var review db.Review
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		var err error
		if review, err = db.LockReview(ctx, c, reviewID); err != nil || review.Status != db.ReviewOpen {
			return err
		}
		open, err := db.OpenReviewItems(ctx, c, reviewID)
		switch {
		case err != nil:
			return err
		case len(open) == 0:
			return c.finishReview(ctx, review)
		case !review.DueAt.After(c.now) && review.OverdueAt.IsZero():
			review.OverdueAt = c.now
			return c.markOverdue(ctx, review, open)
		case !review.RemindAt.IsZero() && !review.RemindAt.After(c.now):
			return c.remindReviewers(ctx, review, open)
		}
		return nil
	})
	return review, err
}

// markOverdue says that the end of a review has come. An emergency that nobody looked at goes to the admins too.
func (c *change) markOverdue(ctx context.Context, review db.Review, open []string) error {
	if err := db.MarkReviewOverdue(ctx, c, review.ID, c.now); err != nil {
		return err
	}
	details := db.Details{Need: len(open)}
	if review.Kind == db.EmergencyReview {
		asked, err := c.askAdminsToReview(ctx, review, open)
		if err != nil {
			return err
		}
		details.Approvers = asked
	}
	if err := db.SetReviewReminder(ctx, c, review.ID, nextReviewReminder(review, c.now)); err != nil {
		return err
	}
	return c.recordWhole(system, "review.overdue", review, details)
}

// askAdminsToReview names the admins for the items of an emergency, except who asked for it and who holds it.
func (c *change) askAdminsToReview(ctx context.Context, review db.Review, open []string) ([]string, error) {
	admins, err := c.f.adminPeople(ctx, c)
	if err != nil {
		return nil, err
	}
	var people []db.ReviewPerson
	var names []string
	for _, id := range open {
		item, err := db.ReviewItemByID(ctx, c, id)
		if err != nil {
			return nil, err
		}
		for _, admin := range admins {
			if powerful(admin) && admin.ID != review.CreatedBy && admin.ID != item.Grant.SubjectID {
				people = append(people, db.ReviewPerson{ItemID: id, PersonID: admin.ID, Source: reviewAdmins})
				names = append(names, admin.Label())
			}
		}
	}
	_, err = db.AddReviewPeople(ctx, c, people)
	return names, err
}

// remindReviewers reminds everybody who has something left to decide, also who has the power only since the review
// began.
func (c *change) remindReviewers(ctx context.Context, review db.Review, open []string) error {
	if _, err := c.findReviewersAgain(ctx, review, open); err != nil {
		return err
	}
	if err := db.SetReviewReminder(ctx, c, review.ID, nextReviewReminder(review, c.now)); err != nil {
		return err
	}
	return c.recordWhole(system, "review.reminded", review, db.Details{Need: len(open)})
}

// nextReviewReminder says when an access review reminds next; zero is never.
func nextReviewReminder(review db.Review, now time.Time) time.Time {
	if !review.DueAt.After(now) {
		if review.Kind == db.EmergencyReview {
			return now.Add(remindOverdue)
		}
		return time.Time{}
	}
	first := db.UTC(review.CreatedAt.Add(review.DueAt.Sub(review.CreatedAt) / 2))
	second := review.DueAt.Add(-remindBefore)
	if second.Before(first) {
		first, second = second, first
	}
	for _, at := range []time.Time{first, second} {
		if at.After(now) && at.Sub(review.CreatedAt) >= remindAtLeast && review.DueAt.Sub(at) >= remindAtLeast {
			return at
		}
	}
	return time.Time{}
}
