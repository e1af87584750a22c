package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// question is a flow that asks in the middle: an account, a question, a group.
func question(to string) offer {
	return offer{
		provision: `      - {name: account, type: drive_api_create_user}
      - name: sure
        type: slack_approval
        args:
          to: ` + to + `
          text: "May {{ subject.name }} edit?"
          buttons: [{text: Go ahead, style: green, value: go}, {text: Only look, value: look}, {text: Never, style: red, value: never}]
          remind: 4h
          within: 1d
      - {name: join, type: drive_api_add_user_to_group, when: "sure.answer == 'go'"}
`,
		deprovision: `      - {name: leave, type: drive_api_remove_user_from_group}
      - {name: gone, type: drive_api_delete_user}
`,
	}
}

var answers = []string{"Go ahead", "Only look", "Never"}

// TestFlowAsksInSlack: both who are asked press at once. One answer counts, the other person is told privately.
func TestFlowAsksInSlack(t *testing.T) {
	t.Parallel()
	offeringOnBoth(t, question(`"@drive-admins"`), func(c *company) {
		card := c.flow("The relaunch")
		asked := map[string]slack.Message{}
		c.untilProgress(card.TS, "Giving access", "waits for an answer of Dana Weiss or Eve Lind until")
		for _, name := range []string{"dana", "eve"} {
			asked[name] = c.asked(name, answers, "May Ana Diaz edit?", "The relaunch", "Please answer by")
		}
		var both sync.WaitGroup
		for name, message := range asked {
			both.Go(func() {
				if err := c.person(name).PressLabel(message.Target(), "Go ahead"); err != nil {
					c.t.Errorf("%s: %v", name, err)
				}
			})
		}
		both.Wait()
		require.Empty(c.t, c.dms("ana", "May Ana Diaz edit?"), "who asked for it is not asked")
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")

		answered, facts := c.entry(c.logged(c.id(card), "sure"), "script.answered")
		winner, loser := "dana", "eve"
		if answered.Actor == "eve@acme.example" {
			winner, loser = loser, winner
		}
		require.Equal(c.t, "Go ahead", facts.Summary)
		c.untilThread(card.TS, c.mention(winner)+" answered “Go ahead” to *sure*")
		require.Contains(c.t, c.quiet(loser, asked[loser]), "already answered “Go ahead”. Nothing was changed.")
		require.Empty(c.t, c.person(winner).Ephemerals(asked[winner].Channel))
		for name, message := range asked {
			c.settled(name, "May Ana Diaz edit?")
			require.Equal(c.t, message.TS, c.dm(name, "May Ana Diaz edit?", "needs no answer any more").TS, "what was asked is drawn anew")
		}
		require.Equal(c.t, []string{"script.started", "script.asked", "script.answered", "script.succeeded"}, actionsOf(c.logged(c.id(card), "sure")))
		c.once(card.TS, "Giving access", "Done")
		require.True(c.t, c.progress(card.TS, "Giving access").Edited)
	})
}

// once checks that a flow is told in one message, which says in the end how the flow ended.
func (c *company) once(ts, title, end string) {
	c.t.Helper()
	c.untilProgress(ts, title, end)
	c.progress(ts, title)
}

// TestTheAnswerIsNo: a red button stops the flow. The owner may ask again or cancel, and nothing else.
func TestTheAnswerIsNo(t *testing.T) {
	t.Parallel()
	offeringOnBoth(t, question("manager"), func(c *company) {
		card := c.flow("The brochure")
		c.press("ben", c.asked("ben", answers, "May Ana Diaz edit?").Target(), "Never")
		c.untilCard(card.TS, "Giving access has stopped")
		c.untilThread(card.TS, c.mention("ben")+" answered “Never” to *sure*", "*sure* was not approved for *Flow access*. Ben Okafor answered “Never”.")
		c.untilProgress(card.TS, "Giving access", "*sure*: not approved. Ben Okafor answered “Never” after", "and the owner was asked")
		require.NotContains(c.t, c.thread(card.TS), "the provider refused", "a person did")
		trouble := c.asked("dana", []string{"Retry", "Cancel"}, "Flow access", "Ben Okafor answered “Never”")
		require.NotContains(c.t, trouble.Shown(), "the provider refused")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")

		c.press("dana", trouble.Target(), "Retry")
		again := c.asked("ben", answers, "May Ana Diaz edit?")
		c.press("ben", again.Target(), "Go ahead")
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.settled("dana", "Flow access")
		c.settled("ben", "May Ana Diaz edit?")
	})
}

// TestNobodyAnswers: a reminder, then the question is closed and the owner is asked, who cancels.
func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	offering(t, question("manager"), func(c *company) {
		card := c.flow("The calendar")
		c.asked("ben", answers, "May Ana Diaz edit?")
		c.Clock.Advance(4*time.Hour + time.Minute)
		c.until("Ben is reminded", func() bool { return len(c.dms("ben", "May Ana Diaz edit?")) == 2 })
		c.Clock.Advance(20 * time.Hour)
		c.untilCard(card.TS, "Giving access has stopped")
		c.settled("ben", "May Ana Diaz edit?")
		require.Contains(c.t, c.dms("ben", "May Ana Diaz edit?")[0].Shown(), "Nobody answered in time")
		trouble := c.asked("dana", []string{"Retry", "Cancel"}, "Nobody answered in time")
		_, has := c.Target.User("ana@acme.example")
		require.True(c.t, has, "the first step was done")

		c.press("dana", trouble.Target(), "Cancel")
		form := c.view("dana", "Cancel access")
		c.fill("dana", form.Target(), "Reason", " ")
		require.Contains(c.t, c.refused("dana", form, "Reason"), "Write a reason")
		c.fill("dana", form.Target(), "Reason", "Nobody cares")
		c.submit("dana", form)
		c.untilThread(card.TS, "Nobody cares")
		c.until("what was done is taken back", func() bool {
			_, has := c.Target.User("ana@acme.example")
			return !has && strings.Contains(strings.Join(c.actions(c.id(card)), " "), "grant.ended")
		})
		c.settled("dana", "Flow access")
		require.Contains(c.t, c.actions(c.id(card)), "grant.cancelled")
		require.NotContains(c.t, c.actions(c.id(card)), "grant.activated")
	})
}
