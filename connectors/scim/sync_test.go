package scim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/connectors"
)

// account reads an account at the target itself, without the connector and its tricks; nil if there is none.
func (b *bench) account(t require.TestingT, name string) map[string]any {
	user, exists := b.system.User(name)
	if !exists {
		return nil
	}
	request := httptest.NewRequest(http.MethodGet, "/scim/v2/Users/"+user.ID, nil)
	request.Header.Set("Authorization", "Bearer "+secret)
	recorder := httptest.NewRecorder()
	b.system.Handler().ServeHTTP(recorder, request)
	var body map[string]any
	require.NoError(t, json.Unmarshal(recorder.Body.Bytes(), &body))
	delete(body, "meta")
	return body
}

func (b *bench) sync(t *testing.T, resource map[string]any, more ...string) connectors.Result {
	t.Helper()
	args := map[string]any{"resource": resource}
	for i := 0; i+1 < len(more); i += 2 {
		args[more[i]] = more[i+1]
	}
	return b.run(t, t.Context(), "sync_user", connectors.Call{Args: args})
}

// TestSyncChangesWhatIsNamed moves a person by PATCH and by PUT. What others wrote stays as it is.
func TestSyncChangesWhatIsNamed(t *testing.T) {
	t.Parallel()
	for _, patch := range []string{"on", "off"} {
		t.Run("patch "+patch, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil, map[string]any{"patch": patch})
			require.Equal(t, connectors.Applied, b.run(t, t.Context(), "allocate_license", connectors.Call{Target: "Pro"}).Outcome)
			before := b.account(t, "ana@example.com")
			writes := b.wire.Writes()
			require.Equal(t, connectors.Applied, b.sync(t, joined).Outcome)
			require.Equal(t, connectors.Already, b.sync(t, joined).Outcome)
			require.Equal(t, writes+1, b.wire.Writes())
			after := b.account(t, "ana@example.com")
			require.Equal(t, before["entitlements"], after["entitlements"], "what the resource does not name stays")
			require.Equal(t, "Ana", after["displayName"])
			require.Equal(t, joined["emails"], after["emails"])
			require.Equal(t, joined[enterpriseUser], after[enterpriseUser])
			require.Contains(t, after["schemas"], enterpriseUser)

			moving := b.sync(t, moved)
			require.Equal(t, connectors.Applied, moving.Outcome, moving.Summary)
			require.Equal(t, "Wrote the account of ana@example.com as the directory has it", moving.Summary)
			require.Equal(t, map[string]any{"exists": true, "id": before["id"], "active": false}, moving.Output)
			after = b.account(t, "ana@example.com")
			require.Equal(t, map[string]any{"givenName": "Ana Maria", "familyName": "Santos"}, after["name"], "parts that are not named stay")
			require.Equal(t, map[string]any{"department": "Sales"}, after[enterpriseUser])
			require.NotContains(t, after, "nickName")
			require.Empty(t, after["phoneNumbers"])
			require.Equal(t, before["entitlements"], after["entitlements"])
			require.Equal(t, false, after["active"])
			require.Equal(t, map[string]any{"unheard": "of"}, after["urn:example:1"])
		})
	}
}

// TestSyncCreates makes an account with what is asked for, and nothing that is not its service's to be told.
func TestSyncCreates(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, nil)
	result := b.sync(t, map[string]any{
		"id": "x", "password": "hunter2", "meta": map[string]any{"version": "1"}, "groups": []any{map[string]any{"value": "y"}},
		"userName": "asilva", "title": "Editor", "nickName": nil, "emails": []any{}, enterpriseUser: map[string]any{"department": "Design"},
	}, "user", "zoe@example.com")
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Equal(t, "Wrote the account of zoe@example.com as the directory has it", result.Summary)
	made := b.account(t, "zoe@example.com")
	require.NotEqual(t, "x", made["id"])
	delete(made, "id")
	require.Equal(t, map[string]any{
		"schemas": []any{"urn:ietf:params:scim:schemas:core:2.0:User", enterpriseUser}, "groups": []any{},
		"userName": "zoe@example.com", "title": "Editor", "active": true, enterpriseUser: map[string]any{"department": "Design"},
	}, made)
}

// TestSyncRenames follows a person whose userName changed, and does not choose between two accounts.
func TestSyncRenames(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, nil)
	ana := b.account(t, "ana@example.com")["id"]
	for _, step := range []struct {
		name, before string
		outcome      connectors.Outcome
		summary      string
	}{
		{"a.santos@example.com", "ana@example.com", connectors.Applied, "Wrote the account of a.santos@example.com as the directory has it"},
		{"a.santos@example.com", "ana@example.com", connectors.Already, "The account of a.santos@example.com is as the directory says"},
		{"A.Santos@example.com", "A.Santos@Example.com", connectors.Already, "The account of A.Santos@example.com is as the directory says"},
		{"ben@example.com", "a.santos@example.com", connectors.Refused, "Refused: both a.santos@example.com and ben@example.com have an account: delete one, or rename it"},
		{"cleo@example.com", "nobody@example.com", connectors.Applied, "Wrote the account of cleo@example.com as the directory has it"},
	} {
		result := b.sync(t, map[string]any{"userName": step.name}, "previous_user", step.before)
		require.Equal(t, step.outcome, result.Outcome, result.Summary)
		require.Equal(t, step.summary, result.Summary)
	}
	require.Equal(t, ana, b.account(t, "a.santos@example.com")["id"], "it is the same account")
	require.Nil(t, b.account(t, "ana@example.com"))
	require.NotNil(t, b.account(t, "cleo@example.com"))
}

// TestSyncRefusesWhatIsNoUser refuses a resource that says nothing, or nobody.
func TestSyncRefusesWhatIsNoUser(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, nil)
	for name, call := range map[string]connectors.Call{
		"argument \"resource\" is missing": {},
		"must be of type map":              {Args: map[string]any{"resource": "ana"}},
		"is no SCIM user: it must name":    {Args: map[string]any{"resource": map[string]any{}}},
		"is no SCIM user":                  {Args: map[string]any{"resource": map[string]any{"title": make(chan int)}}},
		"which names the account":          {Args: map[string]any{"resource": map[string]any{"title": "x"}}, Subject: connectors.Person{Email: " "}},
	} {
		result := b.run(t, t.Context(), "sync_user", call)
		require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
		require.Contains(t, result.Summary, name)
	}
	require.Zero(t, b.wire.Writes())
}

// forgetful is a target that takes nickName, name.formatted and an unknown extension and keeps none of them. With
// schemas it says so.
func forgetful(schemas string) trick {
	drop := each(func(o map[string]any) {
		delete(o, "nickName")
		delete(o, "urn:example:1")
		if name, ok := o["name"].(map[string]any); ok {
			delete(name, "formatted")
		}
	})
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/Schemas") && schemas != "" {
			_, _ = io.WriteString(w, schemas)
			return
		}
		drop(w, r, next)
	}
}

// TestSyncLeavesOutWhatIsNotKept looks in the target's schemas and in the settings for what it would ask for in vain.
func TestSyncLeavesOutWhatIsNotKept(t *testing.T) {
	t.Parallel()
	const schemas = `{"totalResults":2,"Resources":[{"id":"urn:ietf:params:scim:schemas:core:2.0:User","attributes":[
		{"name":"title"},{"name":"userName"},{"name":"nickName","mutability":"readOnly"},{"name":"displayName"},{"name":"emails"},
		{"name":"name","subAttributes":[{"name":"familyName"},{"name":"formatted","mutability":"readOnly"}]}]},
		{"id":"` + enterpriseUser + `","attributes":[{"name":"department"}]}]}`
	wanted := map[string]any{
		"nickName": "Ana", "title": "Editor", "externalId": "7", "name": map[string]any{"familyName": "Silva", "formatted": "A. Silva"},
		"urn:example:1": map[string]any{"unheard": "of"}, enterpriseUser: map[string]any{"department": "Design", "costCenter": "12"},
		"emails": []any{map[string]any{"value": "ana@example.com", "type": "work"}},
	}
	b := newBench(t, forgetful(schemas), nil)
	require.Equal(t, connectors.Applied, b.sync(t, wanted).Outcome)
	again := b.sync(t, wanted)
	require.Equal(t, connectors.Already, again.Outcome)
	require.Equal(t, "The account of ana@example.com is as the directory says; not kept there: name.formatted, nickName, urn:example:1, "+
		enterpriseUser+":costCenter", again.Summary)
	made := b.account(t, "ana@example.com")
	require.Equal(t, map[string]any{"department": "Design"}, made[enterpriseUser])
	require.Equal(t, "7", made["externalId"])
	require.NotContains(t, made, "nickName")

	for name, silent := range map[string]string{"none": "", "a list": "[]", "about something else": `{"Resources":[{"id":"urn:x"}]}`} {
		b = newBench(t, forgetful(silent), nil)
		lost := b.sync(t, wanted)
		require.Equal(t, connectors.Unknown, lost.Outcome, name)
		require.Contains(t, lost.Summary, "does not show: The account of ana@example.com differs in name.formatted, nickName, urn:example:1:unheard")
		b = newBench(t, forgetful(silent), map[string]any{"leave_out": "nickname, name.formatted,urn:example:1"})
		require.Equal(t, connectors.Applied, b.sync(t, wanted).Outcome, name)
		require.Equal(t, connectors.Already, b.sync(t, wanted).Outcome, name)
	}
}

// TestSyncAsksForSchemasAgain where the first answer said nothing that can be relied on.
func TestSyncAsksForSchemasAgain(t *testing.T) {
	t.Parallel()
	for code, outcome := range map[int]connectors.Outcome{503: connectors.Transient, 429: connectors.Transient, 500: connectors.Applied, 403: connectors.Applied} {
		b := newBench(t, func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if strings.HasSuffix(r.URL.Path, "/Schemas") {
				status(code)(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		}, nil)
		require.Equal(t, outcome, b.sync(t, map[string]any{"title": "Boss"}).Outcome, code)
		b.honest.Store(true)
		result := b.sync(t, map[string]any{"title": "Boss"})
		require.Contains(t, []connectors.Outcome{connectors.Applied, connectors.Already}, result.Outcome, result.Summary)
	}
}

// TestSyncSettlesWhatIsThere lets any resource meet any account, by PATCH and by PUT: once it is applied nothing more
// is to do, both ways lead to the same, and what the resource does not name is as it was.
func TestSyncSettlesWhatIsThere(t *testing.T) {
	t.Parallel()
	byPatch, byPut := newBench(t, nil, nil), newBench(t, nil, map[string]any{"patch": "off"})
	value := rapid.SampledFrom([]any{nil, "", "a", "B", `"]\`})
	parts := func(names ...string) *rapid.Generator[any] {
		return rapid.MapOf(rapid.SampledFrom(names), value).AsAny()
	}
	attributes := []struct {
		name   string
		values *rapid.Generator[any]
	}{
		{"active", rapid.SampledFrom([]any{true, false})},
		{"title", value},
		{"nickName", value},
		{"name", parts("givenName", "familyName", "formatted")},
		{enterpriseUser, rapid.OneOf(parts("department", "costCenter"), rapid.Just[any](nil))},
		{"emails", rapid.Custom(someEmails).AsAny()},
	}
	rapid.Check(t, func(rt *rapid.T) {
		wanted := map[string]any{"userName": "ana@example.com"}
		for _, attribute := range attributes {
			if rapid.Bool().Draw(rt, attribute.name+" is named") {
				wanted[attribute.name] = attribute.values.Draw(rt, attribute.name)
			}
		}
		before := byPatch.account(rt, "ana@example.com")
		for _, b := range []*bench{byPatch, byPut} {
			result := b.sync(t, wanted)
			require.Contains(rt, []connectors.Outcome{connectors.Applied, connectors.Already}, result.Outcome, result.Summary)
			require.Equal(rt, connectors.Already, b.sync(t, wanted).Outcome)
		}
		after, other := byPatch.account(rt, "ana@example.com"), byPut.account(rt, "ana@example.com")
		for name := range after {
			if _, named := wanted[name]; !named && name != "schemas" {
				require.Equal(rt, before[name], after[name], name)
			}
		}
		for _, name := range []string{"title", "nickName", "active", "emails", "displayName"} {
			require.Equal(rt, filled(after[name]), filled(other[name]), name)
		}
		require.Equal(rt, filled(after["name"]), filled(other["name"]))
		require.Equal(rt, filled(after[enterpriseUser]), filled(other[enterpriseUser]))
	})
}

// someEmails is a list of addresses, some with a type, at most one of them primary.
func someEmails(t *rapid.T) []any {
	list := []any{}
	for _, address := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a@example.com", "B@example.com", "c@example.com"}), rapid.ID).Draw(t, "addresses") {
		email := map[string]any{"value": address, "primary": len(list) == 1}
		if rapid.Bool().Draw(t, "has a type") {
			email["type"] = rapid.SampledFrom([]string{"work", "home"}).Draw(t, "type")
		}
		list = append(list, email)
	}
	return list
}

// filled is a value, or nil where it is empty in one of the ways that mean the same.
func filled(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
	}
	return value
}
