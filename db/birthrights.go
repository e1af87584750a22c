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

	Pending bool   `bun:"pending"` // it was changed or has opened, and is being applied to everybody
	Behind  string `bun:"behind"`  // while it is: id of the last person who was looked at
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

// AnyBirthright says whether a rule is active.
func AnyBirthright(ctx context.Context, q bun.IDB) (bool, error) {
	some, err := q.NewSelect().Model((*Birthright)(nil)).Where("active").Exists(ctx)
	return some, wrap(err, "look for rules that give access")
}

// BirthrightBySlug reads one rule.
func BirthrightBySlug(ctx context.Context, q bun.IDB, slug string) (Birthright, error) {
	var row Birthright
	err := q.NewSelect().Model(&row).Where("slug = ?", slug).Scan(ctx)
	return row, absent(err, "birthright", slug)
}

// ScheduleBirthright says when a rule opens next, zero is never, and whether it is to be applied to everybody.
func ScheduleBirthright(ctx context.Context, q bun.IDB, row Birthright) error {
	result, err := q.NewUpdate().Model(&row).Column("next_at", "pending", "behind").WherePK().Exec(ctx)
	return changed(result, err, "birthright", row.Slug)
}

// OpenBirthright notes that a rule has opened and is to be applied to everybody, if it was to open at was; else ErrConflict.
func OpenBirthright(ctx context.Context, q bun.IDB, row Birthright, was time.Time) error {
	result, err := q.NewUpdate().Model(&row).Column("next_at", "pending", "behind").WherePK().
		Where("next_at = ?", was).Exec(ctx)
	return changed(result, err, "birthright", row.Slug)
}

// PassBirthright notes how far a rule was applied to people, if it was applied as far as was; else ErrConflict.
func PassBirthright(ctx context.Context, q bun.IDB, row Birthright, was string) error {
	result, err := q.NewUpdate().Model(&row).Column("pending", "behind").WherePK().
		Where("pending").Where("behind = ?", was).Exec(ctx)
	return changed(result, err, "birthright", row.Slug)
}

// DueBirthrights reads the slugs of the rules that have to open, and of those that are being applied to everybody.
func DueBirthrights(ctx context.Context, q bun.IDB, now time.Time) (opening, pending []string, err error) {
	err = q.NewSelect().Model((*Birthright)(nil)).Column("slug").Where("next_at <= ?", now).Where("active").Order("slug").Scan(ctx, &opening)
	if err != nil {
		return nil, nil, wrap(err, "look for rules that open")
	}
	err = q.NewSelect().Model((*Birthright)(nil)).Column("slug").Where("pending").Order("slug").Scan(ctx, &pending)
	return opening, pending, wrap(err, "look for rules to apply")
}
