package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// The statuses of a request and of each of its items.
const (
	Pending   = "pending"
	Approved  = "approved"
	Denied    = "denied"
	Cancelled = "cancelled"
	Lapsed    = "lapsed" // nobody decided in time
)

// The kinds of request.
const (
	ForAccess = "access"
	ForChange = "change" // an edit of the configuration that somebody else has to approve; see ConfigChange
)

// What makes a request, if no person does.
const (
	FromHeld       = "held"       // a directory's change that waits for a decision
	FromBirthright = "birthright" // a rule gives access to who is whom it names
	FromDeparture  = "departure"  // a person left
	FromAdjustment = "adjustment" // an attribute changed that a target is to know
	FromReturn     = "return"     // a departure was a mistake
)

// Request is one person's ask. It is pending until each of its items is decided; then it is approved when at least
// one item is.
type Request struct {
	bun.BaseModel `bun:"table:requests,alias:request"`

	ID          string    `bun:"id,pk"`
	RequesterID string    `bun:"requester_id"`
	Reason      string    `bun:"reason"`
	Status      string    `bun:"status"`
	Submission  string    `bun:"submission"` // what the form was sent with: the same one twice is one request
	Channel     string    `bun:"channel"`    // where the card goes
	LapsesAt    time.Time `bun:"lapses_at"`
	CreatedAt   time.Time `bun:"created_at"`
	DecidedAt   time.Time `bun:"decided_at,nullzero"`

	Kind      string    `bun:"kind,nullzero,default:'access'"` // ForAccess or ForChange
	Emergency bool      `bun:"emergency"`                      // asked for by the declared emergency path
	Nudges    int       `bun:"nudges"`                         // how often the requester had the approvers reminded
	NudgedAt  time.Time `bun:"nudged_at,nullzero"`
	Origin    string    `bun:"origin"`    // what made it, such as FromBirthright; empty is a person
	Directory string    `bun:"directory"` // slug of the directory that caused it, if one did

	Requester *Person       `bun:"rel:belongs-to,join:requester_id=id"`
	Items     []RequestItem `bun:"rel:has-many,join:id=request_id"`
}

// RequestItem asks for one entitlement for one person.
type RequestItem struct {
	bun.BaseModel `bun:"table:request_items,alias:item"`

	ID                   string    `bun:"id,pk"`
	RequestID            string    `bun:"request_id"`
	Position             int       `bun:"position"`
	EntitlementID        string    `bun:"entitlement_id"`
	SubjectID            string    `bun:"subject_id"`
	Duration             Duration  `bun:"duration"`
	StartsAt             time.Time `bun:"starts_at,nullzero"`        // zero is: at once
	ExtendsGrantID       string    `bun:"extends_grant_id,nullzero"` // set when this asks for more time on a grant
	ProvisionVersionID   string    `bun:"provision_version_id"`
	DeprovisionVersionID string    `bun:"deprovision_version_id"`
	Plan                 []string  `bun:"plan,type:jsonb"` // what will be run, one sentence a script
	Status               string    `bun:"status"`

	Title      string   `bun:"title"`              // of an item that carries something out once instead of giving access
	OwnerEmail string   `bun:"owner_email"`        // who owns what it changes
	Scripts    []Script `bun:"scripts,type:jsonb"` // what is run for it
	Lane       string   `bun:"lane"`               // flows with the same lane run one after another
	Birthright string   `bun:"birthright"`         // slug of the rule that asks for it

	Entitlement *Entitlement `bun:"rel:belongs-to,join:entitlement_id=id"`
	Subject     *Person      `bun:"rel:belongs-to,join:subject_id=id"`
}

// RequestByID reads a request with its requester.
func RequestByID(ctx context.Context, q bun.IDB, id string) (Request, error) {
	var row Request
	err := q.NewSelect().Model(&row).Relation("Requester").Where("request.id = ?", id).Scan(ctx)
	return row, absent(err, "request", id)
}

// LockRequest reads a request and holds it until the transaction ends. Every change of a request, its approval
// flows or its grants takes this lock first.
func LockRequest(ctx context.Context, q bun.IDB, id string) (Request, error) {
	var row Request
	err := forUpdate(q.NewSelect().Model(&row).Where("id = ?", id)).Scan(ctx)
	return row, absent(err, "request", id)
}

// RequestBySubmission reads the request that a form made.
func RequestBySubmission(ctx context.Context, q bun.IDB, submission string) (Request, error) {
	var row Request
	err := q.NewSelect().Model(&row).Where("submission = ?", submission).Scan(ctx)
	return row, absent(err, "request of submission", submission)
}

// ItemsOf reads the items of a request in order, with entitlement, provider and subject.
func ItemsOf(ctx context.Context, q bun.IDB, requestID string) ([]RequestItem, error) {
	var rows []RequestItem
	err := q.NewSelect().Model(&rows).Relation("Entitlement").Relation("Entitlement.Provider").Relation("Subject").
		Where("item.request_id = ?", requestID).Order("item.position").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read items of %s: %w", requestID, err)
	}
	for n := range rows {
		if err := rows[n].nameChange(ctx, q); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// CountItems counts the items of a request.
func CountItems(ctx context.Context, q bun.IDB, requestID string) (int64, error) {
	n, err := q.NewSelect().Model((*RequestItem)(nil)).Where("request_id = ?", requestID).Count(ctx)
	return n, wrap(err, "count items of "+requestID)
}

// ItemByID reads one item with entitlement, provider and subject.
func ItemByID(ctx context.Context, q bun.IDB, id string) (RequestItem, error) {
	var row RequestItem
	err := q.NewSelect().Model(&row).Relation("Entitlement").Relation("Entitlement.Provider").Relation("Subject").
		Where("item.id = ?", id).Scan(ctx)
	if err != nil {
		return row, absent(err, "request item", id)
	}
	return row, row.nameChange(ctx, q)
}

// RequestsOf reads the newest requests that a person made, at most limit.
func RequestsOf(ctx context.Context, q bun.IDB, personID string, limit int64) ([]Request, error) {
	var rows []Request
	err := q.NewSelect().Model(&rows).Where("requester_id = ?", personID).
		Order("created_at DESC").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read requests of %s: %w", personID, err)
	}
	return rows, nil
}

// OverdueRequests reads the ids of pending requests whose own time limit is over, oldest first, at most limit.
func OverdueRequests(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*Request)(nil)).Column("id").
		Where("status = ?", Pending).Where("lapses_at <= ?", now).Order("lapses_at").Limit(limit).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("read overdue requests: %w", err)
	}
	return ids, nil
}

// InsertRequest adds a request and its items. It is ErrConflict when the same submission made one already.
func InsertRequest(ctx context.Context, q bun.IDB, request Request, items []RequestItem) error {
	result, err := q.NewInsert().Model(&request).On("CONFLICT (submission) DO NOTHING").Exec(ctx)
	if err := changed(result, err, "request", request.ID); err != nil {
		return err
	}
	if _, err := q.NewInsert().Model(&items).Exec(ctx); err != nil {
		return fmt.Errorf("add items of %s: %w", request.ID, err)
	}
	return nil
}

// SetItemStatus moves a pending item; it is ErrConflict when the item is no longer pending.
func SetItemStatus(ctx context.Context, q bun.IDB, id, to string) error {
	result, err := q.NewUpdate().Model((*RequestItem)(nil)).Set("status = ?", to).
		Where("id = ?", id).Where("status = ?", Pending).Exec(ctx)
	return changed(result, err, "request item", id)
}

// SetItemDuration changes how long a pending item would be held.
func SetItemDuration(ctx context.Context, q bun.IDB, id string, to Duration) error {
	result, err := q.NewUpdate().Model((*RequestItem)(nil)).Set("duration = ?", to).
		Where("id = ?", id).Where("status = ?", Pending).Exec(ctx)
	return changed(result, err, "request item", id)
}

// SetRequestStatus moves a pending request; it is ErrConflict when the request is no longer pending.
func SetRequestStatus(ctx context.Context, q bun.IDB, id, to string, at time.Time) error {
	result, err := q.NewUpdate().Model((*Request)(nil)).Set("status = ?", to).Set("decided_at = ?", at).
		Where("id = ?", id).Where("status = ?", Pending).Exec(ctx)
	return changed(result, err, "request", id)
}

// CountNudge notes that the approvers of a pending request are reminded for whoever asked; ErrConflict when somebody
// had them reminded meanwhile.
func CountNudge(ctx context.Context, q bun.IDB, request Request, at time.Time) error {
	result, err := q.NewUpdate().Model((*Request)(nil)).Set("nudges = nudges + 1").Set("nudged_at = ?", at).
		Where("id = ?", request.ID).Where("status = ?", Pending).Where("nudges = ?", request.Nudges).Exec(ctx)
	return changed(result, err, "request", request.ID)
}

// AsksToExtend says whether more time on a grant is asked for and nobody has decided on that.
func AsksToExtend(ctx context.Context, q bun.IDB, grant Grant) (bool, error) {
	asked, err := q.NewSelect().Model((*RequestItem)(nil)).Where("subject_id = ?", grant.SubjectID).Where("extends_grant_id = ?", grant.ID).
		Where("status = ?", Pending).Exists(ctx)
	return asked, wrap(err, "look for requests about grant "+grant.ID)
}
