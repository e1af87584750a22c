package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// The effects of an approval rule. A rule that denies goes before all that approve.
const (
	RuleApproves = "approve"
	RuleDenies   = "deny"
)

// Ruling is a rule that decides on items without a person. In the configuration it is called an approval rule.
type Ruling struct {
	bun.BaseModel `bun:"table:approval_rules,alias:ruling"`

	ID           string    `bun:"id,pk"`
	Slug         string    `bun:"slug"`
	Name         string    `bun:"name"`
	Effect       string    `bun:"effect"`                  // RuleApproves or RuleDenies
	Condition    string    `bun:"condition"`               // CEL, as in Entitlement.Approval
	Entitlements []string  `bun:"entitlements,type:jsonb"` // slugs; empty is all
	Reason       string    `bun:"reason"`                  // what people are told
	EndsAt       time.Time `bun:"ends_at,nullzero"`        // zero is without an end
	Active       bool      `bun:"active"`
	UpdatedAt    time.Time `bun:"updated_at"`
}

// The effects of a separation of duties.
const (
	SeparationBlocks = "block" // the request is refused
	SeparationAsks   = "ask"   // a further step decides
)

// Separation is a set of entitlements of which one person may hold only one.
type Separation struct {
	bun.BaseModel `bun:"table:separations,alias:separation"`

	ID           string    `bun:"id,pk"`
	Slug         string    `bun:"slug"`
	Name         string    `bun:"name"`
	Entitlements []string  `bun:"entitlements,type:jsonb"` // slugs, at least two
	Effect       string    `bun:"effect"`                  // SeparationBlocks or SeparationAsks
	Step         *Step     `bun:"step,type:jsonb"`         // of SeparationAsks: asked behind all steps of the chain
	Reason       string    `bun:"reason"`                  // why nobody may hold both
	Active       bool      `bun:"active"`
	UpdatedAt    time.Time `bun:"updated_at"`
}

// Rulings reads all approval rules, ordered by slug.
func Rulings(ctx context.Context, q bun.IDB) ([]Ruling, error) {
	var rows []Ruling
	if err := q.NewSelect().Model(&rows).Order("slug").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read approval rules: %w", err)
	}
	return rows, nil
}

// Separations reads all separations of duties, ordered by slug.
func Separations(ctx context.Context, q bun.IDB) ([]Separation, error) {
	var rows []Separation
	if err := q.NewSelect().Model(&rows).Order("slug").Scan(ctx); err != nil {
		return nil, fmt.Errorf("read separations of duties: %w", err)
	}
	return rows, nil
}

// PendingItemsFor reads what is asked for a person and not decided yet, with entitlements, oldest first.
func PendingItemsFor(ctx context.Context, q bun.IDB, subjectID string) ([]RequestItem, error) {
	var rows []RequestItem
	err := q.NewSelect().Model(&rows).Relation("Entitlement").Where("item.subject_id = ?", subjectID).
		Where("item.status = ?", Pending).Order("item.id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read pending items for %s: %w", subjectID, err)
	}
	return rows, nil
}

// FlowOfItem reads the approval flow of a request item.
func FlowOfItem(ctx context.Context, q bun.IDB, itemID string) (ApprovalFlow, error) {
	var row ApprovalFlow
	err := q.NewSelect().Model(&row).Where("item_id = ?", itemID).Scan(ctx)
	return row, absent(err, "approval flow of item", itemID)
}

// AddSteps puts further steps behind those of an open approval flow, and what they are asked about.
func AddSteps(ctx context.Context, q bun.IDB, flow ApprovalFlow, steps []ApprovalStep) error {
	result, err := q.NewUpdate().Model(&flow).Column("conflicts").Where("id = ?", flow.ID).Where("status = ?", Deciding).Exec(ctx)
	if err := changed(result, err, "approval flow", flow.ID); err != nil {
		return err
	}
	_, err = q.NewInsert().Model(&steps).Exec(ctx)
	return wrap(err, "add approval steps of "+flow.ID)
}
