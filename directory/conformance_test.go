package directory_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// What suites by others ask of a server, and no provider's sequence has (RFC 7643, RFC 7644; the sections are named).
func TestWhatTheStandardsWant(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		work, home := object{"value": "a@acme.example", "type": "work", "primary": true}, object{"value": "b@acme.example", "type": "home", "primary": true}
		primaries := func(got answer) (values []string) {
			list, _ := got.Body["emails"].([]any)
			for _, one := range list {
				if first, _ := one.(object)["primary"].(bool); first {
					values = append(values, one.(object)["value"].(string))
				}
			}
			return values
		}
		both := b.send("POST", "/Users", object{"userName": "both", "emails": []object{work, home}})
		require.True(t, both.Status == http.StatusBadRequest || len(primaries(both)) == 1, "7643 2.4: %s", both.Text)
		twice := b.send("POST", "/Users", object{"userName": "twice", "emails": []object{work, work}})
		require.True(t, twice.Status == http.StatusBadRequest || len(twice.Body["emails"].([]any)) == 1, "7643 2.4: %s", twice.Text)

		one := b.is(http.StatusCreated, b.send("POST", "/Users", object{"userName": "one", "displayName": "CaSe", "emails": []object{work}, "nickName": nil, "roles": []object{}}))
		require.Equal(t, "CaSe", one.Body["displayName"], "7643 7: as it was sent")
		require.NotContains(t, one.Body, "nickName", "7643 2.5")
		require.NotContains(t, one.Body, "roles", "7643 2.5")
		require.NotContains(t, one.Body, "externalId", "7643 3.1: the client's alone")
		at := "/Users/" + one.id()
		second := b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "add", "path": "emails", "value": []object{home}})))
		require.Equal(t, []string{"b@acme.example"}, primaries(second), "7644 3.5.2: the new one is the only one")
		b.refused(http.StatusBadRequest, "mutability", b.send("PATCH", at, patch(
			object{"op": "replace", "path": "displayName", "value": "never"}, object{"op": "remove", "path": "userName"})))
		require.Equal(t, "CaSe", b.send("GET", at, nil).Body["displayName"], "7644 3.5.2: all or nothing")
		b.refused(http.StatusBadRequest, "invalidValue", b.send("PUT", at, object{"displayName": "no name"}))
		require.Equal(t, one.id(), b.is(http.StatusOK, b.send("PUT", at, object{"userName": "one", "id": "other"})).id(), "7644 3.5.1")
		filled := b.is(http.StatusOK, b.send("PATCH", at, patch(object{"op": "add", "path": "name", "value": object{"givenName": "G"}}, object{"op": "replace", "path": "nickName", "value": "N"})))
		require.Equal(t, object{"givenName": "G"}, filled.Body["name"], "7644 3.5.2.1")
		require.Equal(t, "N", filled.Body["nickName"], "7644 3.5.2.3: what is not there is added")
		for _, filter := range []string{"(((", `userName regex "x"`, `userName eq`, `eq "x"`, `userName eq "x" and`} {
			b.refused(http.StatusBadRequest, "invalidFilter", b.send("GET", "/Users?filter="+filter, nil))
		}
		group := b.group("Sales", one.id())
		member := b.send("GET", "/Groups/"+group, nil).Body["members"].([]any)[0].(object)
		require.Equal(t, "User", member["type"])
		followed := b.call("GET", member["$ref"].(string), nil, "Authorization", "Bearer "+b.token)
		require.Equal(t, one.id(), b.is(http.StatusOK, followed).id(), "7643 2.3.7: a reference can be followed")
	})
}

// What /Schemas says can be written: a user with a value in each attribute is taken and read back.
func TestWhatIsAdvertisedIsTaken(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		schemas := map[string][]any{}
		for _, one := range b.is(http.StatusOK, b.send("GET", "/Schemas", nil)).found() {
			schemas[one["id"].(string)] = one["attributes"].([]any)
		}
		body := made(schemas[core])
		for urn, attributes := range schemas {
			if urn != core && urn != groupURN {
				body[urn] = made(attributes)
			}
		}
		got := b.is(http.StatusCreated, b.send("POST", "/Users", body))
		delete(body, "password")
		for name, value := range body {
			require.EqualValues(t, value, got.Body[name], name)
		}
	})
}

// made is an object with a value in each attribute that clients may write.
func made(attributes []any) object {
	all := object{}
	for _, one := range attributes {
		attribute := one.(object)
		if attribute["mutability"] == "readOnly" {
			continue
		}
		value := madeValue(attribute)
		if many, _ := attribute["multiValued"].(bool); many {
			value = []any{value}
		}
		all[attribute["name"].(string)] = value
	}
	return all
}

func madeValue(attribute object) any {
	switch attribute["type"] {
	case "boolean":
		return true
	case "dateTime":
		return "2026-11-27T09:00:00Z"
	case "binary":
		return "AAEC"
	case "reference":
		return "https://acme.example/x"
	case "complex":
		return made(attribute["subAttributes"].([]any))
	}
	if values, ok := attribute["canonicalValues"].([]any); ok {
		return values[0]
	}
	return "value of " + attribute["name"].(string)
}
