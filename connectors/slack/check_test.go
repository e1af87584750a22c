package slack_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/slack"
	workspace "github.com/usherhq/usher/demo/slack"
)

// TestNotes says what each plan and each scope allows.
func TestNotes(t *testing.T) {
	t.Parallel()
	none := []string{}
	people := []string{"users:read", "users:read.email"}
	for name, tc := range map[string]struct {
		with plan
		want []string
	}{
		"everything": {plan{opts: enterprise}, []string{
			"channels: yes, where @usher is a member", "user groups: yes", "accounts by SCIM: yes", "workspace roles: yes", "sessions: yes",
		}},
		"the free plan": {plan{opts: workspace.Options{FreePlan: true}, admin: none}, []string{
			"channels: yes, where @usher is a member", "user groups: need a paid plan (Pro or higher)",
			"accounts by SCIM: need Business+ or Enterprise and admin_token with the scope admin",
			"workspace roles: need an Enterprise organization and admin_token with admin.users:write",
			"sessions: need an Enterprise organization and admin_token with admin.users:write",
		}},
		"few scopes": {plan{bot: append([]string{"channels:read", "channels:write.invites"}, people...), admin: []string{"admin.users:read"}}, []string{
			"channels: public ones need channels:manage to remove people, private ones need groups:read and groups:write",
			"user groups: need usergroups:read and usergroups:write", "accounts by SCIM: need the scope admin on admin_token",
			"workspace roles: need the scope admin.users:write on admin_token", "sessions: need the scope admin.users:write on admin_token",
		}},
		"Business+": {plan{opts: workspace.Options{BusinessPlus: true}}, []string{
			"channels: yes, where @usher is a member", "user groups: yes", "accounts by SCIM: yes",
			"workspace roles: need an Enterprise organization", "sessions: need an Enterprise organization",
		}},
		"no reading of sessions": {plan{admin: []string{"admin", "admin.users:write"}}, []string{
			"channels: yes, where @usher is a member", "user groups: yes",
			"accounts by SCIM: need Business+ or Enterprise, and an owner of admin_token who is an admin",
			"workspace roles: allowed by the scope; whether this is an Enterprise organization shows with admin.users:read",
			"sessions: need the scope admin.users:read on admin_token",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tc.with)
			notes, err := b.provider.(connectors.Notes).Notes(t.Context())
			require.NoError(t, err)
			require.Equal(t, "token: acts as @usher in Acme ("+b.TeamID()+")", notes[0])
			require.Equal(t, tc.want, notes[1:])
			require.Zero(t, b.writes())
		})
	}
	b := newBench(t, plan{settings: map[string]any{"team_id": ""}})
	notes, err := b.provider.(connectors.Notes).Notes(t.Context())
	require.NoError(t, err)
	require.Equal(t, "workspace roles: need the setting team_id (for example "+b.TeamID()+")", notes[4])
}

func TestCheckSaysHowToMend(t *testing.T) {
	t.Parallel()
	few := newBench(t, plan{bot: []string{"channels:read"}})
	require.ErrorContains(t, few.provider.Check(t.Context()), "users:read.email")
	revoked := newBench(t, plan{})
	require.NoError(t, revoked.Uninstall(revoked.app.ID))
	require.ErrorContains(t, revoked.provider.Check(t.Context()), "token: Slack refused auth.test (account_inactive)")
	_, err := revoked.provider.(connectors.Notes).Notes(t.Context())
	require.Error(t, err)
	left := newBench(t, plan{opts: enterprise})
	require.NoError(t, left.ChangeUser("olga", func(u *workspace.User) { u.Deleted = true }))
	require.ErrorContains(t, left.provider.Check(t.Context()), "admin_token: Slack refused auth.test (account_inactive)")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	registry := connectors.NewRegistry(slack.Connector{})
	for name, tc := range map[string]struct{ setting, value, want string }{
		"app token":            {"token", "xapp-1-A0-1-secret", "of another kind"},
		"bot as admin":         {"admin_token", "xoxb-1-secret", "of another kind"},
		"empty admin":          {"admin_token", "", "admin_token"},
		"no address":           {"api_url", "slack", "an address such as https://slack.com/api/"},
		"token in address":     {"scim_url", "https://user:pass@slack/scim", "only scheme, host and path"},
		"no duration":          {"consistency", "soon", `"soon" is not a duration`},
		"duration in the past": {"consistency", "-1s", `"-1s" is not a duration`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			given := map[string]any{"token": secretFile(t, "xoxb-1-secret"), "admin_token": secretFile(t, "xoxp-1-secret")}
			given[tc.setting] = tc.value
			if tc.setting == "token" || tc.setting == "admin_token" {
				given[tc.setting] = secretFile(t, tc.value)
			}
			_, err := registry.Open("here", "slack", given, nil)
			require.ErrorContains(t, err, "provider here: setting")
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "secret@")
		})
	}
	_, err := registry.Open("here", "slack", map[string]any{"token": secretFile(t, "xoxb-1-secret")}, nil)
	require.NoError(t, err, "the token alone is enough")
}
