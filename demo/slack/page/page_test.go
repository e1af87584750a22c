package page_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack/page"
)

func TestHandlerServesFilesUnderAStrictPolicy(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{"/": 200, "/js/main.js": 200, "/css/theme.css": 200, "/page.go": 404, "/../page.go": 404} {
		answer := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.URL.Path = path
		page.Handler().ServeHTTP(answer, request)
		require.Equal(t, want, answer.Code, path)
		require.Contains(t, answer.Header().Get("Content-Security-Policy"), "default-src 'none'")
	}
	answer := httptest.NewRecorder()
	page.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/", nil))
	require.Equal(t, http.StatusMethodNotAllowed, answer.Code)
}

// TestTextNeverBecomesMarkup keeps the ways out of the scripts by which a message could become HTML or code.
func TestTextNeverBecomesMarkup(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`innerHTML|outerHTML *=|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://[a-z]`)
	scripts := 0
	err := fs.WalkDir(os.DirFS("static"), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".js") {
			return err
		}
		scripts++
		source, err := fs.ReadFile(os.DirFS("static"), name)
		for i, line := range strings.Split(string(source), "\n") {
			code := strings.TrimSpace(line)
			if strings.HasPrefix(code, "//") || strings.HasPrefix(code, "*") || strings.Contains(code, "w3.org/2000/svg") {
				continue
			}
			require.NotRegexp(t, forbidden, code, "%s:%d", name, i+1)
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, scripts, 30)
}
