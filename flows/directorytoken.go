package flows

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/usherhq/usher/db"
)

// tokenPrefix begins every token of a directory, so that tools that look for leaked secrets know one when they see it.
const tokenPrefix = "usher_scim_" //nolint:gosec // what all tokens begin with, and none

// NewDirectoryToken makes a token with which an identity provider writes to a directory, and returns it: it is shown
// once, and only its hash is kept. Older tokens go on holding for the overlap, so that the identity provider can be
// given the new one meanwhile; 0 ends them at once.
func (f *Flows) NewDirectoryToken(ctx context.Context, slug string, overlap time.Duration) (string, error) {
	if overlap < 0 {
		return "", refuse("The overlap can't be below zero. Choose 0 to end the older tokens at once, or for example 24h.")
	}
	var random [32]byte
	rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	token := tokenPrefix + base64.RawURLEncoding.EncodeToString(random[:])
	err := f.change(ctx, func(ctx context.Context, c *change) error {
		directory, err := c.tokenDirectory(ctx, slug)
		if err != nil {
			return err
		}
		end := c.now.Add(overlap)
		if err := db.EndDirectoryTokens(ctx, c, directory.ID, end); err != nil {
			return err
		}
		row := db.DirectoryToken{ID: db.NewID("dtk"), DirectoryID: directory.ID, Hash: db.DirectoryTokenHash(token), CreatedAt: c.now}
		if err := db.InsertDirectoryToken(ctx, c, row); err != nil {
			return err
		}
		event := db.AuditEvent{Actor: "usher directory token", ActorKind: "operator", Action: "directory.token_made"}
		return c.append(event, db.Details{Directory: slug, Until: end.Format(time.RFC3339)})
	})
	return token, err
}

// tokenDirectory locks the directory that a token is for, so that of two new tokens one is the newer.
func (c *change) tokenDirectory(ctx context.Context, slug string) (db.Directory, error) {
	directory, err := db.DirectoryBySlug(ctx, c, slug)
	if errors.Is(err, db.ErrNotFound) {
		return directory, refuse("There is no directory %q. The configuration names them, under directories.", slug)
	}
	if err != nil {
		return directory, err
	}
	if directory.Kind != db.SCIMDirectory {
		return directory, refuse("The directory %q is not written to by SCIM, so it needs no token.", slug)
	}
	return db.LockDirectory(ctx, c, directory.ID)
}
