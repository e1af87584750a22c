package db

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// ConfigDraft is an object of the configuration that somebody is writing in Slack. It has no effect, and only its writer can
// read it.
type ConfigDraft struct {
	bun.BaseModel `bun:"table:drafts,alias:draft"`

	ID        string         `bun:"id,pk"`
	PersonID  string         `bun:"person_id"`
	Kind      string         `bun:"kind"` // as in ConfigObject
	Slug      string         `bun:"slug"` // of the object; empty is a new one
	Revision  int64          `bun:"revision"`
	Content   map[string]any `bun:"content,type:jsonb"` // keys of the configuration file
	UpdatedAt time.Time      `bun:"updated_at"`
}

// SaveConfigDraft adds a draft or replaces what its writer wrote.
func SaveConfigDraft(ctx context.Context, q bun.IDB, row ConfigDraft) error {
	result, err := q.NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").
		Set("revision = EXCLUDED.revision").Set("content = EXCLUDED.content").Set("updated_at = EXCLUDED.updated_at").
		Where("draft.person_id = EXCLUDED.person_id").Exec(ctx)
	return changed(result, err, "draft", row.ID)
}

// ConfigDraftOf reads a person's draft.
func ConfigDraftOf(ctx context.Context, q bun.IDB, id, personID string) (ConfigDraft, error) {
	var row ConfigDraft
	err := q.NewSelect().Model(&row).Where("id = ?", id).Where("person_id = ?", personID).Scan(ctx)
	return row, absent(err, "draft", id)
}

// DropConfigDraft forgets a person's draft.
func DropConfigDraft(ctx context.Context, q bun.IDB, id, personID string) error {
	_, err := q.NewDelete().Model((*ConfigDraft)(nil)).Where("id = ?", id).Where("person_id = ?", personID).Exec(ctx)
	return wrap(err, "drop draft "+id)
}

// ForgetConfigDrafts drops the drafts that nobody has changed since the time given.
func ForgetConfigDrafts(ctx context.Context, q bun.IDB, before time.Time) error {
	if _, err := q.NewDelete().Model((*ConfigDraft)(nil)).Where("updated_at < ?", before).Exec(ctx); err != nil {
		return fmt.Errorf("forget drafts: %w", err)
	}
	return nil
}
