package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Deciding is the status of an approval flow that is being decided, and of its present step. Waiting is a step whose
// turn has not come.
const (
	Deciding = "open"
	Waiting  = "waiting"
)

// ApprovalFlow is what one request item goes through. Its steps are copies: editing the chain does not touch them.
type ApprovalFlow struct {
	bun.BaseModel `bun:"table:approval_flows,alias:flow"`

	ID           string    `bun:"id,pk"`
	ItemID       string    `bun:"item_id"`
	RequestID    string    `bun:"request_id"`
	Chain        string    `bun:"chain"` // slug
	ChainVersion int       `bun:"chain_version"`
	Rule         string    `bun:"rule"`   // the condition by which the chain was chosen; empty for the default
	Status       string    `bun:"status"` // Deciding, Approved, Denied, Cancelled or Lapsed
	DecidedAt    time.Time `bun:"decided_at,nullzero"`

	Ruled     string     `bun:"ruled"`                // slug of the approval rule that decided instead of the chain
	Conflicts []Conflict `bun:"conflicts,type:jsonb"` // separations of duties that the item touches, as approvers see them
}

// Conflict says that an item touches a separation of duties.
type Conflict struct {
	Rule   string   `json:"rule"` // slug
	Name   string   `json:"name"`
	Holds  []string `json:"holds"` // names of the entitlements that the person holds or asks for besides
	Reason string   `json:"reason,omitempty"`
}

// Hop is one turn of the search for approvers beyond whom a step names.
type Hop struct {
	From string `json:"from"` // whom the step names, "owner", "provider_owner" or "admins"
	Why  string `json:"why"`  // why that was not enough, a sentence without its full stop
	To   string `json:"to"`   // where the search went on, or Nobody
}

// Nobody is where a search for approvers ends that found too few everywhere.
const Nobody = "nobody"

// HandOver is one decision that was handed to somebody else.
type HandOver struct {
	From   string    `json:"from"` // person ids
	To     string    `json:"to"`
	By     string    `json:"by"` // From himself, or an admin
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

// ApprovalStep is one step of an approval flow.
type ApprovalStep struct {
	bun.BaseModel `bun:"table:approval_steps,alias:step"`

	ID        string    `bun:"id,pk"`
	FlowID    string    `bun:"flow_id"`
	RequestID string    `bun:"request_id"`
	Position  int       `bun:"position"`
	Spec      Step      `bun:"spec,type:jsonb"`
	Need      int       `bun:"need"`
	Status    string    `bun:"status"` // Waiting, Deciding, Approved, Denied, Cancelled or Lapsed
	Escalated bool      `bun:"escalated"`
	OpenedAt  time.Time `bun:"opened_at,nullzero"`
	DueAt     time.Time `bun:"due_at,nullzero"`
	RemindAt  time.Time `bun:"remind_at,nullzero"`
	ClosedAt  time.Time `bun:"closed_at,nullzero"`

	Skipped string              `bun:"skipped"`            // why it was passed over, a sentence; its Status is Approved then
	Hops    []Hop               `bun:"hops,type:jsonb"`    // beyond whom it names
	Handed  []HandOver          `bun:"handed,type:jsonb"`  // oldest first
	OnCall  map[string][]string `bun:"on_call,type:jsonb"` // e-mail addresses by source; a source that was not answered yet is missing

	Must     []string  `bun:"must,type:jsonb"`     // of All: ids of the people found at opening, each of whom has to approve
	Short    bool      `bun:"short"`               // fewer who may decide were found than have to: it waits, and admins look after it
	OnCallAt time.Time `bun:"on_call_at,nullzero"` // when it is to be asked next who is on call; zero is not
	LookedAt time.Time `bun:"looked_at,nullzero"`  // when who may decide was looked up last
}

// Approver says that a person may decide on a step, and why.
type Approver struct {
	bun.BaseModel `bun:"table:approvers,alias:approver"`

	StepID   string `bun:"step_id,pk"`
	PersonID string `bun:"person_id,pk"`
	Source   string `bun:"source"` // as in the chain: manager, owner, "@usergroup", …
	ForID    string `bun:"for_id"` // person in whose place a delegate stands; empty is his own

	Person *Person `bun:"rel:belongs-to,join:person_id=id"`
	For    *Person `bun:"rel:belongs-to,join:for_id=id"`
}

// Proof says how somebody proved who he is when he decided.
type Proof struct {
	Kind     string    `json:"kind"`               // totp or oidc
	At       time.Time `json:"at"`                 // when it was proven
	Issuer   string    `json:"issuer,omitempty"`   // of oidc: who vouches
	Subject  string    `json:"subject,omitempty"`  // of oidc: whom the issuer named
	Signed   time.Time `json:"signed,omitzero"`    // of oidc: when the person signed in
	Methods  []string  `json:"methods,omitempty"`  // of oidc: amr
	Level    string    `json:"level,omitempty"`    // of oidc: acr
	Evidence string    `json:"evidence,omitempty"` // of oidc: SHA-256 of the token; of totp: the time step
}

// Decision is what one approver said on one step.
type Decision struct {
	bun.BaseModel `bun:"table:decisions,alias:decision"`

	ID        string    `bun:"id,pk"`
	StepID    string    `bun:"step_id"`
	PersonID  string    `bun:"person_id"`
	Verdict   string    `bun:"verdict"` // Approved or Denied
	Reason    string    `bun:"reason"`
	DecidedAt time.Time `bun:"decided_at"`
	ForID     string    `bun:"for_id"` // person in whose place a delegate decided; empty is his own
	Proof     *Proof    `bun:"proof,type:jsonb"`

	Person *Person `bun:"rel:belongs-to,join:person_id=id"`
	For    *Person `bun:"rel:belongs-to,join:for_id=id"`
}

// FlowsOf reads the approval flows of a request, in the order of its items.
func FlowsOf(ctx context.Context, q bun.IDB, requestID string) ([]ApprovalFlow, error) {
	var rows []ApprovalFlow
	err := q.NewSelect().Model(&rows).Join("JOIN request_items AS item ON item.id = flow.item_id").
		Where("flow.request_id = ?", requestID).Order("item.position").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approval flows of %s: %w", requestID, err)
	}
	return rows, nil
}

// StepsOf reads the steps of all approval flows of a request, ordered by flow and position.
func StepsOf(ctx context.Context, q bun.IDB, requestID string) ([]ApprovalStep, error) {
	var rows []ApprovalStep
	err := q.NewSelect().Model(&rows).Where("request_id = ?", requestID).Order("flow_id", "position").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approval steps of %s: %w", requestID, err)
	}
	return rows, nil
}

// StepByID reads one approval step.
func StepByID(ctx context.Context, q bun.IDB, id string) (ApprovalStep, error) {
	var row ApprovalStep
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "approval step", id)
}

// FlowByID reads one approval flow.
func FlowByID(ctx context.Context, q bun.IDB, id string) (ApprovalFlow, error) {
	var row ApprovalFlow
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "approval flow", id)
}

// DecisionsOf reads the decisions on all steps of a request, with the people, oldest first.
func DecisionsOf(ctx context.Context, q bun.IDB, requestID string) ([]Decision, error) {
	var rows []Decision
	err := q.NewSelect().Model(&rows).Relation("Person").Relation("For").
		Where("decision.step_id IN (SELECT id FROM approval_steps WHERE request_id = ?)", requestID).
		Order("decision.decided_at", "decision.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read decisions of %s: %w", requestID, err)
	}
	return rows, nil
}

// InsertFlow adds an approval flow and its steps.
func InsertFlow(ctx context.Context, q bun.IDB, flow ApprovalFlow, steps []ApprovalStep) error {
	if _, err := q.NewInsert().Model(&flow).Exec(ctx); err != nil {
		return fmt.Errorf("add approval flow %s: %w", flow.ID, err)
	}
	if len(steps) == 0 {
		return nil
	}
	_, err := q.NewInsert().Model(&steps).Exec(ctx)
	return wrap(err, "add approval steps of "+flow.ID)
}

// OpenStep opens a waiting step and names who is asked.
func OpenStep(ctx context.Context, q bun.IDB, step ApprovalStep, approvers []Approver) error {
	step.Status = Deciding
	result, err := q.NewUpdate().Model(&step).
		Column("status", "need", "opened_at", "due_at", "remind_at", "on_call_at", "hops", "must", "short", "looked_at").
		Where("id = ?", step.ID).Where("status = ?", Waiting).Exec(ctx)
	if err := changed(result, err, "approval step", step.ID); err != nil {
		return err
	}
	return AddApprovers(ctx, q, approvers)
}

// PassStep passes over a step that waits or is open; its approvals count as given.
func PassStep(ctx context.Context, q bun.IDB, id, why string, at time.Time) error {
	result, err := q.NewUpdate().Model((*ApprovalStep)(nil)).Set("status = ?", Approved).Set("skipped = ?", why).
		Set("closed_at = ?", at).Where("id = ?", id).Where("status IN (?, ?)", Waiting, Deciding).Exec(ctx)
	return changed(result, err, "approval step", id)
}

// InsertDecision records a decision. A second one of the same person on the same step is ErrConflict.
func InsertDecision(ctx context.Context, q bun.IDB, decision Decision) error {
	result, err := q.NewInsert().Model(&decision).On("CONFLICT (step_id, person_id) DO NOTHING").Exec(ctx)
	return changed(result, err, "decision on", decision.StepID)
}

// CloseStep moves an open step to its end; it is ErrConflict when the step is not open.
func CloseStep(ctx context.Context, q bun.IDB, id, to string, at time.Time) error {
	result, err := q.NewUpdate().Model((*ApprovalStep)(nil)).Set("status = ?", to).Set("closed_at = ?", at).
		Where("id = ?", id).Where("status = ?", Deciding).Exec(ctx)
	return changed(result, err, "approval step", id)
}

// CloseSteps ends all steps of a flow that are not decided yet.
func CloseSteps(ctx context.Context, q bun.IDB, flowID, to string, at time.Time) error {
	_, err := q.NewUpdate().Model((*ApprovalStep)(nil)).Set("status = ?", to).Set("closed_at = ?", at).
		Where("flow_id = ?", flowID).Where("status IN (?, ?)", Deciding, Waiting).Exec(ctx)
	return wrap(err, "close approval steps of "+flowID)
}

// CloseFlow decides an open approval flow; it is ErrConflict when the flow is decided already.
func CloseFlow(ctx context.Context, q bun.IDB, id, to string, at time.Time) error {
	result, err := q.NewUpdate().Model((*ApprovalFlow)(nil)).Set("status = ?", to).Set("decided_at = ?", at).
		Where("id = ?", id).Where("status = ?", Deciding).Exec(ctx)
	return changed(result, err, "approval flow", id)
}

// DueSteps reads open steps whose reminder or time limit is due, at most limit.
func DueSteps(ctx context.Context, q bun.IDB, now time.Time, limit int64) ([]ApprovalStep, error) {
	var rows []ApprovalStep
	err := q.NewSelect().Model(&rows).Where("status = ?", Deciding).
		Where("(due_at <= ? OR remind_at <= ?)", now, now).Order("opened_at").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read due approval steps: %w", err)
	}
	return rows, nil
}

// SetStepClock stores when a step is next due and next reminds, and whether it has escalated. Zero times are never.
func SetStepClock(ctx context.Context, q bun.IDB, step ApprovalStep) error {
	result, err := q.NewUpdate().Model((*ApprovalStep)(nil)).
		Set("due_at = ?", bun.NullTime{Time: step.DueAt}).Set("remind_at = ?", bun.NullTime{Time: step.RemindAt}).
		Set("escalated = ?", step.Escalated).
		Where("id = ?", step.ID).Where("status = ?", Deciding).Exec(ctx)
	return changed(result, err, "approval step", step.ID)
}

// ApprovedBefore reads the approvals on the steps of a flow in front of a position.
func ApprovedBefore(ctx context.Context, q bun.IDB, flowID string, position int) ([]Decision, error) {
	var rows []Decision
	err := q.NewSelect().Model(&rows).Where("decision.verdict = ?", Approved).
		Where("decision.step_id IN (SELECT id FROM approval_steps WHERE flow_id = ? AND position < ?)", flowID, position).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read approvals in %s: %w", flowID, err)
	}
	return rows, nil
}

// DecisionsOn reads the decisions on one step with the people who made them, oldest first.
func DecisionsOn(ctx context.Context, q bun.IDB, stepID string) ([]Decision, error) {
	var rows []Decision
	err := q.NewSelect().Model(&rows).Relation("Person").Where("decision.step_id = ?", stepID).
		Order("decision.decided_at", "decision.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read decisions on %s: %w", stepID, err)
	}
	return rows, nil
}

// StepsWaitingFor reads the open steps on which a person may decide and has not, oldest first, at most limit.
func StepsWaitingFor(ctx context.Context, q bun.IDB, personID string, limit int64) ([]ApprovalStep, error) {
	var rows []ApprovalStep
	err := q.NewSelect().Model(&rows).Where("step.status = ?", Deciding).
		Where("step.id IN (SELECT step_id FROM approvers WHERE person_id = ?)", personID).
		Where("step.id NOT IN (SELECT step_id FROM decisions WHERE person_id = ?)", personID).
		Order("step.opened_at").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read steps waiting for %s: %w", personID, err)
	}
	return rows, nil
}
