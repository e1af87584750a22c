package directory_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// advertised is an attribute of /Schemas with the path by which clients name it.
type advertised struct {
	object

	path string
	urn  string // of an extension, or empty
	name string
}

func (a advertised) is(characteristic string) bool {
	yes, _ := a.object[characteristic].(bool)
	return yes
}

// value is one that the attribute takes.
func (a advertised) value() any {
	if a.is("multiValued") {
		return []any{madeValue(a.object)}
	}
	return madeValue(a.object)
}

// in puts the attribute's value where it stands in a resource.
func (a advertised) in(body object, value any) object {
	if a.urn == "" {
		body[a.name] = value
	} else {
		body[a.urn] = object{a.name: value}
	}
	return body
}

// of reads the attribute from a resource; nil is nothing.
func (a advertised) of(body object) any {
	if a.urn != "" {
		body, _ = body[a.urn].(object)
	}
	return body[a.name]
}

// attributes are those of users as /Schemas advertises them.
func (b *bundle) attributes() (all []advertised) {
	b.t.Helper()
	for _, schema := range b.is(http.StatusOK, b.send("GET", "/Schemas", nil)).found() {
		urn := schema["id"].(string)
		if urn == groupURN {
			continue
		}
		for _, one := range schema["attributes"].([]any) {
			a := advertised{object: one.(object), name: one.(object)["name"].(string)}
			if a.path = a.name; urn != core {
				a.urn, a.path = urn, urn+":"+a.name
			}
			all = append(all, a)
		}
	}
	require.Greater(b.t, len(all), 25)
	return all
}

// RFC 7643 section 2 and 7: each attribute behaves in POST, GET, PUT and PATCH as /Schemas says of it.
func TestRFC7643EachAttribute(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		for n, a := range b.attributes() {
			b.clock.Advance(1e9)
			name := fmt.Sprintf("user%d@acme.example", n)
			bare := object{"userName": name}
			if a.name == "userName" {
				continue // all of the others have it
			}
			if a.object["mutability"] == "readOnly" {
				made := b.is(http.StatusCreated, b.send("POST", "/Users", a.in(object{"userName": name}, []any{object{"value": "x"}})))
				require.Nil(t, a.of(made.Body), a.path)
				b.refused(http.StatusBadRequest, "mutability", b.send("PATCH", "/Users/"+made.id(), patch(object{"op": "replace", "path": a.path, "value": []any{object{"value": "x"}}})))
				continue
			}
			want := a.value()
			if a.object["returned"] == "never" {
				want = nil
			}
			made := b.is(http.StatusCreated, b.send("POST", "/Users", a.in(maps.Clone(bare), a.value())))
			at := "/Users/" + made.id()
			has := func(want any, got answer, how string) {
				t.Helper()
				b.is(http.StatusOK, got)
				if a.name == "active" && want == nil {
					want = true // whether somebody is active is always said
				}
				require.EqualValues(t, want, a.of(got.Body), how+" "+a.path)
			}
			require.EqualValues(t, want, a.of(made.Body), a.path)
			has(want, b.send("GET", at, nil), "GET")
			has(want, b.send("GET", at+"?attributes="+a.path, nil), "GET attributes")
			has(want, b.send("GET", at+"?attributes="+strings.ToUpper(a.path), nil), "GET ATTRIBUTES")
			if a.name != "active" {
				has(nil, b.send("GET", at+"?excludedAttributes="+a.path, nil), "GET excludedAttributes")
				has(nil, b.send("GET", at+"?attributes=userName", nil), "GET without")
				has(nil, b.send("PUT", at, bare), "PUT without")
			}
			has(want, b.send("PUT", at, a.in(maps.Clone(bare), a.value())), "PUT")
			has(nil, b.send("PATCH", at, patch(object{"op": "remove", "path": a.path})), "PATCH remove")
			for _, op := range []string{"add", "replace"} {
				has(want, b.send("PATCH", at, patch(object{"op": op, "path": a.path, "value": a.value()})), "PATCH "+op)
				has(nil, b.send("PATCH", at, patch(object{"op": "replace", "path": a.path, "value": nil})), "PATCH null")
				has(want, b.send("PATCH", at, patch(object{"op": op, "value": object{a.path: a.value()}})), "PATCH without a path")
				version := b.send("GET", at, nil).Header.Get("ETag")
				again := b.send("PATCH", at, patch(object{"op": op, "path": a.path, "value": a.value()}))
				require.Equal(t, version, again.Header.Get("ETag"), "what is so already is no change: "+a.path)
				has(nil, b.send("PATCH", at, patch(object{"op": "remove", "path": a.path})), "PATCH remove")
			}
			wrong := map[string]any{"string": object{"x": 1}, "boolean": "perhaps", "dateTime": "yesterday", "complex": 5, "binary": "%", "reference": 7}[a.object["type"].(string)]
			if wrong == nil || a.is("multiValued") {
				wrong = []any{true, true}
			}
			b.refused(http.StatusBadRequest, "invalidValue", b.send("POST", "/Users", a.in(object{"userName": "never"}, wrong)))
			b.refused(http.StatusBadRequest, "invalidValue", b.send("PATCH", at, patch(object{"op": "replace", "path": a.path, "value": wrong})))
		}
	})
}

// RFC 7643 section 7: whether case counts is as /Schemas says, for each text of a user and each part of one.
func TestRFC7643Case(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		compared := 0
		check := func(body object, path, text string, exact bool) {
			t.Helper()
			b.clock.Advance(1e9)
			id := b.is(http.StatusCreated, b.send("POST", "/Users", body)).id()
			for _, filter := range []string{`%s eq "%s"`, `%s co "%s"`, `%s sw "%s"`, `%s ew "%s"`} {
				found := func(text string) bool {
					got := b.is(http.StatusOK, b.send("GET", "/Users?count=200&filter="+url.QueryEscape(fmt.Sprintf(filter, path, text)), nil))
					return slices.ContainsFunc(got.found(), func(one map[string]any) bool { return one["id"] == id })
				}
				require.True(t, found(text), filter, path)
				require.Equal(t, !exact, found(strings.ToUpper(text)), filter+" "+path)
				compared++
			}
		}
		for n, a := range b.attributes() {
			name := object{"userName": fmt.Sprintf("user%d", n)}
			if a.object["mutability"] != "readWrite" {
				continue
			}
			switch a.object["type"] {
			case "string", "reference":
				text := fmt.Sprintf("some words %d", n)
				check(a.in(name, text), a.path, text, a.is("caseExact"))
			case "complex":
				for m, one := range a.object["subAttributes"].([]any) {
					sub := one.(object)
					if kind := sub["type"]; kind != "string" && kind != "reference" || sub["mutability"] == "readOnly" {
						continue
					}
					text := fmt.Sprintf("some words %d-%d", n, m)
					value := any(object{sub["name"].(string): text})
					if a.is("multiValued") {
						value = []any{value}
					}
					exact, _ := sub["caseExact"].(bool)
					check(a.in(object{"userName": fmt.Sprintf("user%d-%d", n, m)}, value), a.path+"."+sub["name"].(string), text, exact)
				}
			}
		}
		require.Greater(t, compared, 150)
	})
}

// RFC 7643 sections 2.1, 2.5, 3.1, 3.3, 4.1 and 4.2.
func TestRFC7643Resources(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		made := b.is(http.StatusCreated, b.send("POST", "/Users", object{
			"SCHEMAS": []string{core}, "USERNAME": "dana@acme.example", "NICKNAME": "D", "eMails": []object{{"VALUE": "d@acme.example", "Primary": true}},
			strings.ToUpper(enterprise): object{"DEPARTMENT": "Sales"}, "urn:unknown:2.0:User": object{"a": 1}, "nonsense": []any{object{}},
			"id": "mine", "meta": object{"resourceType": "Robot", "created": "1999-01-01T00:00:00Z"}, "groups": []object{{"value": "x"}},
		}))
		for name := range made.Body {
			require.Regexp(t, `^(urn:[A-Za-z0-9:.]+|[A-Za-z$][-_A-Za-z0-9]*)$`, name, "2.1: names")
		}
		require.Equal(t, "D", made.Body["nickName"], "2.1: names are found in any case and answered as the schema writes them")
		require.Equal(t, object{"department": "Sales"}, made.Body[enterprise])
		require.ElementsMatch(t, []any{core, enterprise}, made.Body["schemas"], "3.3: the core and each extension with data, once")
		require.NotContains(t, made.Text, "unknown")
		require.NotContains(t, made.Text, "nonsense")
		meta := made.Body["meta"].(object)
		require.Equal(t, meta["created"], meta["lastModified"], "3.1")
		require.Equal(t, "User", meta["resourceType"], "3.1: the client's meta is ignored")
		require.Equal(t, made.Header.Get("Location"), meta["location"], "3.1")
		require.Equal(t, made.Header.Get("ETag"), meta["version"], "3.1")
		require.NotContains(t, made.Body, "groups", "4.1.2: only groups change who is in them")
		require.NotContains(t, made.Body, "externalId", "3.1: the client's alone")
		at := "/Users/" + made.id()
		gone := b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "remove", "path": enterprise + ":department"})))
		require.Equal(t, []any{core}, gone.Body["schemas"], "3.3: an extension without data is not listed")

		for _, nothing := range []any{nil, []any{}} {
			b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "replace", "path": "emails", "value": []object{{"value": "x@acme.example"}}})))
			before := b.send("GET", at, nil).Header.Get("ETag")
			cleared := b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "replace", "path": "emails", "value": nothing})))
			require.NotContains(t, cleared.Body, "emails", "2.5")
			require.NotEqual(t, before, cleared.Header.Get("ETag"))
			same := b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "replace", "path": "emails", "value": nothing})))
			require.Equal(t, cleared.Header.Get("ETag"), same.Header.Get("ETag"), "2.5: what is unassigned stays so")
		}

		group := b.is(http.StatusCreated, b.send("POST", "/Groups", object{"displayName": "Sales", "members": []object{
			{"value": made.id(), "$ref": "../Users/" + made.id(), "type": "User", "display": "whatever"}, {"value": made.id()},
		}}))
		require.Equal(t, []any{object{"value": made.id(), "$ref": b.url + "/scim/v2/okta/Users/" + made.id(), "type": "User"}}, group.Body["members"], "4.2: once, with the address of the user")
		in := b.is(http.StatusOK, b.send("GET", at, nil)).Body["groups"].([]any)
		require.Equal(t, []any{group.id(), "Sales", "direct"}, []any{in[0].(object)["value"], in[0].(object)["display"], in[0].(object)["type"]}, "4.1.2")
		for _, wrong := range []any{[]object{{"value": group.id(), "type": "Group"}}, []object{{"$ref": "../Users/" + made.id()}}, []object{{"display": "x"}}, []object{{"value": 5}}, "\x00", 5, []any{nil, 5}} {
			b.refused(http.StatusBadRequest, "invalidValue", b.send("POST", "/Groups", object{"displayName": "Never", "members": wrong}))
			b.refused(http.StatusBadRequest, "invalidValue", b.send("PATCH", "/Groups/"+group.id(), patch(object{"op": "add", "path": "members", "value": wrong})))
		}
		nested := b.send("PATCH", "/Groups/"+group.id(), patch(object{"op": "add", "path": "members", "value": group.id()}))
		require.Contains(t, nested.Body["detail"], "is a group", "a person reads why")
		b.is(http.StatusOK, b.send("PUT", at, object{"userName": "dana@acme.example", "groups": []object{}}))
		require.Equal(t, []string{made.id()}, b.members(group.id()), "4.1.2: nothing of a user takes him out of a group")
	})
}

// RFC 7643 sections 5, 6 and 7, RFC 7644 section 4: what discovery says is whole, and agrees with itself.
func TestRFC7643Discovery(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		schemas := map[string]bool{}
		var check func(attributes []any, within bool)
		check = func(attributes []any, within bool) {
			for _, one := range attributes {
				a := one.(object)
				for _, characteristic := range []string{"name", "type", "multiValued", "description", "required", "caseExact", "mutability", "returned", "uniqueness"} {
					require.NotNil(t, a[characteristic], a)
				}
				require.Regexp(t, `^([A-Za-z][-_A-Za-z0-9]*|\$ref)$`, a["name"])
				require.Contains(t, []string{"string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"}, a["type"])
				require.Contains(t, []string{"readOnly", "readWrite", "immutable", "writeOnly"}, a["mutability"])
				require.Contains(t, []string{"always", "never", "default", "request"}, a["returned"])
				require.Contains(t, []string{"none", "server", "global"}, a["uniqueness"])
				require.Equal(t, a["type"] == "complex", a["subAttributes"] != nil, a)
				require.Equal(t, a["type"] == "reference", a["referenceTypes"] != nil, a)
				require.False(t, within && a["type"] == "complex", "2.3.8: no complex part of a complex attribute")
				if subs, ok := a["subAttributes"].([]any); ok {
					check(subs, true)
				}
			}
		}
		for _, one := range b.is(http.StatusOK, b.send("GET", "/Schemas", nil)).found() {
			require.NotEmpty(t, one["name"])
			require.False(t, strings.HasPrefix(one["id"].(string), "urn:ietf:params:scim:api:messages:"), "7644 3.1")
			schemas[one["id"].(string)] = true
			check(one["attributes"].([]any), false)
		}
		endpoints := []any{}
		for _, one := range b.is(http.StatusOK, b.send("GET", "/ResourceTypes", nil)).found() {
			require.True(t, schemas[one["schema"].(string)], "6")
			extensions, _ := one["schemaExtensions"].([]any)
			for _, extension := range extensions {
				require.True(t, schemas[extension.(object)["schema"].(string)], "6")
			}
			endpoints = append(endpoints, one["endpoint"])
			b.is(http.StatusOK, b.send("GET", one["endpoint"].(string), nil))
		}
		require.Equal(t, []any{"/Users", "/Groups"}, endpoints, "Microsoft's collection wants users first")
		require.Contains(t, b.send("GET", "/Schemas", nil).Text, "User Account", "and RFC 7643's words for them")
		config := b.is(http.StatusOK, b.send("GET", "/ServiceProviderConfig", nil)).Body
		for _, feature := range []string{"patch", "bulk", "filter", "changePassword", "sort", "etag"} {
			require.IsType(t, true, config[feature].(object)["supported"], "5")
		}
		require.NotEmpty(t, config["authenticationSchemes"])
		for _, path := range []string{"/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas", "/Schemas/" + core} {
			for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
				got := b.send(method, path, object{})
				b.refused(http.StatusMethodNotAllowed, "", got)
				require.Equal(t, "GET, HEAD, OPTIONS", got.Header.Get("Allow"))
			}
		}
	})
}
