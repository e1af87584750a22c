package directory_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each of the twelve shapes of PATCH that identity providers send does over HTTP what its sender means.
func TestTwelveShapes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.user("dana@acme.example")
		user := func(operation object) object {
			t.Helper()
			return b.is(http.StatusOK, b.send("PATCH", "/Users/"+id, patch(operation))).Body
		}
		resume := func() { user(object{"op": "replace", "path": "active", "value": true}) }
		require.Equal(t, false, user(object{"op": "replace", "value": object{"active": false}})["active"], "shape 1")
		resume()
		require.Equal(t, false, user(object{"op": "Replace", "path": "active", "value": "False"})["active"], "shape 2")
		resume()
		require.Equal(t, false, user(object{"op": "replace", "path": "active", "value": false})["active"], "shape 3")
		resume()
		four := user(object{"op": "replace", "value": object{"displayName": "x", "name.givenName": "y", enterprise + ":employeeNumber": "z"}})
		require.Equal(t, []any{"x", object{"givenName": "y"}, object{"employeeNumber": "z"}}, []any{four["displayName"], four["name"], four[enterprise]}, "shape 4")
		bare := b.is(http.StatusCreated, b.send("POST", "/Users", object{"userName": "bare"})).id()
		five := b.is(http.StatusOK, b.send("PATCH", "/Users/"+bare, patch(object{"op": "Add", "path": `emails[type eq "work"].value`, "value": "bare@acme.example"})))
		require.Equal(t, "bare@acme.example", five.Body["emails"].([]any)[0].(object)["value"], "shape 5")
		require.Equal(t, bare, b.named(`emails[type eq "work"].value eq "bare@acme.example"`), "shape 5")
		for _, path := range []string{enterprise + ".manager", enterprise + ":manager"} {
			eleven := user(object{"op": "Add", "path": path, "value": bare})
			require.Equal(t, bare, eleven[enterprise].(object)["manager"].(object)["value"], "shape 11: "+path)
			user(object{"op": "remove", "path": enterprise + ":manager"})
		}

		third := b.user("cara@acme.example")
		group := b.group("Sales")
		members := func(operation object) []string {
			t.Helper()
			b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(operation)))
			return b.members(group)
		}
		withRef := func(ids ...string) []object {
			var all []object
			for _, id := range ids {
				all = append(all, object{"$ref": nil, "value": id})
			}
			return all
		}
		require.ElementsMatch(t, []string{id, bare, third}, members(object{"op": "Add", "path": "members", "value": withRef(id, bare, third)}), "shape 6")
		require.ElementsMatch(t, []string{bare, third}, members(object{"op": "Remove", "path": "members", "value": withRef(id)}), "shape 7")
		require.ElementsMatch(t, []string{third}, members(object{"op": "remove", "path": `members[value eq "` + bare + `"]`}), "shape 8")
		require.ElementsMatch(t, []string{id, bare}, members(object{"op": "replace", "path": "members", "value": values(id, bare)}), "shape 9")
		require.ElementsMatch(t, []string{id, bare}, members(object{"op": "replace", "value": object{"id": "other", "displayName": "EMEA"}}), "shape 10")
		require.Empty(t, members(object{"op": "remove", "path": "members"}), "shape 12")
		require.Equal(t, "group_emptied EMEA", kinds(b.changes(b.journal() - 1))[0], "shape 12 is told apart")
	})
}

// A patch is carried out as a whole or not at all.
func TestPatchesAreWhole(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id := b.user("dana@acme.example")
		group := b.group("Sales", id)
		before := b.journal()
		b.refused(http.StatusBadRequest, "invalidValue", b.send("PATCH", "/Groups/"+group, patch(
			object{"op": "remove", "path": "members"}, object{"op": "replace", "path": "displayName", "value": "EMEA"},
			object{"op": "add", "path": "members", "value": values("dus_0000000000")},
		)))
		require.Equal(t, []string{id}, b.members(group))
		b.refused(http.StatusBadRequest, "mutability", b.send("PATCH", "/Users/"+id, patch(
			object{"op": "replace", "path": "active", "value": false}, object{"op": "replace", "path": "meta.version", "value": "9"},
		)))
		require.Equal(t, before, b.journal())
		require.Equal(t, `W/"1"`, b.send("GET", "/Groups/"+group, nil).Header.Get("ETag"))
	})
}

// What operations on members come to together is what counts: the journal knows of one write.
func TestMembersMovedInOneWrite(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		one, two, three := b.user("one"), b.user("two"), b.user("three")
		group := b.group("Sales", one, two)
		out := func(id string) object { return object{"op": "remove", "path": `members[value eq "` + id + `"]`} }
		in := func(ids ...string) object { return object{"op": "add", "path": "members", "value": values(ids...)} }
		for name, tc := range map[string]struct {
			operations []object
			want       []string
		}{
			"one after the other, until none is left": {[]object{out(one), out(two)}, []string{"group_emptied Sales"}},
			"listed, and none is left":                {[]object{{"op": "remove", "path": "members", "value": values(one, two)}}, []string{"group_emptied Sales"}},
			"all in exchange for another":             {[]object{{"op": "replace", "path": "members", "value": values(three)}}, []string{"group_emptied Sales", "members_added Sales"}},
			"one in exchange for another":             {[]object{out(one), in(three)}, []string{"members_removed Sales", "members_added Sales"}},
			"out and in again":                        {[]object{out(one), in(one, two)}, []string{}},
			"in and out again":                        {[]object{in(three), out(three)}, []string{}},
			"emptied and filled with the same":        {[]object{{"op": "remove", "path": "members"}, in(two, one)}, []string{}},
			"nobody of a list":                        {[]object{{"op": "remove", "path": "members", "value": []object{}}}, []string{}},
			"whoever is not in it":                    {[]object{out(three), out("dus_0000000000")}, []string{}},
		} {
			b.is(http.StatusOK, b.send("PUT", "/Groups/"+group, object{"displayName": "Sales", "members": values(one, two)}))
			before, version := b.journal(), b.send("GET", "/Groups/"+group, nil).Header.Get("ETag")
			got := b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(tc.operations...)))
			require.Equal(t, tc.want, kinds(b.changes(before)), name)
			require.Equal(t, len(tc.want) == 0, version == got.Header.Get("ETag"), name)
		}
	})
}

// A PUT of a group that does not speak of members leaves them; one that lists none empties it.
func TestPutOfAGroup(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		one, two := b.user("one"), b.user("two")
		group := b.group("Sales", one, two)
		before := b.journal()
		b.is(http.StatusOK, b.send("PUT", "/Groups/"+group, object{"displayName": "EMEA"}))
		require.Len(t, b.members(group), 2)
		shown := b.is(http.StatusOK, b.send("PATCH", "/Groups/"+group+"?attributes=displayName", patch(object{"op": "replace", "path": "externalId", "value": "e1"})))
		require.Equal(t, object{"schemas": []any{groupURN}, "id": group, "displayName": "EMEA"}, shown.Body)
		b.is(http.StatusOK, b.send("PUT", "/Groups/"+group, object{"displayName": "EMEA", "members": []object{}}))
		require.Empty(t, b.members(group))
		require.Equal(t, []string{"group_updated EMEA", "group_updated EMEA", "group_updated EMEA", "group_emptied EMEA"}, kinds(b.changes(before)))
	})
}

// Who is deleted leaves the groups; each has a new version, and the journal says it once.
func TestDeletedUsersLeaveGroups(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		one, two := b.user("one"), b.user("two")
		group := b.group("Sales", one, two)
		listed := b.is(http.StatusOK, b.send("GET", "/Users/"+one, nil)).Body["groups"]
		require.Equal(t, []any{object{
			"value": group, "$ref": b.url + "/scim/v2/okta/Groups/" + group, "display": "Sales", "type": "direct",
		}}, listed)
		before := b.journal()
		b.is(http.StatusNoContent, b.send("DELETE", "/Users/"+one, nil))
		require.Equal(t, []string{two}, b.members(group))
		require.Equal(t, `W/"2"`, b.send("GET", "/Groups/"+group, nil).Header.Get("ETag"))
		require.Equal(t, []string{"user_suspended one", "user_deleted one"}, kinds(b.changes(before)))
		deleted := b.changes(before)[1]
		require.Equal(t, map[string]any{"userName": "one", "active": true, "emails[work]": "one", "emails[work].primary": true}, deleted.Before)
	})
}
