package target_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/target"
)

// company is a target with ana and ben, of whom ben is in Editors, and the ids of all three.
func company(t *testing.T, options target.Options) (system *target.Target, api, ana, ben, editors string) {
	t.Helper()
	options.Users = []target.User{{Email: "ana@example.com", Name: "Ana", Title: "Editor"}, {Email: "ben@example.com", Name: "Ben"}}
	options.Groups = []target.Group{{Name: "Editors", Members: []string{"ben@example.com"}}}
	system, address := serve(t, options)
	a, _ := system.User("ana@example.com")
	b, _ := system.User("ben@example.com")
	return system, address + "/scim/v2", a.ID, b.ID, find(t, address, "Groups")
}

// TestPatchShapes sends the shapes of PATCH that identity providers and clients are known to send.
func TestPatchShapes(t *testing.T) {
	t.Parallel()
	const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	for name, tc := range map[string]struct {
		// path is "user" or "group"; ANA and BEN in the operation stand for ids.
		path, operation string
		holds           func(user, group map[string]any) any
		want            any
	}{
		"no path":             {"user", `{"op":"replace","value":{"active":false}}`, func(u, _ map[string]any) any { return u["active"] }, false},
		"capital and text":    {"user", `{"op":"Replace","path":"active","value":"False"}`, func(u, _ map[string]any) any { return u["active"] }, false},
		"plain":               {"user", `{"op":"replace","path":"active","value":false}`, func(u, _ map[string]any) any { return u["active"] }, false},
		"dotted and URN keys": {"user", `{"op":"replace","value":{"name.givenName":"A","` + enterprise + `:department":"Design"}}`, func(u, _ map[string]any) any { return fmt.Sprint(u["name"], u[enterprise]) }, "map[givenName:A] map[department:Design]"},
		"element by filter":   {"user", `{"op":"replace","path":"emails[type eq \"work\"].value","value":"new@example.com"}`, func(u, _ map[string]any) any { return u["emails"].([]any)[0].(map[string]any)["value"] }, "new@example.com"},
		"new element":         {"user", `{"op":"add","path":"emails[type eq \"home\"].value","value":"home@example.com"}`, func(u, _ map[string]any) any { return len(u["emails"].([]any)) }, 2},
		"core URN":            {"user", `{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:title","value":"Boss"}`, func(u, _ map[string]any) any { return u["title"] }, "Boss"},
		"remove a value":      {"user", `{"op":"remove","path":"title"}`, func(u, _ map[string]any) any { return u["title"] }, nil},
		"add a member":        {"group", `{"op":"Add","path":"members","value":[{"$ref":null,"value":"ANA"}]}`, members, "ana@example.com ben@example.com"},
		"add a member twice":  {"group", `{"op":"add","path":"members","value":[{"value":"BEN"},{"value":"BEN"}]}`, members, "ben@example.com"},
		"remove by value":     {"group", `{"op":"Remove","path":"members","value":[{"$ref":null,"value":"ANA"}]}`, members, "ben@example.com"},
		"remove by filter":    {"group", `{"op":"remove","path":"members[value eq \"BEN\"]"}`, members, ""},
		"remove nobody":       {"group", `{"op":"remove","path":"members[value eq \"ANA\"]"}`, members, "ben@example.com"},
		"full set":            {"group", `{"op":"replace","path":"members","value":[{"value":"ANA"}]}`, members, "ana@example.com"},
		"id in the value":     {"group", `{"op":"replace","value":{"id":"other","displayName":"Authors"}}`, func(_, g map[string]any) any { return g["displayName"] }, "Authors"},
		"empty the group":     {"group", `{"op":"remove","path":"members"}`, members, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, api, ana, ben, editors := company(t, target.Options{})
			paths := map[string]string{"user": api + "/Users/" + ana, "group": api + "/Groups/" + editors}
			operation := strings.NewReplacer("ANA", ana, "BEN", ben).Replace(tc.operation)
			change(t, http.MethodPatch, paths[tc.path], `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[`+operation+`]}`)
			user, group := body(t, call(t, http.MethodGet, paths["user"], "")), body(t, call(t, http.MethodGet, paths["group"], ""))
			require.Equal(t, tc.want, tc.holds(user, group))
		})
	}
}

func members(_, group map[string]any) any {
	names := []string{}
	list, _ := group["members"].([]any)
	for _, m := range list {
		names = append(names, m.(map[string]any)["display"].(string))
	}
	if len(names) == 2 && names[0] > names[1] {
		names[0], names[1] = names[1], names[0]
	}
	return strings.Join(names, " ")
}

// TestPatchIsAllOrNothing lets the second operation fail; the first must not stay.
func TestPatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	system, api, ana, _, _ := company(t, target.Options{})
	response := call(t, http.MethodPatch, api+"/Users/"+ana, `{"Operations":[{"op":"replace","path":"active","value":false},{"op":"replace","path":"emails[type eq \"fax\"]","value":{}}]}`)
	require.Equal(t, http.StatusBadRequest, response.StatusCode)
	require.Equal(t, "noTarget", body(t, response)["scimType"])
	user, _ := system.User("ana@example.com")
	require.True(t, user.Active)
	require.Zero(t, system.Mutations())
}

func TestFilters(t *testing.T) {
	t.Parallel()
	_, api, ana, ben, editors := company(t, target.Options{})
	for filter, want := range map[string]int{
		`userName eq "ANA@example.com"`: 1, `USERNAME EQ "ana@example.com"`: 1, `userName eq "nobody"`: 0,
		`userName sw "a" and active eq true`: 1, `userName sw "a" or userName sw "b"`: 2, `not (userName sw "a")`: 1,
		`emails[type eq "work" and value co "ben"]`: 1, `emails.value eq "ben@example.com"`: 1, `emails pr`: 2, `title pr`: 1,
		`id eq "` + ana + `"`: 1, `id eq "` + strings.ToUpper(ana) + `x"`: 0, `active ne true`: 0, `userName ew "example.com"`: 2,
		`urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ana@example.com"`: 1,
	} {
		require.EqualValues(t, want, total(t, api+"/Users", filter), filter)
	}
	require.EqualValues(t, 1, total(t, api+"/Groups", `id eq "`+editors+`" and members eq "`+ben+`"`))
	require.EqualValues(t, 0, total(t, api+"/Groups", `id eq "`+editors+`" and members eq "`+ana+`"`))
	for _, broken := range []string{`userName`, `userName eq`, `userName eq ana`, `eq "a"`, `(userName pr`, `userName pr)`, `emails[type eq "a"`, `userName eq "a" and`, `a xx "b"`, `userName eq {}`, strings.Repeat("(", 100)} {
		response := call(t, http.MethodGet, api+"/Users?filter="+url.QueryEscape(broken), "")
		require.Equal(t, http.StatusBadRequest, response.StatusCode, broken)
		require.Equal(t, "invalidFilter", body(t, response)["scimType"])
	}
}

func total(t *testing.T, list, filter string) any {
	t.Helper()
	return body(t, call(t, http.MethodGet, list+"?filter="+url.QueryEscape(filter), ""))["totalResults"]
}

func TestPages(t *testing.T) {
	t.Parallel()
	_, api, _, _, _ := company(t, target.Options{})
	for query, want := range map[string]string{
		"": "2 1 2", "?count=1": "2 1 1", "?startIndex=2&count=5": "2 2 1", "?startIndex=0": "2 1 2", "?count=-1": "2 1 0", "?count=0": "2 1 0", "?startIndex=9": "2 9 0",
	} {
		page := body(t, call(t, http.MethodGet, api+"/Users"+query, ""))
		require.Equal(t, want, fmt.Sprint(page["totalResults"], page["startIndex"], len(page["Resources"].([]any))), query)
	}
	only := body(t, call(t, http.MethodGet, api+"/Users?attributes=userName", ""))["Resources"].([]any)[0].(map[string]any)
	require.Len(t, only, 3, "id and schemas are always there")
	require.NotContains(t, body(t, call(t, http.MethodGet, api+"/Groups?excludedAttributes=members", ""))["Resources"].([]any)[0], "members")
}

func TestErrors(t *testing.T) {
	t.Parallel()
	_, api, ana, _, editors := company(t, target.Options{NoPatch: true})
	for name, tc := range map[string]struct {
		method, path, content string
		status                int
		kind                  any
	}{
		"no such user":       {http.MethodGet, "/Users/x", "", 404, nil},
		"no such kind":       {http.MethodGet, "/Things", "", 404, nil},
		"put makes nothing":  {http.MethodPut, "/Users/x", `{"userName":"x"}`, 404, nil},
		"taken name":         {http.MethodPost, "/Users", `{"userName":"ANA@example.com"}`, 409, "uniqueness"},
		"taken group":        {http.MethodPost, "/Groups", `{"displayName":"editors"}`, 409, "uniqueness"},
		"no name":            {http.MethodPost, "/Users", `{}`, 400, "invalidValue"},
		"no JSON":            {http.MethodPost, "/Users", `<user/>`, 400, "invalidSyntax"},
		"active is a number": {http.MethodPut, "/Users/" + ana, `{"userName":"ana@example.com","active":7}`, 400, "invalidValue"},
		"unknown member":     {http.MethodPut, "/Groups/" + editors, `{"displayName":"Editors","members":[{"value":"x"}]}`, 400, "invalidValue"},
		"no PATCH here":      {http.MethodPatch, "/Users/" + ana, `{"Operations":[]}`, 501, nil},
		"configuration":      {http.MethodPut, "/ServiceProviderConfig", `{}`, 405, nil},
		"delete all":         {http.MethodDelete, "/Users", "", 405, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := call(t, tc.method, api+tc.path, tc.content)
			require.Equal(t, tc.status, response.StatusCode)
			require.Equal(t, "application/scim+json", response.Header.Get("Content-Type"))
			answer := body(t, response)
			require.Equal(t, fmt.Sprint(tc.status), answer["status"], "a string, as the RFC wants it")
			require.Equal(t, tc.kind, answer["scimType"])
			require.NotEmpty(t, answer["detail"])
		})
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, api+"/Users", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer wrong")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusUnauthorized, response.StatusCode)
	require.NotEmpty(t, response.Header.Get("WWW-Authenticate"))
}

// TestLifeOfAResource makes, replaces and deletes a user, with versions, and sees the group forget it.
func TestLifeOfAResource(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 11, 2, 13, 0, time.UTC)
	system, api, _, ben, editors := company(t, target.Options{Clock: func() time.Time { return now }})
	made := change(t, http.MethodPost, api+"/Users", `{"userName":"zoe@example.com","id":"mine","password":"p","groups":[{"value":"x"}]}`)
	require.Equal(t, http.StatusCreated, made.StatusCode)
	zoe := body(t, made)
	require.NotEqual(t, "mine", zoe["id"])
	require.NotContains(t, zoe, "password")
	require.Equal(t, "/scim/v2/Users/"+zoe["id"].(string), made.Header.Get("Location"))
	require.Equal(t, made.Header.Get("Location"), zoe["meta"].(map[string]any)["location"])
	require.Equal(t, "2026-11-21T11:02:13Z", zoe["meta"].(map[string]any)["created"])

	same := change(t, http.MethodPut, made.Request.URL.String()+"/"+zoe["id"].(string), `{"userName":"zoe@example.com","active":true}`)
	require.Equal(t, made.Header.Get("ETag"), same.Header.Get("ETag"), "what changes nothing leaves the version")
	other := change(t, http.MethodPut, made.Request.URL.String()+"/"+zoe["id"].(string), `{"userName":"zoe@example.com","active":false}`)
	require.NotEqual(t, made.Header.Get("ETag"), other.Header.Get("ETag"))

	require.Equal(t, http.StatusNoContent, change(t, http.MethodDelete, api+"/Users/"+ben, "").StatusCode)
	require.Equal(t, http.StatusNotFound, call(t, http.MethodDelete, api+"/Users/"+ben, "").StatusCode)
	require.Empty(t, system.Members("Editors"))
	require.Empty(t, body(t, call(t, http.MethodGet, api+"/Groups/"+editors, ""))["members"])
	require.Nil(t, system.Members("Nobody"))
}

// TestFailuresOnDemand lets requests fail, then work again; Wait sees the change that follows.
func TestFailuresOnDemand(t *testing.T) {
	t.Parallel()
	system, api, ana, _, _ := company(t, target.Options{Delay: time.Millisecond})
	system.Fail(2, http.StatusTooManyRequests)
	for range 2 {
		response := call(t, http.MethodGet, api+"/Users", "")
		require.Equal(t, http.StatusTooManyRequests, response.StatusCode)
		require.Equal(t, "1", response.Header.Get("Retry-After"))
	}
	require.Equal(t, http.StatusOK, call(t, http.MethodGet, api+"/Users", "").StatusCode)
	require.True(t, system.SetMode(target.ReadOnly))
	require.False(t, system.SetMode("asleep"))
	require.Equal(t, http.StatusForbidden, call(t, http.MethodDelete, api+"/Users/"+ana, "").StatusCode)
	require.Equal(t, http.StatusOK, call(t, http.MethodGet, api+"/Users/"+ana, "").StatusCode)
	require.True(t, system.SetMode(target.Online))

	gone := make(chan error, 1)
	go func() {
		gone <- system.Wait(t.Context(), func() bool { _, ok := system.User("ana@example.com"); return !ok })
	}()
	change(t, http.MethodDelete, api+"/Users/"+ana, "")
	require.NoError(t, <-gone)
}
