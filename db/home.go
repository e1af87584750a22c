package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// Home is how a person's App Home was shown last: the row of the outbox that draws it anew.
type Home struct {
	bun.BaseModel `bun:"table:messages,alias:home"`

	Key    string `bun:"key"`
	State  string `bun:"state"`  // what is open of it
	Wanted int64  `bun:"wanted"` // counts the changes that were asked for
}

// HomeByKey reads how a Home was shown last. ErrNotFound says that it was never opened.
func HomeByKey(ctx context.Context, q bun.IDB, key string) (Home, error) {
	var row Home
	err := q.NewSelect().Model(&row).Where("key = ?", key).Scan(ctx)
	return row, absent(err, "home", key)
}

// SetHomeState remembers what is open of a person's Home, if he ever opened it.
func SetHomeState(ctx context.Context, q bun.IDB, key, state string) error {
	_, err := q.NewUpdate().Model((*Home)(nil)).Set("state = ?", state).Where("key = ?", key).Exec(ctx)
	return wrap(err, "remember what is open of "+key)
}

// QuestionsWaitingFor reads the questions that a person can answer because he asked for the access or is to hold it,
// oldest first, at most limit.
func QuestionsWaitingFor(ctx context.Context, q bun.IDB, personID string, limit int64) ([]Question, error) {
	var rows []Question
	err := q.NewSelect().Model(&rows).Relation("Asker").
		Join("JOIN requests AS request ON request.id = question.request_id").
		Join("JOIN request_items AS item ON item.id = question.item_id").
		Where("question.answered_at IS NULL").Where("item.status = ?", Pending).
		Where("(request.requester_id = ? OR item.subject_id = ?)", personID, personID).
		Order("question.asked_at", "question.id").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read questions waiting for %s: %w", personID, err)
	}
	return rows, nil
}

// ReviewWaiting is an access review in which a person has decisions to make.
type ReviewWaiting struct {
	Review `bun:",extend"`

	Left int `bun:"left_open"` // how many
}

// ReviewsWaitingFor reads the open access reviews in which a person has something left to decide, those that are due
// first in front, at most limit.
func ReviewsWaitingFor(ctx context.Context, q bun.IDB, personID string, limit int64) ([]ReviewWaiting, error) {
	var rows []ReviewWaiting
	open := q.NewSelect().Table("review_items").Column("review_id").ColumnExpr("count(*) AS n").Where("status = ?", ItemOpen).
		Where("id IN (SELECT item_id FROM review_people WHERE person_id = ?)", personID).Group("review_id")
	err := q.NewSelect().Model(&rows).ColumnExpr("review.*").ColumnExpr("mine.n AS left_open").Join("JOIN (?) AS mine ON mine.review_id = review.id", open).
		Where("review.status = ?", ReviewOpen).Order("review.due_at", "review.id").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read reviews waiting for %s: %w", personID, err)
	}
	return rows, nil
}

// CountGrantsHeldBy counts the grants of a person that have not ended.
func CountGrantsHeldBy(ctx context.Context, q bun.IDB, personID string) (int, error) {
	n, err := q.NewSelect().Model((*Grant)(nil)).Where("subject_id = ?", personID).Where("status <> ?", Ended).Count(ctx)
	return int(n), wrap(err, "count grants of "+personID)
}

// GrantsHeldBy reads grants of a person that have not ended, those that end first in front and those that have no end
// yet behind, from an offset on, at most limit.
func GrantsHeldBy(ctx context.Context, q bun.IDB, personID string, offset, limit int) ([]Grant, error) {
	var rows []Grant
	if limit == 0 {
		return nil, nil
	}
	err := selectGrants(q, &rows).Where("held.subject_id = ?", personID).Where("held.status <> ?", Ended).Where("held.entitlement_id <> ?", DirectoryItemID).
		OrderExpr("CASE WHEN held.expires_at IS NULL THEN 1 ELSE 0 END, held.expires_at, held.created_at, held.id").
		Offset(int64(offset)).Limit(int64(limit)).Scan(ctx)
	return rows, wrap(err, "read grants of "+personID)
}

// CountRequestsMadeBy counts the requests that a person made.
func CountRequestsMadeBy(ctx context.Context, q bun.IDB, personID string) (int, error) {
	n, err := q.NewSelect().Model((*Request)(nil)).Where("requester_id = ?", personID).Count(ctx)
	return int(n), wrap(err, "count requests of "+personID)
}

// RequestsMadeBy reads the ids of requests that a person made, pending ones in front and the newest first, from an
// offset on, at most limit.
func RequestsMadeBy(ctx context.Context, q bun.IDB, personID string, offset, limit int) ([]string, error) {
	var ids []string
	if limit == 0 {
		return nil, nil
	}
	err := q.NewSelect().Model((*Request)(nil)).Column("id").Where("requester_id = ?", personID).
		OrderExpr("CASE WHEN status = ? THEN 0 ELSE 1 END, created_at DESC, id", Pending).
		Offset(int64(offset)).Limit(int64(limit)).Scan(ctx, &ids)
	return ids, wrap(err, "read requests of "+personID)
}

// CardsOf reads where the cards of requests stand in Slack, those that do.
func CardsOf(ctx context.Context, q bun.IDB, requestIDs []string) ([]Message, error) {
	if len(requestIDs) == 0 {
		return nil, nil
	}
	var rows []Message
	err := q.NewSelect().Model(&rows).Column("request_id", "channel", "ts").Where("purpose = 'card'").
		Where("request_id IN (?)", bun.List(requestIDs)).Where("ts <> ''").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read cards: %w", err)
	}
	return rows, nil
}
