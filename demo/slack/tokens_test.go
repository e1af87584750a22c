package slack_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	for _, test := range []struct {
		name, token, method, want string
		pairs                     []string
	}{
		{"none", "", "auth.test", "not_authed", nil},
		{"unknown", "xoxb-1", "auth.test", "invalid_auth", nil},
		{"in the body", "", "auth.test", "", []string{"token", b.app.BotToken}},
		{"app token where a bot token belongs", b.app.AppToken, "auth.test", "not_allowed_token_type", nil},
		{"bot token for a socket", b.app.BotToken, "apps.connections.open", "not_allowed_token_type", nil},
		{"app token as a parameter", "", "apps.connections.open", "not_authed", []string{"token", b.app.AppToken}},
		{"a method of org admins", b.app.BotToken, "admin.users.list", "not_allowed_token_type", nil},
		{"a method that is none", b.app.BotToken, "users.fire", "unknown_method", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			body, _ := b.callAs(test.token, test.method, test.pairs...)
			if test.want == "" {
				require.Equal(t, true, body["ok"])
				return
			}
			require.Equal(t, false, body["ok"])
			require.Equal(t, test.want, body["error"])
		})
	}
}

func TestATokenInTheQueryIsNotRead(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	res, err := http.Post(b.APIURL()+"auth.test?token="+b.app.BotToken, "application/x-www-form-urlencoded", strings.NewReader(""))
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, []string{"not_authed"}, b.errorsOf())
}

func TestScopes(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	b.Revoke(b.app.ID, "users:read.email")
	body, res := b.callAs(b.app.BotToken, "users.lookupByEmail", "email", "ana@example.com")
	require.Equal(t, "missing_scope", body["error"])
	require.Equal(t, "users:read.email", body["needed"])
	require.Contains(t, body["provided"], "chat:write")
	require.Contains(t, res.Header.Get("X-OAuth-Scopes"), "chat:write")
	user, err := b.api.GetUserInfo(b.ana.ID())
	require.NoError(t, err)
	require.Empty(t, user.Profile.Email, "the address needs its own scope")
	b.Grant(b.app.ID, "users:read.email")
	user, err = b.api.GetUserByEmail("ana@example.com")
	require.NoError(t, err)
	require.Equal(t, b.ana.ID(), user.ID)

	b.AddChannel(slack.Channel{ID: "C0SECRET000", Name: "secret", Private: true})
	require.NoError(t, b.InviteApp(b.app.ID, "secret"))
	b.Revoke(b.app.ID, "groups:read")
	require.Equal(t, "groups:read", b.call("conversations.info", "channel", "C0SECRET000")["needed"])
}

func TestUninstall(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	require.NoError(t, b.Uninstall(b.app.ID))
	require.Equal(t, "account_inactive", b.call("auth.test")["error"])
}
