package slack_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	workspace "github.com/usherhq/usher/demo/slack"
)

func TestChannelsThatAreNotThere(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	other := b.AddChannel(workspace.Channel{Name: "other", Members: []string{"ana"}})
	hidden := b.AddChannel(workspace.Channel{Name: "hidden", Private: true, Members: []string{"ana"}})
	for _, endpoint := range []string{"add_user_to_entity", "remove_user_from_entity"} {
		requireSays(t, b.expect(t, connectors.Refused, endpoint, "#other"), "add the account there with /invite")
		requireSays(t, b.expect(t, connectors.Refused, endpoint, other), "add it there with /invite")
		requireSays(t, b.expect(t, connectors.Refused, endpoint, hidden), "does not see the channel")
		b.expect(t, connectors.Refused, endpoint, "")
	}
	b.ArchiveChannel("design")
	requireSays(t, b.expect(t, connectors.Refused, "add_user_to_entity", "#design"), "unarchive it")
	require.NoError(t, b.InviteApp(b.app.ID, "hidden"))
	applied := b.expect(t, connectors.Applied, "remove_user_from_entity", "#hidden")
	require.Equal(t, "https://slack.com/app_redirect?channel="+hidden, applied.Output["url"])
}

func TestPeopleWhoCannotBeMoved(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	requireSays(t, b.expect(t, connectors.Refused, "add_user_to_entity", "#design", "user", "nobody@example.com"), "no active account")
	b.expect(t, connectors.Already, "remove_user_from_entity", "#design", "user", "nobody@example.com")
	requireSays(t, b.expect(t, connectors.Refused, "kick_from_channel", "#design", "user", b.app.BotUser), "token's own account")
	requireSays(t, b.expect(t, connectors.Refused, "kick_from_channel", "#general"), "general channel")
	b.AddUser(workspace.User{Name: "single", Email: "single@example.com", UltraRestricted: true})
	b.expect(t, connectors.Applied, "invite_to_channel", "#design", "user", "single@example.com")
	requireSays(t, b.expect(t, connectors.Refused, "invite_to_channel", "#secret", "user", "single@example.com"), "multi-channel guest")
}

// TestSomebodyWasFaster has a person change the channel between our reading and our writing.
func TestSomebodyWasFaster(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	b.Fault("conversations.invite", workspace.Fault{Kind: workspace.FaultRefused, Code: "already_in_channel"})
	refused := b.expect(t, connectors.Refused, "add_user_to_entity", "#design")
	requireSays(t, refused, "in the channel already")
	var racing *bench
	racing = newBench(t, plan{deps: tapped(func(method string) {
		if method == "conversations.invite" {
			require.NoError(t, racing.Invite("design", racing.ana.ID))
		}
	})})
	racing.expect(t, connectors.Already, "add_user_to_entity", "#design")
}

// TestManyMembers looks through more than one page of channels and of members.
func TestManyMembers(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	members := make([]string, 0, 1101)
	for i := range 1100 {
		members = append(members, b.AddUser(workspace.User{Name: fmt.Sprintf("p%d", i), Email: fmt.Sprintf("p%d@example.com", i)}).ID)
	}
	b.AddChannel(workspace.Channel{Name: "big", Members: append(members, b.ana.ID)})
	require.NoError(t, b.InviteApp(b.app.ID, "big"))
	b.expect(t, connectors.Already, "add_user_to_entity", "#big")
}

// TestWithAUserToken works for a person instead of a bot.
func TestWithAUserToken(t *testing.T) {
	t.Parallel()
	b := newBench(t, plan{})
	key, err := b.UserToken(b.app.ID, "ben", "users:read", "users:read.email", "channels:read", "channels:write")
	require.NoError(t, err)
	b.settings["token"] = secretFile(t, key)
	b.provider = b.open(t, nil)
	require.NoError(t, b.provider.Check(t.Context()))
	b.expect(t, connectors.Applied, "add_user_to_entity", "#design")
	b.expect(t, connectors.Applied, "remove_user_from_entity", "#design")
	notes, err := b.provider.(connectors.Notes).Notes(t.Context())
	require.NoError(t, err)
	require.Contains(t, notes[0], "@ben")
	require.Equal(t, "channels: private ones need groups:read and groups:write", notes[1])
	missing := b.expect(t, connectors.Refused, "add_user_to_entity", "#secret")
	requireSays(t, missing, "groups:read")
}
