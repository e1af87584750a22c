package audit_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/audit"
)

// allowed is how many bytes of live memory reading a log may need, however long it is.
const allowed = 4 << 20

// TestLargeLog exports and verifies a log of 12 MB in a third of that memory. It does not run beside other tests,
// since it measures the memory of the process.
func TestLargeLog(t *testing.T) { //nolint:paralleltest // see above
	readInLittleMemory(t, 40_000)
}

// BenchmarkLargeLog does the same with 200,000 entries: with the race detector that is too slow for every day.
func BenchmarkLargeLog(b *testing.B) {
	for b.Loop() {
		readInLittleMemory(b, 200_000)
	}
}

func readInLittleMemory(t testing.TB, entries int) {
	t.Helper()
	store := dbtest.Open(t, dbtest.SQLite)
	fill(t, store, entries)
	before := live()
	fromStore, err := audit.VerifyStore(t.Context(), store)
	require.NoError(t, err)
	require.EqualValues(t, entries, fromStore.Entries)
	require.True(t, fromStore.Complete)

	for _, format := range []string{"csv", "jsonl"} {
		watch := &watcher{}
		read, write := io.Pipe()
		go func() { write.CloseWithError(audit.Export(t.Context(), store, db.AuditFilter{}, format, write)) }()
		fromFile, err := audit.VerifyFile(io.TeeReader(read, watch))
		require.NoError(t, err)
		require.Equal(t, fromStore, fromFile)
		require.Greater(t, watch.written, 2*allowed, format)
		require.Less(t, watch.most, before+allowed, format)
	}
}

// fill appends entries in few transactions: it is not the writing that is tested.
func fill(t testing.TB, store *db.Store, entries int) {
	t.Helper()
	const chunk = 2000
	var head db.AuditHead
	for done := 0; done < entries; done += chunk {
		events := make([]db.AuditEvent, chunk)
		for i := range events {
			events[i] = db.AuditEvent{
				Actor: "ann@example.com", ActorKind: "person", Action: "script.succeeded", Request: fmt.Sprint("req", done/100),
				Subject: "bob@example.com", Entitlement: "drive-editors", Provider: "drive", Script: "join", Outcome: "applied",
				Details: fmt.Sprintf(`{"summary":"Added to the group","script_type":"drive_api_add_user_to_group","attempts":%d}`, i),
			}
		}
		events = audit.Seal(head, events, noon)
		require.NoError(t, db.AppendAudit(t.Context(), store, events))
		head.Seq, head.Hash = events[chunk-1].Seq, events[chunk-1].Hash
	}
}

// watcher counts what is written to it and looks at the memory in use every few megabytes.
type watcher struct {
	written, looked int
	most            uint64
}

func (w *watcher) Write(text []byte) (int, error) {
	w.written += len(text)
	if w.written-w.looked > allowed/2 {
		w.looked = w.written
		w.most = max(w.most, live())
	}
	return len(text), nil
}

// live is the memory that is in use after what is no longer needed was given back, in bytes.
func live() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
