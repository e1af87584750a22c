package directory_test

import (
	"encoding/json"
	"fmt"
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

// size is how large a directory is. The first group has half of all users, the others share the rest of the memberships
// evenly.
type size struct{ users, groups, members int }

// large is a directory as the largest companies have them.
var large = size{users: 100_000, groups: 5_000, members: 2_000_000}

// fill inserts the rows with the database's own means, which for millions is the only quick way.
func (b *bundle) fill(of size) {
	b.t.Helper()
	numbers := "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < %d) "
	padded := "printf('%%024d', %s)"
	if b.store.Postgres() {
		numbers, padded = "WITH numbers AS (SELECT generate_series(0, %d - 1) AS n) ", "lpad((%s)::text, 24, '0')"
	}
	id := func(prefix, number string) string { return "'" + prefix + "_' || " + fmt.Sprintf(padded, number) }
	run := func(statement string, args ...any) {
		b.t.Helper()
		_, err := b.store.ExecContext(b.ctx, statement, args...)
		require.NoError(b.t, err)
	}
	now := b.clock.Now()
	run(`INSERT INTO directory_users (id, directory_id, user_name, user_key, external_id, email, active, resource, version, created_at, changed_at) `+
		fmt.Sprintf(numbers, of.users)+`SELECT `+id("dus", "n")+`, ?, 'user' || n || '@acme.example', 'user' || n || '@acme.example', 'x' || n,
		'user' || n || '@acme.example', true, '{"active":true,"displayName":"User ' || n || '","emails":[{"primary":true,"type":"work","value":"user' || n ||
		'@acme.example"}],"externalId":"x' || n || '","name":{"familyName":"Family ' || n || '","givenName":"Given"},"schemas":["`+core+`","`+enterprise+
		`"],"title":"Title ' || (n % 1000) || '","`+enterprise+`":{"department":"Department ' || (n % 40) || '","employeeNumber":"' || n ||
		'"},"userName":"user' || n || '@acme.example"}', 1, ?, ? FROM numbers`, b.row.ID, now, now)
	run(`INSERT INTO directory_groups (id, directory_id, display_name, display_key, resource, version, created_at, changed_at) `+
		fmt.Sprintf(numbers, of.groups)+`SELECT `+id("dgr", "n")+`, ?, 'Group ' || n, 'group ' || n, '{"displayName":"Group ' || n || '","schemas":["`+groupURN+`"]}', 1, ?, ?
		FROM numbers`, b.row.ID, now, now)
	crowd := of.users / 2
	each := (of.members - crowd) / (of.groups - 1)
	run(`INSERT INTO directory_members (group_id, user_id) ` + fmt.Sprintf(numbers, crowd) + `SELECT ` + id("dgr", "0") + `, ` + id("dus", "n * 2") + ` FROM numbers`)
	run(`INSERT INTO directory_members (group_id, user_id) ` + fmt.Sprintf(numbers, each*(of.groups-1)) + `SELECT ` +
		id("dgr", fmt.Sprintf("1 + n / %d", each)) + `, ` + id("dus", fmt.Sprintf("((n / %d) * 97 + (n %% %d) * 251) %% %d", each, each, of.users)) + ` FROM numbers`)
	if b.store.Postgres() {
		run("VACUUM") // as the server does by itself, later
	}
	run("ANALYZE")
}

// user and group are the ids of the rows that fill makes.
func filledUser(n int) string  { return fmt.Sprintf("dus_%024d", n) }
func filledGroup(n int) string { return fmt.Sprintf("dgr_%024d", n) }

// BenchmarkLargeDirectory times what identity providers do with 100,000 users, 5,000 groups and two million memberships
// in the rows, besides the mean also what 99 of 100 calls keep to.
func BenchmarkLargeDirectory(b *testing.B) {
	for _, kind := range []string{dbtest.SQLite, dbtest.Postgres} {
		b.Run(kind, func(b *testing.B) {
			bundle := setup(b, dbtest.Open(b, kind))
			bundle.fill(large)
			crowd := large.users / 2
			crowdAsPut := func(n int) object {
				members := make([]string, 0, crowd)
				for m := range crowd {
					members = append(members, filledUser(m*2))
				}
				members[0] = filledUser(n%2*2 + 1)
				return object{"displayName": "Group 0", "members": values(members...)}
			}
			for _, tc := range []struct {
				name, method string
				path         func(n int) string
				body         func(n int) any
			}{
				{"user by id", "GET", func(n int) string { return "/Users/" + filledUser(n*7919%large.users) }, nil},
				{"user by userName", "GET", filter("Users", `userName eq "USER%d@acme.example"`), nil},
				{"user by externalId", "GET", filter("Users", `externalId eq "x%d"`), nil},
				{"user by work address", "GET", filter("Users", `emails[type eq "work"].value eq "user%d@acme.example"`), nil},
				{"user who is not there", "GET", filter("Users", `userName eq "nobody%d@acme.example"`), nil},
				{"user by employee number", "GET", filter("Users", enterprise+`:employeeNumber eq "%d"`), nil},
				{"users by part of a name", "GET", filter("Users", `name.familyName co "ily %d7"`), nil},
				{"first page of users", "GET", func(int) string { return "/Users?count=100" }, nil},
				{"any page of users", "GET", func(n int) string { return fmt.Sprintf("/Users?count=100&startIndex=%d", 1+n*7919%large.users) }, nil},
				{"users by the beginning of a title", "GET", filter("Users", `title sw "title %d"`), nil},
				{"users who have a nickname", "GET", func(int) string { return "/Users?filter=nickName%20pr" }, nil},
				{"users in order of names", "GET", func(int) string { return "/Users?count=100&sortBy=name.familyName" }, nil},
				{"group by name", "GET", filter("Groups", `displayName eq "group %d"`, "excludedAttributes=members"), nil},
				{"is somebody a member", "GET", func(n int) string {
					return "/Groups?excludedAttributes=members&filter=" + url.QueryEscape(fmt.Sprintf(`id eq "%s" and members eq "%s"`, filledGroup(0), filledUser(n%large.users)))
				}, nil},
				{"page of groups without members", "GET", func(int) string { return "/Groups?count=100&startIndex=201&excludedAttributes=members" }, nil},
				{"page of groups", "GET", func(int) string { return "/Groups?count=100&startIndex=201" }, nil},
				{"group without members", "GET", func(int) string { return "/Groups/" + filledGroup(0) + "?excludedAttributes=members" }, nil},
				{"group of 390", "GET", func(n int) string { return "/Groups/" + filledGroup(1+n%4000) }, nil},
				{"group of 50000", "GET", func(int) string { return "/Groups/" + filledGroup(0) }, nil},
				{"one member more, one less", "PATCH", func(int) string { return "/Groups/" + filledGroup(0) }, func(n int) any {
					return patch(object{"op": []string{"add", "remove"}[n%2], "path": "members", "value": values(filledUser(99_999))})
				}},
				{"50000 members, one exchanged", "PUT", func(int) string { return "/Groups/" + filledGroup(0) + "?excludedAttributes=members" }, func(n int) any { return crowdAsPut(n) }},
				{"user made", "POST", func(int) string { return "/Users" }, func(n int) any {
					return object{"userName": fmt.Sprintf("%s-%d@new.example", kind, n+int(time.Now().UnixNano())), "title": "New"}
				}},
				{"user changed", "PATCH", func(n int) string { return "/Users/" + filledUser(n%1000) }, func(n int) any {
					return patch(object{"op": "replace", "path": "title", "value": fmt.Sprint("Title ", time.Now().UnixNano())})
				}},
			} {
				b.Run(tc.name, func(b *testing.B) { bundle.time(b, tc.method, tc.path, tc.body) })
			}
		})
	}
}

// filter is the address of a list by a filter that has the number in it.
func filter(endpoint, text string, more ...string) func(n int) string {
	return func(n int) string {
		return "/" + endpoint + "?" + strings.Join(append(more, "filter="+url.QueryEscape(fmt.Sprintf(text, n*7919%4000))), "&")
	}
}

// time makes calls and reports how long they take.
func (b *bundle) time(bench *testing.B, method string, path func(n int) string, body func(n int) any) {
	bench.Helper()
	b.t = bench
	var took []time.Duration
	n := 0
	for bench.Loop() {
		bench.StopTimer()
		b.clock.Advance(time.Second)
		text := ""
		if body != nil {
			content, err := json.Marshal(body(n))
			require.NoError(bench, err)
			text = string(content)
		}
		r := httptest.NewRequestWithContext(b.ctx, method, directory.Prefix+"okta"+path(n), strings.NewReader(text))
		r.Header.Set("Authorization", "Bearer "+b.token)
		w := httptest.NewRecorder()
		n++
		bench.StartTimer()
		began := time.Now()
		b.handler.ServeHTTP(w, r)
		took = append(took, time.Since(began))
		require.Less(bench, w.Code, http.StatusMultipleChoices, w.Body)
	}
	slices.Sort(took)
	bench.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	bench.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}
