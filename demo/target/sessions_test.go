package target_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/demo/chromium"
	"github.com/usherhq/usher/demo/target"
)

// open are the sessions that have not ended.
func open(sessions []target.Session) int {
	n := 0
	for _, s := range sessions {
		if s.Ended.IsZero() {
			n++
		}
	}
	return n
}

// TestSessionsEndWithTheAccount disables an account in each way that there is: its sessions end at that moment, those of
// others go on, and nobody signs in again.
func TestSessionsEndWithTheAccount(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ method, content string }{
		"PATCH":  {http.MethodPatch, `{"Operations":[{"op":"Replace","path":"active","value":"False"}]}`},
		"PUT":    {http.MethodPut, `{"userName":"ana@example.com","active":false}`},
		"DELETE": {http.MethodDelete, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var now atomic.Int64
			clock := func() time.Time { return time.Unix(now.Load(), 0) }
			system, api, ana, _, _ := company(t, target.Options{Clock: clock})
			for _, email := range []string{"ana@example.com", "ANA@example.com", "ben@example.com"} {
				_, ok := system.SignIn(email)
				require.True(t, ok)
			}
			require.Zero(t, system.Mutations(), "signing in is no change by SCIM")
			now.Store(60)
			change(t, http.MethodPatch, api+"/Users/"+ana, `{"Operations":[{"op":"replace","path":"title","value":"Boss"}]}`)
			require.Equal(t, 2, open(system.Sessions("ana@example.com")), "what leaves the account alone ends nothing")
			now.Store(120)
			before := system.Mutations()
			change(t, tc.method, api+"/Users/"+ana, tc.content)
			require.Equal(t, before+1, system.Mutations())
			sessions := system.Sessions("ana@example.com")
			require.Len(t, sessions, 2)
			for _, s := range sessions {
				require.Equal(t, []int64{0, 120}, []int64{s.Started.Unix(), s.Ended.Unix()})
			}
			require.Equal(t, 1, open(system.Sessions("ben@example.com")))
			_, ok := system.SignIn("ana@example.com")
			require.False(t, ok)
		})
	}
}

// TestLeavingEndsSessions measures from the event to the end of the last session, with the connector and a target that
// takes its time. An account that is opened again has no session.
func TestLeavingEndsSessions(t *testing.T) {
	t.Parallel()
	system, api, _, _, _ := company(t, target.Options{Delay: 5 * time.Millisecond})
	for range 3 {
		_, ok := system.SignIn("ana@example.com")
		require.True(t, ok)
	}
	provider, err := connectors.NewRegistry(scim.Connector{}).Open("drive", "scim", settings(t, strings.TrimSuffix(api, "/scim/v2")), nil)
	require.NoError(t, err)
	leaving, ok := connectors.As[connectors.Leaving](provider)
	require.True(t, ok)
	sessions, suspend := leaving.Leaving()
	require.Empty(t, sessions, "SCIM has no word for it")

	call := connectors.Call{Subject: connectors.Person{Email: "ana@example.com"}}
	event := time.Now()
	left := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, suspend), call)
	require.Equal(t, connectors.Applied, left.Outcome, left.Summary)
	took := time.Since(event)
	for _, s := range system.Sessions("ana@example.com") {
		require.Positive(t, s.Ended.Sub(event))
		require.Less(t, s.Ended.Sub(event), took, "it is said only when it is so")
	}
	back := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, "enable_user"), call)
	require.Equal(t, connectors.Applied, back.Outcome, back.Summary)
	require.Zero(t, open(system.Sessions("ana@example.com")))
}

// TestSessionsByHTTP signs in and lists as another program would, which needs no token. Other sites may not.
func TestSessionsByHTTP(t *testing.T) {
	t.Parallel()
	_, api, ana, _, _ := company(t, target.Options{})
	address := strings.TrimSuffix(api, "/scim/v2")
	require.Equal(t, http.StatusCreated, call(t, http.MethodPost, address+"/sessions/ana@example.com", "").StatusCode)
	require.Equal(t, http.StatusForbidden, call(t, http.MethodPost, address+"/sessions/zoe@example.com", "").StatusCode)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/sessions/ben@example.com", nil)
	require.NoError(t, err)
	request.Header.Set("Origin", "https://evil.example")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusForbidden, response.StatusCode)

	list := func() []map[string]any {
		var answer struct{ Sessions []map[string]any }
		require.NoError(t, json.NewDecoder(call(t, http.MethodGet, address+"/sessions", "").Body).Decode(&answer))
		return answer.Sessions
	}
	require.Len(t, list(), 1)
	require.Equal(t, "ana@example.com", list()[0]["email"])
	require.NotContains(t, list()[0], "ended")
	change(t, http.MethodDelete, api+"/Users/"+ana, "")
	require.NotEmpty(t, list()[0]["ended"])
}

// TestPageShowsSessions signs in by the button and watches the session end.
func TestPageShowsSessions(t *testing.T) {
	t.Parallel()
	browser := chromium.Open(t)
	system, address := serve(t, target.Options{Users: []target.User{{Email: "ana@example.com", Name: "Ana"}}})
	browser.Do(chromedp.Navigate(address + "/"))
	browser.See("#users button")
	browser.Click("#users button")
	browser.See("#users .signed")
	ana, _ := system.User("ana@example.com")
	change(t, http.MethodPatch, address+"/scim/v2/Users/"+ana.ID, `{"Operations":[{"op":"replace","path":"active","value":false}]}`)
	browser.See("#users .off")
	browser.See("#history .out")
	require.Contains(t, browser.Text("#history"), "A session of ana@example.com ended")
	require.NotContains(t, browser.Text("#users"), "signed in")
}
