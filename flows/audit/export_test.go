package audit

import (
	"bufio"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// Written is an export of these entries without a database.
func Written(t testing.TB, format string, events []db.AuditEvent) string {
	t.Helper()
	var text strings.Builder
	buffered := bufio.NewWriter(&text)
	out, err := newWriter(format, buffered)
	require.NoError(t, err)
	for _, event := range events {
		require.NoError(t, out.write(event))
	}
	require.NoError(t, out.flush())
	require.NoError(t, buffered.Flush())
	return text.String()
}
