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
