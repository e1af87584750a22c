package http_test

import (
	"os"
	"regexp"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	usherhttp "github.com/usherhq/usher/connectors/http"
)

// TestDocumentedDeclarationsAreRight reads every example that readers will copy.
func TestDocumentedDeclarationsAreRight(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../docs/endpoints.md")
	require.NoError(t, err)
	registry := connectors.NewRegistry(usherhttp.Connector{}).WithDeps(connectortest.WithTemplates(connectors.Deps{}))
	examples := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```").FindAllSubmatch(content, -1)
	require.Len(t, examples, 2)
	for _, example := range examples {
		var file struct {
			Providers []struct {
				Slug, Connector string
				Settings        map[string]any
				Endpoints       []any
			}
		}
		require.NoError(t, yaml.Unmarshal(example[1], &file))
		for _, p := range file.Providers {
			require.NoError(t, registry.Check(p.Slug, p.Connector, p.Settings))
			info, err := registry.Describe(p.Slug, p.Connector, p.Settings, p.Endpoints)
			require.NoError(t, err)
			require.Len(t, p.Endpoints, len(info.Endpoints)+len(info.Hooks))
		}
	}
	for _, key := range []string{"name", "effect", "undo", "doc", "args", "base_url", "token", "auth", "header", "method", "path", "query", "headers", "body", "success", "outputs", "idempotency_header", "timeout", "ends_sessions", "check"} {
		require.Regexp(t, "(?m)^\\|.*`"+key+"`.* \\|", string(content), key)
	}
}
