package directory_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/db/dbtest"
	"github.com/usherhq/usher/directory"
)

// soon is how long the worst call that is taken may take; it is far above what it takes, since other tests run beside.
const soon = 40 * time.Second

// Whoever has the token of one directory writes nothing to another, and nobody writes to one that is switched off.
func TestTokensWriteToOneDirectory(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.user("dana@acme.example")
		b.directory("entra", db.SCIMDirectory)
		before := b.journal()
		all := func(slug string, want int) {
			t.Helper()
			for _, call := range []struct {
				method, path string
				body         any
			}{
				{"POST", "/Users", object{"userName": "x"}},
				{"PUT", "/Users/" + id, object{"userName": "x"}},
				{"DELETE", "/Users/" + id, nil},
				{"POST", "/Groups", object{"displayName": "x"}},
				{"PATCH", "/Users/" + id, patch(object{"op": "replace", "path": "active", "value": false})},
				{"GET", "/Users/" + id, nil},
				{"POST", "/Users/.search", object{}},
				{"GET", "/Schemas", nil},
			} {
				b.refused(want, "", b.call(call.method, b.url+"/scim/v2/"+slug+call.path, call.body, "Authorization", "Bearer "+b.token))
			}
		}
		for _, slug := range []string{"entra", "OKTA", "okta%2f..%2fentra", "entra;okta"} {
			all(slug, http.StatusNotFound)
		}
		row := b.row
		row.Active, row.Journal = false, before
		require.NoError(t, db.UpdateDirectory(b.ctx, b.store, row))
		all("okta", http.StatusNotFound)
		require.Equal(t, before, b.journal())
	})
}

// waiting is an answer that notes until when its caller is waited for.
type waiting struct {
	*httptest.ResponseRecorder

	read, write time.Time
}

func (w *waiting) SetReadDeadline(at time.Time) error  { w.read = at; return nil }
func (w *waiting) SetWriteDeadline(at time.Time) error { w.write = at; return nil }

// Bodies that come slowly, not to their end, or without saying how long they are hold nobody up.
func TestBodiesThatDoNotArrive(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.Open(t, dbtest.SQLite))
	send := func(body io.Reader) *waiting {
		r := httptest.NewRequestWithContext(b.ctx, "POST", directory.Prefix+"okta/Users", body)
		r.ContentLength = -1
		r.Header.Set("Authorization", "Bearer "+b.token)
		w := &waiting{ResponseRecorder: httptest.NewRecorder()}
		b.handler.ServeHTTP(w, r)
		return w
	}
	for _, cause := range []error{os.ErrDeadlineExceeded, io.ErrUnexpectedEOF} {
		began := time.Now()
		late := send(io.MultiReader(strings.NewReader(`{"userName":`), readerThat(func([]byte) (int, error) { return 0, cause })))
		require.Equal(t, http.StatusBadRequest, late.Code, late.Body)
		require.Contains(t, late.Body.String(), "invalidSyntax")
		require.WithinRange(t, late.read, began, time.Now().Add(time.Minute), "there is a time until which a body is waited for")
		require.WithinRange(t, late.write, began, time.Now().Add(3*time.Minute), "and one until which its answer is")
	}
	read := 0
	endless := send(readerThat(func(p []byte) (int, error) { read += len(p); return copy(p, bytes.Repeat([]byte(" "), len(p))), nil }))
	require.Equal(t, http.StatusRequestEntityTooLarge, endless.Code)
	require.Less(t, read, 4<<20)
	require.Contains(t, endless.Body.String(), "urn:ietf:params:scim:api:messages:2.0:Error")
	broken := send(readerThat(func([]byte) (int, error) { return 0, errors.New("connection reset") }))
	require.Equal(t, http.StatusInternalServerError, broken.Code)
	require.Equal(t, int64(0), b.journal())
}

type readerThat func(p []byte) (int, error)

func (r readerThat) Read(p []byte) (int, error) { return r(p) }

// Patches have a bound, and the most costly ones within it are done soon.
func TestPatchesWithoutEnd(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		many := func(n int, one func(n int) object) object {
			var all []object
			for i := range n {
				all = append(all, one(i))
			}
			return patch(all...)
		}
		id := b.user("dana@acme.example")
		at := "/Users/" + id
		version := b.send("GET", at, nil).Header.Get("ETag")
		b.refused(http.StatusRequestEntityTooLarge, "", b.send("PATCH", at, many(10_000, func(n int) object { return object{"op": "add", "path": "title", "value": strconv.Itoa(n)} })))
		require.Equal(t, version, b.send("GET", at, nil).Header.Get("ETag"))
		began := time.Now()
		b.is(http.StatusOK, b.send("PATCH", at, many(999, func(n int) object {
			return object{"op": "add", "path": "emails", "value": []object{{"type": fmt.Sprint("t", n), "display": "d", "value": fmt.Sprint("a", n, "@x")}}}
		})))
		choice := strings.TrimSuffix(strings.Repeat(`value co "zzzzzzzzzzzz" or `, 20), "or ")
		b.send("PATCH", at, many(1000, func(n int) object {
			return object{"op": "remove", "path": "emails[" + choice + fmt.Sprintf(`or value eq "%d"]`, n)}
		}))
		b.is(http.StatusOK, b.send("PATCH", at, many(999, func(n int) object {
			return object{"op": "replace", "path": fmt.Sprintf(`emails[value ew "a%d@x"].display`, n), "value": "x"}
		})))
		require.Less(t, time.Since(began), soon)
		b.refused(http.StatusRequestEntityTooLarge, "", b.send("PATCH", at, patch(object{"op": "add", "path": "emails", "value": []object{{"value": "one more"}}})))
		deep := strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000)
		b.refused(http.StatusRequestEntityTooLarge, "", b.send("PATCH", at, `{"Operations":[{"op":"add","path":"title","value":`+deep+`}]}`))
	})
}

// A group of a hundred thousand is written at once, and no larger one.
func TestMembersWithoutEnd(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		most := 100_000
		if testing.Short() {
			most = 10_000
		}
		b.fill(size{users: most, groups: 2, members: most/2 + 100})
		all := make([]string, 0, most+1)
		for n := range most {
			all = append(all, filledUser(n))
		}
		began := time.Now()
		group := b.is(http.StatusCreated, b.send("POST", "/Groups?excludedAttributes=members", object{"displayName": "All", "members": values(all...)})).id()
		t.Log("made with all members:", time.Since(began))
		require.Less(t, time.Since(began), 50*time.Second, "an identity provider waits for a minute")
		began = time.Now()
		same := b.is(http.StatusOK, b.send("PUT", "/Groups/"+group+"?excludedAttributes=members", object{"displayName": "All", "members": values(all...)}))
		t.Log("written again:", time.Since(began))
		require.Equal(t, `W/"1"`, same.Header.Get("ETag"))
		for len(all) <= 100_000 {
			all = append(all, "dus_x")
		}
		b.refused(http.StatusRequestEntityTooLarge, "", b.send("PUT", "/Groups/"+group, object{"displayName": "All", "members": values(all...)}))
		began = time.Now()
		b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(object{"op": "remove", "path": "members"})))
		t.Log("emptied:", time.Since(began))
		require.Equal(t, "group_emptied All", kinds(b.changes(b.journal() - 1))[0])
	})
}

// Filters have a bound, and the most costly ones within it are answered soon, whatever they look like.
func TestFiltersLikeBombs(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		users := 20_000
		if testing.Short() {
			users = 2000
		}
		b.fill(size{users: users, groups: 2, members: users/2 + 10})
		for name, filter := range map[string]string{
			"deep":           strings.Repeat("(", 10_000) + "title pr" + strings.Repeat(")", 10_000),
			"deep negations": strings.Repeat("not (", 2000) + "title pr" + strings.Repeat(")", 2000),
			"brackets":       strings.Repeat("emails[", 2000) + "value pr" + strings.Repeat("]", 2000),
			"many ors":       "title pr" + strings.Repeat(" or title pr", 1000),
			"too many ors":   "title pr" + strings.Repeat(" or title pr", 10_000),
			"many ands":      "title pr" + strings.Repeat(" and title pr", 1000),
			"long":           `title eq "` + strings.Repeat("x", 20_000) + `"`,
			"no end":         `title eq "` + strings.Repeat(`\"`, 5000),
		} {
			began := time.Now()
			got := b.send("POST", "/Users/.search", object{"filter": filter})
			b.refused(http.StatusBadRequest, "invalidFilter", got)
			require.Less(t, time.Since(began), time.Second, name)
			require.Less(t, len(got.Text), 1000, name)
		}
		for name, filter := range map[string]string{
			"as many ors as can be": "nickName pr" + strings.Repeat(` or emails[type eq "x" and value ew "zz"]`, 124),
			"like an expression":    `title eq "(a+)+$" or userName co "` + strings.Repeat("a", 5000) + `!" or title co ".*.*.*.*.*x" or userName co "%_%_%_%_%"`,
			"wildcards":             `title co "` + strings.Repeat("%", 3000) + `" and userName sw "` + strings.Repeat("_", 3000) + `"`,
			"k and i, k and i":      `userName co "` + strings.Repeat("ki", 4000) + `"`,
			"backslashes":           `title co "` + strings.Repeat(`\\`, 4000) + `"`,
			"a long one":            `title eq "` + strings.Repeat("ü", 7000) + `"`,
		} {
			began := time.Now()
			got := b.is(http.StatusOK, b.send("POST", "/Users/.search", object{"filter": filter}))
			require.Empty(t, got.found(), name)
			require.Less(t, time.Since(began), soon, name)
		}
	})
}

// Nothing that somebody sends becomes a part of a query.
func TestNothingIsInjectedIntoQueries(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.user("dana@acme.example")
		group := b.group("Sales", id)
		before := b.journal()
		for _, text := range []string{`' OR '1'='1`, `'; DROP TABLE directory_users; --`, `" OR 1=1 --`, `\' OR 1=1 --`, `?`, `$1`, `??`, `%`, `_`, `x\`, `') UNION SELECT hash FROM directory_tokens --`, `{"a":1}`, `'||(SELECT 1)||'`} {
			quoted := strconv.Quote(text)
			for _, attribute := range []string{"userName", "externalId", "id", "title", "emails.value", "groups.value", "name.familyName", enterprise + ":department", "displayName"} {
				for _, operator := range []string{"eq", "co", "sw"} {
					got := b.is(http.StatusOK, b.send("GET", "/Users?filter="+url.QueryEscape(attribute+" "+operator+" "+quoted), nil))
					require.LessOrEqual(t, len(got.found()), 1, text)
					if operator == "eq" {
						require.Empty(t, got.found(), attribute+" "+text)
					}
				}
			}
			b.clock.Advance(time.Second)
			b.is(http.StatusOK, b.send("GET", "/Groups?filter="+url.QueryEscape("members.value eq "+quoted+" or displayName eq "+quoted), nil))
			for _, name := range []string{"sortBy", "sortOrder", "attributes", "excludedAttributes", "startIndex", "count"} {
				got := b.send("GET", "/Users?"+name+"="+url.QueryEscape(text), nil)
				require.Less(t, got.Status, 500, got.Text)
			}
			b.refused(http.StatusNotFound, "", b.send("GET", "/Users/"+url.PathEscape(text), nil))
			b.refused(http.StatusNotFound, "", b.send("GET", "/"+url.PathEscape(text), nil))
			b.refused(http.StatusUnauthorized, "", b.call("GET", b.url+"/scim/v2/okta/Users", nil, "Authorization", "Bearer "+text))
			b.refused(http.StatusBadRequest, "invalidValue", b.send("PATCH", "/Groups/"+group, patch(object{"op": "add", "path": "members", "value": []object{{"value": text}}})))
			b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(object{"op": "remove", "path": "members[value eq " + quoted + "]"})))
		}
		require.Equal(t, before, b.journal())
		require.Equal(t, []string{id}, b.members(group))
		require.Empty(t, b.log.String())
	})
}

// Twenty writers change the same user by the version that they read, until each has done so once: of those who read one
// version one wins, so that no write is lost.
func TestTwentyWritersByVersion(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		at := "/Users/" + b.user("dana@acme.example")
		const writers = 20
		var group sync.WaitGroup
		won := make([]string, writers)
		lost := 0
		var mu sync.Mutex
		for n := range writers {
			group.Go(func() {
				for won[n] == "" {
					b.clock.Advance(time.Second)
					version := b.send("GET", at, nil).Header.Get("ETag")
					got := b.send("PATCH", at, patch(object{"op": "add", "path": "roles", "value": []object{{"value": strconv.Itoa(n)}}}), "If-Match", version)
					switch got.Status {
					case http.StatusOK:
						won[n] = version
					case http.StatusPreconditionFailed:
						mu.Lock()
						lost++
						mu.Unlock()
					default:
						won[n] = got.Text
					}
				}
			})
		}
		group.Wait()
		var versions []string
		for n := range writers {
			versions = append(versions, fmt.Sprintf(`W/"%d"`, n+1))
		}
		require.ElementsMatch(t, versions, won, "each version was changed by one")
		require.Len(t, b.send("GET", at, nil).Body["roles"], writers)
		t.Log("writes that came too late and were tried again:", lost)
	})
}

// What names hold stays text in headers and in the log. (What cards, threads and exports make of them is tested where
// these are made.)
func TestNamesStayText(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for _, name := range []string{"=cmd|'/C calc'!A0", "+1+1@x", "@SUM(A1)", "-2+3", "a\r\nX-Evil: 1", "\x1b[31mred\x1b[0m\nlevel=ERROR msg=forged", "<!channel> <https://evil.example|click>", "\u202egnp.exe"} {
			b.clock.Advance(time.Second)
			made := b.is(http.StatusCreated, b.send("POST", "/Users", object{"userName": name, "displayName": name, "externalId": name}))
			require.Equal(t, name, made.Body["displayName"], "it is kept as it was sent")
			require.Regexp(t, `^http://127\.0\.0\.1:\d+/scim/v2/okta/Users/dus_[0-9a-z]{24}$`, made.Header.Get("Location"))
			require.Empty(t, made.Header.Get("X-Evil"))
			group := b.is(http.StatusCreated, b.send("POST", "/Groups", object{"displayName": name, "members": values(made.id())}))
			require.NotContains(t, group.Header.Get("Location"), "vil")
			b.refused(http.StatusConflict, "uniqueness", b.send("POST", "/Users", object{"userName": name}))
			b.is(http.StatusNoContent, b.send("DELETE", "/Users/"+made.id(), nil))
		}
		require.NotContains(t, b.log.String(), "\x1b")
		require.NotContains(t, b.log.String(), "\nlevel=ERROR msg=forged")
		for _, host := range []string{"evil.example", "evil.example/x?y=", "a b", `"><script>`} {
			r := httptest.NewRequestWithContext(b.ctx, "POST", directory.Prefix+"okta/Users", strings.NewReader(`{"userName":`+strconv.Quote("via "+host)+`}`))
			r.Host = host
			r.Header.Set("Authorization", "Bearer "+b.token)
			w := httptest.NewRecorder()
			directory.New(directory.Options{Writer: b.flows, Store: b.store, Clock: b.clock.Now, PublicURL: "https://usher.acme.example/"}).ServeHTTP(w, r)
			require.Equal(t, http.StatusCreated, w.Code, w.Body)
			require.True(t, strings.HasPrefix(w.Header().Get("Location"), "https://usher.acme.example/scim/v2/okta/Users/"), "where the operator says how the server is reached, no caller does")
			require.NotContains(t, w.Body.String(), "evil.example/scim")
		}
	})
}
