package config

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
)

// sourceConfig is the source of groups that stand in a configuration file. Groups of Slack and of directories with the
// same handle are others and are not touched.
const sourceConfig = "config"

// memberships reads who is in which group of the static directory: handles, ordered, by person's id. An empty id is
// everybody.
func memberships(ctx context.Context, q bun.IDB, personID string) (map[string][]string, error) {
	var rows []struct {
		PersonID string `bun:"person_id"`
		Handle   string `bun:"handle"`
	}
	query := q.NewSelect().Model((*db.GroupMember)(nil)).ColumnExpr("member.person_id, grp.handle").
		Join("JOIN groups AS grp ON grp.id = member.group_id").
		Where("grp.source = ?", sourceConfig).Order("grp.handle")
	if personID != "" {
		query = query.Where("member.person_id = ?", personID)
	}
	if err := query.Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read groups of the configuration: %w", err)
	}
	all := map[string][]string{}
	for _, row := range rows {
		all[row.PersonID] = append(all[row.PersonID], row.Handle)
	}
	return all, nil
}

// groups makes the person a member of exactly these groups of the static directory.
func (w *writer) groups(ctx context.Context, personID string, handles []string) error {
	_, err := w.tx.NewDelete().Model((*db.GroupMember)(nil)).Where("person_id = ?", personID).
		Where("group_id IN (SELECT id FROM groups WHERE source = ?)", sourceConfig).Exec(ctx)
	if err != nil {
		return fmt.Errorf("take %s out of groups: %w", personID, err)
	}
	for _, handle := range handles {
		group, err := db.GroupByHandle(ctx, w.tx, sourceConfig, handle)
		if errors.Is(err, db.ErrNotFound) {
			group, err = db.SaveGroup(ctx, w.tx, db.Group{Source: sourceConfig, Handle: handle, Name: handle})
		}
		if err != nil {
			return err
		}
		row := db.GroupMember{GroupID: group.ID, PersonID: personID}
		if _, err := w.tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return fmt.Errorf("add %s to group %s: %w", personID, handle, err)
		}
	}
	return nil
}
