package db

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// AwaitManager notes by what a user of a directory calls his manager, of whom nobody has told yet; "" is that he awaits nobody.
func AwaitManager(ctx context.Context, q bun.IDB, userID, called string) error {
	_, err := q.NewUpdate().Model((*DirectoryUser)(nil)).Set("awaits_manager = ?", called).
		Where("id = ?", userID).Where("awaits_manager <> ?", called).Exec(ctx)
	return wrap(err, "await the manager of "+userID)
}

// LinkReports gives those who awaited a user of their directory as their manager his address, and returns the ids of the people
// of whom that is new. Who is nobody yet goes on waiting.
func LinkReports(ctx context.Context, q bun.IDB, manager DirectoryUser, email string, now time.Time) ([]string, error) {
	var reports, linked []string
	err := q.NewUpdate().Model((*DirectoryUser)(nil)).Set("awaits_manager = ''").
		Where("directory_id = ?", manager.DirectoryID).Where("awaits_manager <> ''").
		Where("awaits_manager IN ?", bun.Tuple([]string{manager.ID, manager.ExternalID})).
		Where("person_id IS NOT NULL").Returning("person_id").Scan(ctx, &reports)
	if err != nil || len(reports) == 0 {
		return nil, wrap(err, "read who awaits "+manager.UserName)
	}
	err = q.NewUpdate().Model((*Person)(nil)).Set("manager_email = ?", email).Set("updated_at = ?", UTC(now)).
		Where("id IN ?", bun.Tuple(reports)).Where("manager_email <> ?", email).Returning("id").Scan(ctx, &linked)
	return linked, wrap(err, "link the reports of "+email)
}
