package config

import (
	"context"
	"fmt"
	"slices"

	"github.com/usherhq/usher/db"
)

// actionChain adds a chain or writes its kind. When its scripts change, a new version is published and the old one
// retired: flows that run go on with the version that they were made from.
func (w *writer) actionChain(ctx context.Context, c Change, chain ActionChain) error {
	old, known := w.rows.actionChains[chain.Slug]
	row := old.ActionChain
	if !known {
		row = db.ActionChain{ID: db.NewID("act"), Slug: chain.Slug}
	}
	row.Name, row.Kind, row.Active, row.UpdatedAt = chain.Name, chain.Kind, true, w.now
	if err := save(ctx, w.tx, &row, known); err != nil {
		return err
	}
	changed := slices.ContainsFunc(c.Fields, func(f FieldChange) bool { return f.Key == "scripts" || f.Key == "workflow" })
	if known && !changed {
		return nil
	}
	if old.published != nil {
		retired := *old.published
		retired.Status, retired.Chain = db.Retired, nil
		if err := save(ctx, w.tx, &retired, true); err != nil {
			return err
		}
	}
	version := db.ActionChainVersion{
		ID: db.NewID("ver"), ChainID: row.ID, Number: old.last + 1, Status: db.Published, Scripts: chain.Scripts,
		Text: chain.Text, Steps: chain.Steps, Author: w.author, CreatedAt: w.now, PublishedAt: w.now, PublishedBy: w.author,
	}
	return save(ctx, w.tx, &version, false)
}

// remove makes a row inactive.
func (w *writer) remove(ctx context.Context, c Change) error {
	switch c.Kind {
	case KindProvider:
		row := w.rows.providers[c.Name]
		row.Active, row.UpdatedAt = false, w.now
		return save(ctx, w.tx, &row, true)
	case KindEntitlement:
		row := w.rows.entitlements[c.Name]
		row.Active, row.UpdatedAt, row.Provider = false, w.now, nil
		return save(ctx, w.tx, &row, true)
	case KindApprovalChain:
		row := w.rows.approvalChains[c.Name]
		row.Active, row.UpdatedAt = false, w.now
		return save(ctx, w.tx, &row, true)
	case KindActionChain:
		row := w.rows.actionChains[c.Name].ActionChain
		row.Active, row.UpdatedAt = false, w.now
		return save(ctx, w.tx, &row, true)
	case KindApprovalRule:
		row := w.rows.approvalRules[c.Name]
		row.Active, row.UpdatedAt = false, w.now
		return save(ctx, w.tx, &row, true)
	case KindSeparation:
		row := w.rows.separations[c.Name]
		row.Active, row.UpdatedAt = false, w.now
		return save(ctx, w.tx, &row, true)
	case KindDirectory:
		row := w.rows.directories[c.Name]
		row.Active, row.UpdatedAt = false, w.now
		return db.UpdateDirectory(ctx, w.tx, row)
	case KindBirthright:
		row := w.rows.birthrights[c.Name]
		row.Active, row.UpdatedAt = false, w.now
		return saveBirthright(ctx, w.tx, row)
	}
	return fmt.Errorf("no rows of kind %s are ever removed", c.Kind)
}
