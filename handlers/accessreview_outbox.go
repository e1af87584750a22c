package handlers

import (
	"context"
	"strings"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

// The purposes of the messages of access reviews. Stored names, they never change.
const (
	purposeReview         = "access_review"          // ref: review and person, with a colon between them
	purposeReviewReminder = "access_review_reminder" // ref: as before
	purposeReviewQuestion = "access_review_question" // ref: item
	purposeReviewAnswer   = "access_review_answer"   // ref: item
	purposeReviewNews     = "access_review_news"     // ref: number of the audit event
)

// accessReviews tells of an event of an access review, with or without a request: reviewers have a card each, holders
// who are asked a question, and the channel that the review names hears of its beginning and its end.
func (r *recorder) accessReviews(ctx context.Context, event db.AuditEvent) error {
	if !strings.HasPrefix(event.Action, "review.") {
		return nil
	}
	facts, err := event.Facts()
	if err != nil {
		return err
	}
	switch event.Action {
	case "review.started", "review.reminded", "review.overdue", "review.reviewers_changed":
		if err := r.askReviewers(ctx, event, facts); err != nil {
			return err
		}
	case "review.ended", "review.cancelled", "review.usage_read":
		if err := r.redrawReview(ctx, facts); err != nil {
			return err
		}
	case "review.asked":
		if err := r.askHolder(ctx, event, facts); err != nil {
			return err
		}
	case "review.answered":
		if err := r.tellAsker(ctx, event, facts); err != nil {
			return err
		}
	}
	if facts.ReviewItem != "" {
		return r.redrawReviewItem(ctx, facts)
	}
	return r.reviewNews(ctx, event, facts)
}

// askReviewers gives everybody who has something left to decide a card, or, to remind, one more.
func (r *recorder) askReviewers(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	people, err := db.ReviewPeople(ctx, r, facts.Review, true)
	if err != nil {
		return err
	}
	for _, p := range people {
		message := db.Message{
			Key: reviewKey(facts.Review, p.ID), Lane: personLane(p.ID), Position: event.Seq, Purpose: purposeReview,
			Ref: reviewRef(facts.Review, p.ID), PersonID: p.ID,
		}
		r.want(message)
		r.redrawHomes(p.ID)
		if event.Action == "review.reminded" {
			message.Key, message.Purpose = purposeReviewReminder+":"+seq(event)+":"+p.ID, purposeReviewReminder
			r.want(message)
		}
	}
	return nil
}

// redrawReview draws all that a review asked anew: nothing of it counts any more, or more is known.
func (r *recorder) redrawReview(ctx context.Context, facts db.Details) error {
	people, err := db.ReviewPeople(ctx, r, facts.Review, false)
	if err != nil {
		return err
	}
	for _, p := range people {
		r.redrawReviewer(facts.Review, p.ID)
	}
	items, err := db.AskedReviewItems(ctx, r, facts.Review)
	for _, id := range items {
		r.redraw(purposeReviewQuestion, "", id)
		r.redraw(purposeReviewAnswer, "", id)
	}
	return err
}

func (r *recorder) askHolder(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	item, err := db.ReviewItemByID(ctx, r, facts.ReviewItem)
	if err != nil {
		return err
	}
	r.want(db.Message{
		Key: purposeReviewQuestion + ":" + item.ID, Lane: personLane(item.Grant.SubjectID), Position: event.Seq,
		Purpose: purposeReviewQuestion, Ref: item.ID, PersonID: item.Grant.SubjectID,
	})
	return nil
}

// tellAsker tells who asked that there is an answer: a redrawn card notifies nobody.
func (r *recorder) tellAsker(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	item, err := db.ReviewItemByID(ctx, r, facts.ReviewItem)
	if err != nil {
		return err
	}
	r.want(db.Message{
		Key: purposeReviewAnswer + ":" + item.ID, Lane: personLane(item.AskedBy), Position: event.Seq,
		Purpose: purposeReviewAnswer, Ref: item.ID, PersonID: item.AskedBy,
	})
	return nil
}

// redrawReviewItem draws what is about one item anew: the cards of those who may decide on it, and its question.
func (r *recorder) redrawReviewItem(ctx context.Context, facts db.Details) error {
	people, err := db.ReviewItemPeople(ctx, r, facts.ReviewItem)
	for _, p := range people {
		r.redrawReviewer(facts.Review, p.ID)
	}
	r.redraw(purposeReviewQuestion, "", facts.ReviewItem)
	r.redraw(purposeReviewAnswer, "", facts.ReviewItem)
	return err
}

func (r *recorder) redrawReviewer(reviewID, personID string) {
	r.redraw(purposeReview, "", reviewRef(reviewID, personID))
	r.redraw(purposeReviewReminder, "", reviewRef(reviewID, personID))
	r.redrawHomes(personID)
}

// reviewNews tells the channel that the review names, if it names one.
func (r *recorder) reviewNews(ctx context.Context, event db.AuditEvent, facts db.Details) error {
	review, err := db.ReadReviewSummary(ctx, r, facts.Review)
	if err != nil || review.Channel == "" || views.AccessReviewNews(review, event).Text == "" {
		return err
	}
	r.want(db.Message{
		Key: purposeReviewNews + ":" + seq(event), Lane: "review:" + review.ID, Position: event.Seq, Purpose: purposeReviewNews,
		Ref: seq(event), Channel: review.Channel,
	})
	return nil
}

func reviewRef(reviewID, personID string) string { return reviewID + ":" + personID }

// drawReview draws the messages of access reviews; for all others it says false.
func (o *Outbox) drawReview(ctx context.Context, message db.Message) (views.Message, bool, error) {
	switch message.Purpose {
	case purposeReview, purposeReviewReminder:
		reviewID, personID, _ := strings.Cut(message.Ref, ":")
		desk, err := db.ReadReviewDesk(ctx, o.store, reviewID, personID, views.ReviewItemsShown)
		if message.Purpose == purposeReviewReminder {
			return views.AccessReviewReminder(desk), true, err
		}
		return views.AccessReview(desk), true, err
	case purposeReviewQuestion, purposeReviewAnswer:
		item, err := db.ReviewItemByID(ctx, o.store, message.Ref)
		if err != nil || message.Purpose == purposeReviewQuestion {
			return views.AccessReviewQuestion(item), true, err
		}
		facts, err := db.ReadReviewFacts(ctx, o.store, []db.ReviewItem{item})
		return views.AccessReviewAnswer(item, facts[item.GrantID]), true, err
	case purposeReviewNews:
		event, err := o.event(ctx, message.Ref)
		if err != nil {
			return views.Message{}, true, err
		}
		facts, err := event.Facts()
		if err != nil {
			return views.Message{}, true, err
		}
		review, err := db.ReadReviewSummary(ctx, o.store, facts.Review)
		return views.AccessReviewNews(review, event), true, err
	}
	return views.Message{}, false, nil
}
