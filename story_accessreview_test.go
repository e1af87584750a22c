package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
)

// startReview fills in the form as a person does and returns the modal that shows the review then. Fields are label and
// choice; what is not named stays as the form has it.
func (c *company) startReview(name, title string, fields ...[]string) slack.View {
	c.t.Helper()
	c.command(name, "reviews")
	list := c.view(name, "Access reviews")
	c.press(name, list.Target(), "Start a review")
	form := c.view(name, "Start a review")
	c.fill(name, form.Target(), "Title", title)
	for _, field := range fields {
		require.NoError(c.t, c.person(name).Select(form.Target(), field[0], field[1:]...))
	}
	c.submit(name, form)
	return c.view(name, "Access review")
}

// reviewItem finds the item of an open review about what a person holds.
func (c *company) reviewItem(name string) db.ReviewItem {
	c.t.Helper()
	reviews, _, err := db.ReviewSummaries(c.ctx, c.store, "", 0, 1)
	require.NoError(c.t, err)
	items, err := db.ReviewItems(c.ctx, c.store, reviews[0].ID)
	require.NoError(c.t, err)
	for _, item := range items {
		if strings.HasPrefix(item.Grant.Subject.Email, name+"@") {
			return item
		}
	}
	require.Fail(c.t, "the review is not about "+name)
	return db.ReviewItem{}
}

// reviewCard waits until a person's newest card of a review shows the texts.
func (c *company) reviewCard(name string, texts ...string) slack.Message {
	c.t.Helper()
	return c.dm(name, append([]string{"Access review: "}, texts...)...)
}

// noButtons waits until no message of a review offers anything to a person.
func (c *company) noButtons(name string) {
	c.t.Helper()
	c.until(name+" has nothing left to press", func() bool {
		for _, message := range c.person(name).DMs() {
			for _, label := range message.Buttons() {
				if label == "Keep" || label == "Remove" || label == "Answer" {
					return false
				}
			}
		}
		return true
	})
}

// TestAnAccessReview is a review as people live it: begun with a form, decided on cards, removed at the target, ended.
func TestAnAccessReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		anas := c.held("ana", "Drive editors", "30d", "The poster", "ben")
		carls := c.held("carl", "Drive editors", "30d", "The offer", "dana")
		shown := c.startReview("dana", "Autumn", []string{"Access", "Drive editors"}, []string{"Tell a channel", "security"},
			[]string{"What nobody decides in time", "Remove it"})
		require.Contains(c.t, shown.Shown(), "0 of 2 decided")
		c.until("the channel hears of it", func() bool { return c.heard("security", "has begun: 2 accesses") })

		card := c.reviewCard("ben", c.mention("ana"), "approved by "+c.mention("ben"), "Reason then: The poster", "is removed")
		require.Equal(c.t, []string{"Keep", "Remove", "Do not renew", "Ask the holder"}, card.Buttons())
		c.press("ben", card.Target(), "Keep")
		c.reviewCard("ben", "nothing is left for you to decide", "1 kept")
		c.noButtons("ben")
		c.untilThread(anas.TS, c.mention("ben")+" kept", "in the access review “Autumn”")

		card = c.reviewCard("dana", c.mention("carl"))
		c.press("dana", card.Target(), "Remove")
		form := c.view("dana", "Remove access")
		c.fill("dana", form.Target(), "Reason", " ")
		require.Contains(c.t, c.refused("dana", form, "Reason"), "Write a reason")
		c.fill("dana", form.Target(), "Reason", "The offer is out")
		c.submit("dana", form)
		c.untilCard(carls.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "carl@acme.example", "it is really gone")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.dm("carl", "was revoked by "+c.mention("dana"), "Access review “Autumn”: The offer is out")
		c.reviewCard("dana", "nothing is left for you to decide", "1 removed")
		c.until("the channel hears of the end", func() bool { return c.heard("security", "is over: 1 kept and 1 removed") })

		c.command("dana", "reviews")
		list := c.view("dana", "Access reviews")
		require.Contains(c.t, list.Shown(), "Autumn")
		c.press("dana", list.Target(), "Show")
		c.until("the review is shown", func() bool {
			top, ok := c.person("dana").Top()
			return ok && strings.Contains(top.Shown(), "2 of 2 decided")
		})
		top, _ := c.person("dana").Top()
		c.press("dana", top.Target(), "Export")
		c.until("the file is in the direct message", func() bool {
			for _, message := range c.person("dana").DMs() {
				if len(message.Files) > 0 && strings.HasPrefix(message.Files[0].Name, "access-review-rev_") {
					return message.Files[0].Size > 500
				}
			}
			return false
		})
	})
}

// heard says whether a channel shows a text.
func (c *company) heard(channel, text string) bool {
	for _, message := range c.person("dana").Messages(c.Workspace.ChannelID(channel)) {
		if strings.Contains(message.Shown(), text) {
			return true
		}
	}
	return false
}

// TestTheHolderAnswersAReview: the question goes to the holder and the answer comes back; or the access does.
func TestTheHolderAnswersAReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.held("ana", "Drive editors", "30d", "The poster", "ben")
		carls := c.held("carl", "Drive editors", "30d", "The offer", "dana")
		c.startReview("dana", "Autumn", []string{"Access", "Drive editors"})
		ask := func(reviewer, holder, question string) slack.Message {
			card := c.reviewCard(reviewer, c.mention(holder))
			c.press(reviewer, card.Target(), "Ask the holder")
			form := c.view(reviewer, "Ask the holder")
			c.fill(reviewer, form.Target(), "Question", question)
			c.submit(reviewer, form)
			c.reviewCard(reviewer, "there is no answer yet")
			return c.dm(holder, "Do you still need this access?", question)
		}
		asked := ask("ben", "ana", "Is the poster printed?")
		c.press("ana", asked.Target(), "Answer")
		form := c.view("ana", "Answer")
		c.fill("ana", form.Target(), "Answer", "Not before March <!channel>")
		c.submit("ana", form)
		c.dm("ana", "You answered")
		c.reviewCard("ben", "Not before March <!channel>")
		told := c.dm("ben", "answered about", "Not before March")
		c.press("ben", told.Target(), "Keep")
		c.dm("ana", "It was kept by "+c.mention("ben"))
		c.noButtons("ben")

		asked = ask("dana", "carl", "Is the offer out?")
		c.press("carl", asked.Target(), "I don't need it")
		c.untilCard(carls.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "carl@acme.example")
		c.reviewCard("dana", "nothing is left for you to decide", "1 ended otherwise")
	})
}

// TestAReviewIsOverdue: reminders come, and then the chosen default acts.
func TestAReviewIsOverdue(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		card := c.held("ana", "Drive editors", "30d", "The poster", "ben")
		due := c.Clock.Now().Add(8 * 24 * time.Hour).Unix()
		c.startReview("dana", "Autumn", []string{"Access", "Drive editors"}, []string{"Due", strconv.FormatInt(due, 10)},
			[]string{"What nobody decides in time", "Remove it"})
		c.reviewCard("ben", "0 of 1 decided")
		c.Clock.Advance(4*24*time.Hour + time.Minute)
		c.until("ben is reminded", func() bool { return len(c.dms("ben", "Access review: Autumn")) == 2 })
		c.Clock.Advance(4*24*time.Hour + time.Minute)
		c.untilCard(card.TS, "Access has ended")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		c.dm("ana", "was revoked", "Nobody decided in time")
		c.reviewCard("ben", "1 removed", "1 because nobody decided in time")
		c.noButtons("ben")
		require.Contains(c.t, c.actions(c.id(card)), "review.removed")
	})
}

// TestDoNotRenew: the access runs out, and asking for more time is refused with the review's reason.
func TestDoNotRenew(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.held("ana", "Drive editors", "8h", "The poster", "ben")
		c.startReview("dana", "Autumn", []string{"Access", "Drive editors"})
		card := c.reviewCard("ben", c.mention("ana"))
		c.press("ben", card.Target(), "Do not renew")
		form := c.view("ben", "Do not renew")
		c.fill("ben", form.Target(), "Reason", "Only for the launch")
		c.submit("ben", form)
		c.reviewCard("ben", "1 kept")

		mine := c.answer("ana", "mine")
		c.press("ana", mine.Target(), "Extend")
		extend := c.view("ana", "Extend access")
		c.fill("ana", extend.Target(), "Duration", "8h")
		c.fill("ana", extend.Target(), "Reason", "A little longer")
		result, err := c.person("ana").Submit(extend)
		require.NoError(c.t, err)
		require.Equal(c.t, "errors", result.Result)
		for _, text := range result.Errors {
			require.Contains(c.t, text, "Only for the launch")
		}
	})
}

// TestALateReview: two reviewers, one item: the second is told who was first. Whose power has gone is refused.
func TestALateReview(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.held("ana", "Drive editors", "30d", "The poster", "ben")
		c.held("carl", "Drive editors", "30d", "The offer", "dana")
		c.command("dana", "reviews")
		c.press("dana", c.view("dana", "Access reviews").Target(), "Start a review")
		form := c.view("dana", "Start a review")
		c.fill("dana", form.Target(), "Title", "Autumn")
		c.fill("dana", form.Target(), "Other reviewers", "nobody@acme.example")
		require.Contains(c.t, c.refused("dana", form, "Reviewers"), "names nobody")
		c.fill("dana", form.Target(), "Other reviewers", "eve@acme.example")
		c.submit("dana", form)
		c.view("dana", "Access review")

		item := c.reviewItem("ana")
		late := c.reviewCard("eve", c.mention("ana"), c.mention("carl"))
		c.press("eve", late.Target(), "Remove", item.ID)
		removing := c.view("eve", "Remove access")
		card := c.reviewCard("ben", c.mention("ana"))
		c.press("ben", card.Target(), "Keep")
		c.reviewCard("ben", "1 kept")
		c.fill("eve", removing.Target(), "Reason", "Gone")
		require.Contains(c.t, c.refused("eve", removing, "Reason"), "Ben Okafor has decided already: the access was kept.")
		require.NoError(c.t, c.person("eve").CloseAll())

		carl := c.row("carl")
		carl.ManagerEmail = "ben@acme.example"
		require.NoError(c.t, db.UpdatePerson(c.ctx, c.store, carl))
		card = c.reviewCard("dana", c.mention("carl"))
		c.press("dana", card.Target(), "Keep")
		require.Contains(c.t, c.quiet("dana", card), "Only the reviewers of this access can decide on it")
		require.Equal(c.t, db.ItemOpen, c.reviewItem("carl").Status)
	})
}

// TestOnlySomeSeeReviews: a person without a role is refused, an auditor reads.
func TestOnlySomeSeeReviews(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.held("ana", "Drive editors", "30d", "The poster", "ben")
		c.startReview("dana", "Autumn", []string{"Access", "Drive editors"})
		require.Contains(c.t, c.answer("carl", "reviews").Shown(), "Only admins, auditors and owners")
		c.command("eve", "reviews")
		list := c.view("eve", "Access reviews")
		require.Contains(c.t, list.Buttons(), "Show")
	})
}
