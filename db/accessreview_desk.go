package db

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// ReviewDesk is what one reviewer sees of an access review: how far he is, and what he decides next.
type ReviewDesk struct {
	Review Review
	Counts ReviewCounts // of his own items
	Items  []ReviewItem // the next that are to be decided; those that wait for the holder's answer last
	Facts  map[string]ReviewFacts
}

// ReviewSummary is an access review with how far all of it is.
type ReviewSummary struct {
	Review
	Counts     ReviewCounts
	Unreviewed int     // items that nobody is asked about
	Creator    *Person // nil: Usher
}

// ReadReviewDesk reads what a reviewer sees, at most limit items.
func ReadReviewDesk(ctx context.Context, q bun.IDB, reviewID, personID string, limit int64) (ReviewDesk, error) {
	review, err := ReviewByID(ctx, q, reviewID)
	if err != nil {
		return ReviewDesk{}, err
	}
	desk := ReviewDesk{Review: review}
	mine := "item.id IN (SELECT item_id FROM review_people WHERE person_id = ?)"
	counts, err := countReviews(ctx, q.NewSelect().Where("item.review_id = ?", reviewID).Where(mine, personID))
	if err != nil {
		return desk, err
	}
	desk.Counts = counts[reviewID]
	err = selectReviewItems(q, &desk.Items).Where("item.review_id = ?", reviewID).Where("item.status = ?", ItemOpen).Where(mine, personID).
		OrderExpr("CASE WHEN item.asked_at IS NULL OR item.answered_at IS NOT NULL THEN 0 ELSE 1 END").Order("item.position").
		Limit(limit).Scan(ctx)
	if err != nil {
		return desk, fmt.Errorf("read what %s reviews: %w", personID, err)
	}
	if err := review.sinceEmergency(ctx, q, desk.Items); err != nil {
		return desk, err
	}
	desk.Facts, err = ReadReviewFacts(ctx, q, desk.Items)
	return desk, err
}

// sinceEmergency lets the items of an emergency's review tell of the request that was the emergency: it may have given
// a grant longer that an earlier one made.
func (r Review) sinceEmergency(ctx context.Context, q bun.IDB, items []ReviewItem) error {
	id, emergency := strings.CutPrefix(r.Submission, "emergency:")
	if r.Kind != EmergencyReview || !emergency {
		return nil
	}
	asked, err := ItemByID(ctx, q, id)
	if err != nil {
		return err
	}
	for n := range items {
		items[n].Grant.RequestID, items[n].Grant.ItemID = asked.RequestID, asked.ID
	}
	return nil
}

// ReviewSummaries reads access reviews, open ones first and then the newest, from an offset on, and how many there are.
// Without createdBy they are all; else those that the person began.
func ReviewSummaries(ctx context.Context, q bun.IDB, createdBy string, offset, limit int64) ([]ReviewSummary, int64, error) {
	var rows []Review
	query := q.NewSelect().Model(&rows)
	if createdBy != "" {
		query = query.Where("review.created_by = ?", createdBy)
	}
	total, err := query.OrderExpr("CASE WHEN review.status = ? THEN 0 ELSE 1 END", ReviewOpen).Order("review.created_at DESC", "review.id").
		Offset(offset).Limit(limit).ScanAndCount(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read access reviews: %w", err)
	}
	summaries, err := summarize(ctx, q, rows)
	return summaries, total, err
}

// ReadReviewSummary reads one access review with how far it is.
func ReadReviewSummary(ctx context.Context, q bun.IDB, id string) (ReviewSummary, error) {
	review, err := ReviewByID(ctx, q, id)
	if err != nil {
		return ReviewSummary{}, err
	}
	all, err := summarize(ctx, q, []Review{review})
	if err != nil {
		return ReviewSummary{}, err
	}
	return all[0], nil
}

// ReviewerLeft is a person who still has items to decide.
type ReviewerLeft struct {
	Person *Person
	Open   int
}

// ReviewersLeft reads who still has items of an access review to decide, those with the most first.
func ReviewersLeft(ctx context.Context, q bun.IDB, reviewID string) ([]ReviewerLeft, error) {
	var rows []struct {
		PersonID string
		N        int
	}
	err := q.NewSelect().Table("review_people").Column("person_id").ColumnExpr("count(*) AS n").
		Where("item_id IN (SELECT id FROM review_items WHERE review_id = ? AND status = ?)", reviewID, ItemOpen).
		Group("person_id").Order("n DESC", "person_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count what reviewers of %s have left: %w", reviewID, err)
	}
	people, err := ReviewPeople(ctx, q, reviewID, true)
	if err != nil {
		return nil, err
	}
	known := map[string]*Person{}
	for n := range people {
		known[people[n].ID] = &people[n]
	}
	left := make([]ReviewerLeft, 0, len(rows))
	for _, row := range rows {
		left = append(left, ReviewerLeft{Person: known[row.PersonID], Open: row.N})
	}
	return left, nil
}

func summarize(ctx context.Context, q bun.IDB, rows []Review) ([]ReviewSummary, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids, creators := make([]string, 0, len(rows)), make([]string, 0, len(rows))
	for _, row := range rows {
		ids, creators = append(ids, row.ID), append(creators, row.CreatedBy)
	}
	within := func() *bun.SelectQuery { return q.NewSelect().Where("item.review_id IN ?", bun.Tuple(ids)) }
	counts, err := countReviews(ctx, within())
	if err != nil {
		return nil, err
	}
	alone, err := countReviews(ctx, within().Where("item.status = ?", ItemOpen).
		Where("NOT EXISTS (SELECT 1 FROM review_people AS reviewer WHERE reviewer.item_id = item.id)"))
	if err != nil {
		return nil, err
	}
	var people []Person
	if err := q.NewSelect().Model(&people).Where("person.id IN ?", bun.Tuple(creators)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read who began access reviews: %w", err)
	}
	out := make([]ReviewSummary, 0, len(rows))
	for _, row := range rows {
		one := ReviewSummary{Review: row, Counts: counts[row.ID], Unreviewed: alone[row.ID].Open}
		for n := range people {
			if people[n].ID == row.CreatedBy {
				one.Creator = &people[n]
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// countReviews counts the items that a query chooses, by access review.
func countReviews(ctx context.Context, query *bun.SelectQuery) (map[string]ReviewCounts, error) {
	var rows []struct {
		ReviewID string
		Status   string
		N        int
		Silent   int
	}
	err := query.Model((*ReviewItem)(nil)).ColumnExpr("item.review_id").ColumnExpr("item.status").ColumnExpr("count(*) AS n").
		ColumnExpr("sum(CASE WHEN item.by_default THEN 1 ELSE 0 END) AS silent").Group("item.review_id", "item.status").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("count items of access reviews: %w", err)
	}
	out := map[string]ReviewCounts{}
	for _, row := range rows {
		counts := out[row.ReviewID]
		counts.set(row.Status, row.N, row.Silent)
		out[row.ReviewID] = counts
	}
	return out, nil
}
