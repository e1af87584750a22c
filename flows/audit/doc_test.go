package audit_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/audit"
)

// TestTheDocumentedExampleVerifies recomputes what docs/audit.md shows: others write their own checks by it.
func TestTheDocumentedExampleVerifies(t *testing.T) {
	t.Parallel()
	doc := readDoc(t)
	result, err := audit.VerifyFile(strings.NewReader(block(t, doc, "jsonl")))
	require.NoError(t, err)
	require.EqualValues(t, 2, result.Entries)
	require.True(t, result.Complete)
	sum := sha256.Sum256([]byte(strings.TrimSuffix(block(t, doc, "hashed"), "\n")))
	require.Equal(t, result.LastHash, hex.EncodeToString(sum[:]))
}

// TestEveryActionIsDocumented finds the actions in the source of the flows.
func TestEveryActionIsDocumented(t *testing.T) {
	t.Parallel()
	doc := readDoc(t)
	files, err := filepath.Glob("../*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range regexp.MustCompile(`"([a-z_]+\.[a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
			found++
			require.Contains(t, doc, "| `"+match[1]+"` |", "an action of %s that docs/audit.md does not explain", filepath.Base(file))
		}
	}
	require.Greater(t, found, 20)
}

func readDoc(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/audit.md")
	require.NoError(t, err)
	return string(doc)
}

// block is the text between the fences of the only block of a kind.
func block(t *testing.T, doc, kind string) string {
	t.Helper()
	parts := strings.Split(doc, "```"+kind+"\n")
	require.Len(t, parts, 2, kind)
	text, _, found := strings.Cut(parts[1], "```")
	require.True(t, found)
	return text
}
