package workflow

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEachVerbHasOneClass finds a verb that stands in two lists: which one counted would be chance.
func TestEachVerbHasOneClass(t *testing.T) {
	t.Parallel()
	seen := map[string]verb{}
	for class, list := range verbLists {
		for _, w := range strings.Fields(list) {
			require.Empty(t, seen[w], "%s is in %s and %s", w, seen[w], class)
			require.Equal(t, class, verbs[w])
			seen[w] = class
		}
	}
	require.Greater(t, len(seen), 100)
}
