package db

import (
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// LinkDirectoryUser says who a user of a directory is.
func LinkDirectoryUser(ctx context.Context, q bun.IDB, userID, personID string) error {
	result, err := q.NewUpdate().Model((*DirectoryUser)(nil)).Set("person_id = ?", personID).Where("id = ?", userID).Exec(ctx)
	return changed(result, err, "directory user", userID)
}

// LinkDirectoryGroup says which group a group of a directory is.
func LinkDirectoryGroup(ctx context.Context, q bun.IDB, directoryGroupID, groupID string) error {
	result, err := q.NewUpdate().Model((*DirectoryGroup)(nil)).Set("group_id = ?", groupID).Where("id = ?", directoryGroupID).Exec(ctx)
	return changed(result, err, "directory group", directoryGroupID)
}

// DirectoryUserCalled reads the user whom another refers to: by our id, or by the source's own.
func DirectoryUserCalled(ctx context.Context, q bun.IDB, directoryID, name string) (DirectoryUser, error) {
	var row DirectoryUser
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("deleted_at IS NULL").
		Where("(id = ? OR external_id = ?)", name, name).OrderExpr("id = ? DESC", name).Limit(1).Scan(ctx)
	return row, absent(err, "directory user", name)
}

// KnownElsewhere says whether another directory says that a person is here.
func KnownElsewhere(ctx context.Context, q bun.IDB, personID, exceptDirectoryID string) (bool, error) {
	known, err := q.NewSelect().Model((*DirectoryUser)(nil)).Where("person_id = ?", personID).Where("directory_id <> ?", exceptDirectoryID).
		Where("active").Where("deleted_at IS NULL").
		Where("directory_id IN (SELECT id FROM directories WHERE active)").Exists(ctx)
	return known, wrap(err, "look for another directory of "+personID)
}

// DirectoryUsersByID reads some users of a directory, also those that are deleted.
func DirectoryUsersByID(ctx context.Context, q bun.IDB, ids []string) ([]DirectoryUser, error) {
	var rows []DirectoryUser
	for some := range slices.Chunk(ids, memberBatch) {
		var found []DirectoryUser
		if err := q.NewSelect().Model(&found).Where("id IN ?", bun.Tuple(some)).Order("id").Scan(ctx); err != nil {
			return nil, wrap(err, "read directory users")
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

// DirectoryUsersBehind reads users of a directory in the order of their ids, behind one, at most limit; also those that are
// deleted.
func DirectoryUsersBehind(ctx context.Context, q bun.IDB, directoryID, after string, limit int64) ([]DirectoryUser, error) {
	var rows []DirectoryUser
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).Where("id > ?", after).Order("id").Limit(limit).Scan(ctx)
	return rows, wrap(err, "read directory users")
}

// PeopleOfDirectory reads the ids of the people whom a directory knows or knew.
func PeopleOfDirectory(ctx context.Context, q bun.IDB, directoryID string) ([]string, error) {
	var ids []string
	err := q.NewSelect().Model((*DirectoryUser)(nil)).Distinct().Column("person_id").Where("directory_id = ?", directoryID).
		Where("person_id IS NOT NULL").Order("person_id").Scan(ctx, &ids)
	return ids, wrap(err, "read the people of a directory")
}
