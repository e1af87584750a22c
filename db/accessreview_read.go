package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

func selectReviewItems(q bun.IDB, model any) *bun.SelectQuery {
	return q.NewSelect().Model(model).Relation("Grant").Relation("Grant.Entitlement").Relation("Grant.Entitlement.Provider").
		Relation("Grant.Subject").Relation("Decider").Relation("For").Relation("Asker")
}

// GrantsInScope reads the grants that an access review would be about: given or about to be given, not being taken
// back; ordered by entitlement and holder. Limit bounds their number.
func GrantsInScope(ctx context.Context, q bun.IDB, scope ReviewScope, limit int64) ([]Grant, error) {
	var rows []Grant
	query := selectGrants(q, &rows).Where("held.status IN (?, ?, ?)", Scheduled, Provisioning, Active).Where("held.entitlement_id <> ?", DirectoryItemID)
	for column, among := range map[string][]string{
		"entitlement.slug": scope.Entitlements, "entitlement__provider.slug": scope.Providers,
		"subject.email": scope.People, "entitlement.risk": scope.Risks,
	} {
		if len(among) > 0 {
			query = query.Where("? IN ?", bun.Ident(column), bun.Tuple(among))
		}
	}
	if err := query.Order("entitlement.slug", "subject.email", "held.id").Limit(limit).Scan(ctx); err != nil {
		return nil, fmt.Errorf("read grants in the scope of a review: %w", err)
	}
	return rows, nil
}

// LastGrantOf reads the newest grant of an entitlement to a person, also one that has ended, beside that of an item.
func LastGrantOf(ctx context.Context, q bun.IDB, personID, entitlementID, besideItemID string) (Grant, error) {
	var row Grant
	err := q.NewSelect().Model(&row).Where("held.subject_id = ?", personID).Where("held.entitlement_id = ?", entitlementID).
		Where("held.item_id <> ?", besideItemID).Order("held.created_at DESC", "held.id DESC").Limit(1).Scan(ctx)
	return row, absent(err, "grant of", personID)
}

// ReviewItems reads all items of an access review in order.
func ReviewItems(ctx context.Context, q bun.IDB, reviewID string) ([]ReviewItem, error) {
	review, err := ReviewByID(ctx, q, reviewID)
	if err != nil {
		return nil, err
	}
	var rows []ReviewItem
	err = selectReviewItems(q, &rows).Where("item.review_id = ?", reviewID).Order("item.position").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read items of access review %s: %w", reviewID, err)
	}
	return rows, review.sinceEmergency(ctx, q, rows)
}

// ReviewItemsAfter reads the items of an access review at one provider behind a position, in order, at most limit.
func ReviewItemsAfter(ctx context.Context, q bun.IDB, reviewID, provider string, position int, limit int64) ([]ReviewItem, error) {
	var rows []ReviewItem
	err := selectReviewItems(q, &rows).Where("item.review_id = ?", reviewID).Where("item.position > ?", position).
		Where("item.grant_id IN (SELECT held.id FROM grants AS held JOIN entitlements AS e ON e.id = held.entitlement_id "+
			"JOIN providers AS p ON p.id = e.provider_id WHERE p.slug = ?)", provider).Order("item.position").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read items of access review %s: %w", reviewID, err)
	}
	return rows, nil
}

// OpenReviewItems reads the ids of the items of an access review that are to be decided, in order.
func OpenReviewItems(ctx context.Context, q bun.IDB, reviewID string) ([]string, error) {
	return reviewItemIDs(ctx, q.NewSelect().Where("item.review_id = ?", reviewID))
}

// EndedReviewItems reads the ids of the items of an access review that are to be decided though their access has ended
// or is being taken back.
func EndedReviewItems(ctx context.Context, q bun.IDB, reviewID string) ([]string, error) {
	return reviewItemIDs(ctx, q.NewSelect().Where("item.review_id = ?", reviewID).
		Where("item.grant_id IN (SELECT id FROM grants WHERE status IN (?, ?))", Ending, Ended))
}

func reviewItemIDs(ctx context.Context, query *bun.SelectQuery) ([]string, error) {
	var ids []string
	err := query.Model((*ReviewItem)(nil)).Column("item.id").Where("item.status = ?", ItemOpen).Order("item.position").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read open items of an access review: %w", err)
	}
	return ids, nil
}

// AskedReviewItems reads the ids of the items of an access review whose holders were asked.
func AskedReviewItems(ctx context.Context, q bun.IDB, reviewID string) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*ReviewItem)(nil)).Column("item.id").Where("item.review_id = ?", reviewID).
		Where("item.asked_at IS NOT NULL").Order("item.position").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read items of an access review that were asked about: %w", err)
	}
	return ids, nil
}

// DueReviews reads the ids of open access reviews that have to be looked after: their end or a reminder has come,
// nothing is left to decide, or access that is to be decided on has ended otherwise; at most limit.
func DueReviews(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*Review)(nil)).Column("review.id").Where("review.status = ?", ReviewOpen).
		Where("((review.due_at <= ? AND (review.kind = ? OR review.overdue_at IS NULL)) OR review.remind_at <= ? "+
			"OR NOT EXISTS (SELECT 1 FROM review_items AS item WHERE item.review_id = review.id AND item.status = ?) "+
			"OR EXISTS (SELECT 1 FROM review_items AS item JOIN grants AS held ON held.id = item.grant_id "+
			"WHERE item.review_id = review.id AND item.status = ? AND held.status IN (?, ?)))",
			now, ScheduledReview, now, ItemOpen, ItemOpen, Ending, Ended).
		Order("review.due_at").Limit(limit).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read due access reviews: %w", err)
	}
	return ids, nil
}

// ReviewPeople reads the people who may decide on items of an access review, ordered by e-mail address; open counts
// only items that are to be decided.
func ReviewPeople(ctx context.Context, q bun.IDB, reviewID string, open bool) ([]Person, error) {
	items := q.NewSelect().Table("review_items").Column("id").Where("review_id = ?", reviewID)
	if open {
		items = items.Where("status = ?", ItemOpen)
	}
	return reviewPeople(ctx, q, "item_id IN (?)", items)
}

// ReviewItemPeople reads the people who may decide on one item, ordered by e-mail address.
func ReviewItemPeople(ctx context.Context, q bun.IDB, itemID string) ([]Person, error) {
	return reviewPeople(ctx, q, "item_id = ?", itemID)
}

func reviewPeople(ctx context.Context, q bun.IDB, where string, arg any) ([]Person, error) {
	var rows []Person
	within := q.NewSelect().Table("review_people").Column("person_id").Where(where, arg)
	if err := q.NewSelect().Model(&rows).Where("person.id IN (?)", within).Order("person.email").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read reviewers: %w", err)
	}
	return rows, nil
}

// ReviewsAsking reads the ids of open access reviews in which a person has something left to decide.
func ReviewsAsking(ctx context.Context, q bun.IDB, personID string) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*Review)(nil)).Column("review.id").Where("review.status = ?", ReviewOpen).
		Where("review.id IN (SELECT item.review_id FROM review_items AS item JOIN review_people AS reviewer ON reviewer.item_id = item.id "+
			"WHERE reviewer.person_id = ? AND item.status = ?)", personID, ItemOpen).Order("review.id").Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read reviews that ask %s: %w", personID, err)
	}
	return ids, nil
}

// ReviewSource reads why a person may decide on an item; ErrNotFound when he was never named.
func ReviewSource(ctx context.Context, q bun.IDB, itemID, personID string) (string, error) {
	var row ReviewPerson
	err := q.NewSelect().Model(&row).Where("item_id = ?", itemID).Where("person_id = ?", personID).Scan(ctx)
	return row.Source, absent(err, "reviewer", personID)
}
