package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// broken is a flow that fails in the middle: there is no such group at the target.
var broken = offer{
	provision: `      - {name: account, type: drive_api_create_user}
      - {name: join, type: drive_api_add_user_to_group, args: {group: Night shift}, retry: {attempts: 1}}
      - {name: tell, type: slack_notification, args: {to: carl@acme.example, text: "{{ subject.name }} is in"}}
`,
	deprovision: `      - {name: leave, type: drive_api_remove_user_from_group, args: {group: Night shift}}
      - {name: gone, type: drive_api_delete_user}
`,
}

// stops asks for the broken flow and returns its card and what the owner is asked.
func (c *company) stops() (card, trouble slack.Message) {
	c.t.Helper()
	card = c.flow("The night shift")
	c.untilCard(card.TS, "Giving access has stopped")
	c.untilProgress(card.TS, "Giving access", "*account*: applied in", "*join*: failed", "*tell*: waiting", "waits for the owner")
	trouble = c.asked("dana", []string{"Retry", "Skip", "Done by hand", "Cancel"}, "step *join* failed", "Night shift", "*account*: applied")
	require.Empty(c.t, c.dms("carl", "is in"))
	return card, trouble
}

// opens makes the group that was missing, as an operator would at the target.
func (c *company) opens(members string) {
	c.t.Helper()
	c.scim(http.MethodPost, "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Night shift"`+members+`}`)
}

// mended checks what the thread and the log say of a flow that a person set going again.
func (c *company) mended(card slack.Message, line string, join ...string) {
	c.t.Helper()
	c.untilCard(card.TS, "Active")
	c.untilThread(card.TS, line)
	c.dm("carl", "Ana Diaz is in")
	c.settled("dana", "Flow access")
	require.Equal(c.t, append([]string{"script.started", "script.failed", "action_flow.failed"}, join...), actionsOf(c.logged(c.id(card), "join")))
	require.Equal(c.t, []string{"script.started", "script.succeeded"}, actionsOf(c.logged(c.id(card), "account")), "what was done is not done again")
	for _, event := range c.logged(c.id(card), "join")[3:] {
		if event.ActorKind == "person" {
			require.Equal(c.t, "dana@acme.example", event.Actor, event.Action)
		}
	}
	c.once(card.TS, "Giving access", "Done")
	c.t.Log(c.thread(card.TS))
}

func TestAFlowThatFailsIsRetried(t *testing.T) {
	t.Parallel()
	offeringOnBoth(t, broken, func(c *company) {
		card, trouble := c.stops()
		c.opens("")
		c.press("dana", trouble.Target(), "Retry")
		c.mended(card, c.mention("dana")+" had *join* tried again", "script.retried", "script.succeeded")
		require.Contains(c.t, c.Target.Members("Night shift"), "ana@acme.example")
	})
}

func TestAFlowThatFailsIsSkipped(t *testing.T) {
	t.Parallel()
	offering(t, broken, func(c *company) {
		card, trouble := c.stops()
		c.press("dana", trouble.Target(), "Skip")
		form := c.view("dana", "Skip step")
		c.fill("dana", form.Target(), "Reason", "There is no night shift any more")
		c.submit("dana", form)
		c.mended(card, c.mention("dana")+" skipped *join*. Reason: There is no night shift any more.", "script.skipped")
		require.Contains(c.t, c.progress(card.TS, "Giving access").Shown(), "*join*: Skipped by Dana Weiss.")
	})
}

func TestAFlowThatFailsIsDoneByHand(t *testing.T) {
	t.Parallel()
	offering(t, broken, func(c *company) {
		card, trouble := c.stops()
		id := c.scim(http.MethodGet, `/Users?filter=userName+eq+"ana@acme.example"`, "")
		c.opens(`,"members":[{"value":"` + id + `"}]`)
		before := c.Target.Mutations()
		c.byHand("dana", trouble, "Made the group and put her in")
		c.mended(card, c.mention("dana")+" did *join* by hand. “Made the group and put her in”", "script.done_by_hand")
		require.Equal(c.t, before, c.Target.Mutations(), "it was only looked at")
	})
}

func TestAFlowThatFailsIsCancelled(t *testing.T) {
	t.Parallel()
	offeringOnBoth(t, broken, func(c *company) {
		card, trouble := c.stops()
		c.press("dana", trouble.Target(), "Cancel")
		form := c.view("dana", "Cancel access")
		require.Contains(c.t, form.Shown(), "What was done so far is taken back")
		c.fill("dana", form.Target(), "Reason", "She is on holiday")
		c.submit("dana", form)
		c.until("the account is gone", func() bool {
			_, has := c.Target.User("ana@acme.example")
			return !has
		})
		c.untilThread(card.TS, "was given up. Reason: She is on holiday.")
		c.untilProgress(card.TS, "Taking access back", "*leave*: already so", "*gone*: applied", "Done")
		c.settled("dana", "Flow access")
		c.until("the grant has ended", func() bool { return strings.Contains(strings.Join(c.actions(c.id(card)), " "), "grant.ended") })
		require.NotContains(c.t, c.actions(c.id(card)), "grant.activated")
		require.Empty(c.t, c.dms("carl", "is in"))
		require.Empty(c.t, c.dms("ana", "You have"))
		c.once(card.TS, "Giving access", "Given up.")
		c.t.Log(c.thread(card.TS))
	})
}
