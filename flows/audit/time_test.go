package audit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/audit"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-03-02":                   "2026-03-02T00:00:00.000000Z",
		"2026-03-02T09:30:00Z":         "2026-03-02T09:30:00.000000Z",
		"2026-03-02T09:30:00+02:00":    "2026-03-02T07:30:00.000000Z",
		"2026-03-02T09:30:00.1234567Z": "2026-03-02T09:30:00.123456Z",
		"2026-03-02T12:00:00.120000Z":  "2026-03-02T12:00:00.120000Z",
		"2026-01-01T00:30:00.5+01:00":  "2025-12-31T23:30:00.500000Z",
	} {
		got, err := audit.ParseTime(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{
		"", "yesterday", "2026-13-01", "2026-02-30", "2026-3-2", "2026-03-02 09:30", "2026-03-02T09:30:00",
		"0000-01-01", "9999-12-31T23:59:59-01:00",
	} {
		_, err := audit.ParseTime(text)
		require.ErrorContains(t, err, "is not a time", text)
	}
}
