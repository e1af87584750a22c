package slack_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// scim calls the SCIM API; body may be nil.
func (b *bundle) scim(token, method, path string, body any) (int, map[string]any) {
	b.t.Helper()
	raw := []byte{}
	if body != nil {
		var err error
		raw, err = json.Marshal(body)
		require.NoError(b.t, err)
	}
	req, err := http.NewRequestWithContext(b.ctx, method, b.SCIMURL()+path, bytes.NewReader(raw))
	require.NoError(b.t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/scim+json")
	res, err := http.DefaultClient.Do(req)
	require.NoError(b.t, err)
	defer res.Body.Close()
	answer := map[string]any{}
	if res.StatusCode != http.StatusNoContent {
		require.NoError(b.t, json.NewDecoder(res.Body).Decode(&answer))
	}
	return res.StatusCode, answer
}

func patch(operations ...map[string]any) map[string]any {
	return map[string]any{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": operations}
}

func newUser(name, email string) map[string]any {
	return map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": name,
		"name":   map[string]any{"givenName": "Carla", "familyName": "Reyes"},
		"emails": []map[string]any{{"value": email, "primary": true}},
	}
}

func TestSCIMUsers(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{BusinessPlus: true})
	key := b.admin("admin")
	status, made := b.scim(key, http.MethodPost, "Users", newUser("carla@example.com", "carla@example.com"))
	require.Equal(t, http.StatusCreated, status, "%v", made)
	require.Equal(t, "carla", made["userName"], "an e-mail becomes a handle")
	user, err := b.api.GetUserByEmail("carla@example.com")
	require.NoError(t, err)
	require.Equal(t, made["id"], user.ID)
	require.Equal(t, "Carla Reyes", user.RealName)

	for _, attribute := range []string{"email", "emails", "emails.value"} {
		_, found := b.scim(key, http.MethodGet, "Users?filter="+url.QueryEscape(attribute+` eq "CARLA@example.com"`), nil)
		require.EqualValues(t, 1, found["totalResults"], attribute)
	}
	_, found := b.scim(key, http.MethodGet, "Users?count=1&startIndex=2", nil)
	require.EqualValues(t, 3, found["totalResults"], "bots are no accounts")
	require.Len(t, found["Resources"], 1)
	status, _ = b.scim(key, http.MethodGet, "Users?filter="+url.QueryEscape(`shoe eq "42"`), nil)
	require.Equal(t, http.StatusBadRequest, status)

	require.NoError(t, b.SignIn("carla", "Mac", false))
	off := patch(map[string]any{"op": "replace", "path": "active", "value": false})
	status, body := b.scim(key, http.MethodPatch, "Users/"+user.ID, off)
	require.Equal(t, http.StatusOK, status, "%v", body)
	require.Equal(t, false, body["active"])
	require.Zero(t, b.Sessions("carla"))
	require.Equal(t, "users_not_found", b.call("users.lookupByEmail", "email", "carla@example.com")["error"])
	status, body = b.scim(key, http.MethodPost, "Users", newUser("carla2", "carla@example.com"))
	require.Equal(t, http.StatusConflict, status, "the e-mail of a deactivated account is taken")
	require.Equal(t, "email_taken", body["detail"])
	on := patch(map[string]any{"op": "Replace", "value": map[string]any{"active": true, "title": "Editor"}})
	_, body = b.scim(key, http.MethodPatch, "Users/"+user.ID, on)
	require.Equal(t, true, body["active"])
	require.Equal(t, "Editor", body["title"])
	status, _ = b.scim(key, http.MethodDelete, "Users/"+user.ID, nil)
	require.Equal(t, http.StatusNoContent, status)
	status, body = b.scim(key, http.MethodGet, "Users/"+user.ID, nil)
	require.Equal(t, http.StatusOK, status, "nobody is erased")
	require.Equal(t, false, body["active"])
}

func TestSCIMRefuses(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{BusinessPlus: true})
	key := b.admin("admin")
	boss := b.AddUser(slack.User{Name: "boss", Email: "boss@example.com", Owner: true}).ID
	off := patch(map[string]any{"op": "replace", "path": "active", "value": false})
	for name, tc := range map[string]struct {
		token, method, path string
		body                any
		want                int
	}{
		"no token":        {"", http.MethodGet, "Users", nil, 401},
		"a bot's token":   {b.app.BotToken, http.MethodGet, "Users", nil, 403},
		"another scope":   {b.admin("admin.users:read"), http.MethodGet, "Users", nil, 403},
		"an owner":        {key, http.MethodPatch, "Users/" + boss, off, 403},
		"nobody":          {key, http.MethodPatch, "Users/U0NOBODY", off, 404},
		"a bot":           {key, http.MethodGet, "Users/" + b.app.BotUser, nil, 404},
		"no operation":    {key, http.MethodPatch, "Users/" + b.ben.ID(), patch(), 400},
		"odd operation":   {key, http.MethodPatch, "Users/" + b.ben.ID(), patch(map[string]any{"op": "x"}), 400},
		"odd attribute":   {key, http.MethodPatch, "Users/" + b.ben.ID(), patch(map[string]any{"op": "replace", "path": "shoe", "value": "42"}), 400},
		"odd value":       {key, http.MethodPatch, "Users/" + b.ben.ID(), patch(map[string]any{"op": "replace", "path": "active", "value": "no"}), 400},
		"no e-mail":       {key, http.MethodPost, "Users", map[string]any{"userName": "dan"}, 400},
		"no name":         {key, http.MethodPost, "Users", newUser("", "dan@example.com"), 400},
		"name of a room":  {key, http.MethodPost, "Users", newUser("general", "dan@example.com"), 409},
		"no such things":  {key, http.MethodGet, "Things", nil, 404},
		"a verb too many": {key, http.MethodPost, "Users/" + boss, newUser("x", "x@example.com"), 403},
	} {
		status, body := b.scim(tc.token, tc.method, tc.path, tc.body)
		require.Equal(t, tc.want, status, "%s: %v", name, body)
		require.NotEmpty(t, body["detail"], name)
	}
	free := setup(t, slack.Options{})
	status, _ := free.scim(free.admin("admin"), http.MethodGet, "Users", nil)
	require.Equal(t, http.StatusForbidden, status, "the plan has no SCIM")
	require.NoError(t, b.ChangeUser("ana", func(u *slack.User) { u.Admin = false }))
	status, _ = b.scim(key, http.MethodGet, "Users", nil)
	require.Equal(t, http.StatusForbidden, status, "who made the token must stay an admin")
}

func TestSCIMGroups(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{Enterprise: true})
	key := b.admin("admin")
	status, made := b.scim(key, http.MethodPost, "Groups", map[string]any{
		"displayName": "Editors", "members": []map[string]any{{"value": b.ana.ID()}},
	})
	require.Equal(t, http.StatusCreated, status, "%v", made)
	id, _ := made["id"].(string)
	status, _ = b.scim(key, http.MethodPost, "Groups", map[string]any{"displayName": "Editors"})
	require.Equal(t, http.StatusConflict, status)
	_, found := b.scim(key, http.MethodGet, "Groups?filter="+url.QueryEscape(`displayName eq "Editors"`), nil)
	require.EqualValues(t, 1, found["totalResults"])
	member := []map[string]any{{"value": b.ben.ID()}}
	_, body := b.scim(key, http.MethodPatch, "Groups/"+id, patch(map[string]any{"op": "add", "path": "members", "value": member}))
	require.Len(t, body["members"], 2)
	require.Equal(t, "permission_denied", b.call("usergroups.users.update", "usergroup", id, "users", b.ben.ID())["error"],
		"a group of the identity provider is locked")
	_, body = b.scim(key, http.MethodPatch, "Groups/"+id, patch(map[string]any{"op": "remove", "path": `members[value eq "` + b.ben.ID() + `"]`}))
	require.Len(t, body["members"], 1)
	status, _ = b.scim(key, http.MethodPatch, "Groups/"+id, patch(map[string]any{"op": "add", "path": "members", "value": []map[string]any{{"value": "U0NOBODY"}}}))
	require.Equal(t, http.StatusBadRequest, status)
	status, _ = b.scim(key, http.MethodDelete, "Groups/"+id, nil)
	require.Equal(t, http.StatusNoContent, status)
	status, _ = b.scim(key, http.MethodGet, "Groups/"+id, nil)
	require.Equal(t, http.StatusNotFound, status, "groups are erased")
}

func TestSCIMFaultsAndLimits(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{BusinessPlus: true})
	key := b.admin("admin")
	b.Fault("scim.Users.create", slack.Fault{Kind: slack.FaultStatus, Status: http.StatusBadGateway})
	req, err := http.NewRequestWithContext(b.ctx, http.MethodPost, b.SCIMURL()+"Users", bytes.NewReader(nil))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusBadGateway, res.StatusCode)

	off := patch(map[string]any{"op": "replace", "path": "title", "value": "Editor"})
	status := http.StatusOK
	for range 25 {
		if status != http.StatusOK {
			break
		}
		status, _ = b.scim(key, http.MethodPatch, "Users/"+b.ben.ID(), off)
	}
	require.Equal(t, http.StatusTooManyRequests, status, "twenty updates at once are tolerated")
}
