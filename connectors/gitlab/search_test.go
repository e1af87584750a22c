package gitlab

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db/pgtest"
)

// TestPostgresFindsMarkers asks a real PostgreSQL as GitLab does (app/models/concerns/pg_full_text_searchable.rb):
// a description is found by its marker, whatever people typed above it. In an HTML comment it would not be found.
func TestPostgresFindsMarkers(t *testing.T) {
	t.Parallel()
	store, err := sql.Open("pgx", pgtest.Open(t))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	finds := func(text, mark string) bool {
		var found bool
		row := store.QueryRowContext(t.Context(), "SELECT setweight(to_tsvector('english', $1), 'B') @@ to_tsquery('english', $2)", text, mark+":*B")
		require.NoError(t, row.Scan(&found))
		return found
	}
	unclosed := []string{"", "plain", "<!-- never closed", "<a href=\"x", "<b x=", "```\ncode", "http://example.com/", "a@b.example", "&amp", "-", "1.", "/tmp/", "x_", strings.Repeat("y", 60)}
	for n := range 300 {
		call := connectors.Call{IdempotencyKey: fmt.Sprint(n)}
		typed := unclosed[n%len(unclosed)]
		require.True(t, finds(comment(call, typed), marker(call)), "%q", comment(call, typed))
		require.False(t, finds(comment(call, typed), marker(connectors.Call{IdempotencyKey: "other"})))
		require.False(t, finds(typed+"\n\n<!-- "+marker(call)+" -->", marker(call)), "PostgreSQL leaves comments out")
	}
}
