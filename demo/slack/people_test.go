package slack_test

import (
	"testing"

	slackgo "github.com/slack-go/slack"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

func TestPeople(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	guest := b.AddUser(slack.User{Name: "gil", Email: "gil@example.com", UltraRestricted: true})
	other := b.AddUser(slack.User{Name: "sam", Email: "sam@partner.example", Stranger: true})
	require.NotEqual(t, b.TeamID(), other.TeamID)
	info, err := b.api.GetUserInfo(guest.ID)
	require.NoError(t, err)
	require.True(t, info.IsUltraRestricted)
	require.True(t, info.IsRestricted)
	require.Equal(t, "en-US", info.Locale)
	people, err := b.api.GetUsers(slackgo.GetUsersOptionLimit(2))
	require.NoError(t, err)
	require.Len(t, people, 4, "two pages, without the stranger")
	require.Equal(t, "users_not_found", b.call("users.lookupByEmail", "email", "sam@partner.example")["error"])
	require.Equal(t, "user_not_found", b.call("users.info", "user", "U0NOBODY")["error"])
	require.NoError(t, b.ChangeUser("ben", func(u *slack.User) { u.Deleted = true }))
	require.Equal(t, "users_not_found", b.call("users.lookupByEmail", "email", "ben@example.com")["error"])
	require.Equal(t, "user_disabled", b.call("conversations.open", "users", b.ben.ID())["error"])
	require.Equal(t, "user_not_visible", b.call("conversations.open", "users", other.ID)["error"])
	require.Equal(t, "users_list_not_supplied", b.call("conversations.open")["error"])
	dm, _, _, err := b.api.OpenConversation(&slackgo.OpenConversationParameters{Users: []string{b.ana.ID()}, ReturnIM: true})
	require.NoError(t, err)
	require.Equal(t, b.ana.ID(), dm.User)
	who, err := b.api.AuthTest()
	require.NoError(t, err)
	require.Equal(t, b.app.BotUser, who.UserID)
	require.Equal(t, b.app.BotID, who.BotID)
	bot, err := b.api.GetBotInfo(slackgo.GetBotInfoParameters{Bot: b.app.BotID})
	require.NoError(t, err)
	require.Equal(t, b.app.ID, bot.AppID)
	team, err := b.api.GetTeamInfo()
	require.NoError(t, err)
	require.Equal(t, "Acme", team.Name)
}

func TestMembership(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	access := b.ChannelID("access")
	carla := b.AddUser(slack.User{Name: "carla"})
	_, err := b.api.InviteUsersToConversation(access, carla.ID)
	require.NoError(t, err)
	require.Equal(t, "already_in_channel", b.call("conversations.invite", "channel", access, "users", carla.ID)["error"])
	require.Equal(t, "cant_invite_self", b.call("conversations.invite", "channel", access, "users", b.app.BotUser)["error"])
	members, _, err := b.api.GetUsersInConversation(&slackgo.GetUsersInConversationParameters{ChannelID: access})
	require.NoError(t, err)
	require.Len(t, members, 4)
	require.NoError(t, b.api.KickUserFromConversation(access, carla.ID))
	require.Equal(t, "not_in_channel", b.call("conversations.kick", "channel", access, "user", carla.ID)["error"])
	require.Equal(t, "cant_kick_self", b.call("conversations.kick", "channel", access, "user", b.app.BotUser)["error"])
	general := b.ChannelID("general")
	require.Equal(t, "not_in_channel", b.call("conversations.invite", "channel", general, "users", carla.ID)["error"])
	_, _, _, err = b.api.JoinConversation(general)
	require.NoError(t, err)
	require.Equal(t, "cant_kick_from_general", b.call("conversations.kick", "channel", general, "user", carla.ID)["error"])

	forced := b.call("conversations.invite", "channel", access, "users", carla.ID+",U0NOBODY", "force", "true")
	require.Equal(t, true, forced["ok"])
	require.Len(t, forced["errors"], 1)
	mine, _, err := b.api.GetConversationsForUser(&slackgo.GetConversationsForUserParameters{})
	require.NoError(t, err)
	require.Len(t, mine, 2)
	created, err := b.api.CreateConversation(slackgo.CreateConversationParams{ChannelName: "new-one"})
	require.NoError(t, err)
	require.True(t, created.IsMember)
	require.Equal(t, "name_taken", b.call("conversations.create", "name", "new-one")["error"])
	all, cursor, err := b.api.GetConversations(&slackgo.GetConversationsParameters{Limit: 2})
	require.NoError(t, err)
	require.Len(t, all, 2)
	rest, _, err := b.api.GetConversations(&slackgo.GetConversationsParameters{Limit: 2, Cursor: cursor})
	require.NoError(t, err)
	require.Len(t, rest, 1)
	require.Equal(t, "invalid_cursor", b.call("conversations.list", "cursor", "x")["error"])
}

func TestUsergroups(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	group := b.AddUsergroup(slack.Usergroup{Handle: "drive-admins", Users: []string{b.ana.ID()}})
	members, err := b.api.GetUserGroupMembers(group)
	require.NoError(t, err)
	require.Equal(t, []string{b.ana.ID()}, members)
	_, err = b.api.UpdateUserGroupMembers(group, b.ben.ID())
	require.NoError(t, err)
	groups, err := b.api.GetUserGroups(slackgo.GetUserGroupsOptionIncludeUsers(true))
	require.NoError(t, err)
	require.Equal(t, []string{b.ben.ID()}, groups[0].Users, "the whole list is replaced")
	require.Equal(t, "no_such_subteam", b.call("usergroups.users.list", "usergroup", "S0NOPE")["error"])
	require.Equal(t, "invalid_users", b.call("usergroups.users.update", "usergroup", group, "users", "U0NOBODY")["error"])
	_, err = b.api.DisableUserGroup(group)
	require.NoError(t, err)
	groups, err = b.api.GetUserGroups()
	require.NoError(t, err)
	require.Empty(t, groups)

	free := setup(t, slack.Options{FreePlan: true})
	require.Equal(t, "plan_upgrade_required", free.call("usergroups.list")["error"])
}

func TestFiles(t *testing.T) {
	t.Parallel()
	b := setup(t, slack.Options{})
	channel := b.ChannelID("access")
	shared, err := b.api.UploadFile(slackgo.UploadFileParameters{
		Content: "seq,at\n1,now\n", Filename: "audit.csv", FileSize: 13, Channel: channel,
		InitialComment: "The log",
	})
	require.NoError(t, err)
	name, content, ok := b.File(shared.ID)
	require.True(t, ok)
	require.Equal(t, "audit.csv", name)
	require.Equal(t, "seq,at\n1,now\n", string(content))
	message := b.ana.Messages("access")[0]
	require.Equal(t, "The log", message.Text)
	require.Equal(t, "audit.csv", message.Files[0].Name)
	b.noErrors()
	require.Equal(t, "file_not_found",
		b.call("files.completeUploadExternal", "files", `[{"id":"F0NOPE"}]`, "channel_id", channel)["error"])
	require.NoError(t, b.api.DeleteFile(shared.ID))
	_, _, ok = b.File(shared.ID)
	require.False(t, ok)
}
