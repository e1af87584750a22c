package directory_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/directory"
)

// FuzzServer sends anything with a token that holds: every answer is one of SCIM, nothing breaks on either database,
// and nothing of it is logged.
func FuzzServer(f *testing.F) {
	for _, seed := range []struct{ method, path, query, body string }{
		{"POST", "Users", "", `{"userName":"dana@acme.example","emails":[{"value":"a@b"}]}`},
		{"POST", "Users", "attributes=userName", `{"userName":"a\u0000b"}`},
		{"POST", "Users", "", "{\"userName\":\"\xff\xfe\"}"},
		{"POST", "Users", "", `{"userName":"\ud800","externalId":"\u0000","emails":[{"value":"\u0000@x","primary":true},{"value":"x\u0000"}]}`},
		{"POST", "Groups", "", `{"displayName":"\u0000","members":[{"value":"\u0000"}]}`},
		{"POST", "Groups", "", `{"displayName":"Sales","externalId":"x\u0000","members":[{"value":"USER"}]}`},
		{"PUT", "Users/USER", "", `{"userName":"renamed","active":"False"}`},
		{"PATCH", "Users/USER", "", `{"Operations":[{"op":"replace","value":{"active":false,"name.givenName":"\u0000"}}]}`},
		{"PATCH", "Groups/GROUP", "", `{"Operations":[{"op":"add","path":"members","value":[{"value":"USER"}]}]}`},
		{"PATCH", "Groups/GROUP", "attributes=members", `{"Operations":[{"op":"remove","path":"members[value eq \"\u0000\"]"}]}`},
		{"PATCH", "Groups/GROUP", "", `{"Operations":[{"op":"remove","path":"members","value":"\u0000"},{"op":"replace","path":"displayName","value":"x\u0000"}]}`},
		{"DELETE", "Groups/GROUP", "", ""},
		{"GET", "Users/\x00\xff", "", ""},
		{"GET", "Users", "filter=userName+eq+%22%5Cu0000%22&sortBy=userName", ""},
		{"GET", "Users", "filter=emails.value+eq+%22%ff%22+and+title+eq+%22%5Cud800%22", ""},
		{"GET", "Users", "filter=nickName+eq+%22%25%5C%5C_%22+or+not(groups.display+pr)&startIndex=99999999999&count=-1", ""},
		{"GET", "Groups", "filter=members.value+eq+%22USER%22+and+displayName+co+%22%00%22&excludedAttributes=%00", ""},
		{"GET", "Groups", "sortBy=members&count=%ff", ""},
		{"POST", "Users/.search", "", `{"filter":"title eq \"\u0000\"","startIndex":-5,"attributes":["\u0000"]}`},
		{"GET", "Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "filter=x", ""},
		{"OPTIONS", "../../metrics", "", ""},
		{"M", "Bulk", ";", ""},
	} {
		f.Add(seed.method, seed.path, seed.query, seed.body)
	}
	var bundles []*bundle
	for _, kind := range []string{dbtest.SQLite, dbtest.Postgres} {
		b := setup(f, dbtest.Open(f, kind))
		b.user("fuzz@acme.example")
		bundles = append(bundles, b)
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		for _, b := range bundles {
			b.t = t
			b.anything(t, method, path, query, body)
		}
	})
}

// anything sends a call and looks at what comes back. USER and GROUP stand for the ids of some that are there.
func (b *bundle) anything(t *testing.T, method, path, query, body string) {
	t.Helper()
	b.clock.Advance(time.Second) // so that no call is one too many
	fill := strings.NewReplacer("USER", b.some("directory_users"), "GROUP", b.some("directory_groups"))
	r := &http.Request{
		Method: method, Host: "usher.example", Header: http.Header{"Authorization": {"Bearer " + b.token}},
		URL:  &url.URL{Path: directory.Prefix + "okta/" + fill.Replace(path), RawQuery: fill.Replace(query)},
		Body: http.NoBody,
	}
	if body != "" {
		r.Body = nopBody{strings.NewReader(fill.Replace(body))}
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r.WithContext(b.ctx))
	known := []int{200, 201, 204, 304, 400, 403, 404, 405, 409, 412, 413, 501}
	require.True(t, slices.Contains(known, w.Code), "%d %s\n%s", w.Code, w.Body, b.log)
	require.Empty(t, b.log.String())
	if w.Body.Len() == 0 {
		return
	}
	require.Equal(t, "application/scim+json", w.Header().Get("Content-Type"))
	var answer map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	require.NotEmpty(t, answer["schemas"])
}

// some is the id of one of the rows of a table.
func (b *bundle) some(table string) string {
	b.t.Helper()
	var ids []string
	err := b.store.NewSelect().Table(table).Column("id").Where("deleted_at IS NULL").Order("id").Limit(1).Scan(b.ctx, &ids)
	require.NoError(b.t, err)
	return strings.Join(ids, "")
}

// nopBody is a body that needs no closing.
type nopBody struct{ *strings.Reader }

func (nopBody) Close() error { return nil }
