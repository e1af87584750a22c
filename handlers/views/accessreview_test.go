package views_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func underReview() db.Review {
	return db.Review{
		ID: "rev_1", Kind: db.ScheduledReview, Title: "Autumn", Overdue: db.OverdueRemove, Status: db.ReviewOpen, CreatedBy: ana.ID,
		Scope: db.ReviewScope{Entitlements: []string{"drive-editors"}}, Reviewers: []string{"manager"},
		CreatedAt: now.Add(-time.Hour), DueAt: now.Add(14 * 24 * time.Hour),
	}
}

func reviewedItem(n int) db.ReviewItem {
	return db.ReviewItem{
		ID: fmt.Sprintf("rvi_%d", n), ReviewID: "rev_1", GrantID: fmt.Sprintf("grt_%d", n), Position: n, Status: db.ItemOpen,
		Grant: &db.Grant{
			ID: fmt.Sprintf("grt_%d", n), RequestID: "req_1", SubjectID: cleo.ID, Subject: cleo, Entitlement: drive(), Status: db.Active,
			ActiveAt: now.Add(-48 * time.Hour), ExpiresAt: now.Add(600 * time.Hour),
		},
	}
}

func reviewDesk(items ...db.ReviewItem) db.ReviewDesk {
	facts := map[string]db.ReviewFacts{}
	for _, item := range items {
		facts[item.GrantID] = db.ReviewFacts{
			Request: db.Request{ID: "req_1", Requester: cleo, Reason: "Launch <!channel> *now*"}, Extensions: 2,
			Flow: db.ApprovalFlow{Chain: "manager"}, Approvals: []db.Decision{{Person: ben}, {Person: dana}},
		}
	}
	return db.ReviewDesk{Review: underReview(), Items: items, Facts: facts, Counts: db.ReviewCounts{Open: len(items) + 3, Kept: 2}}
}

func TestAccessReviewCard(t *testing.T) {
	t.Parallel()
	asked, answered := reviewedItem(2), reviewedItem(3)
	asked.AskedAt, asked.AskedBy, asked.Asker = now, ben.ID, ben
	answered.AskedAt, answered.AskedBy, answered.Asker = now, ben.ID, ben
	answered.Answer, answered.AnsweredAt, answered.Usage = "Until March, then not", now, "last active there on 2026-11-19"
	desk := reviewDesk(reviewedItem(1), asked, answered)
	card := views.AccessReview(desk)
	takes(t, card)
	require.Equal(t, []string{
		views.ActionReviewKeep, views.ActionReviewRemove, views.ActionReviewNoRenewal, views.ActionReviewAsk,
		views.ActionReviewKeep, views.ActionReviewRemove, views.ActionReviewNoRenewal,
		views.ActionReviewKeep, views.ActionReviewRemove, views.ActionReviewNoRenewal,
	}, actionIDs(card.Blocks))
	require.Equal(t, "rvi_1", buttons(card.Blocks)[0].Value)
	golden(t, "accessreview_card", card)
	golden(t, "accessreview_reminder", views.AccessReviewReminder(desk))

	desk.Counts = db.ReviewCounts{Kept: 4, Removed: 2, Ended: 1, ByDefault: 1}
	done := views.AccessReview(desk)
	takes(t, done)
	require.Empty(t, actionIDs(done.Blocks), "nothing is left to press")
	golden(t, "accessreview_done", done)
	require.Empty(t, views.AccessReview(db.ReviewDesk{Review: underReview()}), "who reviews nothing is told nothing")

	emergency := reviewDesk(reviewedItem(1))
	emergency.Review.Kind, emergency.Review.OverdueAt = db.EmergencyReview, now
	golden(t, "accessreview_emergency", views.AccessReview(emergency))
}

func TestAccessReviewQuestion(t *testing.T) {
	t.Parallel()
	item := reviewedItem(1)
	item.AskedAt, item.Asker, item.Question = now, ben, "Still needed?"
	asked := views.AccessReviewQuestion(item)
	takes(t, asked)
	require.Equal(t, []string{views.ActionReviewAnswer, views.ActionReviewNotNeeded}, actionIDs(asked.Blocks))
	golden(t, "accessreview_question", asked)
	item.Answer, item.AnsweredAt = "Yes", now
	require.Empty(t, actionIDs(views.AccessReviewQuestion(item).Blocks))
	facts := reviewDesk(item).Facts[item.GrantID]
	golden(t, "accessreview_answer", views.AccessReviewAnswer(item, facts))
	item.Status, item.Decider = db.ItemRemoved, ben
	golden(t, "accessreview_question_removed", views.AccessReviewQuestion(item))
	require.Empty(t, actionIDs(views.AccessReviewAnswer(item, facts).Blocks))
}

func TestAccessReviewModals(t *testing.T) {
	t.Parallel()
	item := reviewedItem(1)
	item.Question = "Still needed?"
	for name, modal := range map[string]any{
		"accessreview_modal_remove": views.AccessReviewRemoveModal(item), "accessreview_modal_norenewal": views.AccessReviewNoRenewalModal(item),
		"accessreview_modal_ask": views.AccessReviewAskModal(item), "accessreview_modal_answer": views.AccessReviewAnswerModal(item),
		"accessreview_form": views.AccessReviewForm("frm_1", []db.Provider{*drive().Provider}, now),
	} {
		takesView(t, modal)
		golden(t, name, modal)
	}
	takesView(t, views.AccessReviewForm("frm_1", nil, now))
	var many []db.Provider
	for n := range 300 {
		many = append(many, db.Provider{Slug: fmt.Sprint("p", n), Name: fmt.Sprint("Provider ", n)})
	}
	takesView(t, views.AccessReviewForm("frm_1", many, now))
}

func TestAccessReviewList(t *testing.T) {
	t.Parallel()
	row := db.ReviewSummary{Review: underReview(), Counts: db.ReviewCounts{Open: 996, Kept: 3, Removed: 1, ByDefault: 1}, Unreviewed: 2, Creator: ana}
	list := views.AccessReviews(views.ReviewList{Rows: []db.ReviewSummary{row, row}, Page: 1, Total: 30, PerPage: 8, MayStart: true})
	takesView(t, list)
	golden(t, "accessreview_list", list)
	takesView(t, views.AccessReviews(views.ReviewList{}))
	left := make([]db.ReviewerLeft, 300)
	for n := range left {
		left[n] = db.ReviewerLeft{Person: ben, Open: 300 - n}
	}
	shown := views.AccessReviewShown(views.ReviewShown{Review: row, Left: left, MayCancel: true})
	takesView(t, shown)
	golden(t, "accessreview_shown", shown)
	for _, action := range []string{"review.started", "review.ended", "review.cancelled"} {
		takes(t, views.AccessReviewNews(row, db.AuditEvent{Action: action}))
	}
	require.Empty(t, views.AccessReviewNews(row, db.AuditEvent{Action: "review.reminded"}))
}

// TestAccessReviewIsHarmless draws reviews with hostile texts everywhere.
func TestAccessReviewIsHarmless(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		item := reviewedItem(1)
		item.Question, item.Answer, item.Usage = nasty().Draw(t, "question"), nasty().Draw(t, "answer"), nasty().Draw(t, "usage")
		item.AskedAt, item.Asker = now, ben
		if rapid.Bool().Draw(t, "answered") {
			item.AnsweredAt = now
		}
		item.Grant.Subject = &db.Person{ID: "per_x", Name: nasty().Draw(t, "name")}
		item.Grant.Entitlement.Name = nasty().Draw(t, "entitlement")
		desk := reviewDesk(item, item, item, item, item)
		desk.Review.Title = nasty().Draw(t, "title")
		facts := desk.Facts[item.GrantID]
		facts.Request.Reason, facts.Flow.Ruled = nasty().Draw(t, "reason"), nasty().Draw(t, "rule")
		desk.Facts[item.GrantID] = facts
		harmlessMessage(t, views.AccessReview(desk))
		harmlessMessage(t, views.AccessReviewQuestion(item))
		harmlessMessage(t, views.AccessReviewAnswer(item, facts))
		row := db.ReviewSummary{Review: desk.Review}
		row.Scope.People, row.Reviewers = []string{nasty().Draw(t, "person")}, []string{nasty().Draw(t, "reviewer")}
		harmlessMessage(t, views.AccessReviewNews(row, db.AuditEvent{Action: "review.started"}))
		takesView(t, views.AccessReviewShown(views.ReviewShown{Review: row}))
		takesView(t, views.AccessReviews(views.ReviewList{Rows: []db.ReviewSummary{row}}))
		takesView(t, views.AccessReviewRemoveModal(item))
		takesView(t, views.AccessReviewAnswerModal(item))
	})
}
