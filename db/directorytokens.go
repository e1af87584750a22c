package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/uptrace/bun"
)

// DirectoryToken lets an identity provider write to a directory. Only the SHA-256 of the token is kept, in hex: the
// token itself is 256 random bits, so that nothing slower is needed to keep it from being guessed.
type DirectoryToken struct {
	bun.BaseModel `bun:"table:directory_tokens,alias:token"`

	ID          string    `bun:"id,pk"`
	DirectoryID string    `bun:"directory_id"`
	Hash        string    `bun:"hash"`
	CreatedAt   time.Time `bun:"created_at"`
	EndsAt      time.Time `bun:"ends_at,nullzero"` // zero is without an end
	UsedAt      time.Time `bun:"used_at,nullzero"` // to the hour
}

// DirectoryTokenHash is what is kept of a token.
func DirectoryTokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// DirectoryTokenByHash reads the token of any directory whose hash is given, if it holds at a time.
func DirectoryTokenByHash(ctx context.Context, q bun.IDB, hash string, at time.Time) (DirectoryToken, error) {
	var row DirectoryToken
	err := q.NewSelect().Model(&row).Where("hash = ?", hash).Where("(ends_at IS NULL OR ends_at > ?)", at).Scan(ctx)
	return row, absent(err, "token of a directory", "by its hash")
}

// DirectoryTokens reads the tokens of a directory that hold at a time, the newest first.
func DirectoryTokens(ctx context.Context, q bun.IDB, directoryID string, at time.Time) ([]DirectoryToken, error) {
	var rows []DirectoryToken
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).
		Where("(ends_at IS NULL OR ends_at > ?)", at).Order("created_at DESC", "id").Scan(ctx)
	return rows, wrap(err, "read tokens of directory "+directoryID)
}

// InsertDirectoryToken adds a token.
func InsertDirectoryToken(ctx context.Context, q bun.IDB, row DirectoryToken) error {
	_, err := q.NewInsert().Model(&row).Exec(ctx)
	return wrap(err, "add token of directory "+row.DirectoryID)
}

// EndDirectoryTokens lets the tokens of a directory end at a time, unless they end sooner.
func EndDirectoryTokens(ctx context.Context, q bun.IDB, directoryID string, at time.Time) error {
	_, err := q.NewUpdate().Model((*DirectoryToken)(nil)).Set("ends_at = ?", at).
		Where("directory_id = ?", directoryID).Where("(ends_at IS NULL OR ends_at > ?)", at).Exec(ctx)
	return wrap(err, "end tokens of directory "+directoryID)
}

// UseDirectoryToken notes when a token was used last.
func UseDirectoryToken(ctx context.Context, q bun.IDB, id string, at time.Time) error {
	_, err := q.NewUpdate().Model((*DirectoryToken)(nil)).Set("used_at = ?", at).Where("id = ?", id).Exec(ctx)
	return wrap(err, "note use of token "+id)
}
