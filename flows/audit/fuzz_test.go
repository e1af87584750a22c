package audit_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/audit"
)

// FuzzVerifyFile takes a good export and whatever the fuzzer makes of it: no crash, and what verifies as whole holds
// the entries that were exported, or fewer of them, or hashes that are not theirs.
func FuzzVerifyFile(f *testing.F) {
	store := dbtest.Open(f, dbtest.SQLite)
	events := story(f, store)
	for _, format := range []string{"csv", "jsonl"} {
		f.Add([]byte(export(f, store, db.AuditFilter{}, format)))
		f.Add([]byte(export(f, store, db.AuditFilter{Request: "req1"}, format)))
	}
	f.Add([]byte("{}\n{}\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		result, err := audit.VerifyFile(bytes.NewReader(file))
		if err != nil {
			return
		}
		require.Positive(t, result.Entries)
		require.LessOrEqual(t, result.Entries, result.Last-result.First+1)
		require.Equal(t, result.Complete, result.First == 1 && result.Entries == result.Last)
		if result.Complete && result.LastHash == events[11].Hash {
			require.EqualValues(t, len(events), result.Entries)
		}
	})
}

// FuzzTexts seals whatever people and programs may write, and wants it back unharmed through the CSV.
func FuzzTexts(f *testing.F) {
	f.Add("ann@example.com", "drive", `{"reason":"x"}`)
	f.Add("=1+1", "a\r\nb\x00", "not JSON")
	f.Add("'", "\xff;=1", "{\"a\":\"\u2028\",\n\"b\":1}")
	f.Fuzz(func(t *testing.T, actor, script, details string) {
		sealed := audit.Seal(db.AuditHead{}, []db.AuditEvent{{Actor: actor, Script: script, Details: details}}, noon)
		for _, format := range []string{"csv", "jsonl"} {
			file := audit.Written(t, format, sealed)
			result, err := audit.VerifyFile(strings.NewReader(file))
			require.NoError(t, err, file)
			require.True(t, result.Complete)
			if format == "csv" {
				rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
				require.NoError(t, err)
				require.Len(t, rows, 2)
			}
		}
	})
}
