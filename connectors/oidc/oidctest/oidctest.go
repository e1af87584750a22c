// Package oidctest runs a real OpenID provider for tests, and signs people in on its pages.
package oidctest

import (
	"bufio"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The clients that the provider knows. Secret is that of Confidential.
const (
	Public       = "public"
	Confidential = "basic"
	Secret       = "s3cret & %"
)

// Start runs the provider until the test ends and answers its issuer. The environment is as testdata/provider/server.js
// says.
func Start(t testing.TB, environment ...string) string {
	t.Helper()
	const missing = "sign-ins are tested with a real provider: install Node.js, then run `make deps`"
	_, err := exec.LookPath("node")
	require.NoError(t, err, missing)
	_, here, _, ok := runtime.Caller(0)
	require.True(t, ok)
	dir := filepath.Join(filepath.Dir(here), "testdata", "provider")
	require.DirExists(t, filepath.Join(dir, "node_modules"), missing)
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "node", "server.js")
	cmd.Dir, cmd.Stderr = dir, said
	cmd.Env = append(os.Environ(), environment...)
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait() // it ends with its input, or is killed with the test
		_ = said.Close()
	})
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		why, _ := os.ReadFile(said.Name())
		require.NoError(t, err, string(why))
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port)
}

// Browser is somebody's browser, with its cookies.
type Browser struct {
	t      testing.TB
	client *http.Client
}

// NewBrowser opens a browser that nobody has signed in with.
func NewBrowser(t testing.TB) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &Browser{t: t, client: &http.Client{Jar: jar}}
}

// SignIn opens an address at the provider and does what its pages ask for, as the account with an address, until they
// ask for nothing more. It returns the last page.
func (b *Browser) SignIn(address, account string) string {
	b.t.Helper()
	page, to := b.read(b.client.Get(address)) //nolint:noctx // a test's own server
	for range 8 {
		action, fields := form(page, map[string]string{"login": account, "password": "any"})
		if action == "" {
			return page
		}
		page, to = b.post(to, action, fields)
	}
	b.t.Fatal("the provider's pages go round in circles")
	return ""
}

// Cancel opens an address at the provider and says no.
func (b *Browser) Cancel(address string) {
	b.t.Helper()
	page, to := b.read(b.client.Get(address)) //nolint:noctx // a test's own server
	for !strings.Contains(page, `name="abort"`) {
		action, fields := form(page, nil)
		require.NotEmpty(b.t, action, page)
		page, to = b.post(to, action, fields)
	}
	action, fields := form(page, nil)
	fields.Set("abort", "yes")
	b.post(to, action, fields)
}

func (b *Browser) post(from *url.URL, action string, fields url.Values) (string, *url.URL) {
	b.t.Helper()
	to, err := from.Parse(action)
	require.NoError(b.t, err)
	return b.read(b.client.PostForm(to.String(), fields)) //nolint:noctx // a test's own server
}

func (b *Browser) read(response *http.Response, err error) (string, *url.URL) {
	b.t.Helper()
	require.NoError(b.t, err)
	page, err := io.ReadAll(response.Body)
	require.NoError(b.t, err)
	require.NoError(b.t, response.Body.Close())
	return string(page), response.Request.URL
}

var (
	formTag  = regexp.MustCompile(`(?s)<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	inputTag = regexp.MustCompile(`<input[^>]*>`)
	nameOf   = regexp.MustCompile(`name="([^"]*)"`)
	valueOf  = regexp.MustCompile(`value="([^"]*)"`)
)

// form fills the page's form.
func form(page string, answers map[string]string) (action string, fields url.Values) {
	found := formTag.FindStringSubmatch(page)
	if found == nil {
		return "", nil
	}
	fields = url.Values{}
	for _, input := range inputTag.FindAllString(found[2], -1) {
		name := nameOf.FindStringSubmatch(input)
		if name == nil {
			continue
		}
		value := answers[name[1]]
		if given := valueOf.FindStringSubmatch(input); value == "" && given != nil {
			value = html.UnescapeString(given[1])
		}
		fields.Set(name[1], value)
	}
	return html.UnescapeString(found[1]), fields
}
