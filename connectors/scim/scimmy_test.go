package scim_test

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/scim"
)

const secret = "s3cret-bearer-token"

// TestConformanceWithScimmy runs the suite against a service provider that others wrote, with and without PATCH.
func TestConformanceWithScimmy(t *testing.T) {
	t.Parallel()
	for _, patch := range []string{"on", "off"} {
		t.Run("patch "+patch, func(t *testing.T) {
			t.Parallel()
			connectortest.Run(t, suite(t, startScimmy(t, patch)))
		})
	}
}

// TestScimmyStoresMembersTwice takes out somebody whom a careless client added a second time: no copy may stay.
func TestScimmyStoresMembersTwice(t *testing.T) {
	t.Parallel()
	address := startScimmy(t, "on")
	provider, err := scim.Connector{}.Open(settings(t, address), (&connectortest.Wire{}).Deps())
	require.NoError(t, err)
	run := func(endpoint string) connectors.Result {
		return connectors.Run(t.Context(), connectortest.Endpoint(t, provider, endpoint), connectors.Call{
			Subject: connectors.Person{Email: "ana@example.com"}, Target: "Editors",
		})
	}
	run("create_user")
	run("create_group")
	added := run("add_user_to_group")
	require.Equal(t, connectors.Applied, added.Outcome, added.Summary)

	again := fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":%q}]}]}`, added.Output["user_id"])
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, fmt.Sprintf("%sGroups/%s", address, added.Output["id"]), strings.NewReader(again))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+secret)
	request.Header.Set("Content-Type", scim.Media)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)

	require.Equal(t, connectors.Already, run("add_user_to_group").Outcome)
	removed := run("remove_user_from_group")
	require.Equal(t, connectors.Applied, removed.Outcome, removed.Summary)
}

// TestScimmyTellsWhatItKeeps reads the schemas of a service provider that others wrote: it knows the enterprise extension,
// and what nobody has heard of is left out.
func TestScimmyTellsWhatItKeeps(t *testing.T) {
	t.Parallel()
	provider, err := scim.Connector{}.Open(settings(t, startScimmy(t, "on")), (&connectortest.Wire{}).Deps())
	require.NoError(t, err)
	step := wish(joined)
	call := connectors.Call{Subject: connectors.Person{Email: "ana@example.com"}, Args: step.Args}
	made := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, step.Endpoint), call)
	require.Equal(t, connectors.Applied, made.Outcome, made.Summary)
	again := connectors.Run(t.Context(), connectortest.Endpoint(t, provider, step.Endpoint), call)
	require.Equal(t, connectors.Already, again.Outcome)
	require.Equal(t, "The account of ana@example.com is as the directory says; not kept there: urn:example:1", again.Summary)
}

// suite is what the connector must be able to do at any service provider.
func suite(t *testing.T, baseURL string) connectortest.Suite {
	account := connectortest.Step{Endpoint: "create_user"}
	ben := connectortest.Step{Endpoint: "create_user", Args: map[string]any{"user": "ben@example.com"}}
	group := connectortest.Step{Endpoint: "create_group", Target: `Editors "A\B"`}
	return connectortest.Suite{
		Connector: scim.Connector{}, Settings: settings(t, baseURL), Secrets: []string{secret},
		Subject: connectors.Person{Email: "ana@example.com", Name: "Ana Maria Silva", Title: "Editor"},
		Pairs: []connectortest.Pair{
			{Name: "account", Do: account, Undo: connectortest.Step{Endpoint: "disable_user"}},
			{Name: "account again", Do: account, Undo: connectortest.Step{Endpoint: "delete_user"}},
			{
				Name: "account enabled", Setup: []connectortest.Step{account, {Endpoint: "disable_user"}},
				Do: connectortest.Step{Endpoint: "enable_user"}, Undo: connectortest.Step{Endpoint: "disable_user"},
			},
			{
				Name: "account as the directory says", Setup: []connectortest.Step{account, wish(joined)},
				Do: wish(moved), Undo: wish(joined),
			},
			{Name: "account with another name", Do: renaming("ana@example.com", "bea@example.com"), Undo: renaming("bea@example.com", "ana@example.com")},
			{Name: "account made by the directory", Setup: []connectortest.Step{{Endpoint: "delete_user"}}, Do: wish(joined), Undo: connectortest.Step{Endpoint: "delete_user"}},
			{Name: "group", Do: group, Undo: connectortest.Step{Endpoint: "delete_group", Target: group.Target}},
			{
				Name: "member", Setup: []connectortest.Step{account, group},
				Do:   connectortest.Step{Endpoint: "add_user_to_group", Target: group.Target},
				Undo: connectortest.Step{Endpoint: "remove_user_from_group", Target: group.Target},
			},
			{
				Name: "member by arguments", Setup: []connectortest.Step{account, group},
				Do:   connectortest.Step{Endpoint: "add_user_to_group", Args: map[string]any{"group": group.Target, "user": "Ana@Example.com"}},
				Undo: connectortest.Step{Endpoint: "remove_user_from_group", Args: map[string]any{"group": group.Target}},
			},
			{
				Name: "all members", Setup: []connectortest.Step{account, ben, group},
				Do: members(group.Target, "ben@example.com", "Ana@example.com"), Undo: members(group.Target),
			},
			{
				Name: "other members", Setup: []connectortest.Step{members(group.Target, "ben@example.com")},
				Do: members(group.Target, "ana@example.com"), Undo: members(group.Target, "ben@example.com"),
			},
			{Name: "group renamed", Do: rename(group.Target, "Authors"), Undo: rename("Authors", group.Target)},
			{Name: "group in other capitals", Do: rename(group.Target, `EDITORS "A\B"`), Undo: rename(group.Target, group.Target)},
			{
				Name: "role", Setup: []connectortest.Step{account},
				Do:   connectortest.Step{Endpoint: "add_user_to_role", Target: "auditor"},
				Undo: connectortest.Step{Endpoint: "remove_user_from_role", Target: "auditor"},
			},
			{
				Name: "license", Setup: []connectortest.Step{account, {Endpoint: "allocate_license", Target: "viewer"}},
				Do:   connectortest.Step{Endpoint: "allocate_license", Target: `Pro "A\B" [EU]`},
				Undo: connectortest.Step{Endpoint: "release_license", Target: `Pro "A\B" [EU]`},
			},
			{
				Name: "the only role", Setup: []connectortest.Step{account},
				Do:   connectortest.Step{Endpoint: "add_user_to_role", Target: `x"] or a[b eq "y`},
				Undo: connectortest.Step{Endpoint: "remove_user_from_role", Target: `x"] or a[b eq "y`},
			},
			{
				Name: "license by arguments", Setup: []connectortest.Step{account},
				Do:   connectortest.Step{Endpoint: "allocate_license", Args: map[string]any{"license": "viewer 2", "user": "Ana@Example.com"}},
				Undo: connectortest.Step{Endpoint: "release_license", Args: map[string]any{"license": "viewer 2"}},
			},
		},
	}
}

// joined and moved are one person as the directory describes her, at two times.
var (
	joined = map[string]any{
		"userName": "ana@example.com", "active": true, "title": "Editor", "nickName": "Ana",
		"name":          map[string]any{"givenName": "Ana Maria", "familyName": "Silva"},
		"emails":        []any{map[string]any{"value": "Ana@Example.com", "type": "work", "primary": true}, map[string]any{"value": "ana@home.example", "type": "home"}},
		"phoneNumbers":  []any{map[string]any{"value": "tel:+1-201-555-0123", "type": "work"}},
		enterpriseUser:  map[string]any{"department": "Design", "costCenter": "12"},
		"urn:example:1": map[string]any{"unheard": "of"},
	}
	moved = map[string]any{
		"userName": "ana@example.com", "active": false, "title": "Head of \"Editing\"", "nickName": nil,
		"name":         map[string]any{"familyName": "Santos"},
		"emails":       []any{map[string]any{"value": "ana@example.com", "type": "work", "primary": true}},
		"phoneNumbers": []any{},
		enterpriseUser: map[string]any{"department": "Sales", "costCenter": nil},
	}
)

const enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

func wish(resource map[string]any) connectortest.Step {
	return connectortest.Step{Endpoint: "sync_user", Args: map[string]any{"resource": resource}}
}

func renaming(from, to string) connectortest.Step {
	return connectortest.Step{Endpoint: "sync_user", Args: map[string]any{"resource": map[string]any{"userName": to}, "previous_user": from}}
}

func rename(from, to string) connectortest.Step {
	return connectortest.Step{Endpoint: "rename_group", Target: from, Args: map[string]any{"new_name": to}}
}

func members(group string, names ...string) connectortest.Step {
	list := make([]any, len(names))
	for i, name := range names {
		list[i] = name
	}
	return connectortest.Step{Endpoint: "set_group_members", Target: group, Args: map[string]any{"members": list}}
}

func settings(t *testing.T, baseURL string) map[string]any {
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(secret+"\n"), 0o600))
	return map[string]any{"base_url": baseURL, "token": "file:" + file}
}

// startScimmy runs the service provider in testdata/scimmy until the test ends and answers its address.
func startScimmy(t *testing.T, patch string) string {
	t.Helper()
	const missing = "the connector's tests run against a real service provider: install Node.js, then run `make deps`"
	_, err := exec.LookPath("node")
	require.NoError(t, err, missing)
	require.DirExists(t, filepath.Join("testdata", "scimmy", "node_modules"), missing)
	cmd := exec.Command("node", "server.js")
	cmd.Dir = filepath.Join("testdata", "scimmy")
	cmd.Env = append(os.Environ(), "SCIM_TOKEN="+secret, "SCIM_PATCH="+patch)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, stdin.Close())
		require.NoError(t, cmd.Wait())
	})
	port, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	return "http://127.0.0.1:" + strings.TrimSpace(port) + "/scim/v2/"
}
