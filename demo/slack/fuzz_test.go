package slack_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// fuzzed is a workspace with an app and a person that does not listen anywhere.
func fuzzed(f *testing.F) (*slack.Workspace, slack.App, slack.User) {
	f.Helper()
	w := slack.New(slack.Options{PublicURL: "http://workspace.test"})
	f.Cleanup(func() { require.NoError(f, w.Close()) })
	raw, err := os.ReadFile("testdata/manifest.yaml")
	require.NoError(f, err)
	app, err := w.Install(raw)
	require.NoError(f, err)
	return w, app, w.AddUser(slack.User{ID: "U0ANA000000", Name: "ana"})
}

// FuzzAPI sends bodies that nobody should send to every method: there is always an answer, and it is JSON.
func FuzzAPI(f *testing.F) {
	w, app, _ := fuzzed(f)
	handler := w.Handler()
	for _, seed := range [][2]string{
		{"chat.postMessage", `{"channel":"general","text":"x","blocks":[{"type":"section"}]}`},
		{"chat.postMessage", `{"channel":"U0ANA000000","metadata":{"event_type":1}}`},
		{"views.publish", `{"user_id":"U0ANA000000","view":{"type":"home","blocks":[]}}`},
		{"views.open", `{"trigger_id":"1.2.a","view":"{"}`},
		{"views.update", `{"view_id":"V","view":[]}`},
		{"conversations.open", `{"users":["U0ANA000000"]}`},
		{"conversations.list", `{"limit":-1,"types":"im,nope"}`},
		{"files.completeUploadExternal", `{"files":"[1]"}`},
		{"usergroups.users.update", `{"usergroup":"S","users":null}`},
		{"blocks.validate", `{"blocks":[],"view":{}}`},
		{"nope", `[]`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, method, body string) {
		if strings.ContainsAny(method, "/?#% \x00\r\n") || method == "" || method == "." || method == ".." {
			return
		}
		req := httptest.NewRequest(http.MethodPost, "/api/x", strings.NewReader(body))
		req.URL.Path = "/api/" + method
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+app.BotToken)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, req)
		require.Contains(t, []int{200, 404, 429}, answer.Code)
		if answer.Code == http.StatusOK {
			require.True(t, json.Valid(answer.Body.Bytes()))
		}
	})
}

// FuzzPage sends the page's calls with any body: a person always gets an answer.
func FuzzPage(f *testing.F) {
	w, _, _ := fuzzed(f)
	handler := w.Handler()
	for _, path := range []string{
		"say", "action", "suggest", "input", "submit", "close", "shortcut", "home", "dm", "join", "read", "reload",
	} {
		f.Add(path, `{"user":"U0ANA000000","channel":"general","text":"hello","value":{},"state":{"values":{"a":{"b":null}}}}`)
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		if strings.ContainsAny(path, "/?#% \x00\r\n.") || path == "" {
			return
		}
		req := httptest.NewRequest(http.MethodPost, "/_page/x", strings.NewReader(body))
		req.URL.Path = "/_page/" + path
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, req)
		require.Contains(t, []int{200, 400, 404, 405}, answer.Code)
	})
}

// FuzzInstall reads any manifest: it is installed, or refused with a reason.
func FuzzInstall(f *testing.F) {
	w, _, _ := fuzzed(f)
	f.Add([]byte("display_information: {name: A}"))
	f.Add([]byte(`{"display_information":{"name":""}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		app, err := w.Install(raw)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.NotEmpty(t, app.BotToken)
	})
}
