package flows_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/directory"
)

const ofAcme = "urn:ietf:params:scim:schemas:extension:acme:2.0:User"

// An attribute of a customer's own extension arrives as the settings of the directory call it, and a rule adjusts by it.
func TestAnAttributeOfAnExtensionIsAdjusted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, b *bundle) {
		o := observing(t, b)
		o.chain(t, "regroup", "provision", `{name: join, type: drive_api_add_user_to_group, args: {group: "{{ subject.attributes.territory }}"}}`)
		rule := ofLab("editors")
		rule.Adjust = &db.Adjustment{On: []string{"attributes.territory"}, Run: "regroup"}
		o.rule(t, rule)
		token, err := o.NewDirectoryToken(o.ctx, "okta", 0)
		require.NoError(t, err)
		server := directory.New(directory.Options{Writer: o.Flows, Store: o.store, Clock: o.Now, Log: o.options.Log})
		send := func(method, path string, body map[string]any) map[string]any {
			text, err := json.Marshal(body)
			require.NoError(t, err)
			r := httptest.NewRequest(method, "/scim/v2/okta/Users"+path, bytes.NewReader(text))
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			require.Contains(t, []int{http.StatusOK, http.StatusCreated}, w.Code, w.Body.String())
			answer := map[string]any{}
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
			o.settle(t)
			return answer
		}
		zoe := func(territory string) map[string]any {
			return map[string]any{
				"userName": "zoe@example.com", "displayName": "Zoe", "active": true,
				ofEnterprise: map[string]any{"department": "Lab"},
				ofAcme:       map[string]any{"territory": territory, "badge": 17, "regions": []string{"south", "north"}},
			}
		}
		id := "/" + send(http.MethodPost, "", zoe("Crowded"))["id"].(string)
		require.NotContains(t, o.person(t, "zoe").Attributes, "territory", "nothing names it yet")

		row, err := db.DirectoryByID(o.ctx, o.store, o.directory.ID)
		require.NoError(t, err)
		row.Settings.Attributes = map[string]string{"territory": ofAcme + ":territory", "badge": ofAcme + ":badge", "regions": ofAcme + ":regions"}
		require.NoError(t, db.UpdateDirectory(o.ctx, o.store, row))
		send(http.MethodPut, id, zoe("Crowded"))
		require.Equal(t, map[string]any{"territory": "Crowded", "badge": 17.0, "regions": []any{"south", "north"}}, o.person(t, "zoe").Attributes, "from the next write on")
		require.Equal(t, []string{"zoe@example.com"}, o.target.Members("Crowded"))

		send(http.MethodPatch, id, map[string]any{"Operations": []any{
			map[string]any{"op": "Replace", "path": ofAcme + ":territory", "value": "Crossed"},
			map[string]any{"op": "Remove", "path": ofAcme + ":badge"},
		}})
		require.Equal(t, map[string]any{"territory": "Crossed", "regions": []any{"south", "north"}}, o.person(t, "zoe").Attributes)
		require.Equal(t, []string{"zoe@example.com"}, o.target.Members("Crossed"))
		o.reconcile(t)
		o.settle(t)
		require.Equal(t, map[string]any{"territory": "Crossed", "regions": []any{"south", "north"}}, o.person(t, "zoe").Attributes, "compared at night")
		require.Empty(t, o.drifts(t))
	})
}
