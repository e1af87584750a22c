package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
)

// onSQLite runs a story whose outcome does not depend on the database.
func onSQLite(t *testing.T, story func(c *company)) {
	t.Helper()
	onSQLiteIn(t, patient, story)
}

// onSQLiteIn runs a story on SQLite in a workspace with options of its own.
func onSQLiteIn(t *testing.T, options slack.Options, story func(c *company)) {
	t.Helper()
	c := foundIn(t, "", options)
	c.serve(nil)
	story(c)
	c.unremarkable()
}

// mention is how a person is written in a message.
func (c *company) mention(name string) string { return "<@" + c.person(name).ID() + ">" }

// press clicks a button of a message or a view; value is needed where several buttons have the label.
func (c *company) press(name string, on slack.Target, label string, value ...string) {
	c.t.Helper()
	require.NoError(c.t, c.person(name).PressLabel(on, label, value...))
}

// fill fills a field of an open modal.
func (c *company) fill(name string, on slack.Target, field, text string) {
	c.t.Helper()
	require.NoError(c.t, c.person(name).Fill(on, field, text))
}

// submit sends a modal that is in order.
func (c *company) submit(name string, view slack.View) {
	c.t.Helper()
	result, err := c.person(name).Submit(view)
	require.NoError(c.t, err)
	require.True(c.t, result.OK(), "%+v", result)
}

// refused sends a modal that is not in order and returns what stands at the field with that label.
func (c *company) refused(name string, view slack.View, label string) string {
	c.t.Helper()
	result, err := c.person(name).Submit(view)
	require.NoError(c.t, err)
	require.Equal(c.t, "errors", result.Result, "%+v", result)
	for block, text := range result.Errors {
		require.Equal(c.t, label, view.Label(block))
		return text
	}
	return ""
}

// command types /access in #access, which opens something or is answered later.
func (c *company) command(name, text string) {
	c.t.Helper()
	notice, err := c.person(name).Command(c.access(), "/access", text)
	require.NoError(c.t, err)
	require.Empty(c.t, notice)
}

// answer types /access in #access and returns what only this person then sees.
func (c *company) answer(name, text string) slack.Message {
	c.t.Helper()
	seen := len(c.person(name).Ephemerals(c.access()))
	c.command(name, text)
	return c.privately(name, seen)
}

// privately waits for one more message that only this person sees than the number seen.
func (c *company) privately(name string, seen int) slack.Message {
	c.t.Helper()
	var found slack.Message
	c.until("there is a private answer for "+name, func() bool {
		all := c.person(name).Ephemerals(c.access())
		if len(all) > seen {
			found = all[len(all)-1]
		}
		return len(all) > seen
	})
	return found
}

// told presses a button and returns what only this person is told of it.
func (c *company) told(name string, on slack.Target, label string, value ...string) string {
	c.t.Helper()
	seen := len(c.person(name).Ephemerals(c.access()))
	c.press(name, on, label, value...)
	return c.privately(name, seen).Shown()
}

// dm waits for a direct message that shows all of the texts, and returns the first such.
func (c *company) dm(name string, texts ...string) slack.Message {
	c.t.Helper()
	var found []slack.Message
	c.until(name+" is told "+strings.Join(texts, " … "), func() bool {
		found = c.dms(name, texts...)
		return len(found) > 0
	})
	return found[0]
}

// dms are the direct messages that show all of the texts.
func (c *company) dms(name string, texts ...string) []slack.Message {
	var found []slack.Message
	for _, message := range c.person(name).DMs() {
		shown, all := message.Shown(), true
		for _, text := range texts {
			all = all && strings.Contains(shown, text)
		}
		if all {
			found = append(found, message)
		}
	}
	return found
}

var requestID = regexp.MustCompile(`req_[a-z0-9]+`)

// id reads a card's request id as a person does.
func (c *company) id(card slack.Message) string {
	c.t.Helper()
	id := requestID.FindString(card.Shown())
	require.NotEmpty(c.t, id, "the card names its request")
	return id
}

// grants reads the grants of a card's request.
func (c *company) grants(card slack.Message) []db.Grant {
	c.t.Helper()
	rows, err := db.GrantsOfRequest(c.ctx, c.store, c.id(card))
	require.NoError(c.t, err)
	return rows
}

// actions reads the actions of the audit log about a request, in order.
func (c *company) actions(request string) []string {
	c.t.Helper()
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{Request: request}, 1000)
	require.NoError(c.t, err)
	var actions []string
	for _, event := range events {
		actions = append(actions, event.Action)
	}
	return actions
}

// held gives a person an entitlement through the whole journey and returns its card.
func (c *company) held(name, entitlement, duration, reason, approver string) slack.Message {
	c.t.Helper()
	card := c.ask(name, entitlement, duration, reason)
	c.press(approver, card.Target(), "Approve")
	return c.untilCard(card.TS, "Active")
}

// marked is all text of blocks that Slack reads as mrkdwn.
func marked(blocks []byte) string {
	var read any
	if json.Unmarshal(blocks, &read) != nil {
		return ""
	}
	var found []string
	var walk func(any)
	walk = func(value any) {
		switch value := value.(type) {
		case []any:
			for _, inner := range value {
				walk(inner)
			}
		case map[string]any:
			if text, ok := value["text"].(string); ok && value["type"] == "mrkdwn" {
				found = append(found, text)
			}
			for _, inner := range value {
				walk(inner)
			}
		}
	}
	walk(read)
	return strings.Join(found, "\n")
}
