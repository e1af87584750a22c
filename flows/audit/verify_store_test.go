package audit_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/audit"
)

func TestVerifyStore(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		result, err := audit.VerifyStore(t.Context(), store)
		require.NoError(t, err)
		require.Equal(t, audit.Result{Complete: true}, result)

		events := story(t, store)
		result, err = audit.VerifyStore(t.Context(), store)
		require.NoError(t, err)
		require.Equal(t, audit.Result{Entries: 12, First: 1, Last: 12, LastHash: events[11].Hash, Complete: true, Runs: 1}, result)
	})
}

func TestVerifyStoreSeesEveryColumnChange(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		story(t, store)
		for _, column := range []string{
			"at", "actor", "actor_kind", "action", "request", "grant_id", "subject", "entitlement", "provider", "flow",
			"script", "outcome", "details", "hash",
		} {
			tx, err := store.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			seq := 1 + rand.Int64N(12)
			value := "system"
			if column != "actor_kind" {
				value = strings.Repeat("x", 3)
			}
			_, err = tx.NewRaw("UPDATE audit_events SET "+column+" = ? WHERE seq = ?", value, seq).Exec(t.Context())
			require.NoError(t, err)
			_, err = audit.VerifyStore(t.Context(), tx)
			requireBroken(t, err, seq, "changed")
			require.NoError(t, tx.Rollback())
		}
		_, err := audit.VerifyStore(t.Context(), store)
		require.NoError(t, err, "every change was taken back")
	})
}

func TestVerifyStoreSeesRowsThatComeAndGo(t *testing.T) {
	t.Parallel()
	const copied = "actor, actor_kind, action, request, grant_id, subject, entitlement, provider, flow, script, outcome, details, hash"
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		story(t, store)
		for name, tc := range map[string]struct {
			change string
			seq    int64
			reason string
		}{
			"deleted":             {"DELETE FROM audit_events WHERE seq = 5", 5, "missing"},
			"first deleted":       {"DELETE FROM audit_events WHERE seq = 1", 1, "missing"},
			"newest cut off":      {"DELETE FROM audit_events WHERE seq > 9", 10, "missing"},
			"all deleted":         {"DELETE FROM audit_events", 1, "missing"},
			"renumbered":          {"UPDATE audit_events SET seq = 99 WHERE seq = 5", 5, "missing"},
			"swapped":             {"UPDATE audit_events SET seq = CASE WHEN seq > 100 THEN seq - 100 ELSE 111 - seq END WHERE seq IN (5, 6)", 5, "missing"},
			"added behind":        {"INSERT INTO audit_events (seq, at, " + copied + ") SELECT 13, at, " + copied + " FROM audit_events WHERE seq = 12", 13, "inserted"},
			"added before":        {"INSERT INTO audit_events (seq, at, " + copied + ") SELECT -7, at, " + copied + " FROM audit_events WHERE seq = 12", -7, "inserted"},
			"head back":           {"UPDATE audit_head SET seq = 7", 7, "changed"},
			"head on":             {"UPDATE audit_head SET seq = 13", 13, "missing"},
			"head hash":           {"UPDATE audit_head SET hash = 'x'", 12, "changed"},
			"head back with hash": {"UPDATE audit_head SET seq = 7, hash = (SELECT hash FROM audit_events WHERE seq = 7)", 8, "inserted"},
		} {
			t.Run(name, func(t *testing.T) {
				tx, err := store.BeginTx(t.Context(), nil)
				require.NoError(t, err)
				_, err = tx.NewRaw(tc.change).Exec(t.Context())
				require.NoError(t, err)
				_, err = audit.VerifyStore(t.Context(), tx)
				requireBroken(t, err, tc.seq, tc.reason)
				require.NoError(t, tx.Rollback())
			})
		}
	})
}

// Who can write to the database can also hash the whole log anew: only a hash that was kept elsewhere shows it.
func TestVerifyStoreCannotSeeALogWrittenAnew(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, dbtest.SQLite)
	events := story(t, store)
	for i := range events {
		events[i].Subject = "mallory@example.com"
	}
	forged := audit.Seal(db.AuditHead{}, events, noon)
	_, err := store.NewDelete().Model((*db.AuditEvent)(nil)).Where("1 = 1").Exec(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.AppendAudit(t.Context(), store, forged))
	result, err := audit.VerifyStore(t.Context(), store)
	require.NoError(t, err)
	require.NotEqual(t, events[11].Hash, result.LastHash)
}

func TestVerifyStoreWhileEntriesAreAdded(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		story(t, store)
		done := make(chan error, 1)
		go func() {
			var err error
			for range 40 {
				err = errors.Join(err, tryRecord(t.Context(), store, noon, db.AuditEvent{ActorKind: "system", Action: "grant.ended"}))
			}
			done <- err
		}()
		for running := true; running; {
			select {
			case err := <-done:
				require.NoError(t, err)
				running = false
			default:
			}
			_, err := audit.VerifyStore(t.Context(), store)
			require.NoError(t, err)
		}
		result, err := audit.VerifyStore(t.Context(), store)
		require.NoError(t, err)
		require.EqualValues(t, 52, result.Entries)
	})
}

func requireBroken(t *testing.T, err error, seq int64, reason string) {
	t.Helper()
	var broken *audit.BrokenError
	require.ErrorAs(t, err, &broken)
	require.Equal(t, seq, broken.Seq, err)
	require.Contains(t, broken.Reason, reason)
}

// A log that somebody broke can still be exported, in every format that is read by machines that verify nothing.
func TestABrokenLogCanBeExported(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, dbtest.SQLite)
	story(t, store)
	_, err := store.NewRaw("UPDATE audit_events SET details = ? WHERE seq = 5", "oops\r\n").Exec(t.Context())
	require.NoError(t, err)
	for _, format := range []string{"csv", "jsonl"} {
		_, err := audit.VerifyFile(strings.NewReader(export(t, store, db.AuditFilter{}, format)))
		requireBroken(t, err, 5, "changed")
	}
	require.Len(t, strings.Split(strings.TrimSpace(export(t, store, db.AuditFilter{}, "ocsf")), "\n"), 12)
	err = audit.Export(t.Context(), store, db.AuditFilter{}, "xml", nil)
	require.ErrorContains(t, err, "csv, jsonl and ocsf")
}
