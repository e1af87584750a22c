package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// DirectoryUser is a user as a directory wrote it. What of it is so here is in Person.
type DirectoryUser struct {
	bun.BaseModel `bun:"table:directory_users,alias:du"`

	ID          string    `bun:"id,pk"`
	DirectoryID string    `bun:"directory_id"`
	UserName    string    `bun:"user_name"`
	UserKey     string    `bun:"user_key"` // UserName in lower case: unique among those that are not deleted
	ExternalID  string    `bun:"external_id"`
	Email       string    `bun:"email"` // in lower case; joins the user to a person
	Active      bool      `bun:"active"`
	Resource    string    `bun:"resource"` // JSON of the SCIM resource, without id, meta and groups
	Version     int64     `bun:"version"`  // counts writes; the ETag
	PersonID    string    `bun:"person_id,nullzero"`
	ToldAt      time.Time `bun:"told_at,nullzero"` // by the source's own clock
	CreatedAt   time.Time `bun:"created_at"`
	ChangedAt   time.Time `bun:"changed_at"`
	DeletedAt   time.Time `bun:"deleted_at,nullzero"`
}

// DirectoryAddress is an e-mail address of a user besides DirectoryUser.Email, in lower case.
type DirectoryAddress struct {
	bun.BaseModel `bun:"table:directory_addresses,alias:address"`

	UserID  string `bun:"user_id,pk"`
	Address string `bun:"address,pk"`
}

// DirectoryUserByID reads a user of a directory that is not deleted.
func DirectoryUserByID(ctx context.Context, q bun.IDB, directoryID, id string) (DirectoryUser, error) {
	var row DirectoryUser
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("id = ?", id).Where("deleted_at IS NULL").Scan(ctx)
	return row, absent(err, "directory user", id)
}

// AnyDirectoryUser reads a user, also one that is deleted.
func AnyDirectoryUser(ctx context.Context, q bun.IDB, id string) (DirectoryUser, error) {
	var row DirectoryUser
	err := q.NewSelect().Model(&row).Where("id = ?", id).Scan(ctx)
	return row, absent(err, "directory user", id)
}

// LockDirectoryUser reads a user of a directory that is not deleted, and holds it until the transaction ends. The
// directory's own lock comes first.
func LockDirectoryUser(ctx context.Context, q bun.IDB, directoryID, id string) (DirectoryUser, error) {
	var row DirectoryUser
	query := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("id = ?", id).Where("deleted_at IS NULL")
	err := forUpdate(query).Scan(ctx)
	return row, absent(err, "directory user", id)
}

// DirectoryUserByName reads the user of a directory with a name, whatever its case.
func DirectoryUserByName(ctx context.Context, q bun.IDB, directoryID, name string) (DirectoryUser, error) {
	var row DirectoryUser
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("user_key = ?", strings.ToLower(name)).
		Where("deleted_at IS NULL").Scan(ctx)
	return row, absent(err, "directory user", name)
}

// DirectoryUserByExternalID reads the user of a directory that its source knows by an id of its own: the oldest, if
// the source gave the id twice.
func DirectoryUserByExternalID(ctx context.Context, q bun.IDB, directoryID, externalID string) (DirectoryUser, error) {
	var row DirectoryUser
	err := q.NewSelect().Model(&row).Where("directory_id = ?", directoryID).Where("external_id = ?", externalID).
		Where("deleted_at IS NULL").Order("created_at", "id").Limit(1).Scan(ctx) // by id alone, SQLite would read all of the directory
	return row, absent(err, "directory user", externalID)
}

// KnownDirectoryUsers are those of some ids that name users of a directory, each once.
func KnownDirectoryUsers(ctx context.Context, q bun.IDB, directoryID string, ids []string) ([]string, error) {
	var known []string
	for some := range slices.Chunk(ids, idBatch) {
		var found []string
		err := q.NewSelect().Model((*DirectoryUser)(nil)).Column("id").Where("directory_id = ?", directoryID).
			Where("id IN ?", bun.Tuple(some)).Where("deleted_at IS NULL").Scan(ctx, &found)
		if err != nil {
			return nil, fmt.Errorf("look for directory users: %w", err)
		}
		known = append(known, found...)
	}
	return known, nil
}

// InsertDirectoryUser adds a user; ErrConflict when the name is taken.
func InsertDirectoryUser(ctx context.Context, q bun.IDB, row DirectoryUser) error {
	result, err := q.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	return changed(result, err, "directory user", row.ID)
}

// UpdateDirectoryUser writes all columns of a user if its version is still was; else ErrConflict.
func UpdateDirectoryUser(ctx context.Context, q bun.IDB, row DirectoryUser, was int64) error {
	result, err := q.NewUpdate().Model(&row).WherePK().Where("version = ?", was).Exec(ctx)
	return changed(result, err, "directory user", row.ID)
}

// SetDirectoryAddresses makes the further e-mail addresses of a user exactly those given.
func SetDirectoryAddresses(ctx context.Context, q bun.IDB, userID string, addresses []string) error {
	_, err := q.NewDelete().Model((*DirectoryAddress)(nil)).Where("user_id = ?", userID).Exec(ctx)
	if err != nil || len(addresses) == 0 {
		return wrap(err, "set addresses of directory user "+userID)
	}
	rows := make([]DirectoryAddress, 0, len(addresses))
	for _, address := range addresses {
		rows = append(rows, DirectoryAddress{UserID: userID, Address: address})
	}
	_, err = q.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap(err, "set addresses of directory user "+userID)
}
