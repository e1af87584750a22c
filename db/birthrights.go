package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// Birthright is a rule that gives people access because of who they are, for as long as it holds.
type Birthright struct {
	bun.BaseModel `bun:"table:birthrights,alias:birthright"`

	ID           string      `bun:"id,pk"`
	Slug         string      `bun:"slug"`
	Name         string      `bun:"name"`
	Condition    string      `bun:"condition"`               // CEL over person
	Entitlements []string    `bun:"entitlements,type:jsonb"` // slugs
	Chain        string      `bun:"chain"`                   // slug of the approval chain; empty: nobody is asked
	Grace        Duration    `bun:"grace"`                   // how long what was given is kept when the rule no longer holds
	During       *Window     `bun:"during,type:jsonb"`       // nil: always
	Adjust       *Adjustment `bun:"adjust,type:jsonb"`       // nil: nothing
	Active       bool        `bun:"active"`
	UpdatedAt    time.Time   `bun:"updated_at"`
	NextAt       time.Time   `bun:"next_at,nullzero"` // of a rule with During: when it opens next
}

// Window opens a rule again and again for a while.
type Window struct {
	Cron string   `json:"cron"` // when it opens, for example "0 8 28 * *"
	For  Duration `json:"for"`
	Zone string   `json:"zone,omitempty"` // of the cron spec; empty is UTC
}

// Adjustment runs an action chain at the target for whoever holds a rule's access when an attribute of theirs changes.
type Adjustment struct {
	On  []string `json:"on"`  // attributes of person, for example "attributes.territory"
	Run string   `json:"run"` // slug of an action chain
}

// Birthrights reads all rules, ordered by slug.
func Birthrights(ctx context.Context, q bun.IDB) ([]Birthright, error) {
	var rows []Birthright
	err := q.NewSelect().Model(&rows).Order("slug").Scan(ctx)
	return rows, wrap(err, "read birthrights")
}
