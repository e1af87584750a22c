package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/flows/config"
	"github.com/usherhq/usher/flows/scripts"
)

// TestDocumentedConfigurationIsRight parses every example that readers will copy.
func TestDocumentedConfigurationIsRight(t *testing.T) {
	t.Parallel()
	for _, name := range documents(t) {
		examples := regexp.MustCompile("(?ms)^ *```yaml\n(.*?)^ *```").FindAllStringSubmatch(read(t, name), -1)
		if slices.Contains(withExamples, name) || strings.HasPrefix(name, "docs/connectors/") {
			require.NotEmpty(t, examples, name)
		}
		for _, example := range examples {
			_, err := config.Parse(name, []byte(example[1]), registry())
			require.NoError(t, err, "%s:\n%s", name, example[1])
		}
	}
}

// withExamples are documents that can't do without, besides those of the connectors.
var withExamples = []string{"README.md", "docs/configuration.md", "docs/endpoints.md", "docs/directory.md"}

// TestEveryScriptTypeIsDocumented compares the tables of Usher's own script types with what the types take and answer.
func TestEveryScriptTypeIsDocumented(t *testing.T) {
	t.Parallel()
	doc := read(t, "docs/configuration.md")
	own := scripts.NewCatalogue().Types()
	require.Greater(t, len(own), 7)
	for _, kind := range own {
		_, section, found := strings.Cut(doc, "\n#### "+kind.Name+"\n")
		require.True(t, found, "%s has no section", kind.Name)
		section, _, _ = strings.Cut(section, "\n##")
		var documented, taken []string
		for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+`) \\|").FindAllStringSubmatch(section, -1) {
			documented = append(documented, strings.Split(strings.ReplaceAll(row[1], "`", ""), ", ")...)
		}
		for _, arg := range kind.Args {
			taken = append(taken, arg.Name)
		}
		require.ElementsMatch(t, taken, documented, kind.Name)
		for _, output := range kind.Outputs {
			require.Contains(t, section, "`"+output.Name+"`", "output of %s", kind.Name)
		}
	}
	for _, name := range scripts.IssueTypes() {
		require.Contains(t, doc, "`"+name+"`")
	}
}

// TestEveryConnectorIsDocumented looks for all settings, endpoints and arguments on the page that the table of
// connectors links.
func TestEveryConnectorIsDocumented(t *testing.T) {
	t.Parallel()
	table := regexp.MustCompile("(?m)^\\| \\[`([a-z_]+)`\\]\\(([^)#]+)").FindAllStringSubmatch(read(t, "docs/configuration.md"), -1)
	pages := map[string]string{}
	for _, row := range table {
		pages[row[1]] = read(t, filepath.Join("docs", row[2]))
	}
	known := registry()
	require.NotEmpty(t, known.Names())
	for _, name := range known.Names() {
		require.Contains(t, pages, name)
		info, _ := known.Info(name)
		mentioned := func(word string) {
			require.Regexp(t, "\\b"+regexp.QuoteMeta(word)+"\\b", pages[name], "the page of %s", name)
		}
		for _, setting := range info.Settings {
			mentioned(setting.Name)
		}
		for _, endpoint := range info.Endpoints {
			mentioned(endpoint.Name)
			for _, arg := range endpoint.Args {
				mentioned(arg.Name)
			}
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
	followed := 0
	for _, name := range documents(t) {
		for _, link := range regexp.MustCompile(`\]\(([^)#]*)(?:#([^)]*))?\)`).FindAllStringSubmatch(read(t, name), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			followed++
			target := name
			if link[1] != "" {
				target = filepath.Join(filepath.Dir(name), link[1])
			}
			require.FileExists(t, target, "linked from %s", name)
			if link[2] != "" {
				require.Contains(t, anchors(read(t, target)), link[2], "of %s, linked from %s", target, name)
			}
		}
	}
	require.Greater(t, followed, 10)
}

// anchors are what links can name in a page: its headings, as GitHub writes them.
func anchors(page string) []string {
	var names []string
	for _, heading := range regexp.MustCompile("(?m)^#+ (.+)$").FindAllStringSubmatch(page, -1) {
		plain := regexp.MustCompile(`[^a-z0-9 _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		names = append(names, strings.ReplaceAll(plain, " ", "-"))
	}
	return names
}

// documents are all pages for readers.
func documents(t *testing.T) []string {
	t.Helper()
	names := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}
	for _, pattern := range []string{"docs/*.md", "docs/adr/*.md", "docs/connectors/*.md"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		names = append(names, found...)
	}
	return names
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(content)
}
