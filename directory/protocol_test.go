package directory_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A user is made, read, changed, replaced and deleted; each answer is what the RFC says.
func TestUserFromFirstToLast(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		made := b.is(http.StatusCreated, b.send(http.MethodPost, "/Users", object{
			"schemas": []string{core, enterprise}, "userName": "Dana@Acme.example", "externalId": "00u1", "displayName": "Dana",
			"name": object{"givenName": "Dana", "familyName": "Lopez"}, "active": true, "password": "secret-1",
			"emails":   []object{{"value": "Dana@Acme.example", "type": "work", "primary": true}},
			enterprise: object{"department": "Sales", "manager": object{"value": "boss"}}, "id": "mine", "meta": object{"version": "x"},
		}))
		require.NotContains(t, made.Text, "secret-1")
		id := made.id()
		require.Regexp(t, `^dus_[0-9a-z]{24}$`, id)
		at := b.url + "/scim/v2/okta/Users/" + id
		require.Equal(t, at, made.Header.Get("Location"))
		require.Equal(t, `W/"1"`, made.Header.Get("ETag"))
		require.Equal(t, object{
			"resourceType": "User", "location": at, "version": `W/"1"`, "created": "2026-11-27T09:00:00.000Z", "lastModified": "2026-11-27T09:00:00.000Z",
		}, made.Body["meta"])
		require.Equal(t, "Dana@Acme.example", made.Body["userName"], "as it was sent")
		require.Equal(t, made.Body, b.is(http.StatusOK, b.send(http.MethodGet, "/Users/"+id, nil)).Body)

		b.clock.Advance(1e9)
		patched := b.is(http.StatusOK, b.send(http.MethodPatch, "/Users/"+id, patch(object{"op": "replace", "path": "title", "value": "Lead"})))
		require.Equal(t, "Lead", patched.Body["title"])
		require.Equal(t, "2026-11-27T09:00:01.000Z", patched.Body["meta"].(object)["lastModified"])
		same := b.is(http.StatusOK, b.send(http.MethodPatch, "/Users/"+id, patch(object{"op": "add", "path": "title", "value": "Lead"})))
		require.Equal(t, `W/"2"`, same.Header.Get("ETag"), "what was so before changes nothing")

		put := b.is(http.StatusOK, b.send(http.MethodPut, "/Users/"+id, object{"schemas": []string{core}, "userName": "dana@acme.example", "displayName": "Dana L."}))
		require.NotContains(t, put.Body, "title")
		require.NotContains(t, put.Body, enterprise)
		require.Equal(t, []any{core}, put.Body["schemas"])
		require.Equal(t, true, put.Body["active"])

		gone := b.is(http.StatusNoContent, b.send(http.MethodDelete, "/Users/"+id, nil))
		require.Empty(t, gone.Text)
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			b.refused(http.StatusNotFound, "", b.send(method, "/Users/"+id, nil))
		}
		b.refused(http.StatusNotFound, "", b.send(http.MethodPut, "/Users/"+id, object{"userName": "x"}))
		require.Equal(t, []string{
			"user_created dana@acme.example", "user_updated dana@acme.example", "user_updated dana@acme.example",
			"user_suspended dana@acme.example", "user_deleted dana@acme.example",
		}, kinds(b.changes(0)))
	})
}

// The versions of resources keep one writer from overwriting what another wrote.
func TestVersions(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		user := b.user("dana@acme.example")
		group := b.group("Sales", user)
		for _, at := range []string{"/Groups/" + group, "/Users/" + user} {
			rename := patch(object{"op": "replace", "path": "displayName", "value": "New name of " + at})
			b.is(http.StatusNotModified, b.send(http.MethodGet, at, nil, "If-None-Match", `W/"1"`))
			b.is(http.StatusNotModified, b.send(http.MethodGet, at, nil, "If-None-Match", `"7", "1"`))
			b.is(http.StatusOK, b.send(http.MethodGet, at, nil, "If-None-Match", `W/"2"`))
			for _, method := range []string{http.MethodPut, http.MethodPatch} {
				body := rename
				if method == http.MethodPut {
					body = object{"userName": "dana@acme.example", "displayName": "x"}
				}
				b.refused(http.StatusPreconditionFailed, "", b.send(method, at, body, "If-Match", `W/"9"`))
			}
			b.refused(http.StatusPreconditionFailed, "", b.send(http.MethodDelete, at, nil, "If-Match", `W/"2"`))
			changed := b.send(http.MethodPatch, at, rename, "If-Match", `W/"1"`)
			require.Less(t, changed.Status, 300, changed.Text)
			require.Equal(t, `W/"2"`, changed.Header.Get("ETag"))
			b.refused(http.StatusPreconditionFailed, "", b.send(http.MethodPatch, at, rename, "If-Match", `W/"1"`))
			b.is(http.StatusNoContent, b.send(http.MethodDelete, at, nil, "If-Match", `*`))
		}
	})
}

// What is no call of SCIM is refused in SCIM's words.
func TestRefusals(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		user := b.user("dana@acme.example")
		group := b.group("Sales")
		before := b.journal()
		for name, tc := range map[string]struct {
			method, path string
			body         any
			status       int
			scimType     string
		}{
			"name that is taken":       {"POST", "/Users", object{"userName": "DANA@acme.example"}, 409, "uniqueness"},
			"group that is there":      {"POST", "/Groups", object{"displayName": "sales"}, 409, "uniqueness"},
			"no name":                  {"POST", "/Users", object{"displayName": "x"}, 400, "invalidValue"},
			"no JSON":                  {"POST", "/Users", "{", 400, "invalidSyntax"},
			"nothing":                  {"POST", "/Users", "", 400, "invalidSyntax"},
			"a list":                   {"PUT", "/Users/" + user, "[]", 400, "invalidSyntax"},
			"PUT that would create":    {"PUT", "/Users/dus_0000000000", object{"userName": "x"}, 404, ""},
			"id of somebody else's":    {"GET", "/Users/1", nil, 404, ""},
			"id that no text is":       {"GET", "/Users/%00%ff", nil, 404, ""},
			"a group's id as a user's": {"GET", "/Users/" + group, nil, 404, ""},
			"filter that is none":      {"GET", "/Users?filter=userName", nil, 400, "invalidFilter"},
			"empty filter":             {"GET", "/Users?filter=", nil, 400, "invalidFilter"},
			"order of booleans":        {"GET", "/Users?filter=active gt true", nil, 400, "invalidFilter"},
			"query that is none":       {"GET", "/Users?filter=%zz", nil, 400, "invalidSyntax"},
			"page that is no number":   {"GET", "/Users?startIndex=x", nil, 400, "invalidValue"},
			"member who is nobody":     {"PATCH", "/Groups/" + group, patch(object{"op": "add", "path": "members", "value": values("dus_0000000000")}), 400, "invalidValue"},
			"member that is a group":   {"PATCH", "/Groups/" + group, patch(object{"op": "add", "path": "members", "value": values(group)}), 400, "invalidValue"},
			"patch of an id":           {"PATCH", "/Users/" + user, patch(object{"op": "replace", "path": "id", "value": "x"}), 400, "mutability"},
			"path that is none":        {"PATCH", "/Users/" + user, patch(object{"op": "replace", "path": "a[b", "value": "x"}), 400, "invalidPath"},
			"filter that finds none":   {"PATCH", "/Users/" + user, patch(object{"op": "replace", "path": `phoneNumbers[value co "5"].display`, "value": "x"}), 400, "noTarget"},
			"no operation":             {"PATCH", "/Users/" + user, patch(), 400, "invalidSyntax"},
			"PATCH of all":             {"PATCH", "/Users", patch(), 405, ""},
			"POST of one":              {"POST", "/Users/" + user, object{}, 405, ""},
			"change of discovery":      {"DELETE", "/Schemas", nil, 405, ""},
			"who am I":                 {"GET", "/Me", nil, 501, ""},
			"bulk":                     {"POST", "/Bulk", object{}, 501, ""},
			"search":                   {"POST", "/.search", object{}, 501, ""},
			"search by a list":         {"POST", "/Users/.search", "[]", 400, "invalidSyntax"},
			"search that is read":      {"GET", "/Users/.search", nil, 405, ""},
			"nothing there":            {"GET", "/Devices", nil, 404, ""},
			"root":                     {"GET", "", nil, 404, ""},
			"too deep":                 {"GET", "/Users/" + user + "/name", nil, 404, ""},
			"schema that is none":      {"GET", "/Schemas/urn:x", nil, 404, ""},
			"filter of discovery":      {"GET", "/Schemas?filter=id pr", nil, 403, ""},
			"sorted by an object":      {"GET", "/Users?sortBy=name", nil, 400, "invalidPath"},
			"too far in a sorted list": {"GET", "/Users?sortBy=userName&startIndex=10001", nil, 400, "tooMany"},
		} {
			got := b.send(tc.method, tc.path, tc.body)
			require.Equal(t, tc.status, got.Status, name+": "+got.Text)
			b.refused(tc.status, tc.scimType, got)
			if tc.status == http.StatusMethodNotAllowed {
				require.NotEmpty(t, got.Header.Get("Allow"), name)
			}
		}
		b.refused(http.StatusUnsupportedMediaType, "", b.send("POST", "/Users", "userName=x", "Content-Type", "application/x-www-form-urlencoded"))
		require.Equal(t, before, b.journal(), "nothing was changed")
		require.Empty(t, b.log.String(), "and there was nothing to log")
	})
}

// JSON of any media type of SCIM is taken, and bodies have a bound.
func TestBodies(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for name, kind := range map[string]string{"a": "application/json", "b": "application/scim+json; charset=utf-8", "c": "Application/JSON", "d": ""} {
			b.is(http.StatusCreated, b.send("POST", "/Users", object{"userName": name}, "Content-Type", kind))
		}
		large := make([]byte, 1<<20)
		for i := range large {
			large[i] = ' '
		}
		b.refused(http.StatusRequestEntityTooLarge, "", b.send("POST", "/Users", string(large)+"{}"))
		b.is(http.StatusCreated, b.send("POST", "/Groups", string(large)+`{"displayName": "Large"}`))
		group := b.group("Small")
		b.refused(http.StatusRequestEntityTooLarge, "", b.send("PATCH", "/Groups/"+group, string(make([]byte, 16<<20+1))))
	})
}

// What discovery says can be read in each way, and every method that an address takes is the one that Allow names.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		config := b.is(http.StatusOK, b.send("GET", "/ServiceProviderConfig?filter=x&sortBy=y&startIndex=3", nil))
		require.Equal(t, object{"supported": true}, config.Body["etag"])
		require.Equal(t, object{"supported": true}, config.Body["patch"])
		require.Equal(t, b.url+"/scim/v2/okta/ServiceProviderConfig", config.Body["meta"].(object)["location"])
		for _, list := range []string{"/ResourceTypes", "/Schemas"} {
			all := b.is(http.StatusOK, b.send("GET", list, nil))
			require.EqualValues(t, len(all.found()), all.Body["totalResults"])
			require.NotEmpty(t, all.found())
			for _, one := range all.found() {
				got := b.is(http.StatusOK, b.send("GET", list+"/"+one["id"].(string), nil))
				require.Equal(t, one, got.Body)
			}
		}
		user := b.user("dana@acme.example")
		for path, allow := range map[string]string{
			"/Users": "GET, HEAD, POST, OPTIONS", "/Users/" + user: "GET, HEAD, PUT, PATCH, DELETE, OPTIONS", "/Schemas": "GET, HEAD, OPTIONS",
		} {
			require.Equal(t, allow, b.is(http.StatusNoContent, b.send("OPTIONS", path, nil)).Header.Get("Allow"))
			require.Equal(t, allow, b.send("TRACE", path, nil).Header.Get("Allow"))
		}
		head := b.is(http.StatusOK, b.send("HEAD", "/Users/"+user, nil))
		require.Empty(t, head.Text)
		require.Equal(t, `W/"1"`, head.Header.Get("ETag"))
		require.NotEmpty(t, head.Header.Get("Content-Length"))
		require.Equal(t, "no-store", head.Header.Get("Cache-Control"))
	})
}
