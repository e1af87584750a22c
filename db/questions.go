package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Question is what somebody who may decide wants to know from whoever asked, before he decides.
type Question struct {
	bun.BaseModel `bun:"table:questions,alias:question"`

	ID         string    `bun:"id,pk"`
	RequestID  string    `bun:"request_id"`
	ItemID     string    `bun:"item_id"`
	StepID     string    `bun:"step_id"`
	AskedBy    string    `bun:"asked_by"`
	Text       string    `bun:"text"`
	AskedAt    time.Time `bun:"asked_at"`
	AnsweredBy string    `bun:"answered_by,nullzero"`
	Answer     string    `bun:"answer"`
	AnsweredAt time.Time `bun:"answered_at,nullzero"` // zero: it waits for an answer

	Asker    *Person `bun:"rel:belongs-to,join:asked_by=id"`
	Answerer *Person `bun:"rel:belongs-to,join:answered_by=id"`
}

// InsertQuestion adds a question.
func InsertQuestion(ctx context.Context, q bun.IDB, row Question) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add question "+row.ID)
}

// QuestionByID reads one question with its people.
func QuestionByID(ctx context.Context, q bun.IDB, id string) (Question, error) {
	var row Question
	err := q.NewSelect().Model(&row).Relation("Asker").Relation("Answerer").Where("question.id = ?", id).Scan(ctx)
	return row, absent(err, "question", id)
}

// QuestionsOf reads the questions about a request with their people, oldest first.
func QuestionsOf(ctx context.Context, q bun.IDB, requestID string) ([]Question, error) {
	var rows []Question
	err := q.NewSelect().Model(&rows).Relation("Asker").Relation("Answerer").Where("question.request_id = ?", requestID).
		Order("question.asked_at", "question.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read questions about %s: %w", requestID, err)
	}
	return rows, nil
}

// AnswerQuestion writes the answer to a question; ErrConflict when it was answered already.
func AnswerQuestion(ctx context.Context, q bun.IDB, row Question) error {
	result, err := q.NewUpdate().Model(&row).Column("answered_by", "answer", "answered_at").
		Where("id = ?", row.ID).Where("answered_at IS NULL").Exec(ctx)
	return changed(result, err, "question", row.ID)
}
