package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// Settings are the few values of the configuration that are not rows of their own.
type Settings struct {
	Channel string   `json:"channel"` // where request cards go by default, e.g. "#access"
	Admins  []string `json:"admins"`  // e-mail addresses or Slack user ids
}

type settingRow struct {
	bun.BaseModel `bun:"table:settings,alias:setting"`

	Key   string          `bun:"key,pk"`
	Value json.RawMessage `bun:"value,type:jsonb"`
}

// ReadSettings reads the settings; what was never set is empty.
func ReadSettings(ctx context.Context, q bun.IDB) (Settings, error) {
	var row settingRow
	var settings Settings
	err := q.NewSelect().Model(&row).Where("key = 'settings'").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return settings, nil
	}
	if err != nil {
		return settings, fmt.Errorf("read settings: %w", err)
	}
	if err := json.Unmarshal(row.Value, &settings); err != nil {
		return settings, fmt.Errorf("read settings: %w", err)
	}
	return settings, nil
}

// SaveSettings replaces the settings.
func SaveSettings(ctx context.Context, q bun.IDB, settings Settings) error {
	value, err := json.Marshal(settings)
	if err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	row := settingRow{Key: "settings", Value: value}
	_, err = q.NewInsert().Model(&row).On("CONFLICT (key) DO UPDATE").Set("value = EXCLUDED.value").Exec(ctx)
	return wrap(err, "save settings")
}

// LockConfiguration holds the configuration until the transaction ends, so that one change of it follows another.
func LockConfiguration(ctx context.Context, q bun.IDB) error {
	row := settingRow{Key: "lock", Value: json.RawMessage(`{}`)}
	_, err := q.NewInsert().Model(&row).On("CONFLICT (key) DO UPDATE").Set("value = EXCLUDED.value").Exec(ctx)
	return wrap(err, "lock configuration")
}
