package slack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	workspace "github.com/usherhq/usher/demo/slack"
)

var enterprise = workspace.Options{Enterprise: true}

func TestGetUser(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: enterprise})
	b.AddUser(workspace.User{Name: "gus", Email: "gus@example.com", Restricted: true})
	b.AddUser(workspace.User{Name: "gone", Email: "gone@example.com", Deleted: true})
	for email, want := range map[string]map[string]any{
		"ana@example.com":  {"exists": true, "active": true, "role": "member"},
		"olga@example.com": {"exists": true, "active": true, "role": "owner"},
		"gus@example.com":  {"exists": true, "active": true, "role": "guest"},
		"gone@example.com": {"exists": true, "active": false, "role": ""},
		"none@example.com": {"exists": false, "active": false, "role": "", "id": ""},
		b.ben.ID:           {"exists": true, "active": true, "role": "member", "id": b.ben.ID},
	} {
		found := b.expect(t, connectors.Applied, "get_user", "", "user", email)
		for key, value := range want {
			require.Equal(t, value, found.Output[key], "%s: %s", email, key)
		}
	}
	b.provider = newProviderWithout(t, b, "admin_token")
	gone := b.expect(t, connectors.Applied, "get_user", "", "user", "gone@example.com")
	require.Equal(t, false, gone.Output["exists"], "without SCIM deactivated accounts are not seen")
	requireSays(t, b.expect(t, connectors.Refused, "create_user", "", "user", "new@example.com"), "admin_token")
	requireSays(t, b.expect(t, connectors.Refused, "add_user_to_role", "admin"), "admin_token")
	requireSays(t, b.expect(t, connectors.Refused, "end_sessions", ""), "admin_token")
	requireSays(t, b.expect(t, connectors.Refused, "add_user_to_idp_group", "Staff"), "admin_token")
}

func newProviderWithout(t *testing.T, b *bench, setting string) connectors.Provider {
	t.Helper()
	delete(b.settings, setting)
	return b.open(t, nil)
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: workspace.Options{BusinessPlus: true}})
	require.NoError(t, b.SignIn("ana", "Mac", false))
	b.expect(t, connectors.Applied, "disable_user", "")
	require.Zero(t, b.Sessions("ana"))
	b.expect(t, connectors.Already, "delete_user", "")
	b.expect(t, connectors.Applied, "create_user", "")
	b.expect(t, connectors.Already, "disable_user", "", "user", "none@example.com")
	requireSays(t, b.expect(t, connectors.Refused, "create_user", "", "user", "ana@other.example"), "attributes")
	result := connectors.Run(t.Context(), endpoint(t, b, "create_user"), connectors.Call{
		Subject: connectors.Person{Email: "ana@other.example", Name: "Ana Maria Other", Title: "Editor"},
		Args:    map[string]any{"attributes": map[string]any{"userName": "ana-other"}},
	})
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	made, ok := b.User("ana@other.example")
	require.True(t, ok)
	require.Equal(t, []string{"ana-other", "Ana Maria Other", "Editor"}, []string{made.Name, made.RealName, made.Title})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: enterprise})
	gus := b.AddUser(workspace.User{Name: "gus", Email: "gus@example.com", Restricted: true}).ID
	b.AddUser(workspace.User{Name: "first", Email: "first@example.com", PrimaryOwner: true})
	b.expect(t, connectors.Already, "add_user_to_role", "member")
	b.expect(t, connectors.Applied, "add_user_to_role", "Admin")
	b.expect(t, connectors.Applied, "add_user_to_role", "member")
	ana, _ := b.User("ana")
	require.False(t, ana.Admin, "member takes admin away")
	b.expect(t, connectors.Applied, "add_user_to_role", "member", "user", gus)
	b.expect(t, connectors.Already, "add_user_to_role", "admin", "user", "olga@example.com")
	for want, args := range map[string][]string{
		"more than admin":   {"remove_user_from_role", "admin", "user", "olga@example.com"},
		"disable_user":      {"remove_user_from_role", "member"},
		"no workspace role": {"add_user_to_role", "boss"},
		"transferred":       {"remove_user_from_role", "owner", "user", "first@example.com"},
		"no active account": {"add_user_to_role", "admin", "user", "none@example.com"},
	} {
		requireSays(t, b.expect(t, connectors.Refused, args[0], args[1], args[2:]...), want)
	}
	b.expect(t, connectors.Already, "remove_user_from_role", "admin", "user", "none@example.com")
	b.provider = newProviderWithout(t, b, "team_id")
	requireSays(t, b.expect(t, connectors.Refused, "add_user_to_role", "admin"), "team_id")
	requireSays(t, b.expect(t, connectors.Refused, "end_sessions", ""), "team_id")
}

func TestEndSessions(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{opts: enterprise})
	b.expect(t, connectors.Already, "end_sessions", "")
	require.NoError(t, b.SignIn("ana", "Mac", false))
	require.NoError(t, b.SignIn("ana", "iPhone", true))
	ended := b.expect(t, connectors.Applied, "end_sessions", "")
	require.Equal(t, 0, ended.Output["sessions"])
	require.Zero(t, b.Sessions("ana"))
	b.expect(t, connectors.Already, "end_sessions", "", "user", "none@example.com")
	require.True(t, endpoint(t, b, "end_sessions").EndsSessions)

	require.NoError(t, b.SignIn("ana", "Mac", false))
	b.expect(t, connectors.Applied, "add_user_to_role", "admin")
	require.Equal(t, 1, b.Sessions("ana"))
	b.expect(t, connectors.Applied, "remove_user_from_role", "admin")
	require.Zero(t, b.Sessions("ana"), "a demotion signs out, where the token may")

	require.NoError(t, b.SignIn("ana", "Mac", false))
	b.expect(t, connectors.Applied, "add_user_to_role", "admin")
	b.Fault("admin.users.session.reset", workspace.Fault{Kind: workspace.FaultStatus})
	kept := b.expect(t, connectors.Applied, "remove_user_from_role", "admin")
	require.Contains(t, kept.Evidence[1].Summary, "sessions were perhaps not reset", "the log says what did not work")
}

// TestAdminRefusals goes through what plans and scopes forbid.
func TestAdminRefusals(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		with     plan
		endpoint string
		target   string
		says     string
	}{
		"roles on another plan":      {plan{opts: workspace.Options{BusinessPlus: true}}, "add_user_to_role", "admin", "Enterprise organization"},
		"roles without the scope":    {plan{opts: enterprise, admin: []string{"admin"}}, "add_user_to_role", "admin", "admin.users:write"},
		"sessions on another plan":   {plan{}, "end_sessions", "", "Enterprise organization"},
		"sessions without the scope": {plan{opts: enterprise, admin: []string{"admin.users:write"}}, "end_sessions", "", "admin.users:read"},
		"another team":               {plan{opts: enterprise, settings: map[string]any{"team_id": "T0OTHER"}}, "add_user_to_role", "admin", "team_id names no workspace"},
		"accounts on another plan":   {plan{}, "disable_user", "", "Business+ or Enterprise"},
		"accounts without the scope": {plan{opts: enterprise, admin: []string{"admin.users:write"}}, "disable_user", "", "the scope admin"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tc.with)
			require.NoError(t, b.SignIn("ana", "Mac", false))
			before := b.writes()
			requireSays(t, b.expect(t, connectors.Refused, tc.endpoint, tc.target), tc.says)
			require.LessOrEqual(t, b.writes(), before+1)
			require.Equal(t, 1, b.Sessions("ana"))
		})
	}
	b := newBench(t, plan{opts: enterprise, admin: []string{"admin.users:write"}})
	gone := b.expect(t, connectors.Applied, "get_user", "", "user", "none@example.com")
	require.Equal(t, false, gone.Output["exists"], "a token for roles alone does not hinder reading")
}
