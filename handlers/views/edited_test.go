package views_test

import (
	"testing"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/handlers/views"
)

func TestEdited(t *testing.T) {
	t.Parallel()
	event := db.AuditEvent{Actor: "ben@example.com", Action: "config.changed", Entitlement: "drive-viewers"}
	golden(t, "edited", views.Edited(event, db.Details{
		Before: map[string]any{"name": "Drive *viewers*", "description": "Looks", "approval": []any{"manager"}},
		After:  map[string]any{"name": "Drive *viewers*", "description": "Looks, <!channel>", "approval": []any{"auto"}},
	}, views.Names{}))
}
