package audit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/audit"
)

func TestOCSFClasses(t *testing.T) {
	t.Parallel()
	const added = `{"script_type":"drive_api_add_user_to_group","script_id":"s1"}`
	for name, tc := range map[string]struct {
		event  db.AuditEvent
		typeID int // class_uid * 100 + activity_id
	}{
		"asked":               {db.AuditEvent{Action: "request.created"}, 300401},
		"approved":            {db.AuditEvent{Action: "decision.approved"}, 300499},
		"access begins":       {db.AuditEvent{Action: "grant.activated"}, 300501},
		"access ends":         {db.AuditEvent{Action: "grant.ended"}, 300502},
		"access kept":         {db.AuditEvent{Action: "grant.ended", Details: `{"covered_by":"g2"}`}, 300499},
		"extended":            {db.AuditEvent{Action: "grant.extended"}, 300403},
		"account made":        {db.AuditEvent{Action: "script.succeeded", Details: `{"script_type":"drive_api_create_user"}`}, 300101},
		"account deleted":     {db.AuditEvent{Action: "script.succeeded", Details: `{"script_type":"a_b_api_delete_user"}`}, 300106},
		"put into a group":    {db.AuditEvent{Action: "script.succeeded", Script: "join", Outcome: "applied", Details: added}, 300603},
		"not put in":          {db.AuditEvent{Action: "script.failed", Script: "join", Details: added}, 300603},
		"in it already":       {db.AuditEvent{Action: "script.succeeded", Script: "join", Outcome: "already", Details: added}, 300499},
		"only begun":          {db.AuditEvent{Action: "script.started", Script: "join", Details: added}, 300499},
		"another script":      {db.AuditEvent{Action: "script.succeeded", Details: `{"script_type":"manual_task"}`}, 300499},
		"something made":      {db.AuditEvent{Action: "config.changed", Details: `{"resource":"provider drive","after":{"a":1}}`}, 300401},
		"something changed":   {db.AuditEvent{Action: "config.changed", Details: `{"resource":"provider drive","before":1,"after":2}`}, 300403},
		"something gone":      {db.AuditEvent{Action: "config.changed", Details: `{"resource":"provider drive","before":1}`}, 300404},
		"details of no sense": {db.AuditEvent{Action: "config.changed", Details: `{"resource":7}`}, 300403},
		"app set up":          {db.AuditEvent{Action: "factor.enrolled"}, 300110},
		"app taken away":      {db.AuditEvent{Action: "factor.reset"}, 300111},
		"a wrong code":        {db.AuditEvent{Action: "factor.failed"}, 300499},
		"new to this table":   {db.AuditEvent{Action: "review.closed"}, 300499},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event := tc.event
			event.Actor, event.ActorKind, event.Subject, event.Entitlement = "ann@example.com", "person", "U123", "drive-editors"
			sealed := audit.Seal(db.AuditHead{}, []db.AuditEvent{event}, noon)
			var out map[string]any
			require.NoError(t, json.Unmarshal([]byte(audit.Written(t, "ocsf", sealed)), &out))
			require.EqualValues(t, tc.typeID, out["type_uid"])
			require.EqualValues(t, tc.typeID/100, out["class_uid"])
			require.EqualValues(t, tc.typeID%100, out["activity_id"])
			require.EqualValues(t, 3, out["category_uid"])
			requireClass(t, out)
		})
	}
}

// requireClass checks what the schema requires of each class, and what it takes to be found again.
func requireClass(t *testing.T, out map[string]any) {
	t.Helper()
	for _, key := range []string{"time", "severity_id", "status_id", "metadata", "actor", "message", "unmapped", "type_name"} {
		require.NotEmpty(t, out[key], key)
	}
	required := map[float64][]string{3001: {"user"}, 3004: {"entity"}, 3005: {"user", "privileges", "resource"}, 3006: {"group", "user"}}
	for _, key := range required[out["class_uid"].(float64)] {
		require.NotEmpty(t, out[key], key)
	}
	metadata := out["metadata"].(map[string]any)
	require.Equal(t, "1.3.0", metadata["version"])
	require.NotEmpty(t, metadata["product"].(map[string]any)["vendor_name"])
	require.Equal(t, out["unmapped"].(map[string]any)["hash"], metadata["uid"])
}

func TestOCSFEntry(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, dbtest.SQLite)
	record(t, store, noon, db.AuditEvent{
		Actor: "usher", ActorKind: "system", Action: "script.failed", Request: "r1", Grant: "g1", Flow: "f1", Script: "join",
		Subject: "bob@example.com", Entitlement: "drive-editors", Provider: "drive", Outcome: "refused",
		Details: `{"error":"The group is gone.","script_type":"drive_api_remove_user_from_group"}`,
	})
	hash := strings.TrimSpace(export(t, store, db.AuditFilter{}, "jsonl"))
	hash = hash[len(hash)-66 : len(hash)-2]
	require.JSONEq(t, `{
		"activity_id": 4, "activity_name": "Remove User", "category_uid": 3, "category_name": "Identity & Access Management",
		"class_uid": 3006, "class_name": "Group Management", "type_uid": 300604, "type_name": "Group Management: Remove User",
		"time": 1772452800120, "severity_id": 2, "severity": "Low", "status_id": 2, "status": "Failure",
		"status_detail": "The group is gone.", "message": "script.failed join drive-editors bob@example.com",
		"actor": {"user": {"uid": "usher", "name": "usher", "type_id": 3, "type": "System"}},
		"user": {"uid": "bob@example.com", "name": "bob@example.com", "email_addr": "bob@example.com", "type_id": 1, "type": "User"},
		"group": {"uid": "drive-editors", "name": "drive-editors"},
		"metadata": {"version": "1.3.0", "product": {"name": "Usher", "vendor_name": "Usher"}, "profiles": ["host"],
			"uid": "`+hash+`", "sequence": 1, "event_code": "script.failed", "correlation_uid": "r1",
			"original_time": "2026-03-02T12:00:00.120000Z"},
		"unmapped": {"actor_kind": "system", "request": "r1", "grant": "g1", "subject": "bob@example.com",
			"entitlement": "drive-editors", "provider": "drive", "flow": "f1", "script": "join", "outcome": "refused",
			"details": {"error": "The group is gone.", "script_type": "drive_api_remove_user_from_group"}, "hash": "`+hash+`"}
	}`, export(t, store, db.AuditFilter{}, "ocsf"))
}
