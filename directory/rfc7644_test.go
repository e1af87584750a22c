package directory_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// RFC 7644 sections 2, 3.1, 3.2, 3.3, 3.8, 3.11 and 3.12: how calls and answers are written.
func TestRFC7644Messages(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		stranger := b.call("GET", b.url+"/scim/v2/okta/Users", nil)
		b.refused(http.StatusUnauthorized, "", stranger)
		require.Contains(t, stranger.Header.Get("WWW-Authenticate"), "Bearer", "2")
		for _, accept := range []string{"application/scim+json", "application/json", "*/*", "text/html"} {
			require.Equal(t, "application/scim+json", b.send("GET", "/Users", nil, "Accept", accept).Header.Get("Content-Type"), "3.8")
		}
		made := b.is(http.StatusCreated, b.send("POST", "/Users/", object{"userName": "Ünï+cödé 名前", "displayName": "\U0001F600 <&> \u2028"}))
		require.Equal(t, "Ünï+cödé 名前", made.Body["userName"], "3.8: UTF-8")
		require.Equal(t, "\U0001F600 <&> \u2028", made.Body["displayName"])
		require.Equal(t, made.id(), b.named(`userName eq "`+url.QueryEscape("üNÏ+CÖDÉ 名前")+`"`), "in any case")
		for _, path := range []string{"/Users/" + made.id(), "/Users/" + made.id() + "/", "/users/" + made.id(), "/%55sers/" + strings.ReplaceAll(made.id(), "dus", "%64us")} {
			require.Equal(t, made.Body, b.is(http.StatusOK, b.send("GET", path, nil)).Body, path)
		}
		for _, id := range []string{"x", "..%2f..%2fokta", "%2e%2e", "a%2Fb", "%0d%0aX-A:%20b", "%22%3e", strings.Repeat("a", 3000), "dus_" + strings.Repeat("0", 24), "%00", "%ff"} {
			for _, method := range []string{"GET", "DELETE", "PATCH", "PUT"} {
				got := b.send(method, "/Users/"+id, map[string]any{"PATCH": patch(object{"op": "remove", "path": "title"}), "PUT": object{"userName": "never"}}[method])
				b.refused(http.StatusNotFound, "", got)
				require.Empty(t, got.Header.Get("X-A"))
			}
		}
		deep := func(n int) string { return strings.Repeat(`{"a":`, n) + "1" + strings.Repeat("}", n) }
		for body, want := range map[string]int{
			"": 400, " ": 400, "null": 400, "5": 400, `"x"`: 400, "[]": 400, "{": 400, `{"userName":"a"}{}`: 400, `{"userName":"a"} x`: 400, `{'userName':"a"}`: 400,
			`{"userName":"a","userName":"b"}`: 400, `{"userName":"a","USERNAME":"b"}`: 400, `{"userName":["a"]}`: 201, `{"userName":["a","b"]}`: 400, `{"userName":{"value":"a"}}`: 400,
			`{"userName":5}`: 400, `{"userName":true}`: 400, `{"userName":null}`: 400, `{"userName":""}`: 400, `{"userName":"  "}`: 400, `{"userName":"b","active":1}`: 400,
			`{"userName":"b","schemas":"x"}`: 400, `{"userName":"b","schemas":[5]}`: 400, `{"userName":"b","name":"x"}`: 400, `{"userName":"b","emails":"x@y"}`: 201,
			`{"userName":"c","nonsense":1e400}`: 201, `{"userName":"d","nonsense":123456789012345678901234567890}`: 201, deep(5000): 413, deep(100_000): 400, `{"userName":"e","nonsense":[[[[[[[[[[[1]]]]]]]]]]]}`: 413,
			`{"userName":"` + strings.Repeat("x", 1025) + `"}`: 400, `{"userName":"f","title":"` + strings.Repeat("x", 16385) + `"}`: 400, "\ufeff{}": 400, "{\"userName\":\"\xc3\x28\"}": 400,
		} {
			got := b.send("POST", "/Users", body)
			require.Equal(t, want, got.Status, "%.80s: %.200s", body, got.Text)
			if want == http.StatusBadRequest {
				require.Contains(t, []any{"invalidSyntax", "invalidValue"}, got.Body["scimType"], "%.80s", body)
			}
		}
		for _, kind := range []string{"text/plain", "application/xml", "multipart/form-data; boundary=x", "application/jsonx", ";"} {
			b.refused(http.StatusUnsupportedMediaType, "", b.send("POST", "/Users", `{"userName":"x"}`, "Content-Type", kind))
		}
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			for _, path := range []string{"/Me", "/Bulk", "/.search"} {
				b.refused(http.StatusNotImplemented, "", b.send(method, path, object{}))
			}
			b.refused(http.StatusNotFound, "", b.send(method, "/?filter=id%20pr", object{}))
		}
	})
}

// RFC 7644 sections 3.5.1 and 3.6: what is replaced and what is deleted.
func TestRFC7644PutAndDelete(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		made := b.is(http.StatusCreated, b.send("POST", "/Users", object{
			"userName": "dana@acme.example", "externalId": "x1", "title": "Lead", "name": object{"givenName": "D"}, "emails": []object{{"value": "d@acme.example", "type": "work"}},
			enterprise: object{"department": "Sales", "manager": object{"value": "boss"}}, "password": "secret",
		}))
		at := "/Users/" + made.id()
		b.clock.Advance(time.Minute)
		for range 2 {
			same := b.is(http.StatusOK, b.send("PUT", at, b.send("GET", at, nil).Body))
			require.Equal(t, made.Body, same.Body, "to write what was read changes nothing")
			require.Equal(t, made.Header.Get("ETag"), same.Header.Get("ETag"))
		}
		require.Len(t, b.changes(0), 1)
		bare := b.is(http.StatusOK, b.send("PUT", at, object{"userName": "DANA@acme.example", "id": "other", "meta": object{"resourceType": "Robot"}}))
		require.Equal(t, "2026-11-27T09:01:00.000Z", bare.Body["meta"].(object)["lastModified"])
		require.ElementsMatch(t, []string{"schemas", "id", "userName", "active", "meta"}, slices.Collect(maps.Keys(bare.Body)), "what is left out is cleared")
		require.Equal(t, made.id(), bare.id())
		require.Equal(t, "DANA@acme.example", bare.Body["userName"], "as it was sent")
		for _, body := range []any{object{}, object{"userName": nil}, object{"displayName": "x"}} {
			b.refused(http.StatusBadRequest, "invalidValue", b.send("PUT", at, body))
		}
		other := b.user("other")
		b.refused(http.StatusConflict, "uniqueness", b.send("PUT", at, object{"userName": "OTHER"}))
		b.refused(http.StatusConflict, "uniqueness", b.send("PATCH", at, patch(object{"op": "replace", "path": "userName", "value": "Other"})))
		b.refused(http.StatusNotFound, "", b.send("PUT", "/Users/dus_000000000000000000000000", object{"userName": "never"}))
		require.Empty(t, b.named(`userName eq "never"`), "3.2: nothing is made by PUT")

		group := b.group("Sales", other)
		b.refused(http.StatusConflict, "uniqueness", b.send("POST", "/Groups", object{"displayName": "sAlEs"}))
		b.is(http.StatusNoContent, b.send("DELETE", "/Users/"+other, nil))
		b.refused(http.StatusNotFound, "", b.send("GET", "/Users/"+other, nil))
		b.refused(http.StatusNotFound, "", b.send("PATCH", "/Users/"+other, patch(object{"op": "add", "path": "title", "value": "x"})))
		require.Empty(t, b.named(`userName eq "other"`), "3.6: it is in no list")
		require.Empty(t, b.members(group))
		require.NotEqual(t, other, b.user("other"), "3.6: and its name is free")
		b.is(http.StatusNoContent, b.send("DELETE", "/Groups/"+group, nil))
		b.refused(http.StatusNotFound, "", b.send("DELETE", "/Groups/"+group, nil))
		b.group("SALES")
	})
}

// RFC 7644 sections 3.4.2 to 3.4.3: lists by GET and by POST /.search.
func TestRFC7644Lists(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		empty := b.is(http.StatusOK, b.send("GET", "/Users?filter="+url.QueryEscape(`userName eq "x"`), nil))
		require.Equal(t, object{
			"schemas": []any{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}, "totalResults": 0.0, "startIndex": 1.0, "itemsPerPage": 0.0, "Resources": []any{},
		}, empty.Body)
		for n, title := range []any{"Zebra", nil, "apple", "", "Mango", nil} {
			b.clock.Advance(time.Second)
			b.is(http.StatusCreated, b.send("POST", "/Users", object{"userName": fmt.Sprintf("user%d", n), "title": title, "emails": []object{{"value": fmt.Sprintf("%d@x", 9-n)}, {"value": fmt.Sprintf("%d@y", n), "primary": true}}}))
		}
		names := func(got answer) string {
			t.Helper()
			var all []string
			for _, one := range b.is(http.StatusOK, got).found() {
				all = append(all, strings.TrimPrefix(one["userName"].(string), "user"))
			}
			return strings.Join(all, "")
		}
		for query, want := range map[string]string{
			"": "012345", "sortBy=title": "324015", "sortBy=TITLE&sortOrder=Ascending": "324015", "sortBy=title&sortOrder=descending": "150423", "sortOrder=descending": "012345",
			"sortBy=emails": "012345", "sortBy=emails.value&sortOrder=descending": "543210", "sortBy=" + core + ":userName": "012345", "sortBy=meta.created&sortOrder=descending": "543210",
			"count=2": "01", "count=2&startIndex=3": "23", "count=2&startIndex=6": "5", "count=2&startIndex=7": "", "count=0": "", "count=-1": "", "startIndex=0": "012345", "startIndex=-99": "012345",
			"startIndex=99999999999999999999": "", "count=99999999999999999999": "012345", "startIndex=2147483647&count=2147483647": "", "count=2&sortBy=title&startIndex=2": "24", "count=": "012345",
		} {
			got := b.send("GET", "/Users?"+query, nil)
			require.Equal(t, want, names(got), query)
			require.EqualValues(t, 6, got.Body["totalResults"], query)
			require.EqualValues(t, len(want), got.Body["itemsPerPage"], query)
			search, asked := object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:SearchRequest"}}, parsedQuery(t, query)
			for name := range asked {
				search[name] = asked.Get(name)
				if name == "count" || name == "startIndex" {
					search[name] = number(asked.Get(name))
				}
			}
			require.Equal(t, want, names(b.send("POST", "/Users/.search", search)), query)
		}
		selected := b.is(http.StatusOK, b.send("POST", "/Users/.search", object{"attributes": []string{"emails.value", "userName"}, "excludedAttributes": nil, "filter": `title eq "zebra"`, "count": 5}))
		require.Equal(t, object{"schemas": []any{core}, "id": selected.found()[0]["id"], "userName": "user0", "emails": []any{object{"value": "9@x"}, object{"value": "0@y"}}}, selected.found()[0])
		for _, wrong := range []any{"", "[]", object{"count": "x"}, object{"attributes": "userName"}, object{"filter": 5}} {
			b.refused(http.StatusBadRequest, "invalidSyntax", b.send("POST", "/Users/.search", wrong))
		}
		b.refused(http.StatusBadRequest, "invalidValue", b.send("POST", "/Users/.search", object{"startIndex": 1.5}))
		for query, scimType := range map[string]string{
			"sortBy=nothing": "invalidPath", "sortBy=name": "invalidPath", "sortBy=password": "invalidPath", "sortOrder=up": "invalidValue", "count=x": "invalidValue", "startIndex=1.5": "invalidValue",
			"filter=": "invalidFilter", "filter=x": "invalidFilter", "filter=userName eq x": "invalidFilter", `filter=userName%20eq%20'x'`: "invalidFilter", "filter=password%20pr": "invalidFilter", `filter=userName%20EQ`: "invalidFilter",
			`filter=active%20gt%20true`: "invalidFilter", `filter=x509Certificates.value%20lt%20"x"`: "invalidFilter", `filter=emails[type%20eq%20"work"`: "invalidFilter", `filter=userName%20eq%20"x"%20and`: "invalidFilter",
			`filter=not%20userName%20eq%20"x"`: "invalidFilter", `filter=userName%20eq%20"x"%20or%20or%20title%20pr`: "invalidFilter", `filter=userName%20eq%20"\u12"`: "invalidFilter",
		} {
			b.refused(http.StatusBadRequest, scimType, b.send("GET", "/Users?"+query, nil))
		}
	})
}

// number is a number of a query as JSON writes it; nothing if there is none.
func number(text string) any {
	if text == "" {
		return nil
	}
	return json.Number(text)
}

func parsedQuery(t *testing.T, query string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(query)
	require.NoError(t, err)
	return values
}

// RFC 7644 sections 3.4.2.5, 3.9 and 3.10: what is shown, on each verb and by each way to write a name.
func TestRFC7644Selections(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		body := object{"userName": "dana", "title": "Lead", "name": object{"givenName": "D", "familyName": "L"}, "emails": []object{{"value": "a@b", "type": "work"}}, enterprise: object{"department": "Sales", "costCenter": "7"}}
		at := "/Users/" + b.is(http.StatusCreated, b.send("POST", "/Users", body)).id()
		for query, want := range map[string]string{
			"attributes=userName": "userName", "attributes=urn:ietf:params:scim:schemas:core:2.0:User:title": "title", "attributes=name.givenName": "name.givenName", "attributes=" + enterprise: "e.costCenter e.department",
			"attributes=" + enterprise + ":department": "e.department", "attributes=" + strings.ToUpper(enterprise) + ":DEPARTMENT,Title": "e.department title", "attributes=emails.value,nothing,urn:x:y": "emails.value",
			"attributes=meta.version": "meta.version", "attributes=id": "", "attributes=password": "", "attributes=userName,title&excludedAttributes=title": "userName",
			"excludedAttributes=userName,title,meta,emails,active,id,schemas":                    "e.costCenter e.department name.familyName name.givenName",
			"excludedAttributes=meta,emails,active,name.givenName," + enterprise + ":costCenter": "e.department name.familyName title userName",
			"excludedAttributes=meta,emails.type,name,active," + enterprise:                      "emails.value title userName",
			"attributes=emails%5Btype%20eq%20%22work%22%5D":                                      "emails.type emails.value",
		} {
			for _, got := range []answer{
				b.send("GET", at+"?"+query, nil), b.send("PUT", at+"?"+query, body), b.send("PATCH", at+"?"+query, patch(object{"op": "add", "path": "title", "value": "Lead"})),
				b.send("GET", "/Users?"+query, nil),
			} {
				shown := b.is(http.StatusOK, got).Body
				if list := got.found(); list != nil {
					shown = list[0]
				}
				require.Contains(t, shown, "id", "always")
				require.Contains(t, shown, "schemas", "always")
				require.Equal(t, want, strings.Join(leaves(shown), " "), query)
			}
		}
		b.clock.Advance(time.Second)
		made := b.is(http.StatusCreated, b.send("POST", "/Users?attributes=title", object{"userName": "x", "title": "T"}))
		require.Equal(t, object{"schemas": []any{core}, "id": made.id(), "title": "T"}, made.Body)
		require.NotEmpty(t, made.Header.Get("Location"))
	})
}

// leaves are the names of what is in a resource, besides what is always there.
func leaves(resource object) []string {
	var all []string
	for name, value := range resource {
		if list, ok := value.([]any); ok {
			value = list[0]
		}
		part, isObject := value.(object)
		if name == enterprise {
			name = "e"
		}
		switch {
		case name == "id" || name == "schemas":
		case !isObject:
			all = append(all, name)
		default:
			for sub := range part {
				all = append(all, name+"."+sub)
			}
		}
	}
	slices.Sort(all)
	return all
}

// RFC 7644 sections 3.13 and 3.14: versions.
func TestRFC7644Versions(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		at := "/Users/" + b.user("dana")
		read := b.is(http.StatusOK, b.send("GET", at, nil))
		version := read.Header.Get("ETag")
		require.Equal(t, version, read.Body["meta"].(object)["version"])
		require.True(t, strings.HasPrefix(version, "W/"))
		got := b.is(http.StatusNotModified, b.send("GET", at, nil, "If-None-Match", version))
		require.Empty(t, got.Text)
		require.Equal(t, version, got.Header.Get("ETag"))
		for _, other := range []string{`W/"2"`, `"other"`, `W/"11"`, "garbage", `""`, `W/`} {
			b.is(http.StatusOK, b.send("GET", at, nil, "If-None-Match", other))
			for method, body := range map[string]any{"PUT": object{"userName": "dana", "title": "x"}, "PATCH": patch(object{"op": "add", "path": "title", "value": "x"}), "DELETE": nil} {
				b.refused(http.StatusPreconditionFailed, "", b.send(method, at, body, "If-Match", other))
			}
		}
		for _, same := range []string{version, `"1"`, "*", `W/"7", W/"1"`} {
			b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "replace", "path": "userName", "value": "dana"}), "If-Match", same))
		}
		b.clock.Advance(time.Second)
		changed := b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "add", "path": "title", "value": "x"}), "If-Match", version))
		require.NotEqual(t, version, changed.Header.Get("ETag"))
		require.NotEqual(t, read.Body["meta"].(object)["lastModified"], changed.Body["meta"].(object)["lastModified"])
		require.Equal(t, read.Body["meta"].(object)["created"], changed.Body["meta"].(object)["created"])
		b.refused(http.StatusNotFound, "", b.send("PUT", "/Users/dus_000000000000000000000000", object{"userName": "x"}, "If-Match", "*"))
		b.is(http.StatusNoContent, b.send("DELETE", at, nil, "If-Match", changed.Header.Get("ETag")))
	})
}
