package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestSlackAdmin: the workspace itself is a target. Ana becomes an admin of it by a workflow in plain English, and is a
// member again when her time is over, signed out everywhere.
func TestSlackAdmin(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		require.NoError(c.t, c.Workspace.SignIn("ana", "Mac", false))
		form := c.choose("ana", c.form("ana"), "Access", "Slack admin access", c.mention("ben"))
		for _, planned := range []string{"Acme Slack", "High", c.mention("dana"), "get user ana@acme.example", "create user ana@acme.example", "only if", "add user ana@acme.example to role admin"} {
			require.Contains(c.t, form.Shown(), planned)
		}
		c.fill("ana", form.Target(), "Duration", "1h")
		c.fill("ana", form.Target(), "Reason", "Clean up the channels")
		c.submit("ana", form)
		card := c.posted("Clean up the channels")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Waiting for Owner")
		c.press("dana", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		ana, _ := c.Workspace.User("ana")
		require.True(c.t, ana.Admin)
		require.Equal(c.t, 1, c.Workspace.Sessions("ana"))
		c.once(card.TS, "Giving access", "Done")
		c.untilProgress(card.TS, "Giving access", "*check_user*: done in", "*create_user*: not needed, since `!check_user.active` does not hold", "Gave ana@acme.example the workspace role admin")

		c.Clock.Advance(time.Hour + time.Second)
		c.untilCard(card.TS, "Access has ended")
		ana, _ = c.Workspace.User("ana")
		require.False(c.t, ana.Admin)
		require.False(c.t, ana.Deleted)
		require.Zero(c.t, c.Workspace.Sessions("ana"))
		c.once(card.TS, "Taking access back", "Done")
		c.untilThread(card.TS, "no longer has")
		c.t.Log(c.replies(card.TS))
	})
}

// TestDesignChannel: Ana is in #design while her time lasts.
func TestDesignChannel(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		in := func() bool { return slices.Contains(c.Workspace.Members("design"), c.person("ana").ID()) }
		require.False(c.t, in())
		card := c.wants("ana", "design-channel", "8h", "The new type")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		require.True(c.t, in())
		c.Clock.Advance(8*time.Hour + time.Second)
		c.untilCard(card.TS, "Access has ended")
		require.False(c.t, in())
		require.Len(c.t, c.Workspace.Members("design"), 3, "nobody else was touched")
		c.once(card.TS, "Giving access", "Done")
		c.once(card.TS, "Taking access back", "Done")
		c.t.Log(c.replies(card.TS))
	})
}

// TestRoomKeys plays what the demo shows of flows: a question, work by hand, a wait and a message.
func TestRoomKeys(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		buttons := []string{"Hand out a key", "A badge will do", "No"}
		card := c.wants("ana", "room-keys", "8h", "A workshop")
		c.press("eve", c.asked("eve", buttons, "May Ana Diaz go into the meeting rooms?").Target(), "Hand out a key")
		c.byHand("eve", c.asked("eve", []string{"Done by hand", "Cancel"}, "Give Ana Diaz a key"), "Key 12")
		c.untilProgress(card.TS, "Giving access", "*settle*: sleeps until", "*tell*: waiting")
		c.Clock.Advance(time.Minute + time.Second)
		c.untilCard(card.TS, "Active")
		c.dm("ana", "The meeting rooms are open to you")
		c.once(card.TS, "Giving access", "Done")

		other := c.wants("carl", "room-keys", "8h", "A client comes")
		c.press("eve", c.asked("eve", buttons, "May Carl Meyer go into the meeting rooms?").Target(), "A badge will do")
		c.untilProgress(other.TS, "Giving access", "*handover*: not needed", "*settle*: sleeps until")

		c.Clock.Advance(8 * time.Hour)
		c.byHand("eve", c.asked("eve", []string{"Done by hand"}, "Take the key or badge of Ana Diaz back"), "Key 12 is back")
		c.untilCard(card.TS, "Access has ended")
		c.untilThread(card.TS, c.mention("eve")+" did *collect* by hand. “Key 12 is back”")
		c.t.Log(c.replies(card.TS))
	})
}

// TestOneMessageTellsAFlow: however long a flow goes on, its thread has one message about it.
func TestOneMessageTellsAFlow(t *testing.T) {
	t.Parallel()
	offering(t, offer{provision: `      - {name: one, type: drive_api_create_user}
      - {name: two, type: sleep, args: {for: 10m}}
      - {name: three, type: drive_api_add_user_to_group}
      - {name: four, type: sleep, args: {for: 3h}}
`, deprovision: "      - {name: five, type: drive_api_remove_user_from_group}\n"}, func(c *company) {
		card := c.flow("Step by step")
		c.untilProgress(card.TS, "Giving access", "*one*: applied in", "*two*: sleeps until", "*three*: waiting", "*four*: waiting", "In progress")
		first := c.progress(card.TS, "Giving access")
		c.Clock.Advance(10*time.Minute + time.Second)
		c.untilProgress(card.TS, "Giving access", "*two*: done. Waited 10 minutes", "*three*: applied in", "*four*: sleeps until")
		c.Clock.Advance(3*time.Hour + time.Second)
		c.untilCard(card.TS, "Active")
		c.once(card.TS, "Giving access", "Done")
		c.untilProgress(card.TS, "Giving access", "*four*: done. Waited 3 hours")
		last := c.progress(card.TS, "Giving access")
		require.Equal(c.t, first.TS, last.TS)
		require.True(c.t, last.Edited)
		c.t.Log(c.replies(card.TS))
	})
}
