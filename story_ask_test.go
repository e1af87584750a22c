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

// form opens the request form by the bare command.
func (c *company) form(name string) slack.View {
	c.t.Helper()
	c.command(name, "")
	return c.view(name, "Request access")
}

// choose picks an entitlement and waits until the form shows what applies to it.
func (c *company) choose(name string, form slack.View, field, entitlement, applies string) slack.View {
	c.t.Helper()
	require.NoError(c.t, c.person(name).Select(form.Target(), field, entitlement))
	return c.untilForm(name, applies)
}

// untilForm waits until the request form in front shows a text.
func (c *company) untilForm(name, text string) slack.View {
	c.t.Helper()
	var form slack.View
	c.until("the form of "+name+" shows "+text, func() bool {
		top, open := c.person(name).Top()
		form = top
		return open && strings.Contains(top.Shown(), text)
	})
	return form
}

// posted waits for the card that shows a text.
func (c *company) posted(text string) slack.Message {
	c.t.Helper()
	var card slack.Message
	c.until("there is a card with "+text, func() bool {
		for _, message := range c.person("dana").Messages(c.access()) {
			if strings.Contains(message.Shown(), text) {
				card = message
			}
		}
		return card.TS != ""
	})
	return card
}

func TestAskForAColleague(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		form := c.choose("carl", c.form("carl"), "Access", "Drive editors", c.mention("dana"))
		require.NoError(c.t, c.person("carl").Select(form.Target(), "For", "ana"))
		form = c.untilForm("carl", c.mention("ben"))
		require.NotContains(c.t, form.Shown(), c.mention("dana"), "Ana's manager decides, not Carl's")
		require.Equal(c.t, "Drive editors", form.Value("Access"), "what was chosen stays")
		c.fill("carl", form.Target(), "Duration", "1h")
		c.fill("carl", form.Target(), "Reason", "Ana is on a train")
		c.submit("carl", form)

		card := c.posted("Ana is on a train")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		require.NotContains(c.t, c.Target.Members("Editors"), "carl@acme.example")
		c.dm("ana", "Drive editors", "until")
		c.dm("carl", c.mention("ana")+" has", "Drive editors")
	})
}

func TestAskForLater(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		form := c.choose("ana", c.form("ana"), "Access", "Drive editors", c.mention("ben"))
		c.fill("ana", form.Target(), "Duration", "1h")
		c.fill("ana", form.Target(), "Reason", "The campaign begins")
		c.fill("ana", form.Target(), "Start", unix(c.Clock.Now().Add(-2*time.Hour)))
		require.Contains(c.t, c.refused("ana", form, "Start"), "past")
		c.fill("ana", form.Target(), "Start", unix(c.Clock.Now().Add(24*time.Hour)))
		c.submit("ana", form)

		card := c.posted("The campaign begins")
		require.Contains(c.t, card.Shown(), "Start")
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Scheduled")
		c.dm("ana", "is approved", "Access starts")
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example", "not before the start")

		c.Clock.Advance(24*time.Hour + time.Minute)
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
		grant := c.grants(card)[0]
		require.Equal(c.t, time.Hour, grant.ExpiresAt.Sub(grant.ActiveAt), "the time counts from the start of the access")
	})
}

func unix(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// TestAskForSeveral asks for two things at once, of which one is given.
func TestAskForSeveral(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		form := c.choose("ana", c.form("ana"), "Access", "Drive editors", c.mention("ben"))
		c.fill("ana", form.Target(), "Reason", "The relaunch")
		c.press("ana", form.Target(), "Add another")
		c.until("there is a second field", func() bool {
			top, _ := c.person("ana").Top()
			return strings.Contains(strings.Join(top.Fields(), " "), "Access 2")
		})
		form = c.choose("ana", c.view("ana", "Request access"), "Access 2", "Drive administrators", "Drive admins")
		require.Equal(c.t, "The relaunch", form.Value("Reason"), "what was typed stays")
		c.fill("ana", form.Target(), "Duration", "1h")
		c.fill("ana", form.Target(), "Duration 2", "1h")
		c.submit("ana", form)

		card := c.posted("The relaunch")
		sheet, err := db.ReadSheet(c.ctx, c.store, c.id(card))
		require.NoError(c.t, err)
		require.Len(c.t, sheet.Items, 2)
		c.press("ben", card.Target(), "Approve", sheet.Items[0].Current().ID)
		c.untilCard(card.TS, "Active")
		c.press("ben", card.Target(), "Deny", sheet.Items[1].Current().ID)
		deny := c.view("ben", "Deny request")
		c.fill("ben", deny.Target(), "Reason", "Editors is enough")
		c.submit("ben", deny)
		card = c.untilCard(card.TS, "Denied")
		require.Empty(c.t, card.Buttons())
		require.Contains(c.t, card.Shown(), "Active", "the other one is held")
		require.Len(c.t, c.grants(card), 1)
		c.untilThread(card.TS, "Drive editors", "Drive administrators", "Editors is enough")
	})
}

// TestAskInOneLine fills the form from the command.
func TestAskInOneLine(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.command("ana", "request drive-editors 1h because R&D <needs> the logo")
		form := c.view("ana", "Request access")
		require.Equal(c.t, "Drive editors", form.Value("Access"))
		require.Equal(c.t, "1 hour", form.Value("Duration"))
		require.Equal(c.t, "R&D <needs> the logo", form.Value("Reason"))
		c.submit("ana", form)
		c.posted("R&D <needs> the logo")

		c.command("carl", "request Drive viewers for 8h")
		form = c.view("carl", "Request access")
		require.Equal(c.t, "Drive viewers", form.Value("Access"))
		require.Equal(c.t, "8 hours", form.Value("Duration"))
		require.NoError(c.t, c.person("carl").CloseView(form))

		require.Contains(c.t, c.answer("carl", "request the moon because why not").Shown(), "the moon", "nothing is guessed")
		c.command("carl", "request drive-editors because @ben and https://example.com/?a=1&b=2 said so")
		form = c.view("carl", "Request access")
		require.Equal(c.t, "@Ben Okafor and https://example.com/?a=1&b=2 said so", form.Value("Reason"))
	})
}

// TestAskElsewhere opens the form from the shortcut and from Home; a rule approves without anybody.
func TestAskElsewhere(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		require.NoError(c.t, c.person("ben").Shortcut("request_access"))
		form := c.choose("ben", c.view("ben", "Request access"), "Access", "Drive viewers", "approved at once")
		c.fill("ben", form.Target(), "Reason", "   ")
		require.Contains(c.t, c.refused("ben", form, "Reason"), "Write a reason")
		c.fill("ben", form.Target(), "Duration", "8h")
		c.fill("ben", form.Target(), "Reason", "Reading the brief")
		c.submit("ben", form)
		card := c.posted("Reading the brief")
		card = c.untilCard(card.TS, "Active")
		require.Empty(c.t, card.Buttons())
		require.Contains(c.t, card.Shown(), "by rule")
		require.Contains(c.t, c.Target.Members("Viewers"), "ben@acme.example")
		require.NotContains(c.t, c.actions(c.id(card)), "decision.approved", "nobody decided")
		c.untilThread(card.TS, "by the rule", "subject.department == 'Design'")

		home := c.home("ana", "My access")
		c.press("ana", home.Target(), "Request access")
		form = c.choose("ana", c.view("ana", "Request access"), "Access", "Drive viewers", "approved at once")
		c.fill("ana", form.Target(), "Duration", "30d")
		c.fill("ana", form.Target(), "Reason", "All month")
		c.submit("ana", form)
		card = c.posted("All month")
		require.Contains(c.t, card.Buttons(), "Approve", "the rule covers eight hours and no more")
	})
}
