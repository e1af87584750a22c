package directory_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
