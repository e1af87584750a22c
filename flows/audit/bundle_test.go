package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/pgtest"
	"github.com/usherhq/usher/flows/audit"
)

// onBoth runs a test on an empty log in each of the two databases.
func onBoth(t *testing.T, test func(t *testing.T, store *db.Store)) {
	t.Helper()
	for name, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "usher.db") },
		"postgres": func(t *testing.T) string { return pgtest.Open(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, url(t)))
		})
	}
}

func open(t testing.TB, url string) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	_, err = store.Migrate(t.Context())
	require.NoError(t, err)
	return store
}

// record appends as the flows do.
func record(t testing.TB, store *db.Store, at time.Time, events ...db.AuditEvent) {
	t.Helper()
	tx, err := store.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
	head, err := db.LockAuditHead(t.Context(), tx)
	require.NoError(t, err)
	require.NoError(t, db.AppendAudit(t.Context(), tx, audit.Seal(head, events, at)))
	require.NoError(t, tx.Commit())
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
