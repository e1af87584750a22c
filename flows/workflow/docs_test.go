package workflow_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows/workflow"
)

// TestDocumentedSentences compiles everything that docs/workflows.md shows.
func TestDocumentedSentences(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../docs/workflows.md")
	require.NoError(t, err)
	whole := regexp.MustCompile("(?s)```text\n(.*?)```").FindAllStringSubmatch(string(content), -1)
	require.Len(t, whole, 2)
	for _, example := range whole {
		require.True(t, workflow.Compile(example[1], known("slack-admin")).Clear(), example[1])
	}
	taught, refused, found := strings.Cut(string(content), "## What is refused")
	require.True(t, found)
	sentence := regexp.MustCompile("(?m)^- `(.*?)`")
	shown := sentence.FindAllStringSubmatch(taught, -1)
	require.Greater(t, len(shown), 50)
	for _, s := range shown {
		in := workflow.Compile(text(db.Provision, s[1]), known("drive-editors"))
		out := workflow.Compile(text(db.Deprovision, s[1]), known("drive-editors"))
		require.True(t, in.Clear() || out.Clear(), "%s: %+v", s[1], in)
	}
	shown = sentence.FindAllStringSubmatch(refused, -1)
	require.Greater(t, len(shown), 10)
	for _, s := range shown {
		require.False(t, workflow.Compile(text(db.Provision, s[1]), known("drive-editors")).Clear(), s[1])
		require.False(t, workflow.Compile(text(db.Deprovision, s[1]), known("drive-editors")).Clear(), s[1])
	}
}
