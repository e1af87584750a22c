package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// The kinds of access review.
const (
	ScheduledReview = "scheduled" // somebody began it
	EmergencyReview = "emergency" // of one grant that was given by the emergency path
)

// What happens to what nobody decided in time.
const (
	OverdueKeep   = "keep"
	OverdueRemove = "remove"
)

// The statuses of an access review.
const (
	ReviewOpen      = "open"
	ReviewDone      = "done"
	ReviewCancelled = "cancelled"
)

// The statuses of an item of an access review.
const (
	ItemOpen    = "open"
	ItemKept    = "kept"
	ItemRemoved = "removed"
	ItemEnded   = "ended" // the access ended meanwhile, or the review was cancelled
)

// ReviewScope says which grants an access review is about: those that each list which is not empty allows.
type ReviewScope struct {
	Entitlements []string `json:"entitlements,omitempty"` // slugs
	Providers    []string `json:"providers,omitempty"`    // slugs
	People       []string `json:"people,omitempty"`       // e-mail addresses of holders
	Risks        []string `json:"risks,omitempty"`        // low, medium, high
}

// Review is one access review: a snapshot of grants, each of which somebody decides to keep or to remove.
type Review struct {
	bun.BaseModel `bun:"table:reviews,alias:review"`

	ID         string      `bun:"id,pk"`
	Kind       string      `bun:"kind"` // ScheduledReview or EmergencyReview
	Title      string      `bun:"title"`
	Scope      ReviewScope `bun:"scope,type:jsonb"`
	Reviewers  []string    `bun:"reviewers,type:jsonb"` // written as in Step.Approvers
	Overdue    string      `bun:"overdue"`              // OverdueKeep or OverdueRemove
	Status     string      `bun:"status"`
	CreatedBy  string      `bun:"created_by"` // a person's id; of an emergency: who asked for the access
	Submission string      `bun:"submission"` // what began it: the same one twice is one review; of an emergency "emergency:" and the id of the request item
	CreatedAt  time.Time   `bun:"created_at"`
	DueAt      time.Time   `bun:"due_at"`
	RemindAt   time.Time   `bun:"remind_at,nullzero"`
	OverdueAt  time.Time   `bun:"overdue_at,nullzero"` // when its default took effect; of an emergency: when the admins were asked
	EndedAt    time.Time   `bun:"ended_at,nullzero"`
	Channel    string      `bun:"channel"` // where its beginning and its end are told; empty: nowhere
}

// ReviewItem is one grant of an access review, and what was decided about it.
type ReviewItem struct {
	bun.BaseModel `bun:"table:review_items,alias:item"`

	ID         string    `bun:"id,pk"`
	ReviewID   string    `bun:"review_id"`
	GrantID    string    `bun:"grant_id"`
	Position   int       `bun:"position"`
	Status     string    `bun:"status"`
	DecidedBy  string    `bun:"decided_by,nullzero"`  // a person's id; empty: nobody, or by default
	DecidedFor string    `bun:"decided_for,nullzero"` // in whose place a delegate decided; empty: in his own
	ByDefault  bool      `bun:"by_default"`           // nobody decided in time
	Reason     string    `bun:"reason"`
	DoNotRenew bool      `bun:"do_not_renew"`
	AskedAt    time.Time `bun:"asked_at,nullzero"`
	AskedBy    string    `bun:"asked_by,nullzero"`
	Question   string    `bun:"question"`
	Answer     string    `bun:"answer"`
	AnsweredAt time.Time `bun:"answered_at,nullzero"`
	DecidedAt  time.Time `bun:"decided_at,nullzero"`
	Usage      string    `bun:"usage"` // what the provider told of the use of the access, a sentence without its full stop; empty: not known

	Grant   *Grant  `bun:"rel:belongs-to,join:grant_id=id"`
	Decider *Person `bun:"rel:belongs-to,join:decided_by=id"`
	For     *Person `bun:"rel:belongs-to,join:decided_for=id"`
	Asker   *Person `bun:"rel:belongs-to,join:asked_by=id"`
}

// ReviewPerson says that a person may decide on an item of an access review, and why.
type ReviewPerson struct {
	bun.BaseModel `bun:"table:review_people,alias:reviewer"`

	ItemID   string `bun:"item_id,pk"`
	PersonID string `bun:"person_id,pk"`
	Source   string `bun:"source"` // as in Approver.Source
}

// ReviewByID reads one access review.
func ReviewByID(ctx context.Context, q bun.IDB, id string) (Review, error) {
	var row Review
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "access review", id)
}

// ReviewBySubmission reads the access review that a form began.
func ReviewBySubmission(ctx context.Context, q bun.IDB, submission string) (Review, error) {
	var row Review
	err := q.NewSelect().Model(&row).Where("submission = ?", submission).Scan(ctx)
	return row, absent(err, "access review of submission", submission)
}

// LockReview reads an access review and holds it until the transaction ends. It is taken behind the locks of a request
// and of a person.
func LockReview(ctx context.Context, q bun.IDB, id string) (Review, error) {
	var row Review
	err := forUpdate(q.NewSelect().Model(&row).Where("id = ?", id)).Scan(ctx)
	return row, absent(err, "access review", id)
}

// InsertReview adds an access review with its items and who may decide on them. It is ErrConflict when the same
// submission began one already.
func InsertReview(ctx context.Context, q bun.IDB, row Review, items []ReviewItem, people []ReviewPerson) error {
	result, err := q.NewInsert().Model(&row).On("CONFLICT (submission) DO NOTHING").Exec(ctx)
	if err := changed(result, err, "access review", row.ID); err != nil {
		return err
	}
	if err := inParts(items, func(part []ReviewItem) error {
		_, err := q.NewInsert().Model(&part).Exec(ctx)
		return err
	}); err != nil {
		return fmt.Errorf("add items of access review %s: %w", row.ID, err)
	}
	_, err = AddReviewPeople(ctx, q, people)
	return err
}

// AddReviewPeople names further people who may decide on items, and says how many are new; who is named already stays
// as he is.
func AddReviewPeople(ctx context.Context, q bun.IDB, people []ReviewPerson) (int64, error) {
	var added int64
	err := inParts(people, func(part []ReviewPerson) error {
		result, err := q.NewInsert().Model(&part).On("CONFLICT DO NOTHING").Exec(ctx)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		added += n
		return err
	})
	return added, wrap(err, "add reviewers")
}

// SetReviewReminder stores when an access review reminds next; zero is never. ErrConflict when it is not open.
func SetReviewReminder(ctx context.Context, q bun.IDB, id string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Review)(nil)).Set("remind_at = ?", bun.NullTime{Time: at}).
		Where("id = ?", id).Where("status = ?", ReviewOpen).Exec(ctx)
	return changed(result, err, "access review", id)
}

// MarkReviewOverdue notes that the end of an open access review has come; ErrConflict when that was noted already.
func MarkReviewOverdue(ctx context.Context, q bun.IDB, id string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Review)(nil)).Set("overdue_at = ?", at).
		Where("id = ?", id).Where("status = ?", ReviewOpen).Where("overdue_at IS NULL").Exec(ctx)
	return changed(result, err, "access review", id)
}

// EndReview ends an open access review: to is ReviewDone or ReviewCancelled. ErrConflict when it has ended.
func EndReview(ctx context.Context, q bun.IDB, id, to string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Review)(nil)).Set("status = ?", to).Set("ended_at = ?", at).Set("remind_at = NULL").
		Where("id = ?", id).Where("status = ?", ReviewOpen).Exec(ctx)
	return changed(result, err, "access review", id)
}

// ReviewItemByID reads one item with its grant and who decided and asked.
func ReviewItemByID(ctx context.Context, q bun.IDB, id string) (ReviewItem, error) {
	var row ReviewItem
	err := selectReviewItems(q, &row).Where("item.id = ?", id).Scan(ctx)
	return row, absent(err, "item of an access review", id)
}

// DecideReviewItem writes what was decided on an open item; ErrConflict when it is not open.
func DecideReviewItem(ctx context.Context, q bun.IDB, row ReviewItem) error {
	result, err := q.NewUpdate().Model(&row).
		Column("status", "decided_by", "decided_for", "by_default", "reason", "do_not_renew", "decided_at").
		Where("id = ?", row.ID).Where("status = ?", ItemOpen).Exec(ctx)
	return changed(result, err, "item of an access review", row.ID)
}

// EndReviewItems closes what is left to decide of an access review that was cancelled.
func EndReviewItems(ctx context.Context, q bun.IDB, reviewID string, at time.Time) error {
	_, err := q.NewUpdate().Model((*ReviewItem)(nil)).Set("status = ?", ItemEnded).Set("decided_at = ?", at).
		Where("review_id = ?", reviewID).Where("status = ?", ItemOpen).Exec(ctx)
	return wrap(err, "close items of access review "+reviewID)
}

// SetReviewQuestion writes the question to the holder and his answer, if there is one, of an open item; else ErrConflict.
func SetReviewQuestion(ctx context.Context, q bun.IDB, row ReviewItem) error {
	result, err := q.NewUpdate().Model(&row).Column("asked_at", "asked_by", "question", "answer", "answered_at").
		Where("id = ?", row.ID).Where("status = ?", ItemOpen).Exec(ctx)
	return changed(result, err, "item of an access review", row.ID)
}

// SetReviewUsage writes what is known of the use of the access of an item.
func SetReviewUsage(ctx context.Context, q bun.IDB, itemID, usage string) error {
	_, err := q.NewUpdate().Model((*ReviewItem)(nil)).Set("usage = ?", usage).Where("id = ?", itemID).Exec(ctx)
	return wrap(err, "save the use of "+itemID)
}

// SetDoNotRenew remembers why a grant is not to be given longer.
func SetDoNotRenew(ctx context.Context, q bun.IDB, grantID, why string) error {
	_, err := q.NewUpdate().Model((*Grant)(nil)).Set("do_not_renew = ?", why).Where("id = ?", grantID).Exec(ctx)
	return wrap(err, "note that grant "+grantID+" is not to be given longer")
}

// partSize is how many rows one statement writes or names: databases bound the number of their arguments.
const partSize = 500

// inParts hands rows over in parts that one statement can take.
func inParts[T any](rows []T, do func([]T) error) error {
	for len(rows) > 0 {
		n := min(len(rows), partSize)
		if err := do(rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}
