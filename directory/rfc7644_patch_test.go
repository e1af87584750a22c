package directory_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// work and home are e-mail addresses as users have them.
func work(value string) object { return object{"type": "work", "value": value} }
func home(value string) object { return object{"type": "home", "value": value} }

// with adds parts to an object.
func with(one object, parts ...any) object {
	all := object{}
	for name, value := range one {
		all[name] = value
	}
	for n := 0; n < len(parts); n += 2 {
		all[parts[n].(string)] = parts[n+1]
	}
	return all
}

// RFC 7644 section 3.5.2: each operation on each kind of target. What is wanted is the attributes after it, or the
// scimType of the refusal; a refused patch changes nothing, whatever stood before the operation that is wrong.
func TestRFC7644Patch(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		emails := func(all ...any) object { return object{"emails": append([]any{}, all...)} }
		op := func(op, path string, value any) object { return object{"op": op, "path": path, "value": value} }
		remove := func(path string) object { return object{"op": "remove", "path": path} }
		none, primary := object{}, func(one object) object { return with(one, "primary", true) }
		for n, tc := range []struct {
			name       string
			before     object
			operations []object
			want       any // an object, or the scimType
		}{
			// 3.5.2.1: add.
			{"add a value", none, []object{op("add", "title", "x")}, object{"title": "x"}},
			{"add where there is one replaces it", object{"title": "a"}, []object{op("add", "title", "x")}, object{"title": "x"}},
			{"add without a path", object{"title": "a"}, []object{{"op": "add", "value": object{"title": "x", "nickName": "n"}}}, object{"title": "x", "nickName": "n"}},
			{"add parts of a complex value", object{"name": object{"givenName": "g", "familyName": "f"}}, []object{op("add", "name", object{"familyName": "x"})}, object{"name": object{"givenName": "g", "familyName": "x"}}},
			{"add one part", none, []object{op("add", "name.givenName", "g")}, object{"name": object{"givenName": "g"}}},
			{"add to a list", emails(work("a")), []object{op("add", "emails", []object{home("b")})}, emails(work("a"), home("b"))},
			{"add one without its list", emails(work("a")), []object{op("add", "emails", home("b"))}, emails(work("a"), home("b"))},
			{"add what is there", emails(work("a")), []object{op("add", "emails", []object{work("a"), work("A")})}, emails(work("A"))},
			{"add a primary one", emails(primary(work("a"))), []object{op("add", "emails", []object{primary(home("b"))})}, emails(with(work("a"), "primary", false), primary(home("b")))},
			{"add two primary ones", emails(work("a")), []object{op("add", "emails", []object{primary(home("b")), primary(home("c"))})}, "invalidValue"},
			{"add a part to each", emails(work("a"), home("b")), []object{op("add", "emails.display", "d")}, emails(with(work("a"), "display", "d"), with(home("b"), "display", "d"))},
			{"add a part to a chosen one", emails(work("a"), home("b")), []object{op("add", `emails[type eq "home"].display`, "d")}, emails(work("a"), with(home("b"), "display", "d"))},
			{"add to a chosen one", emails(work("a"), home("b")), []object{op("add", `emails[value eq "b"]`, object{"display": "d"})}, emails(work("a"), with(home("b"), "display", "d"))},
			{"add what Entra chooses and is not there", none, []object{op("Add", `emails[type eq "work"].value`, "a")}, emails(work("a"))},
			{"add of an unusual type", none, []object{op("add", `emails[type eq "spare"].value`, "a")}, emails(object{"type": "spare", "value": "a"})},
			{"add to an extension", none, []object{op("add", enterprise+":department", "d")}, object{enterprise: object{"department": "d"}}},
			{"add an extension", object{enterprise: object{"division": "v"}}, []object{op("add", enterprise, object{"department": "d"})}, object{enterprise: object{"department": "d", "division": "v"}}},
			{"add by the core's URN", none, []object{op("add", core+":title", "x"), op("add", core+":name.givenName", "g")}, object{"title": "x", "name": object{"givenName": "g"}}},
			{"add no value", object{"title": "a"}, []object{{"op": "add", "path": "title"}}, "invalidValue"},
			{"add null", object{"title": "a"}, []object{op("add", "title", nil)}, object{"title": "a"}},
			// 3.5.2.2: remove.
			{"remove a value", object{"title": "a"}, []object{remove("title")}, object{"title": nil}},
			{"remove what is not there", none, []object{remove("title"), remove("name.givenName"), remove("emails"), remove(`emails[type eq "work"]`), remove(enterprise), remove(enterprise + ":manager")}, none},
			{"remove a part", object{"name": object{"givenName": "g", "familyName": "f"}}, []object{remove("name.familyName")}, object{"name": object{"givenName": "g"}}},
			{"remove the last part", object{"name": object{"givenName": "g"}}, []object{remove("name.givenName")}, object{"name": nil}},
			{"remove a list", emails(work("a"), home("b")), []object{remove("emails")}, object{"emails": nil}},
			{"remove chosen ones", emails(work("a"), home("b"), home("c")), []object{remove(`emails[type eq "home"]`)}, emails(work("a"))},
			{"remove by more than one condition", emails(work("a"), home("b"), home("c")), []object{remove(`emails[type eq "home" and not (value eq "c")]`)}, emails(work("a"), home("c"))},
			{"remove the last one", emails(work("a")), []object{remove(`emails[value sw "A"]`)}, object{"emails": nil}},
			{"remove a part of chosen ones", emails(primary(work("a")), home("b")), []object{remove(`emails[type eq "work"].primary`)}, emails(work("a"), home("b"))},
			{"remove an extension", object{enterprise: object{"department": "d"}}, []object{remove(enterprise)}, object{enterprise: nil}},
			{"remove what is needed", none, []object{op("add", "title", "x"), remove("userName")}, "mutability"},
			{"remove what only the server sets", none, []object{op("add", "title", "x"), remove("groups")}, "mutability"},
			{"remove without a path", none, []object{{"op": "remove"}}, "noTarget"},
			// 3.5.2.3: replace.
			{"replace a value", object{"title": "a"}, []object{op("replace", "title", "x")}, object{"title": "x"}},
			{"replace what is not there adds it", none, []object{op("replace", "title", "x")}, object{"title": "x"}},
			{"replace without a path", object{"title": "a", "nickName": "n"}, []object{{"op": "replace", "value": object{"title": "x"}}}, object{"title": "x", "nickName": "n"}},
			{"replace by null", object{"title": "a"}, []object{op("replace", "title", nil)}, object{"title": nil}},
			{"replace parts of a complex value", object{"name": object{"givenName": "g", "familyName": "f"}}, []object{op("replace", "name", object{"familyName": "x"})}, object{"name": object{"givenName": "g", "familyName": "x"}}},
			{"replace a list", emails(work("a"), home("b")), []object{op("replace", "emails", []object{work("c")})}, emails(work("c"))},
			{"replace a part of each", emails(work("a"), home("b")), []object{op("replace", "emails.display", "d")}, emails(with(work("a"), "display", "d"), with(home("b"), "display", "d"))},
			{"replace a chosen one", emails(work("a"), home("b")), []object{op("replace", `emails[type eq "work"]`, object{"value": "c"})}, emails(work("c"), home("b"))},
			{"replace a part of a chosen one", emails(work("a"), home("b")), []object{op("replace", `emails[type eq "WORK"].value`, "c")}, emails(work("c"), home("b"))},
			{"replace the primary one", emails(primary(work("a")), home("b")), []object{op("replace", `emails[type eq "home"].primary`, true)}, emails(with(work("a"), "primary", false), primary(home("b")))},
			{"replace what Entra chooses and is not there", emails(work("a")), []object{op("replace", `emails[type eq "home"].value`, "b")}, emails(work("a"), home("b"))},
			{"replace a chosen one that is not there", emails(work("a")), []object{op("add", "title", "x"), op("replace", `emails[type eq "nonexistent"].value`, "b")}, "noTarget"},
			{"replace a whole one that is not there", emails(work("a")), []object{op("replace", `emails[type eq "home"]`, object{"value": "b"})}, "noTarget"},
			{"replace by a condition that is not met", emails(work("a")), []object{op("replace", `emails[value co "zzz"].display`, "b")}, "noTarget"},
			// Paths and values.
			{"unknown attribute", none, []object{op("add", "title", "x"), op("add", "nonsense", "x")}, "invalidPath"},
			{"unknown part", none, []object{op("add", "name.nonsense", "x")}, "invalidPath"},
			{"unknown attribute of an extension", none, []object{op("add", enterprise+":nonsense", "x")}, "invalidPath"},
			{"unknown attribute in a value", none, []object{{"op": "add", "value": object{"nonsense": 1, "title": "x"}}}, object{"title": "x"}},
			{"unknown schema", none, []object{op("add", "urn:acme:2.0:User:x", "x"), op("add", "title", "x")}, object{"title": "x"}},
			{"no path", none, []object{op("add", "title[", "x")}, "invalidPath"},
			{"elements of a simple attribute", none, []object{op("add", `title[value eq "x"]`, "x")}, "invalidPath"},
			{"path that is no text", none, []object{{"op": "add", "path": 5, "value": "x"}}, "invalidSyntax"},
			{"filter that is none", none, []object{op("add", `emails[type eq].value`, "x")}, "invalidFilter"},
			{"value of another type", none, []object{op("add", "title", "x"), op("add", "active", "perhaps")}, "invalidValue"},
			{"list for one value", none, []object{op("add", "title", []any{"x", "y"})}, "invalidValue"},
			{"text for an object", none, []object{op("add", "name", "x")}, "invalidValue"},
			{"value without a path that is none", none, []object{{"op": "replace", "value": "x"}}, "invalidValue"},
			{"unknown operation", none, []object{op("add", "title", "x"), op("test", "title", "x")}, "invalidSyntax"},
			{"no operation", none, []object{{"path": "title", "value": "x"}}, "invalidSyntax"},
			{"what only the server sets", none, []object{op("replace", "title", "x"), op("replace", "id", "x")}, "mutability"},
			{"part of what only the server sets", none, []object{op("replace", "meta.version", "x")}, "mutability"},
			{"what only the server sets, in a value", none, []object{{"op": "replace", "value": object{"id": "x", "meta": object{}, "groups": []any{}, "title": "x"}}}, object{"title": "x"}},
			{"password", none, []object{op("replace", "password", "secret"), op("replace", "title", "x")}, object{"title": "x", "password": nil}},
			{"schemas", none, []object{op("add", "schemas", []any{enterprise}), op("replace", "title", "x")}, object{"title": "x", "schemas": []any{core}}},
			{"manager as a text", none, []object{op("add", enterprise+":manager", "m")}, object{enterprise: object{"manager": object{"value": "m"}}}},
			{"manager's display name", none, []object{op("add", enterprise+":manager.displayName", "m")}, "mutability"},
			{"names in any case", none, []object{op("ADD", "TITLE", "x"), op("rePlace", "NAME.GIVENNAME", "g")}, object{"title": "x", "name": object{"givenName": "g"}}},
			{"one after the other", none, []object{op("add", "title", "a"), op("replace", "title", "b"), remove("title"), op("add", "title", "c")}, object{"title": "c"}},
		} {
			b.clock.Advance(time.Second)
			made := b.is(http.StatusCreated, b.send("POST", "/Users", with(tc.before, "userName", fmt.Sprintf("user%d", n))))
			at := "/Users/" + made.id()
			b.clock.Advance(time.Second)
			got := b.send("PATCH", at, patch(tc.operations...))
			if scimType, refused := tc.want.(string); refused {
				require.Equal(t, http.StatusBadRequest, got.Status, tc.name+": "+got.Text)
				require.Equal(t, scimType, got.Body["scimType"], tc.name+": "+got.Text)
				require.Equal(t, made.Body, b.send("GET", at, nil).Body, tc.name)
				continue
			}
			require.Equal(t, http.StatusOK, got.Status, tc.name+": "+got.Text)
			for name, value := range tc.want.(object) {
				require.EqualValues(t, value, got.Body[name], tc.name)
			}
			require.Equal(t, got.Body, b.is(http.StatusOK, b.send("GET", at, nil)).Body, tc.name)
			unchanged := len(tc.want.(object)) == 0 || tc.name == "add null"
			require.Equal(t, unchanged, got.Header.Get("ETag") == made.Header.Get("ETag"), tc.name)
			require.Equal(t, unchanged, got.Body["meta"].(object)["lastModified"] == made.Body["meta"].(object)["lastModified"], tc.name)
		}
		for _, body := range []any{"", "[]", object{}, object{"Operations": nil}, object{"Operations": []any{}}, object{"Operations": object{}}, object{"Operations": []any{5}}, object{"op": "add", "path": "title", "value": "x"}} {
			b.refused(http.StatusBadRequest, "invalidSyntax", b.send("PATCH", "/Users/dus_000000000000000000000000", body))
		}
	})
}
