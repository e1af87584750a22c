package directory_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// named reads the one user that a provider finds by a filter, "" if there is none.
func (b *bundle) named(filter string) string {
	b.t.Helper()
	got := b.is(http.StatusOK, b.send("GET", "/Users?filter="+filter+"&startIndex=1&count=100", nil))
	found := got.found()
	require.EqualValues(b.t, len(found), got.Body["totalResults"])
	if len(found) == 0 {
		require.Equal(b.t, []any{}, got.Body["Resources"])
		return ""
	}
	return found[0]["id"].(string)
}

// Okta, of an app that its wizard made: it looks first, writes with PUT of what it read, and never deletes a user.
func TestOktaWizard(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.Empty(t, b.named(`userName eq "dana@acme.example"`))
		made := b.is(http.StatusCreated, b.send("POST", "/Users", object{
			"schemas": []string{core}, "userName": "dana@acme.example", "name": object{"givenName": "Dana", "familyName": "Lopez"},
			"emails": []object{{"primary": true, "value": "dana@acme.example", "type": "work"}}, "displayName": "Dana Lopez",
			"locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": []object{}, "password": "1mz050nq", "active": true,
		}))
		require.NotEmpty(t, made.id(), "an empty answer is a failure to Okta")
		id := b.named(`userName eq "Dana@Acme.example"`)
		require.Equal(t, made.id(), id)

		read := b.is(http.StatusOK, b.send("GET", "/Users/"+id, nil)).Body
		read["name"].(object)["familyName"] = "Lopez Ruiz"
		b.is(http.StatusOK, b.send("PUT", "/Users/"+id, read))
		read = b.is(http.StatusOK, b.send("GET", "/Users/"+id, nil)).Body
		read["active"] = false
		require.Equal(t, false, b.is(http.StatusOK, b.send("PUT", "/Users/"+id, read)).Body["active"])
		require.Equal(t, id, b.named(`userName eq "dana@acme.example"`), "who is suspended is there")
		read["active"] = true
		b.is(http.StatusOK, b.send("PUT", "/Users/"+id, read))

		group := b.is(http.StatusCreated, b.send("POST", "/Groups", object{"schemas": []string{groupURN}, "displayName": "Sales", "members": []object{}})).id()
		b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(
			object{"op": "replace", "value": object{"id": group, "displayName": "Sales EMEA"}},
			object{"op": "replace", "path": "members", "value": []object{{"value": id, "display": "dana@acme.example"}}},
		)))
		require.Equal(t, []string{id}, b.members(group))
		b.is(http.StatusOK, b.send("PUT", "/Groups/"+group, object{"schemas": []string{groupURN}, "id": group, "displayName": "Sales EMEA", "members": []object{}}))
		require.Empty(t, b.members(group))
		require.Equal(t, []string{
			"user_created dana@acme.example", "user_updated dana@acme.example", "user_suspended dana@acme.example", "user_resumed dana@acme.example",
			"group_created Sales", "group_updated Sales EMEA", "members_added Sales EMEA", "members_removed Sales EMEA",
		}, kinds(b.changes(0)))
	})
}

// Okta, of an app of its catalogue: (de)activation by PATCH without a path, members by PATCH.
func TestOktaCatalogue(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		id, other := b.user("dana@acme.example"), b.user("ben@acme.example")
		group := b.group("Sales", id, other)
		before := b.journal()
		b.is(http.StatusOK, b.send("PATCH", "/Users/"+id, patch(object{"op": "replace", "value": object{"active": false}})))
		b.is(http.StatusOK, b.send("PATCH", "/Users/"+id, patch(object{"op": "replace", "value": object{"active": true, "password": "x"}})))
		b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(
			object{"op": "replace", "value": object{"id": group, "displayName": "Sales"}},
			object{"op": "remove", "path": `members[value eq "` + id + `"]`},
		)))
		require.Equal(t, []string{other}, b.members(group))
		b.is(http.StatusNoContent, b.send("DELETE", "/Groups/"+group, nil))
		require.Equal(t, []string{
			"user_suspended dana@acme.example", "user_resumed dana@acme.example", "members_removed Sales", "group_deleted Sales",
		}, kinds(b.changes(before)))
	})
}

// Entra ID, with and without the flag aadOptscim062020: its test of the connection, soft and hard deletion, and groups.
func TestEntra(t *testing.T) {
	t.Parallel()
	for flag, shapes := range map[string]struct{ disable, add, remove func(id string) object }{
		"default": {
			disable: func(string) object { return object{"op": "Replace", "path": "active", "value": "False"} },
			add: func(id string) object {
				return object{"op": "Add", "path": "members", "value": []object{{"$ref": nil, "value": id}}}
			},
			remove: func(id string) object {
				return object{"op": "Remove", "path": "members", "value": []object{{"$ref": nil, "value": id}}}
			},
		},
		"flag": {
			disable: func(string) object { return object{"op": "replace", "path": "active", "value": false} },
			add: func(id string) object {
				return object{"op": "add", "path": "members", "value": []object{{"value": id}}}
			},
			remove: func(id string) object { return object{"op": "remove", "path": `members[value eq "` + id + `"]`} },
		},
	} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, b *bundle) {
				require.Empty(t, b.named(`userName eq "7f3a0c46-5a4b-4d0e-9f6d-0d6f7a1f0b11"`), "a random user on Test connection")
				require.Empty(t, b.is(http.StatusOK, b.send("GET", `/Groups?excludedAttributes=members&filter=displayName eq "random"`, nil)).found())
				b.is(http.StatusOK, b.send("GET", "/Schemas", nil))
				id := b.is(http.StatusCreated, b.send("POST", "/Users", object{
					"schemas":    []string{core, enterprise},
					"externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": "Dana_Lopez@acme.example", "active": true, "displayName": "Dana",
					"emails": []object{{"primary": true, "type": "work", "value": "Dana.Lopez@acme.example"}}, "meta": object{"resourceType": "User"},
					"name":     object{"formatted": "Dana Lopez", "familyName": "Lopez", "givenName": "Dana"},
					"roles":    []object{},
					enterprise: object{"employeeNumber": "1234", "department": "Sales"},
				})).id()
				for _, filter := range []string{
					`userName eq "dana_lopez@acme.example"`, `externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"`,
					`emails[type eq "work"].value eq "dana.lopez@acme.example"`, enterprise + `:employeeNumber eq "1234"`,
					`externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef" and active eq true`,
				} {
					require.Equal(t, id, b.named(filter), filter)
				}
				require.Empty(t, b.named(`externalId eq "0A21F0F2-8D2A-4F8E-BF98-7363C4AED4EF"`), "case counts")
				require.Empty(t, b.named(`emails[type eq "home"].value eq "dana.lopez@acme.example"`))

				group := b.is(http.StatusCreated, b.send("POST", "/Groups", object{
					"schemas":    []string{groupURN, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"},
					"externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", "displayName": "Sales", "meta": object{"resourceType": "Group"},
				})).id()
				listed := b.is(http.StatusOK, b.send("GET", "/Groups/"+group+"?excludedAttributes=members", nil))
				require.NotContains(t, listed.Body, "members")
				other := b.user("ben@acme.example")
				b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(shapes.add(id), shapes.add(other))))
				member := b.is(http.StatusOK, b.send("GET", `/Groups?excludedAttributes=members&filter=id eq "`+group+`" and members eq "`+id+`"`, nil))
				require.Len(t, member.found(), 1)
				b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(shapes.remove(id))))
				require.Equal(t, []string{other}, b.members(group), "only who was named")
				require.Empty(t, b.is(http.StatusOK, b.send("GET", `/Groups?excludedAttributes=members&filter=id eq "`+group+`" and members eq "`+id+`"`, nil)).found())

				before := b.journal()
				require.Equal(t, false, b.is(http.StatusOK, b.send("PATCH", "/Users/"+id, patch(shapes.disable(id)))).Body["active"])
				b.is(http.StatusNoContent, b.send("DELETE", "/Users/"+id, nil))
				require.Empty(t, b.named(`userName eq "dana_lopez@acme.example"`))
				require.Equal(t, []string{"user_suspended dana.lopez@acme.example", "user_deleted dana.lopez@acme.example"}, kinds(b.changes(before)))
				again := b.is(http.StatusCreated, b.send("POST", "/Users", object{"userName": "dana_lopez@acme.example"}))
				require.NotEqual(t, id, again.id())
			})
		})
	}
}

// OneLogin, whose template carries the URN of SCIM 1.0 and which updates with PUT or PATCH, as its administrator chose.
func TestOneLogin(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.Empty(t, b.named(`userName eq "dana@acme.example"`))
		body := object{
			"schemas":  []string{"urn:scim:schemas:core:1.0", "urn:scim:schemas:extension:enterprise:1.0"},
			"userName": "dana@acme.example", "displayName": "Dana", "name": object{"givenName": "Dana", "familyName": "Lopez", "formatted": "Dana Lopez"},
			"emails": []object{{"value": "dana@acme.example", "type": "work", "primary": true}},
			"urn:scim:schemas:extension:enterprise:1.0": object{"department": "Sales"}, "phoneNumbers": []object{},
		}
		made := b.is(http.StatusCreated, b.send("POST", "/Users", body))
		require.Equal(t, object{"department": "Sales"}, made.Body[enterprise])
		require.Equal(t, true, made.Body["active"])
		body["active"] = false
		require.Equal(t, false, b.is(http.StatusOK, b.send("PUT", "/Users/"+made.id(), body)).Body["active"])
		delete(body, "active")
		require.Equal(t, false, b.is(http.StatusOK, b.send("PUT", "/Users/"+made.id(), body)).Body["active"], "who is not spoken of does not return")
		b.is(http.StatusNoContent, b.send("DELETE", "/Users/"+made.id(), nil))
	})
}

// JumpCloud tries what it wants to do at set-up: a user and a group are made, changed and deleted.
func TestJumpCloud(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.Empty(t, b.named(`userName eq "test-user@acme.example"`))
		id := b.user("test-user@acme.example")
		b.is(http.StatusOK, b.send("PUT", "/Users/"+id, object{"schemas": []string{core}, "userName": "test-user@acme.example", "active": true, "displayName": "T"}))
		group := b.group("test-group")
		b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(object{"op": "add", "path": "members", "value": values(id)})))
		b.is(http.StatusNoContent, b.send("PATCH", "/Groups/"+group, patch(object{"op": "remove", "path": "members", "value": values(id)})))
		b.is(http.StatusNoContent, b.send("DELETE", "/Groups/"+group, nil))
		b.is(http.StatusNoContent, b.send("DELETE", "/Users/"+id, nil))
		require.Equal(t, []string{
			"user_created test-user@acme.example", "user_updated test-user@acme.example", "group_created test-group",
			"members_added test-group", "members_removed test-group", "group_deleted test-group",
			"user_suspended test-user@acme.example", "user_deleted test-user@acme.example",
		}, kinds(b.changes(0)))
	})
}

// Google probes for one user, and writes users only.
func TestGoogle(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		require.Empty(t, b.is(http.StatusOK, b.send("GET", "/Users?count=1", nil)).found())
		id := b.user("dana@acme.example")
		b.user("ben@acme.example")
		probe := b.is(http.StatusOK, b.send("GET", "/Users?count=1", nil))
		require.Len(t, probe.found(), 1)
		require.EqualValues(t, 2, probe.Body["totalResults"])
		require.Equal(t, id, b.named(`userName eq "dana@acme.example"`))
		b.is(http.StatusOK, b.send("PATCH", "/Users/"+id, patch(object{"op": "replace", "path": "active", "value": false})))
		b.is(http.StatusNoContent, b.send("DELETE", "/Users/"+id, nil))
	})
}
