package db

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// ScriptPerson is somebody whom a script asked and who may answer it.
type ScriptPerson struct {
	bun.BaseModel `bun:"table:script_people,alias:asked"`

	ScriptID string `bun:"script_id,pk"`
	PersonID string `bun:"person_id,pk"`
	Source   string `bun:"source"` // what named the person, as written, or "fallback"

	Person *Person `bun:"rel:belongs-to,join:person_id=id"`
}

// ScriptPeople reads whom a script asked, ordered by address.
func ScriptPeople(ctx context.Context, q bun.IDB, scriptID string) ([]ScriptPerson, error) {
	var rows []ScriptPerson
	err := q.NewSelect().Model(&rows).Relation("Person").Where("asked.script_id = ?", scriptID).Order("person.email").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people of script %s: %w", scriptID, err)
	}
	return rows, nil
}

// SetScriptPeople replaces whom a script asked.
func SetScriptPeople(ctx context.Context, q bun.IDB, scriptID string, rows []ScriptPerson) error {
	if _, err := q.NewDelete().Model((*ScriptPerson)(nil)).Where("script_id = ?", scriptID).Exec(ctx); err != nil {
		return fmt.Errorf("clear people of script %s: %w", scriptID, err)
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := q.NewInsert().Model(&rows).Exec(ctx)
	return wrap(err, "add people of script "+scriptID)
}

// ScriptsWaitingFor reads the scripts of running flows that asked a person and wait for an answer or for work by hand,
// oldest first, at most limit.
func ScriptsWaitingFor(ctx context.Context, q bun.IDB, personID string, limit int64) ([]FlowScript, error) {
	var rows []FlowScript
	err := q.NewSelect().Model(&rows).Where("script.status = ?", Paused).Where("script.wake_at IS NULL").
		Where("script.waits_for <> ?", WaitsCallback).
		Where("script.id IN (SELECT script_id FROM script_people WHERE person_id = ?)", personID).
		Where("script.flow_id IN (SELECT id FROM action_flows WHERE status = ? AND NOT cancelling)", Running).
		Order("script.started_at", "script.id").Limit(limit).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read scripts waiting for %s: %w", personID, err)
	}
	return rows, nil
}
