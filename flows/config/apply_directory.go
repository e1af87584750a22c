package config

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// directory adds a directory, with the robot in whose name it acts, or writes what the file says of one.
func (w *writer) directory(ctx context.Context, d Directory) error {
	row, known := w.rows.directories[d.Slug]
	row.Slug, row.Name, row.Kind, row.OwnerEmail = d.Slug, d.Name, d.Kind, d.Owner
	row.Settings, row.Policy, row.Active, row.UpdatedAt = d.Settings, d.Policy, true, w.now
	if known {
		return db.UpdateDirectory(ctx, w.tx, row)
	}
	row.ID, row.PersonID = db.NewID("dir"), db.NewID("per")
	return db.InsertDirectory(ctx, w.tx, row)
}

func (w *writer) birthright(ctx context.Context, b Birthright) error {
	row, known := w.rows.birthrights[b.Slug]
	if !known {
		row.ID = db.NewID("bir")
	}
	row = b.row(row)
	row.UpdatedAt = w.now
	if known {
		return saveBirthright(ctx, w.tx, row)
	}
	return save(ctx, w.tx, &row, false)
}

// saveBirthright writes what the configuration says of a rule. When it opens next, and for whom it was worked out, stays.
func saveBirthright(ctx context.Context, tx bun.IDB, row db.Birthright) error {
	_, err := tx.NewUpdate().Model(&row).WherePK().
		Column("name", "condition", "entitlements", "chain", "grace", "during", "adjust", "active", "updated_at").Exec(ctx)
	if err != nil {
		return fmt.Errorf("save birthright %s: %w", row.Slug, err)
	}
	return nil
}
