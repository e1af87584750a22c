package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// SigningKey is the secret with which this installation signs links that come back to it: 32 random bytes, made when it
// is first asked for and the same in every process. Whoever can read the database could sign links, and could as well
// write the decisions that they stand for.
func SigningKey(ctx context.Context, q bun.IDB) ([]byte, error) {
	key, err := readSigningKey(ctx, q)
	if !errors.Is(err, ErrNotFound) {
		return key, err
	}
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	value, err := json.Marshal(fresh)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	row := settingRow{Key: "signing_key", Value: value}
	if _, err := q.NewInsert().Model(&row).On("CONFLICT (key) DO NOTHING").Exec(ctx); err != nil {
		return nil, fmt.Errorf("save signing key: %w", err)
	}
	return readSigningKey(ctx, q) // another process may have been faster
}

func readSigningKey(ctx context.Context, q bun.IDB) ([]byte, error) {
	var row settingRow
	err := q.NewSelect().Model(&row).Where("key = 'signing_key'").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("signing key: %w", ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	var key []byte
	if err := json.Unmarshal(row.Value, &key); err != nil {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	return key, nil
}
