package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/config"
)

// TestDocumentedConfigurationIsRight parses every example that readers will copy.
func TestDocumentedConfigurationIsRight(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"README.md", "docs/configuration.md"} {
		examples := regexp.MustCompile("(?ms)^ *```yaml\n(.*?)^ *```").FindAllStringSubmatch(read(t, name), -1)
		require.NotEmpty(t, examples, name)
		for _, example := range examples {
			_, err := config.Parse(name, []byte(example[1]), registry())
			require.NoError(t, err, "%s:\n%s", name, example[1])
		}
	}
}

// TestEverySettingIsDocumented compares the tags of the settings with the table.
func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	doc := read(t, "docs/configuration.md")
	names := variables(reflect.TypeFor[settings]())
	require.Greater(t, len(names), 8)
	for _, name := range names {
		require.Contains(t, doc, "| `"+name+"` |")
	}
	for _, documented := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(doc, -1) {
		require.Contains(t, names, documented[1], "documented, but nothing reads it")
	}
}

// variables are the environment variables of a struct of settings and those in it.
func variables(of reflect.Type) []string {
	var names []string
	for field := range of.Fields() {
		if tag, ok := field.Tag.Lookup("env"); ok {
			name, _, _ := strings.Cut(tag, ",")
			names = append(names, name)
		} else if field.IsExported() && field.Type.Kind() == reflect.Struct {
			names = append(names, variables(field.Type)...)
		}
	}
	return names
}

// TestEveryMetricIsDocumented compares the metrics with the table in both directions.
func TestEveryMetricIsDocumented(t *testing.T) {
	t.Parallel()
	metric := regexp.MustCompile(`usher_[a-z_]+`)
	served, documented := metric.FindAllString(read(t, "http.go"), -1), metric.FindAllString(read(t, "docs/operations.md"), -1)
	require.Subset(t, documented, served)
	require.Subset(t, served, documented)
}

// TestLinksOfTheDocumentsLeadSomewhere follows the links between files of the repository.
func TestLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	t.Parallel()
	names := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}
	for _, pattern := range []string{"docs/*.md", "docs/adr/*.md"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		names = append(names, found...)
	}
	followed := 0
	for _, name := range names {
		for _, link := range regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`).FindAllStringSubmatch(read(t, name), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			followed++
			require.FileExists(t, filepath.Join(filepath.Dir(name), link[1]), "linked from %s", name)
		}
	}
	require.Greater(t, followed, 10)
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(content)
}
