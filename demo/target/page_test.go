package target_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/chromium"
	"github.com/usherhq/usher/demo/target"
)

// TestPageShowsChangesLive opens the page in a browser, changes a group by SCIM and watches the page follow.
func TestPageShowsChangesLive(t *testing.T) {
	t.Parallel()
	browser := chromium.Open(t)
	system, address := serve(t, target.Options{
		Users:  []target.User{{Email: "ana@example.com", Name: "Ana <b>Silva</b>"}},
		Groups: []target.Group{{Name: "Editors"}},
	})
	browser.Do(chromedp.Navigate(address + "/"))
	browser.See(".empty")

	ana, _ := system.User("ana@example.com")
	group := find(t, address, "Groups")
	change(t, http.MethodPatch, address+"/scim/v2/Groups/"+group, `{"Operations":[{"op":"add","path":"members","value":[{"value":"`+ana.ID+`"}]}]}`)
	browser.See(".member.new")
	browser.See("#history .in")
	require.Equal(t, "Ana <b>Silva</b>", browser.Text(".member"), "names are text, never markup")
	require.Contains(t, browser.Text("#history"), "added to Editors")

	change(t, http.MethodPatch, address+"/scim/v2/Groups/"+group, `{"Operations":[{"op":"remove","path":"members"}]}`)
	browser.See(".member.gone")
	browser.See("#history .out")
	browser.Click(`label:has([value="offline"])`)
	browser.See("#history .switch")
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
