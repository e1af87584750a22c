package flows

import (
	"time"

	"github.com/usherhq/usher/db"
)

// A review reminds at half of its time and a day before its end; that of an emergency each day once its time is over.
const (
	remindBefore  = 24 * time.Hour
	remindOverdue = 24 * time.Hour
	remindAtLeast = time.Hour // between a reminder and the beginning or the end
)

// nextReviewReminder says when an access review reminds next; zero is never.
func nextReviewReminder(review db.Review, now time.Time) time.Time {
	if !review.DueAt.After(now) {
		if review.Kind == db.EmergencyReview {
			return now.Add(remindOverdue)
		}
		return time.Time{}
	}
	half := db.UTC(review.CreatedAt.Add(review.DueAt.Sub(review.CreatedAt) / 2))
	before := review.DueAt.Add(-remindBefore)
	first, second := half, before
	if before.Before(half) {
		first, second = before, half
	}
	for _, at := range []time.Time{first, second} {
		if at.After(now) && at.Sub(review.CreatedAt) >= remindAtLeast && review.DueAt.Sub(at) >= remindAtLeast {
			return at
		}
	}
	return time.Time{}
}
