package main_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// marks are texts that tie a file to one machine or network. They are patterns
// that do not match their own source.
var marks = map[string]*regexp.Regexp{
	"an absolute path of somebody's machine": regexp.MustCompile("(?:^|[\\s\"'`=(:,/])/(?:(?:work|root)/[\\w.]|(?:home|Users)/[\\w.-]+/)"),
	"the host name of a package registry":    regexp.MustCompile(`(?i)\b(?:registry|goproxy|artifactory|nexus|sum|proxy)\.(?:[a-z0-9-]+\.)*(?:npmjs|yarnpkg|golang|internal|local|corp|docker)\b`),
	"where a package was fetched from":       regexp.MustCompile(`"resolved":\s*"http`),
}

// noNames are package names that say nothing about what is inside.
var noNames = []string{"util", "utils", "common", "helper", "helpers", "types", "models"}

// TestTrackedFilesBelongToNoMachine reads every tracked file.
func TestTrackedFilesBelongToNoMachine(t *testing.T) {
	t.Parallel()
	for _, name := range trackedFiles(t) {
		content, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // deleted and not committed yet
		}
		require.NoError(t, err)
		for _, line := range complaints(content) {
			t.Errorf("%s: %s", name, line)
		}
	}
}

// TestMarksAreFound proves that the check above can fail.
func TestMarksAreFound(t *testing.T) {
	t.Parallel()
	slash := "/"
	for _, bad := range []string{
		`cd ` + slash + `work/main`,
		`path: "` + slash + `home/dana/x"`,
		`path=` + slash + `Users/dana.k/x`,
		`file://` + slash + `root/.config`,
		`https://registry.` + `npmjs.org/x`,
		`GOPROXY=https://proxy.` + `golang.org`,
		`"res` + `olved": "https://example.com/x.tgz"`,
	} {
		require.Len(t, complaints([]byte(bad)), 1, bad)
	}
	for _, good := range []string{
		"https://example.com/data/x", "a/home/b", `GET "/Users/x"` /* SCIM's */, "/var/lib/usher", "proxy.example.com", `"resolved": true`,
	} {
		require.Empty(t, complaints([]byte(good)), good)
	}
	require.Empty(t, complaints([]byte("\x00"+slash+"root/x")), "a binary file")
}

// TestGoFilesKeepTheHouseRules looks for what the conventions rule out.
func TestGoFilesKeepTheHouseRules(t *testing.T) {
	t.Parallel()
	seen := 0
	err := eachGoFile(os.DirFS("."), func(name string, source []byte) error {
		seen++
		found, err := houseRules(name, source)
		for _, complaint := range found {
			t.Errorf("%s: %s", name, complaint)
		}
		return err
	})
	require.NoError(t, err)
	require.Positive(t, seen)
}

// TestHouseRulesAreFound proves that the check above can fail.
func TestHouseRulesAreFound(t *testing.T) {
	t.Parallel()
	found, err := houseRules("x/helpers/x.go", []byte("package helpers\n\nfunc init() {}\n"))
	require.NoError(t, err)
	require.Len(t, found, 2)
	found, err = houseRules("x/x.go", []byte("package x\n\ntype t struct{}\n\nfunc (t) init() {}\n"))
	require.NoError(t, err)
	require.Empty(t, found, "a method may be called init")
}

// trackedFiles asks git. The safe.directory setting lets a test run as another
// user than the one who cloned.
func trackedFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", "-c", "safe.directory=*", "ls-files", "-z").Output()
	require.NoError(t, err, "this test needs a git clone and the Debian package `git`")
	names := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	require.Contains(t, names, "LICENSE", "git listed something else")
	return names
}

// complaints returns one sentence for each line of a text file with a mark.
func complaints(content []byte) []string {
	if bytes.IndexByte(content, 0) >= 0 {
		return nil
	}
	var found []string
	for _, line := range strings.Split(string(content), "\n") {
		for what, mark := range marks {
			if mark.MatchString(line) {
				found = append(found, "holds "+what+": "+strings.TrimSpace(line))
			}
		}
	}
	return found
}

// houseRules returns one sentence for each rule that a Go file breaks.
func houseRules(name string, source []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []string
	if slices.Contains(noNames, file.Name.Name) || slices.Contains(noNames, path.Base(path.Dir(name))) {
		found = append(found, "a package called "+file.Name.Name+" says nothing about what is in it")
	}
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
			found = append(found, "no init functions: wire in main, so that a reader sees it happen")
		}
	}
	return found, nil
}
