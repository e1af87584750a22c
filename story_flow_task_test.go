package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestATask: work by hand is asked for, reminded of, and the owner learns that it is late; evidence ends it.
func TestATask(t *testing.T) {
	t.Parallel()
	offering(t, offer{provision: `      - {name: desk, type: manual_task, args: {to: eve@acme.example, text: "Put a chair there for {{ subject.name }}", due: 36h, remind: 1d}}
      - {name: tell, type: slack_notification, args: {to: carl@acme.example, text: "{{ desk.evidence }}, says {{ desk.by }}"}}
`}, func(c *company) {
		card := c.flow("A chair")
		c.asked("eve", []string{"Done by hand", "Cancel"}, "is to be done by hand", "Put a chair there for Ana Diaz", "It is due")
		c.untilProgress(card.TS, "Giving access", "waits for a person until")
		require.Empty(c.t, c.dms("dana", "Put a chair"), "the owner is not asked while there is time")

		c.Clock.Advance(24*time.Hour + time.Minute)
		c.until("Eve is reminded", func() bool { return len(c.dms("eve", "Put a chair")) == 2 })
		c.Clock.Advance(12 * time.Hour)
		c.asked("dana", []string{"Done by hand", "Cancel"}, "Put a chair there for Ana Diaz")

		task := c.asked("eve", []string{"Done by hand", "Cancel"}, "Put a chair there for Ana Diaz")
		c.press("eve", task.Target(), "Done by hand")
		form := c.view("eve", "Done by hand")
		c.fill("eve", form.Target(), "Evidence", " ")
		require.Contains(c.t, c.refused("eve", form, "Evidence"), "Write what you did")
		c.fill("eve", form.Target(), "Evidence", "Ticket 4711")
		c.submit("eve", form)
		c.untilCard(card.TS, "Active")
		c.untilThread(card.TS, c.mention("eve")+" did *desk* by hand. “Ticket 4711”")
		c.dm("carl", "Ticket 4711, says eve@acme.example")
		c.settled("eve", "Flow access")
		c.settled("dana", "Flow access")
		done, facts := c.entry(c.logged(c.id(card), "desk"), "script.done_by_hand")
		require.Equal(c.t, "eve@acme.example", done.Actor)
		require.Equal(c.t, "Ticket 4711", facts.Reason)
		require.Equal(c.t, []string{"script.started", "script.paused", "script.reminded", "script.overdue", "script.done_by_hand"},
			actionsOf(c.logged(c.id(card), "desk")))
		c.once(card.TS, "Giving access", "Done")
	})
}

// TestWaitUntil: a script reads again and again, and goes on once what it reads is so.
func TestWaitUntil(t *testing.T) {
	t.Parallel()
	offering(t, offer{provision: `      - {name: hired, type: wait_until, args: {read: drive_api_get_user, until: result.exists, every: 5m, within: 1d}}
      - {name: join, type: drive_api_add_user_to_group}
`, deprovision: "      - {name: leave, type: drive_api_remove_user_from_group}\n"}, func(c *company) {
		card := c.flow("Her first day")
		c.untilProgress(card.TS, "Giving access", "*hired*: looks again", "*join*: waiting")
		c.Clock.Advance(5*time.Minute + time.Second)
		c.untilProgress(card.TS, "Giving access", "*hired*: looks again", "*join*: waiting")

		c.scim(http.MethodPost, "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ana@acme.example","active":true}`)
		c.Clock.Advance(5*time.Minute + time.Second)
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.once(card.TS, "Giving access", "Done")
	})
}
