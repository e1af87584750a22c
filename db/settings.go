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
	Channel  string   `json:"channel"`            // where request cards go by default, e.g. "#access"
	Admins   []string `json:"admins"`             // e-mail addresses or Slack user ids
	Auditors []string `json:"auditors,omitempty"` // as Admins; they read everything and change nothing

	Pending    Duration   `json:"pending,omitempty"`    // how long a request may wait for its decisions; 0 is a week
	FourEyes   string     `json:"four_eyes,omitempty"`  // slug of the approval chain that edits go through; empty: they take effect at once
	QuietHours QuietHours `json:"quiet_hours,omitzero"` // when approvers are not asked and not reminded
}

// QuietHours is a time of day in each approver's own time zone. Both empty is none.
type QuietHours struct {
	From     string `json:"from,omitempty"`     // "20:00"
	To       string `json:"to,omitempty"`       // "08:00", of the next day if it is not later than From
	Weekends bool   `json:"weekends,omitempty"` // Saturdays and Sundays as a whole too
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
