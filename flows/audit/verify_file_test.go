package audit_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/flows/audit"
)

func TestExportsVerify(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		events := story(t, store)
		for _, format := range []string{"csv", "jsonl"} {
			for name, text := range map[string]string{
				"whole":           export(t, store, db.AuditFilter{}, format),
				"Windows lines":   strings.ReplaceAll(export(t, store, db.AuditFilter{}, format), "\n", "\r\n"),
				"byte order mark": "\uFEFF" + export(t, store, db.AuditFilter{}, format),
			} {
				result, err := audit.VerifyFile(strings.NewReader(text))
				require.NoError(t, err, "%s %s", format, name)
				require.Equal(t, audit.Result{Entries: 12, First: 1, Last: 12, LastHash: events[11].Hash, Complete: true, Runs: 1}, result)
			}
		}
	})
}

func TestFilteredExportsProveOnlyRuns(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		events := story(t, store)
		for _, format := range []string{"csv", "jsonl"} {
			for name, tc := range map[string]struct {
				filter db.AuditFilter
				want   audit.Result
			}{
				"a request": {
					db.AuditFilter{Request: "req1"},
					audit.Result{Entries: 6, First: 2, Last: 12, LastHash: events[11].Hash, Runs: 6, Unproven: 6},
				},
				"since": {
					db.AuditFilter{Since: events[4].At},
					audit.Result{Entries: 8, First: 5, Last: 12, LastHash: events[11].Hash, Runs: 1, Unproven: 1},
				},
				"until": {
					db.AuditFilter{Until: events[4].At},
					audit.Result{Entries: 4, First: 1, Last: 4, LastHash: events[3].Hash, Runs: 1, Complete: true},
				},
				"a request, since and until": {
					db.AuditFilter{Request: "req0", Since: events[1].At, Until: events[5].At},
					audit.Result{Entries: 2, First: 3, Last: 5, LastHash: events[4].Hash, Runs: 2, Unproven: 2},
				},
			} {
				result, err := audit.VerifyFile(strings.NewReader(export(t, store, tc.filter, format)))
				require.NoError(t, err, "%s %s", format, name)
				require.Equal(t, tc.want, result, "%s %s", format, name)
			}
			_, err := audit.VerifyFile(strings.NewReader(export(t, store, db.AuditFilter{Since: "2999"}, format)))
			require.ErrorContains(t, err, "no entries")
		}
	})
}

// An entry of another replica whose clock is behind lies inside the stretch, so that no hole is left.
func TestStretchHasNoHoles(t *testing.T) {
	t.Parallel()
	dbtest.OnBoth(t, func(t *testing.T, store *db.Store) {
		for _, seconds := range []int{0, 10, 5, 20} {
			record(t, store, noon.Add(secs(seconds)), db.AuditEvent{ActorKind: "system", Action: "grant.ended"})
		}
		since, err := audit.ParseTime("2026-03-02T12:00:10Z")
		require.NoError(t, err)
		result, err := audit.VerifyFile(strings.NewReader(export(t, store, db.AuditFilter{Since: since}, "csv")))
		require.NoError(t, err)
		require.EqualValues(t, 3, result.Entries)
		require.EqualValues(t, 1, result.Runs)
	})
}

func TestVerifyFileSeesTampering(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, dbtest.SQLite)
	events := story(t, store)
	for format, first := range map[string]int{"csv": 1, "jsonl": 0} {
		lines := strings.SplitAfter(strings.TrimSuffix(export(t, store, db.AuditFilter{}, format), "\n"), "\n")
		line := func(seq int) int { return first + seq - 1 }
		for name, tc := range map[string]struct {
			do     func(lines []string) []string
			seq    int64
			reason string
		}{
			"deleted": {func(l []string) []string { return append(l[:line(5)], l[line(6):]...) }, 5, "missing"},
			"swapped": {func(l []string) []string {
				l[line(5)], l[line(6)] = l[line(6)], l[line(5)]
				return l
			}, 5, "out of order"},
			"moved to the end": {func(l []string) []string {
				moved := "\n" + l[line(5)]
				return append(append(l[:line(5)], l[line(6):]...), moved)
			}, 5, "out of order"},
			"twice":              {func(l []string) []string { return splice(l, line(6), l[line(5)]) }, 5, "duplicated"},
			"again at the end":   {func(l []string) []string { return append(l, "\n"+l[line(5)]) }, 5, "out of order"},
			"another number":     {func(l []string) []string { return splice(l, line(5), strings.Replace(l[line(5)], "5", "999", 1)) }, 5, "missing"},
			"a line of nonsense": {func(l []string) []string { return splice(l, line(5), "nonsense\n") }, 5, "changed"},
			"cut in a line":      {func(l []string) []string { return append(l[:line(12)], l[line(12)][:40]) }, 12, "changed"},
			"a cell unguarded": {func(l []string) []string {
				l[line(5)] = strings.NewReplacer("'=cmd", "=cmd", `"seq":5`, `"seq": 5`).Replace(l[line(5)])
				return l
			}, 5, "changed"},
		} {
			tampered := tc.do(append([]string(nil), lines...))
			if name == "moved to the end" || name == "again at the end" {
				tampered = []string{strings.Join(tampered, "")}
			}
			_, err := audit.VerifyFile(strings.NewReader(strings.Join(tampered, "")))
			var broken *audit.BrokenError
			require.ErrorAs(t, err, &broken, "%s %s", format, name)
			require.Equal(t, tc.seq, broken.Seq, "%s %s: %s", format, name, err)
			require.Contains(t, broken.Reason, tc.reason, "%s %s", format, name)
		}
		// What a file alone cannot show.
		result, err := audit.VerifyFile(strings.NewReader(strings.Join(lines[:line(9)], "")))
		require.NoError(t, err, "the newest entries cut off")
		require.EqualValues(t, 8, result.Last)
		require.NotEqual(t, events[11].Hash, result.LastHash)
	}
}

func TestVerifyFileSeesEveryColumnChange(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, dbtest.SQLite)
	story(t, store)
	rows, err := csv.NewReader(strings.NewReader(export(t, store, db.AuditFilter{}, "csv"))).ReadAll()
	require.NoError(t, err)
	for column, name := range rows[0] {
		for seq := 2; seq <= 12; seq += 5 {
			was := rows[seq][column]
			rows[seq][column] = was + "0"
			var out strings.Builder
			require.NoError(t, csv.NewWriter(&out).WriteAll(rows))
			rows[seq][column] = was
			_, err := audit.VerifyFile(strings.NewReader(out.String()))
			var broken *audit.BrokenError
			require.ErrorAs(t, err, &broken, "%s of %d", name, seq)
			require.EqualValues(t, seq, broken.Seq, "%s of %d: %s", name, seq, err)
		}
	}
}

func TestLinesAreJSON(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, dbtest.SQLite)
	events := story(t, store)
	lines := strings.Split(strings.TrimSpace(export(t, store, db.AuditFilter{}, "jsonl")), "\n")
	require.Len(t, lines, len(events))
	var read struct {
		Seq     int64
		Subject string
		Details struct{ Entry int }
	}
	require.NoError(t, json.Unmarshal([]byte(lines[3]), &read))
	require.EqualValues(t, 4, read.Seq)
	require.Equal(t, events[3].Subject, read.Subject)
	require.Equal(t, 3, read.Details.Entry)
	require.Contains(t, lines[3], `"details":`+events[3].Details+`,"hash":`)
}

func TestOtherFilesAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\uFEFF", "hello", "seq,at\n1,2\n", "[]", " {}"} {
		_, err := audit.VerifyFile(strings.NewReader(text))
		require.Error(t, err, "%q", text)
	}
}

// splice puts a line in the place of the one at i.
func splice(lines []string, i int, line string) []string {
	out := append([]string(nil), lines...)
	out[i] = line
	return out
}
