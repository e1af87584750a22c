package scim_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/directory/scim"
)

// requireForClients checks that an error is one that a client may read.
func requireForClients(t *testing.T, err error) {
	t.Helper()
	var refused *scim.Error
	require.ErrorAs(t, err, &refused)
	require.Contains(t, []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge}, refused.Status)
	require.NotEmpty(t, refused.Detail)
	require.True(t, utf8.ValidString(refused.Detail))
	require.Less(t, len(refused.Detail), 2_000, "a refusal repeats little of what was sent")
}

// FuzzParseFilter reads any text: it is refused, or it can be asked, and its equalities hold for whom it chooses.
func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{
		`userName eq "ana"`, `emails[type eq "work" and (value co "@x" or primary eq "True")].value sw "a"`, `not (active eq true) and id eq "1" or meta.created gt "2026-01-01"`,
		enterprise + `:manager.value ne null`, `userName eq "\ud800"`, `((((`, `a[b`, `a].b`, `"`, `shoeSize le -1.5e3`, "\xff", `emails[type pr].value pr`, enterprise + ` pr`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for kind, stored := range map[*scim.Type]string{scim.Users(): bo, scim.Groups(): `{"id":"g","displayName":"x","members":[{"value":"u"}]}`} {
			filter, err := scim.ParseFilter(kind, text)
			if err != nil {
				requireForClients(t, err)
				continue
			}
			r := object(t, stored)
			chosen := filter.Match(r)
			require.JSONEq(t, stored, written(t, r))
			all := true
			for _, equality := range filter.Equalities() {
				require.Equal(t, strings.ToLower(equality.Attribute), equality.Attribute)
				if _, isText := equality.Value.(string); !isText || isASCII(text) {
					all = all && has(r, equality)
				}
			}
			require.True(t, all || !chosen, "%q chooses whom its equalities leave out", text)
			filter.Match(scim.Resource{"emails": "x", "name": []any{nil, 1.0}, enterprise: 7, "active": []any{}, "meta": map[string]any{"created": map[string]any{}}})
		}
	})
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

// FuzzParsePatch reads any body: it is refused, or it can be applied, and applied again, without a change of what was given.
func FuzzParsePatch(f *testing.F) {
	for _, seed := range []string{
		`{"op":"Replace","path":"active","value":"False"}`, `{"op":"replace","value":{"name.givenName":"y","` + enterprise + `:manager":"m","emails[type eq \"work\"].value":"x"}}`,
		`{"op":"remove","path":"members","value":[{"value":"1"}]}`, `{"op":"remove","path":"members[value eq \"1\"]"}`, `{"op":"add","path":"members","value":["1",{"value":"2"}]}`,
		`{"op":"add","path":"emails","value":[{"value":"a","primary":true}]},{"op":"remove","path":"emails[primary eq true].value"}`, `{"op":"remove","path":"` + enterprise + `"}`,
		`{"op":"replace","path":"name","value":{"givenName":null}}`, `{"op":"replace","value":{"` + enterprise + `":{"":{"a":1},"department":null}}}`, `{"op":"add","path":"roles.value","value":null}`,
	} {
		f.Add(operations(seed))
	}
	f.Add([]byte(`{"Operations":[[[[[[[[[[[]]]]]]]]]]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for kind, stored := range map[*scim.Type]string{scim.Users(): ana, scim.Groups(): `{"schemas":["` + coreGroup + `"],"displayName":"x","members":[{"value":"1"}]}`} {
			p, err := scim.ParsePatch(kind, body)
			if err != nil {
				requireForClients(t, err)
				continue
			}
			for _, change := range p.Members() {
				require.Equal(t, change.Op == scim.ClearMembers, len(change.Values) == 0)
			}
			r := object(t, stored)
			after, changed, err := p.Apply(r)
			require.JSONEq(t, stored, written(t, r))
			if err != nil {
				requireForClients(t, err)
				continue
			}
			require.Equal(t, r["members"], after["members"])
			require.NotContains(t, after, "password")
			require.Equal(t, r["id"], after["id"])
			again, changedAgain, err := p.Apply(r)
			require.NoError(t, err)
			require.Equal(t, after, again)
			require.Equal(t, changed, changedAgain)
			requireReadable(t, kind, after)
		}
	})
}

// FuzzRead reads any body: it is refused, or what is read is read again as the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		ana, bo, `{"userName":"a","emails":"b","roles":[null,{}],"` + enterprise + `:manager":["m"],"urn:scim:schemas:core:1.0":{"title":"x"}}`,
		`{"displayName":"x","members":["1",{"value":"2","type":"Group"}],"userName":"b"}`, `{"userName":"a","addresses":[{"type":"work"},{"type":"work"}],"emails.value":"x"}`,
		`{"userName":"a","USERNAME":"b"}`, `{"userName":"\u0000"}`, `{"userName":"a","emails[type eq \"work\"].value":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, kind := range []*scim.Type{scim.Users(), scim.Groups()} {
			r, err := scim.Read(kind, body)
			if err != nil {
				requireForClients(t, err)
				continue
			}
			require.NotContains(t, r, "password")
			require.NotContains(t, r, "id")
			requireReadable(t, kind, r)
			old, now := scim.Changed(kind, r, r)
			require.Empty(t, old)
			require.Empty(t, now)
		}
	})
}

// requireReadable checks that a resource is in the form that Read gives it.
func requireReadable(t *testing.T, kind *scim.Type, r scim.Resource) {
	t.Helper()
	again, err := scim.Read(kind, []byte(written(t, r)))
	require.NoError(t, err)
	want := object(t, written(t, r))
	delete(want, "id")
	require.JSONEq(t, written(t, want), written(t, again))
	seen := scim.Selection{}.Of(kind, again)
	if list, isList := again["members"].([]any); isList && len(list) == 0 {
		delete(again, "members")
	}
	require.JSONEq(t, written(t, again), written(t, seen))
}
