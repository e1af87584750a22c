package target_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/target"
)

// TestPageShowsChangesLive opens the page in a browser, changes a group by SCIM and watches the page follow.
func TestPageShowsChangesLive(t *testing.T) {
	t.Parallel()
	browser := openBrowser(t)
	system, address := serve(t, target.Options{
		Users:  []target.User{{Email: "ana@example.com", Name: "Ana <b>Silva</b>"}},
		Groups: []target.Group{{Name: "Editors"}},
	})
	require.NoError(t, chromedp.Do(browser, chromedp.Navigate(address+"/"), visible(".empty")))

	ana, _ := system.User("ana@example.com")
	group := find(t, address, "Groups")
	change(t, http.MethodPatch, address+"/scim/v2/Groups/"+group, `{"Operations":[{"op":"add","path":"members","value":[{"value":"`+ana.ID+`"}]}]}`)
	require.NoError(t, chromedp.Do(browser, visible(".member.new"), visible("#history .in")))
	require.Equal(t, "Ana <b>Silva</b>", text(t, browser, ".member"), "names are text, never markup")
	require.Contains(t, text(t, browser, "#history"), "added to Editors")

	change(t, http.MethodPatch, address+"/scim/v2/Groups/"+group, `{"Operations":[{"op":"remove","path":"members"}]}`)
	require.NoError(t, chromedp.Do(browser, visible(".member.gone"), visible("#history .out")))
	require.NoError(t, chromedp.Do(browser, chromedp.Click(`label:has([value="offline"])`), visible("#history .switch")))
	require.Equal(t, http.StatusServiceUnavailable, call(t, http.MethodGet, address+"/scim/v2/Users", "").StatusCode)
}

// TestOnlyThePageSwitches turns away switching from another site.
func TestOnlyThePageSwitches(t *testing.T) {
	t.Parallel()
	_, address := serve(t, target.Options{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/mode/offline", nil)
	require.NoError(t, err)
	request.Header.Set("Origin", "https://evil.example")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusForbidden, response.StatusCode)
	require.Equal(t, http.StatusOK, call(t, http.MethodGet, address+"/scim/v2/Users", "").StatusCode)
}

// TestPageIsLocked checks the policy that keeps the page to its own files.
func TestPageIsLocked(t *testing.T) {
	t.Parallel()
	_, address := serve(t, target.Options{})
	response := call(t, http.MethodGet, address+"/", "")
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'")
	require.NotContains(t, response.Header.Get("Content-Security-Policy"), "unsafe")
}

// openBrowser starts Chromium; anything on its console fails the test. A machine without it skips, CI does not.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("no chromium on this machine: install it to test the page")
	}
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.ExecPath(path))...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	go func() {
		for message, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			t.Errorf("the page's console says: %v", message)
		}
	}()
	return ctx
}

func visible(selector string) chromedp.Action[chromedp.Void] { return chromedp.WaitVisible(selector) }

func text(t *testing.T, browser context.Context, selector string) string {
	t.Helper()
	found, err := chromedp.Run(browser, chromedp.Text(selector))
	require.NoError(t, err)
	return strings.TrimSpace(found)
}

// find answers the id of the first resource of a kind.
func find(t *testing.T, address, kind string) string {
	t.Helper()
	return body(t, call(t, http.MethodGet, address+"/scim/v2/"+kind, ""))["Resources"].([]any)[0].(map[string]any)["id"].(string)
}

// change sends a SCIM request that must succeed.
func change(t *testing.T, method, url, content string) *http.Response {
	t.Helper()
	response := call(t, method, url, content)
	require.Less(t, response.StatusCode, 300, "%s %s", method, url)
	return response
}

// call sends a SCIM request; the body can be read after the connection is gone.
func call(t *testing.T, method, url, content string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(content))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	var read bytes.Buffer
	_, err = read.ReadFrom(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	response.Body = readCloser{&read}
	return response
}

type readCloser struct{ *bytes.Buffer }

// Close has nothing to do.
func (readCloser) Close() error { return nil }

func body(t *testing.T, response *http.Response) map[string]any {
	t.Helper()
	var decoded map[string]any
	require.NoError(t, json.NewDecoder(response.Body).Decode(&decoded))
	return decoded
}
