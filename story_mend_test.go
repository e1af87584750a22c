package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
	"github.com/usherhq/usher/demo/target"
)

// stuck gives somebody access while the target refuses every change, and returns the card and what the owner is asked.
func (c *company) stuck(name, entitlement, approver string) (card, trouble slack.Message) {
	c.t.Helper()
	c.Target.SetMode(target.ReadOnly)
	card = c.ask(name, entitlement, "1h", "While it is broken")
	c.press(approver, card.Target(), "Approve")
	c.untilCard(card.TS, "Giving access has stopped")
	trouble = c.dm("dana", entitlement, "stopped: step")
	require.ElementsMatch(c.t, []string{"Retry", "Skip", "Done by hand", "Cancel"}, trouble.Buttons())
	c.dm(name, entitlement, "met a problem")
	return card, trouble
}

func TestRetry(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card, trouble := c.stuck("ana", "Drive editors", "ben")
		c.press("dana", trouble.Target(), "Retry")
		c.untilThread(card.TS, c.mention("dana")+" had *account* tried again")
		c.until("it has failed again", func() bool { return strings.Count(strings.Join(c.actions(c.id(card)), " "), "action_flow.failed") == 2 })

		c.Target.SetMode(target.Online)
		trouble = c.dm("dana", "Drive editors", "waits for you")
		c.press("dana", trouble.Target(), "Retry")
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		require.Empty(c.t, c.dm("dana", "needs no help any more").Buttons())
		c.dm("ana", "You have", "Drive editors")

		succeeded := strings.Count(strings.Join(c.actions(c.id(card)), " "), "script.succeeded")
		require.Equal(c.t, 3, succeeded, "each script succeeds once")
	})
}

func TestSkip(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card, trouble := c.stuck("carl", "Drive viewers", "dana")
		c.press("dana", trouble.Target(), "Skip")
		form := c.view("dana", "Skip step")
		c.fill("dana", form.Target(), "Reason", " ")
		require.Contains(c.t, c.refused("dana", form, "Reason"), "Write a reason")
		c.Target.SetMode(target.Online)
		c.fill("dana", form.Target(), "Reason", "His account exists elsewhere")
		c.submit("dana", form)
		c.untilThread(card.TS, c.mention("dana")+" skipped *account*", "His account exists elsewhere")
		c.until("the next step fails, for he has no account", func() bool {
			return strings.Contains(c.card(card.TS).Shown(), "step *join* failed")
		})

		trouble = c.dm("dana", "step *join* failed")
		c.press("dana", trouble.Target(), "Done by hand")
		form = c.view("dana", "Done by hand")
		c.fill("dana", form.Target(), "Evidence", "I added him")
		c.submit("dana", form)
		c.until("it is not believed", func() bool { return strings.Contains(c.card(card.TS).Shown(), "could not be checked at the target") })
		require.NotContains(c.t, c.card(card.TS).Shown(), "*Active*")
	})
}

func TestDoneByHand(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.Target.SetMode(target.ReadOnly)
		card := c.ask("ben", "Drive administrators", "1h", "While it is broken")
		c.press("dana", card.Target(), "Approve")
		c.untilCard(card.TS, "Waiting for Drive admins")
		c.press("dana", card.Target(), "Approve")
		c.untilCard(card.TS, "1 of 2 approvals")
		c.press("eve", card.Target(), "Approve")
		c.untilCard(card.TS, "Giving access has stopped")

		trouble := c.dm("dana", "Drive administrators", "step *join* failed")
		c.press("dana", trouble.Target(), "Done by hand")
		form := c.view("dana", "Done by hand")
		c.Target.SetMode(target.Online)
		c.addByHand("Administrators", "ben@acme.example")
		c.fill("dana", form.Target(), "Evidence", "Added on the console, ticket 4711")
		c.submit("dana", form)
		c.untilCard(card.TS, "Active")
		c.untilThread(card.TS, c.mention("dana")+" did *join* by hand")
		require.Contains(c.t, c.Target.Members("Administrators"), "ben@acme.example")
		c.dm("ben", "You have", "Drive administrators")
	})
}

// addByHand does at the target what its console would do.
func (c *company) addByHand(group, email string) {
	c.t.Helper()
	groupID := c.scim(http.MethodGet, "/Groups?filter="+url.QueryEscape(fmt.Sprintf("displayName eq %q", group)), "")
	userID := c.scim(http.MethodGet, "/Users?filter="+url.QueryEscape(fmt.Sprintf("userName eq %q", email)), "")
	c.scim(http.MethodPatch, "/Groups/"+groupID, fmt.Sprintf(
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[{"value":%q}]}]}`, userID))
}

// scim calls the target and returns the id of the first resource that it answers.
func (c *company) scim(method, path, body string) string {
	c.t.Helper()
	token, err := os.ReadFile(filepath.Join(c.Dir, "drive-token"))
	require.NoError(c.t, err)
	request, err := http.NewRequestWithContext(c.ctx, method, c.TargetURL+"/scim/v2"+path, strings.NewReader(body))
	require.NoError(c.t, err)
	request.Header.Set("Authorization", "Bearer "+string(token))
	request.Header.Set("Content-Type", "application/scim+json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(c.t, err)
	defer func() { require.NoError(c.t, answer.Body.Close()) }()
	require.Less(c.t, answer.StatusCode, 300)
	var found struct {
		Resources []struct{ ID string }
	}
	if method == http.MethodGet {
		require.NoError(c.t, json.NewDecoder(answer.Body).Decode(&found))
		require.NotEmpty(c.t, found.Resources)
		return found.Resources[0].ID
	}
	return ""
}

// TestTakingBackFails: access that can't be taken back stays loud, is tried again by itself, and is gone in the end.
func TestTakingBackFails(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.held("ana", "Drive editors", "1h", "The fair", "ben")
		c.Target.SetMode(target.ReadOnly)
		c.Clock.Advance(time.Hour + time.Minute)
		shown := c.untilCard(card.TS, "Taking access back has stopped")
		require.NotContains(c.t, shown.Shown(), "has ended", "nothing is said before it is true")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.dm("dana", "Taking back access", "waits for you", "It is tried again")
		require.Contains(c.t, c.health("dana").Shown(), "have stopped")

		c.Target.SetMode(target.Online)
		c.Clock.Advance(6 * time.Minute)
		c.untilCard(card.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		require.Empty(c.t, c.dm("dana", "needs no help any more").Buttons())
	})
}

// TestTakingBackIsSkipped: an end that rests on a person's word says so.
func TestTakingBackIsSkipped(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.held("ana", "Drive editors", "1h", "The booth", "ben")
		c.Target.SetMode(target.ReadOnly)
		c.press("ana", c.answer("ana", "mine").Target(), "Give back")
		c.untilCard(card.TS, "Taking access back has stopped")
		trouble := c.dm("dana", "Taking back access", "waits for you")
		c.press("dana", trouble.Target(), "Skip")
		form := c.view("dana", "Skip step")
		c.fill("dana", form.Target(), "Reason", "The drive is being shut down")
		c.submit("dana", form)
		c.untilCard(card.TS, "Access has ended")
		c.untilThread(card.TS, c.mention("dana")+" skipped *leave*", "rests on a person's word")
		require.Empty(c.t, c.dm("dana", "needs no help any more").Buttons())
	})
}

// TestNobodyDecides: a reminder, then others are asked, then the request lapses.
func TestNobodyDecides(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "The calendar")
		c.dm("ben", "The calendar", "waits for your decision")
		c.Clock.Advance(4*time.Hour + time.Minute)
		c.dm("ben", "A reminder", "The calendar")
		c.untilThread(card.TS, "were reminded")
		require.Empty(c.t, c.dms("dana", "The calendar"))

		c.Clock.Advance(20 * time.Hour)
		asked := c.dm("dana", "The calendar", "waits for your decision")
		require.ElementsMatch(c.t, decisionButtons, asked.Buttons())
		c.untilThread(card.TS, "Nobody decided in time", c.mention("dana"))

		c.Clock.Advance(24*time.Hour + time.Minute)
		require.Empty(c.t, c.untilCard(card.TS, "Lapsed").Buttons())
		c.dm("ana", "has lapsed")
		require.Len(c.t, c.dms("ana", "has lapsed"), 1)
		c.until("every ask is closed", func() bool {
			for _, name := range []string{"ben", "dana"} {
				for _, message := range c.dms(name, "Drive editors") {
					if len(message.Buttons()) > 0 {
						return false
					}
				}
			}
			return true
		})
		require.Empty(c.t, c.grants(card))
	})
}
