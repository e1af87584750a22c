package main_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// module is what all import paths of this repository begin with.
const module = "github.com/usherhq/usher"

// arrows says which of our packages each package may import besides those in
// its own folder; CONTRIBUTING.md draws the same. A name ending in "/..." stands
// for the package and all below it. The longest matching key counts.
var arrows = map[string][]string{
	"main":            {"bot/...", "connectors/...", "db/...", "demo/...", "directory/...", "flows/...", "handlers/..."},
	"bot/...":         {"bot/..."},
	"connectors":      nil,
	"connectors/...":  {"connectors"},
	"db/...":          {"db/..."},
	"demo":            nil,
	"demo/chromium":   nil,
	"demo/idp":        {"demo/live"},
	"demo/live":       nil,
	"demo/slack/...":  {"demo/slack/..."},
	"demo/target/...": {"demo/live", "demo/target/..."},
	"directory/...":   {"db", "directory/...", "flows/..."},
	"flows/...":       {"connectors", "db", "flows/..."},
	"handlers":        {"bot/...", "db", "flows/..."},
	"handlers/views":  {"db"},
	"handlers/web":    {"db", "flows/..."},
}

// forTests are packages that only test files, and each other, may import: the
// table is about what is shipped.
var forTests = []string{"connectors/connectortest", "connectors/gitlab/gitlabtest", "connectors/mail/mailtest", "connectors/oidc/oidctest", "db/dbtest", "db/pgtest", "demo/chromium", "directory/workos/workostest"}

// TestArrows keeps the packages in their layers: what draws knows no rules,
// what decides knows no Slack, and the local Slack workspace of the demo knows
// Usher only through Slack's own protocol, so that it cannot flatter it.
func TestArrows(t *testing.T) {
	t.Parallel()
	imports, err := ourImports(os.DirFS("."))
	require.NoError(t, err)
	require.NotEmpty(t, imports)
	require.Empty(t, breaches(imports))
}

// TestArrowsCanFail feeds the check with imports that it must refuse, from
// source files, so that a check that sees nothing cannot pass.
func TestArrowsCanFail(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file, imported, want string
	}{
		"rules that know Slack":              {"flows/approve.go", "bot", "flows may not import bot"},
		"drawing that decides":               {"handlers/views/card.go", "flows", "handlers/views may not import flows"},
		"rows that know rules":               {"db/request.go", "flows", "db may not import flows"},
		"a connector that knows another":     {"connectors/gitlab/gitlab.go", "connectors/scim", "connectors/gitlab may not import connectors/scim"},
		"a connector that knows rows":        {"connectors/scim/scim.go", "db", "connectors/scim may not import db"},
		"a workspace that knows Usher":       {"demo/slack/views.go", "bot", "demo/slack may not import bot"},
		"a subfolder of it too":              {"demo/slack/page/page.go", "db", "demo/slack/page may not import db"},
		"Slack as a machine, knowing people": {"bot/route.go", "handlers", "bot may not import handlers"},
		"a test server in the program":       {"flows/flows.go", "db/pgtest", "flows may not import db/pgtest"},
		"main, too":                          {"main.go", "db/pgtest", "main may not import db/pgtest"},
		"a workspace's test browser":         {"demo/slack/page.go", "demo/chromium", "demo/slack may not import demo/chromium"},
		"a package nobody has drawn":         {"helpers/x.go", "db", "helpers is not in the table"},
		"a folder below one that is drawn":   {"handlers/modals/x.go", "db", "handlers/modals is not in the table"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := fmt.Sprintf("package x\n\nimport _ %q\n", path.Join(module, tc.imported))
			imports, err := ourImports(fstest.MapFS{tc.file: {Data: []byte(source)}})
			require.NoError(t, err)
			found := breaches(imports)
			require.Len(t, found, 1)
			require.Contains(t, found[0], tc.want)
		})
	}
}

// TestArrowsLetsThrough is the other side: the edges that must stay legal.
func TestArrowsLetsThrough(t *testing.T) {
	t.Parallel()
	require.Empty(t, breaches(map[string][]string{
		"main":            {"bot", "connectors/scim", "db", "demo/slack", "flows", "handlers"},
		"handlers":        {"bot", "db", "flows", "flows/workflow", "handlers/views"},
		"connectors/scim": {"connectors"},
		"demo":            {"demo/slack", "demo/target"},
		"db/dbtest":       {"db", "db/pgtest"},
		"db":              nil,
	}))
}

// ourImports reads the import clauses of all non-test files below root and
// returns, for each package, which of our packages it imports.
func ourImports(root fs.FS) (map[string][]string, error) {
	imports := map[string][]string{}
	err := eachGoFile(root, func(name string, source []byte) error {
		if strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		from := packageName(path.Dir(name))
		if _, known := imports[from]; !known {
			imports[from] = nil // to be in the table, also without imports of ours
		}
		for _, spec := range file.Imports {
			imported := strings.Trim(spec.Path.Value, "`\"")
			if imported == module || strings.HasPrefix(imported, module+"/") {
				to := packageName(strings.TrimPrefix(strings.TrimPrefix(imported, module), "/"))
				imports[from] = append(imports[from], to)
			}
		}
		return nil
	})
	return imports, err
}

// eachGoFile calls do for every Go file of this module, without the folders
// that the go command ignores and modules of their own.
func eachGoFile(root fs.FS, do func(name string, source []byte) error) error {
	return fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && foreign(root, name) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return do(name, source)
	})
}

// foreign reports whether a folder holds nothing of this module's code.
func foreign(root fs.FS, folder string) bool {
	base := path.Base(folder)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata" || base == "node_modules" {
		return true
	}
	_, err := fs.Stat(root, path.Join(folder, "go.mod"))
	return err == nil
}

// packageName is how the table calls the package in folder.
func packageName(folder string) string {
	if folder == "." || folder == "" {
		return "main"
	}
	return folder
}

// breaches returns one sentence for each import that the table does not allow.
func breaches(imports map[string][]string) []string {
	var found []string
	for from, targets := range imports {
		allowed, drawn := arrowsFrom(from)
		if !drawn {
			found = append(found, from+" is not in the table of arrows: draw it, or put the code where it belongs")
			continue
		}
		for _, to := range targets {
			ships := !slices.Contains(forTests, from)
			if ships && slices.Contains(forTests, to) || !anyMatches(append([]string{from + "/..."}, allowed...), to) {
				found = append(found, from+" may not import "+to)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// arrowsFrom returns what a package may import: the longest key that matches.
func arrowsFrom(name string) (allowed []string, drawn bool) {
	longest := ""
	for pattern, to := range arrows {
		if matches(pattern, name) && len(pattern) > len(longest) {
			longest, allowed, drawn = pattern, to, true
		}
	}
	return allowed, drawn
}

// anyMatches reports whether one of the patterns covers a package.
func anyMatches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, name) })
}

// matches reports whether a pattern of the table covers a package.
func matches(pattern, name string) bool {
	folder, below := strings.CutSuffix(pattern, "/...")
	return name == folder || below && strings.HasPrefix(name, folder+"/")
}
