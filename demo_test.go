package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sethvargo/go-envconfig"
	"github.com/stretchr/testify/require"
)

// TestDemoAsTheReadmeSays starts the demo with nothing set, opens what it prints, and ends it.
func TestDemoAsTheReadmeSays(t *testing.T) {
	t.Parallel()
	kept := filepath.Join(t.TempDir(), "new")
	for name, folder := range map[string]string{"removed": "", "kept": kept} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			welcome, end := startDemo(t, folder)
			for _, link := range regexp.MustCompile(`http://[^\s]+`).FindAllString(welcome, -1) {
				answer, err := http.Get(link)
				require.NoError(t, err)
				require.NoError(t, answer.Body.Close())
				require.Equal(t, http.StatusOK, answer.StatusCode, link)
			}
			files := regexp.MustCompile(`Files are in (.+)\. Ctrl-C`).FindStringSubmatch(welcome)[1]
			database := regexp.MustCompile(`DATABASE_URL=sqlite:(\S+)`).FindStringSubmatch(welcome)[1]
			require.FileExists(t, database)
			require.Equal(t, files, filepath.Dir(database))
			require.Equal(t, exitDone, end())
			if folder == "" {
				require.NoDirExists(t, files)
				return
			}
			require.Equal(t, folder, files)
			require.FileExists(t, database)
		})
	}
}

// startDemo runs the demo until its welcome is complete; end stops it and returns its exit code.
func startDemo(t *testing.T, folder string) (welcome string, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	printed, out := io.Pipe()
	complaints, code := &logBook{}, make(chan int, 1)
	go func() {
		code <- run(ctx, program{env: envconfig.MapLookuper(nil), out: out, err: complaints}, []string{"demo", "--addr", "127.0.0.1:0", "--data", folder})
		_ = out.Close() // so that the reader below ends
	}()
	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		welcome += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "Ctrl-C") {
			return welcome, func() int {
				cancel()
				ended := <-code
				require.Empty(t, complaints.errors())
				return ended
			}
		}
	}
	cancel()
	require.Fail(t, "the demo ended before its welcome", complaints.text.String())
	return "", nil
}

// TestDemoWorkflows: the demo's plain English becomes the scripts that it is to become, word for word.
func TestDemoWorkflows(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		for slug, want := range map[string]struct {
			text  string
			types []string
		}{
			"slack-admin-in": {
				provisionLine + "\n1. Check if the user has Slack user access\n2. If the user lacks Slack user access, provision it first\n3. Grant Slack admin access via API",
				[]string{"slack_api_get_user", "slack_api_create_user", "slack_api_add_user_to_role"},
			},
			"slack-admin-out": {
				deprovisionLine + "\n1. Remove Slack admin access via API\n2. Downgrade to Slack member access",
				[]string{"slack_api_remove_user_from_role", "slack_api_add_user_to_role"},
			},
		} {
			version := c.version(slug, 1)
			require.Equal(c.t, want.text, version.Text)
			var types []string
			for _, script := range version.Scripts {
				types = append(types, script.Type)
			}
			require.Equal(c.t, want.types, types)
		}
		for _, name := range []string{"usher.yaml", "drive-token", "slack-token"} {
			info, err := os.Stat(filepath.Join(c.Dir, name))
			require.NoError(c.t, err)
			require.Equal(c.t, os.FileMode(0o600), info.Mode().Perm(), name)
		}
	})
}
