package flows_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows"
)

// holders gives n further people what Ana holds, as rows alone, each with Ben as manager.
func (b *bundle) holders(t testing.TB, n int) {
	t.Helper()
	model := b.held(t, "ana", "30d")
	item, err := db.ItemByID(b.ctx, b.store, model.ItemID)
	require.NoError(t, err)
	request, err := db.RequestByID(b.ctx, b.store, model.RequestID)
	require.NoError(t, err)
	for k := range n - 1 {
		p := db.Person{
			ID: db.NewID("per"), Email: fmt.Sprintf("holder%04d@example.com", k), Name: fmt.Sprint("Holder ", k), SlackID: fmt.Sprintf("UHOLDER%04d", k),
			Kind: db.Member, Active: true, InSlack: true, ManagerEmail: "ben@example.com", CreatedAt: b.Now(), UpdatedAt: b.Now(),
		}
		require.NoError(t, db.InsertPerson(b.ctx, b.store, p))
		made, wish, grant := request, item, model
		made.ID, made.RequesterID, made.Submission = db.NewID("req"), p.ID, fmt.Sprint("holder ", k)
		wish.ID, wish.RequestID, wish.SubjectID = db.NewID("itm"), made.ID, p.ID
		grant.ID, grant.RequestID, grant.ItemID, grant.SubjectID = db.NewID("grt"), made.ID, wish.ID, p.ID
		require.NoError(t, db.InsertRequest(b.ctx, b.store, made, []db.RequestItem{wish}))
		flow := db.ApprovalFlow{ID: db.NewID("apf"), ItemID: wish.ID, RequestID: made.ID, Chain: "manager", Status: db.Approved}
		require.NoError(t, db.InsertFlow(b.ctx, b.store, flow, nil))
		require.NoError(t, db.InsertGrant(b.ctx, b.store, grant))
	}
}

// BenchmarkAccessReview measures a review of a thousand grants: what its beginning takes, a decision, what the
// reviewer's card reads, and the export.
func BenchmarkAccessReview(b *testing.B) {
	const size = 1000
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			bundle := setup(b, dbtest.Open(b, name))
			bundle.holders(b, size)
			ms := func(what string, do func()) {
				began := time.Now()
				do()
				b.ReportMetric(time.Since(began).Seconds()*1000, what+"-ms")
			}
			for b.Loop() {
				var review db.Review
				var items []db.ReviewItem
				ms("start", func() { review, items = bundle.reviewing(b, bundle.reviewPlan()) })
				require.Len(b, items, size)
				ms("decide-100", func() {
					for _, item := range items[:100] {
						require.NoError(b, bundle.DecideReview(bundle.ctx, item.ID, bundle.people["ben"], flows.Verdict{}))
					}
				})
				ms("card", func() {
					_, err := db.ReadReviewDesk(bundle.ctx, bundle.store, review.ID, bundle.people["ben"], 5)
					require.NoError(b, err)
				})
				ms("sweep", func() {
					_, err := db.DueReviews(bundle.ctx, bundle.store, bundle.Now(), batch)
					require.NoError(b, err)
				})
				ms("export", func() {
					require.NoError(b, bundle.ExportReview(bundle.ctx, review.ID, bundle.people["ada"], io.Discard))
				})
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
