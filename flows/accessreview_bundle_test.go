package flows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

const day = 24 * hour

// reviewPlan is a review of Drive editors by the manager that takes ten days.
func (b *bundle) reviewPlan() flows.ReviewPlan {
	return flows.ReviewPlan{
		Title: "Autumn", Scope: db.ReviewScope{Entitlements: []string{"editors"}}, Reviewers: []string{"manager"},
		Due: b.Now().Add(10 * day), Overdue: db.OverdueKeep,
	}
}

// reviewing begins a review as the admin and reads its items.
func (b *bundle) reviewing(t testing.TB, plan flows.ReviewPlan) (db.Review, []db.ReviewItem) {
	t.Helper()
	review, err := b.StartReview(b.ctx, b.people["ada"], plan)
	require.NoError(t, err)
	return review, b.reviewItems(t, review.ID)
}

func (b *bundle) reviewItems(t testing.TB, reviewID string) []db.ReviewItem {
	t.Helper()
	items, err := db.ReviewItems(b.ctx, b.store, reviewID)
	require.NoError(t, err)
	return items
}

func (b *bundle) reviewItem(t testing.TB, id string) db.ReviewItem {
	t.Helper()
	item, err := db.ReviewItemByID(b.ctx, b.store, id)
	require.NoError(t, err)
	return item
}

func (b *bundle) review(t testing.TB, id string) db.Review {
	t.Helper()
	review, err := db.ReviewByID(b.ctx, b.store, id)
	require.NoError(t, err)
	return review
}

// lookAfter does what is due of reviews, as the sweep's jobs do, and what follows at the target.
func (b *bundle) lookAfter(t testing.TB) {
	t.Helper()
	ids, err := db.DueReviews(b.ctx, b.store, b.Now(), batch)
	require.NoError(t, err)
	for _, id := range ids {
		require.NoError(t, unlessConflict(b.LookAfterReview(b.ctx, id)))
	}
	b.drive(t)
}

// passReview lets time pass, and does what is due then.
func (b *bundle) passReview(t testing.TB, by time.Duration) {
	t.Helper()
	b.clock.Advance(by)
	b.lookAfter(t)
}

// reviewEvents are the actions about a review in the audit log, oldest first.
func (b *bundle) reviewEvents(t testing.TB, reviewID string) []db.AuditEvent {
	t.Helper()
	all, err := db.AuditPage(b.ctx, b.store, db.AuditFilter{}, 10000)
	require.NoError(t, err)
	var out []db.AuditEvent
	for _, event := range all {
		facts, err := event.Facts()
		require.NoError(t, err)
		if facts.Review == reviewID {
			out = append(out, event)
		}
	}
	return out
}

func actionsOf(events []db.AuditEvent) []string {
	var out []string
	for _, event := range events {
		out = append(out, event.Action)
	}
	return out
}

func (b *bundle) reviewersOf(t testing.TB, item db.ReviewItem) []string {
	t.Helper()
	people, err := db.ReviewItemPeople(b.ctx, b.store, item.ID)
	require.NoError(t, err)
	var names []string
	for _, p := range people {
		names = append(names, p.Email)
	}
	return names
}
