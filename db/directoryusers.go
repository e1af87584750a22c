package db

import (
	"context"
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

// InsertDirectoryUser adds a user; ErrConflict when the name is taken.
func InsertDirectoryUser(ctx context.Context, q bun.IDB, row DirectoryUser) error {
	result, err := q.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
	return changed(result, err, "directory user", row.UserName)
}

// UpdateDirectoryUser writes all columns of a user if its version is still was; else ErrConflict.
func UpdateDirectoryUser(ctx context.Context, q bun.IDB, row DirectoryUser, was int64) error {
	result, err := q.NewUpdate().Model(&row).WherePK().Where("version = ?", was).Exec(ctx)
	return changed(result, err, "directory user", row.ID)
}
