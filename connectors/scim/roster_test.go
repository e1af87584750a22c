package scim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/scim"
	"github.com/usherhq/usher/demo/target"
)

func (b *bench) step(t *testing.T, step connectortest.Step) connectors.Result {
	t.Helper()
	return b.run(t, t.Context(), step.Endpoint, connectors.Call{Target: step.Target, Args: step.Args})
}

// TestGroupsAsTheDirectorySays sets members and names, and reads what people are told about it.
func TestGroupsAsTheDirectorySays(t *testing.T) {
	t.Parallel()
	for _, patch := range []string{"on", "off"} {
		t.Run("patch "+patch, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil, map[string]any{"patch": patch})
			for _, tc := range []struct {
				step    connectortest.Step
				outcome connectors.Outcome
				summary string
			}{
				{members("Editors", "ana@example.com", "ANA@example.com"), connectors.Applied, "Made group Editors have 1 members"},
				{members("Editors", "ana@example.com"), connectors.Already, "Group Editors has 1 members: 0 are missing, 0 are too many"},
				{members("Editors", "ben@example.com", "ana@example.com"), connectors.Applied, "Made group Editors have 2 members"},
				{members("Editors", "ben@example.com", "z1@x", "z2@x", "z3@x", "z4@x", "z5@x"), connectors.Refused, "Refused: no account at this provider: z1@x, z2@x, z3@x and 2 more: let a create_user step come first"},
				{members("Nope"), connectors.Refused, "Refused: there is no group called Nope: create it, or correct the name"},
				{members("Editors", " "), connectors.Refused, "Refused: the argument members must be a list of user names"},
				{connectortest.Step{Endpoint: "set_group_members", Args: map[string]any{"members": "ana@example.com"}}, connectors.Refused, "Refused: the argument members must be a list of user names"},
				{connectortest.Step{Endpoint: "set_group_members", Args: map[string]any{"members": []string{"ben@example.com"}}}, connectors.Applied, "Made group Editors have 1 members"},
				{connectortest.Step{Endpoint: "set_group_members"}, connectors.Refused, `Refused: argument "members" is missing: list of the accounts' userNames; an empty list empties the group`},
				{rename("Editors", "Authors"), connectors.Applied, "Renamed group Editors to Authors"},
				{rename("Editors", "Authors"), connectors.Already, "There is a group called Authors"},
				{rename("Editors", "AUTHORS"), connectors.Applied, "Renamed group Editors to AUTHORS"},
				{rename("Editors", "Nope"), connectors.Refused, "Refused: there is no group called Editors: create Nope, or correct the name"},
				{rename("AUTHORS", " "), connectors.Refused, "Refused: no new name is given"},
				{connectortest.Step{Endpoint: "create_group", Target: "Editors"}, connectors.Applied, "Created group Editors"},
				{rename("Editors", "AUTHORS"), connectors.Refused, "Refused: there are groups called Editors and AUTHORS: delete one, or take another name"},
				{members("AUTHORS"), connectors.Applied, "Made group AUTHORS have 0 members"},
				{members("AUTHORS"), connectors.Already, "Group AUTHORS has 0 members: 0 are missing, 0 are too many"},
			} {
				before := b.system.Members("AUTHORS")
				result := b.step(t, tc.step)
				require.Equal(t, tc.outcome, result.Outcome, result.Summary)
				require.Equal(t, tc.summary, result.Summary)
				if tc.step.Endpoint == "rename_group" && before != nil {
					require.Equal(t, before, b.system.Members("AUTHORS"), "members stay")
				}
			}
		})
	}
}

// TestEnableUser wants the account to be there: it makes none.
func TestEnableUser(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, nil)
	enable := func(user string) connectors.Result {
		return b.run(t, t.Context(), "enable_user", connectors.Call{Args: map[string]any{"user": user}})
	}
	require.Equal(t, "ben@example.com has an active account", enable("ben@example.com").Summary)
	b.run(t, t.Context(), "disable_user", connectors.Call{Args: map[string]any{"user": "ben@example.com"}})
	require.Equal(t, "Enabled the account of ben@example.com", enable("ben@example.com").Summary)
	missing := enable("zoe@example.com")
	require.Equal(t, connectors.Refused, missing.Outcome)
	require.Equal(t, "Refused: zoe@example.com has no account: let a create_user step come first", missing.Summary)
}

// TestMembersOfALargeGroup finds many accounts by one list, and few among many one by one.
func TestMembersOfALargeGroup(t *testing.T) {
	t.Parallel()
	people := make([]target.User, 500)
	for i := range people {
		people[i].Email = fmt.Sprintf("p%d@example.com", i)
	}
	system := target.New(target.Options{Token: secret, Users: people, Groups: []target.Group{{Name: "All"}}})
	server := httptest.NewServer(system.Handler())
	t.Cleanup(server.Close)
	provider, err := scim.Connector{}.Open(settings(t, server.URL+"/scim/v2"), (&connectortest.Wire{}).Deps())
	require.NoError(t, err)
	for _, n := range []int{2, 200, 4, 500} {
		names := make([]any, n)
		for i := range names {
			names[i] = people[i].Email
		}
		before := system.Requests()
		result := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, "set_group_members"), connectors.Call{
			Target: "All", Args: map[string]any{"members": names},
		})
		require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
		require.Len(t, system.Members("All"), n)
		require.Less(t, system.Requests()-before, 60, "%d members", n)
	}
}

// TestHiddenMembersAreNotCounted sets no list that could not be read back: refused where the settings tell that members
// are hidden, later perhaps where the target makes it look so.
func TestHiddenMembersAreNotCounted(t *testing.T) {
	t.Parallel()
	hide := each(func(o map[string]any) {
		if o["displayName"] != nil && o["userName"] == nil {
			o["members"] = []any{}
		}
	})
	for _, told := range []bool{true, false} {
		b := newBench(t, hide, map[string]any{"remove_by_value": told})
		result := b.step(t, members("Editors", "ben@example.com"))
		require.Equal(t, map[bool]connectors.Outcome{true: connectors.Refused, false: connectors.Transient}[told], result.Outcome)
		require.Contains(t, result.Summary, "use add_user_to_group and remove_user_from_group")
		require.Equal(t, []string{"ben@example.com"}, b.system.Members("Editors"))
		require.Zero(t, b.wire.Writes())
	}
	b := newBench(t, hide, map[string]any{"remove_by_value": true})
	require.Equal(t, connectors.Applied, b.step(t, rename("Editors", "Authors")).Outcome)
	require.Equal(t, []string{"ben@example.com"}, b.system.Members("Authors"))
	b = newBench(t, hide, map[string]any{"remove_by_value": true, "patch": "off"})
	require.Equal(t, connectors.Refused, b.step(t, rename("Editors", "Authors")).Outcome, "a PUT would empty it")
	require.Equal(t, []string{"ben@example.com"}, b.system.Members("Editors"))
}

// particular is a target that, as AWS does, takes no value without a path that names several attributes, no PUT of
// groups and no more than one address.
func particular(w http.ResponseWriter, r *http.Request, next http.Handler) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	pathless := r.Method == http.MethodPatch && strings.Count(string(body), `"op"`) != strings.Count(string(body), `"path"`)
	if pathless || r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/Groups/") || strings.Contains(string(body), `"home"`) {
		status(http.StatusBadRequest)(w, r, next)
		return
	}
	next.ServeHTTP(w, r)
}

// TestParticularTarget changes what it can there, and passes on what the target says to the rest.
func TestParticularTarget(t *testing.T) {
	t.Parallel()
	b := newBench(t, particular, nil)
	require.Equal(t, connectors.Applied, b.sync(t, moved).Outcome)
	require.Equal(t, connectors.Applied, b.step(t, members("Editors", "ana@example.com")).Outcome)
	require.Equal(t, connectors.Applied, b.step(t, rename("Editors", "Authors")).Outcome)
	refused := b.sync(t, joined)
	require.Equal(t, connectors.Refused, refused.Outcome)
	require.Contains(t, refused.Summary, "the target answered 400 Bad Request")
}
