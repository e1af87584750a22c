package slack_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// FuzzSCIM sends any filter and any body: the answer is never a server's error, and nobody is lost.
func FuzzSCIM(f *testing.F) {
	f.Add(`email eq "ana@example.com"`, []byte(`{"Operations":[{"op":"replace","path":"active","value":false}]}`))
	f.Add(`x eq "\"`, []byte(`{"Operations":[{"op":"add","path":"members","value":[{"value":1}]}]}`))
	f.Add(``, []byte(`{"userName":"@","emails":[{"value":"@"}],"members":[null],"name":[]}`))
	w := slack.New(slack.Options{BusinessPlus: true, Rates: 1e6})
	app, err := w.Install([]byte("display_information: {name: Echo}\nfeatures: {bot_user: {display_name: Echo}}\n"))
	require.NoError(f, err)
	ana := w.AddUser(slack.User{Name: "ana", Email: "ana@example.com", Admin: true})
	ben := w.AddUser(slack.User{Name: "ben", Email: "ben@example.com"})
	group := w.AddUsergroup(slack.Usergroup{Handle: "editors", Users: []string{ana.ID, "U0GONE"}})
	key, err := w.UserToken(app.ID, "ana", "admin")
	require.NoError(f, err)
	handler := w.Handler()
	f.Fuzz(func(t *testing.T, filter string, body []byte) {
		for _, path := range []string{"Users", "Groups", "Users/" + ben.ID, "Groups/" + group} {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut} {
				req := httptest.NewRequest(method, "/scim/v2/"+path+"?filter="+url.QueryEscape(filter), bytes.NewReader(body))
				req.Header.Set("Authorization", "Bearer "+key)
				req.Header.Set("Content-Type", "application/json")
				recorder := httptest.NewRecorder()
				handler.ServeHTTP(recorder, req)
				require.Less(t, recorder.Code, 500, "%s %s", method, path)
			}
		}
		_, there := w.User("ben@example.com")
		require.True(t, there)
	})
}
