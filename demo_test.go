package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
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
