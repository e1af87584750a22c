package slack_test

import (
	"context"
	"testing"

	slackgo "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// admin makes ana an admin and lets the app act for her.
func (b *bundle) admin(scopes ...string) string {
	b.t.Helper()
	require.NoError(b.t, b.ChangeUser("ana", func(u *slack.User) { u.Admin = true }))
	key, err := b.UserToken(b.app.ID, "ana", scopes...)
	require.NoError(b.t, err)
	return key
}

func TestUserTokens(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	_, err := b.UserToken(b.app.ID, "ben", "admin.users:write")
	require.ErrorContains(t, err, "no admin")
	_, err = b.UserToken(b.app.ID, "nobody")
	require.Error(t, err)
	key, err := b.UserToken(b.app.ID, "ben", "channels:read", "channels:write", "usergroups:read")
	require.NoError(t, err)
	require.Regexp(t, `^xoxp-`, key)

	api := slackgo.New(key, slackgo.OptionAPIURL(b.APIURL()))
	who, err := api.AuthTest()
	require.NoError(t, err)
	require.Equal(t, b.ben.ID(), who.UserID)
	require.Empty(t, who.BotID)
	require.Equal(t, "channels:read,channels:write,usergroups:read", who.Header.Get("X-OAuth-Scopes"))

	access := b.ChannelID("access")
	require.NoError(t, api.KickUserFromConversation(access, b.ana.ID()))
	_, err = api.InviteUsersToConversation(access, b.ana.ID())
	require.NoError(t, err)
	body, _ := b.callAs(key, "conversations.kick", "channel", access, "user", b.ben.ID())
	require.Equal(t, "cant_kick_self", body["error"], "the token acts for ben")
	body, _ = b.callAs(key, "usergroups.create", "name", "Editors")
	require.Equal(t, "missing_scope", body["error"])
	require.Equal(t, "usergroups:write", body["needed"])
	body, _ = b.callAs(key, "chat.postMessage", "channel", access, "text", "hello")
	require.Equal(t, "not_allowed_token_type", body["error"], "people's messages are not played by tokens")
	body, _ = b.callAs(key, "views.publish", "user_id", b.ben.ID(), "view", "{}")
	require.Equal(t, "not_allowed_token_type", body["error"])

	require.NoError(t, b.ChangeUser("ben", func(u *slack.User) { u.Deleted = true }))
	_, err = api.AuthTest()
	require.EqualError(t, err, "account_inactive")
}

func TestAdminsRoles(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{Enterprise: true})
	key := b.admin("admin.users:write", "admin.users:read")
	set := func(method, user string) any {
		body, _ := b.callAs(key, "admin.users."+method, "team_id", b.TeamID(), "user_id", user)
		return body["error"]
	}
	ben, guest := b.ben.ID(), b.AddUser(slack.User{Name: "gus", Restricted: true}).ID
	first := b.AddUser(slack.User{Name: "first", PrimaryOwner: true}).ID
	require.Nil(t, set("setAdmin", ben))
	user, err := b.api.GetUserInfo(ben)
	require.NoError(t, err)
	require.True(t, user.IsAdmin)
	require.False(t, user.IsOwner)
	require.Equal(t, "not_an_owner", set("setOwner", ben), "ana is an admin only")
	require.NoError(t, b.ChangeUser("ana", func(u *slack.User) { u.Owner = true }))
	require.Nil(t, set("setOwner", ben))
	require.Nil(t, set("setRegular", ben))
	require.Equal(t, "invalid_role_for_user", set("setAdmin", guest))
	require.Nil(t, set("setRegular", guest), "a guest becomes a member")
	require.Equal(t, "cannot_modify_primary_owner", set("setAdmin", first))
	require.Equal(t, "user_not_found", set("setAdmin", "U0NOBODY"))
	body, _ := b.callAs(key, "admin.users.setAdmin", "team_id", "T0OTHER", "user_id", ben)
	require.Equal(t, "team_not_found", body["error"])
	body, _ = b.callAs(b.app.BotToken, "admin.users.setAdmin", "team_id", b.TeamID(), "user_id", ben)
	require.Equal(t, "not_allowed_token_type", body["error"])
	require.NoError(t, b.ChangeUser("ana", func(u *slack.User) { u.Owner, u.Admin = false, false }))
	require.Equal(t, "not_an_admin", set("setAdmin", ben))

	plain := setup(t, slack.Options{BusinessPlus: true})
	body, _ = plain.callAs(plain.admin("admin.users:write"), "admin.users.setAdmin", "team_id", plain.TeamID(), "user_id", plain.ben.ID())
	require.Equal(t, "feature_not_enabled", body["error"])
}

func TestAdminsList(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{Enterprise: true})
	key := b.admin("admin.users:write", "admin.users:read")
	api := slackgo.New(key, slackgo.OptionAPIURL(b.APIURL()))
	require.NoError(t, b.SignIn("ben", "Mac", false))
	body, _ := b.callAs(key, "admin.users.remove", "team_id", b.TeamID(), "user_id", b.ben.ID())
	require.Equal(t, true, body["ok"])
	require.Zero(t, b.Sessions("ben"), "who is gone is signed out")
	body, _ = b.callAs(key, "admin.users.remove", "team_id", b.TeamID(), "user_id", b.ben.ID())
	require.Equal(t, "user_already_deleted", body["error"])
	listed, err := api.AdminUsersList(context.Background(), slackgo.AdminUsersListOptionTeamID(b.TeamID()))
	require.NoError(t, err)
	emails := map[string]bool{}
	for _, user := range listed.Users {
		emails[user.Email] = user.IsAdmin
	}
	require.True(t, emails["ana@example.com"])
	require.NotContains(t, emails, "ben@example.com")
}

func TestSessions(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{Enterprise: true})
	key := b.admin("admin.users:write", "admin.users:read")
	call := func(method string, pairs ...string) map[string]any {
		body, _ := b.callAs(key, "admin.users.session."+method, pairs...)
		return body
	}
	ben := b.ben.ID()
	require.NoError(t, b.SignIn("ben", "Mac", false))
	require.NoError(t, b.SignIn("ben", "iPhone", true))
	require.Error(t, b.SignIn("nobody", "Mac", false))
	require.Len(t, call("list", "team_id", b.TeamID(), "user_id", ben)["active_sessions"], 2)
	require.Equal(t, "missing_team", call("list", "user_id", ben)["error"])
	require.Equal(t, "missing_user", call("list", "team_id", b.TeamID())["error"])
	require.Len(t, call("list")["active_sessions"], 2, "everybody's")
	require.Equal(t, true, call("reset", "user_id", ben, "mobile_only", "true")["ok"])
	require.Equal(t, 1, b.Sessions("ben"))
	require.Equal(t, true, call("reset", "user_id", ben)["ok"])
	require.Equal(t, "no_active_sessions", call("list", "team_id", b.TeamID(), "user_id", ben)["error"])
	require.Equal(t, "cannot_reset_bot", call("reset", "user_id", b.app.BotUser)["error"])
	require.Equal(t, "user_not_found", call("reset", "user_id", "U0NOBODY")["error"])
	first := b.AddUser(slack.User{Name: "first", PrimaryOwner: true}).ID
	require.Equal(t, "cannot_reset_primary_owner", call("reset", "user_id", first)["error"])
	reader, _ := b.callAs(b.admin("admin.users:read"), "admin.users.session.reset", "user_id", ben)
	require.Equal(t, "missing_scope", reader["error"])
	require.Equal(t, "admin.users:write", reader["needed"])
}

func TestUsergroupHandles(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	made, err := b.api.CreateUserGroup(slackgo.UserGroup{Name: "Drive admins", Handle: "drive-admins"})
	require.NoError(t, err)
	require.Equal(t, "name_already_exists", b.call("usergroups.create", "name", "Drive admins")["error"])
	require.Equal(t, "handle_already_exists", b.call("usergroups.create", "name", "Others", "handle", "drive-admins")["error"])
	require.Equal(t, "forbidden_handle", b.call("usergroups.create", "name", "All", "handle", "here")["error"])
	require.Equal(t, "bad_handle", b.call("usergroups.create", "name", "Odd", "handle", "so odd!")["error"])
	_, err = b.api.UpdateUserGroupMembersList(made.ID, nil)
	require.EqualError(t, err, "no_users_provided", "a group cannot be emptied")
	_, err = b.api.DisableUserGroup(made.ID)
	require.NoError(t, err)
	_, err = b.api.EnableUserGroup(made.ID)
	require.NoError(t, err)
}

func TestRatesCanBeRaised(t *testing.T) {
	t.Parallel()
	strict, generous := setup(t, slack.Options{}), setup(t, slack.Options{Rates: 100})
	limited := func(b *bundle) bool {
		for range 11 {
			if b.call("usergroups.list")["error"] == "ratelimited" {
				return true
			}
		}
		return false
	}
	require.True(t, limited(strict), "Tier 2 tolerates ten at once")
	require.False(t, limited(generous))
}
