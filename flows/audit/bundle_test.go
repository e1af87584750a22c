package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/audit"
)

// record appends as the flows do.
func record(t testing.TB, store *db.Store, at time.Time, events ...db.AuditEvent) {
	t.Helper()
	require.NoError(t, tryRecord(t.Context(), store, at, events...))
}

func tryRecord(ctx context.Context, store *db.Store, at time.Time, events ...db.AuditEvent) error {
	return store.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		head, err := db.LockAuditHead(ctx, tx)
		if err != nil {
			return err
		}
		return db.AppendAudit(ctx, tx, audit.Seal(head, events, at))
	})
}

// story is a log of two requests, interleaved, with texts that are hard on formats. Entries are a minute apart.
func story(t testing.TB, store *db.Store) []db.AuditEvent {
	t.Helper()
	for i := range 12 {
		record(t, store, noon.Add(time.Duration(i)*time.Minute), db.AuditEvent{
			Actor: "ann@example.com", ActorKind: "person", Action: "request.created", Request: fmt.Sprintf("req%d", i%2),
			Grant: "g", Subject: "=cmd|' /C calc'!A0", Entitlement: "drive-editors", Provider: "drive", Flow: "f",
			Script: "'quoted', with \"commas\"", Outcome: "applied",
			Details: fmt.Sprintf(`{"reason":"x;=1+1 \u003cb> ünïcode \u2028","n":1.50,"entry":%d}`, i),
		})
	}
	events, err := db.AuditPage(t.Context(), store, db.AuditFilter{}, 100)
	require.NoError(t, err)
	require.Len(t, events, 12)
	return events
}

func export(t testing.TB, store *db.Store, filter db.AuditFilter, format string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, audit.Export(context.Background(), store, filter, format, &out))
	return out.String()
}

func secs(n int) time.Duration { return time.Duration(n) * time.Second }
