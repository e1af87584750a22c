package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/demo/slack"
)

// cards counts the messages of #access that show a text.
func (c *company) cards(text string) int {
	n := 0
	for _, message := range c.person("dana").Messages(c.access()) {
		if strings.Contains(message.Shown(), text) {
			n++
		}
	}
	return n
}

// filled opens the request form and fills it in, for a story that sends it in its own way.
func (c *company) filled(name, entitlement, duration, reason string) slack.View {
	c.t.Helper()
	c.command(name, "request "+entitlement+" "+duration+" because "+reason)
	return c.view(name, "Request access")
}

// requests counts the requests of the database.
func (c *company) requests() int64 {
	n, err := c.store.NewSelect().Table("requests").Count(c.ctx)
	require.NoError(c.t, err)
	return n
}

// TestDeliveredTwice: the same submission, click and command over two sockets are one.
func TestDeliveredTwice(t *testing.T) {
	t.Parallel()
	onBoth(t, func(c *company) {
		c.sockets(2)
		form := c.filled("ana", "drive-editors", "1h", "once only")
		c.Workspace.Fault("view_submission", slack.Fault{Kind: slack.FaultTwice})
		c.submit("ana", form)
		card := c.posted("once only")

		c.Workspace.Fault("block_actions", slack.Fault{Kind: slack.FaultTwice})
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		require.Equal(c.t, 1, c.cards("once only"))
		require.EqualValues(c.t, 1, c.requests())
		require.Len(c.t, c.grants(card), 1)
		require.Equal(c.t, 1, strings.Count(strings.Join(c.actions(c.id(card)), " "), "decision.approved"))
	})
}

// TestTheAnswerToASubmissionIsLost: the person sees an error and sends the form once more; it is one request.
func TestTheAnswerToASubmissionIsLost(t *testing.T) {
	t.Parallel()
	short := patient
	short.AckDeadline = 10 * time.Second // it is waited out
	onSQLiteIn(t, short, func(c *company) {
		form := c.filled("ana", "drive-editors", "1h", "lost and found")
		c.Workspace.Fault("view_submission", slack.Fault{Kind: slack.FaultLost})
		result, err := c.person("ana").Submit(form)
		require.NoError(c.t, err)
		require.Equal(c.t, "error", result.Result)
		c.posted("lost and found")
		c.submit("ana", form)
		require.EqualValues(c.t, 1, c.requests())
		require.Equal(c.t, 1, c.cards("lost and found"))
		c.Workspace.Forget() // the acknowledgement that was lost was meant to be
	})
}

// TestOneCard: whatever becomes of the calls that post it, there is one card, and it is in step in the end.
func TestOneCard(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slack.Fault{
		"the answer is lost":    {Kind: slack.FaultLost},
		"Slack asks to wait":    {Kind: slack.FaultLimited, Times: 2, Delay: time.Second},
		"Slack is out of order": {Kind: slack.FaultStatus, Times: 2, Status: http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onSQLite(t, func(c *company) {
				c.Workspace.Fault("chat.postMessage", fault)
				form := c.filled("ana", "drive-editors", "1h", "just one")
				c.submit("ana", form)
				card := c.posted("just one")
				c.dm("ben", "just one")
				c.press("ben", card.Target(), "Approve")
				c.untilCard(card.TS, "Active")
				c.dm("ana", "You have", "Drive editors")
				c.untilThread(card.TS, "now has")
				require.Equal(c.t, 1, c.cards("just one"))
				require.Equal(c.t, 1, strings.Count(c.thread(card.TS), "asked for"), "and each line once")
				require.Len(c.t, c.dms("ana", "You have", "Drive editors"), 1)
			})
		})
	}
}

// TestUpdatesFail: a card that can't be redrawn now is redrawn later.
func TestUpdatesFail(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		card := c.ask("ana", "Drive editors", "1h", "The update")
		c.Workspace.Fault("chat.update", slack.Fault{Kind: slack.FaultStatus, Times: 2, Status: http.StatusInternalServerError})
		c.Workspace.Fault("chat.update", slack.Fault{Kind: slack.FaultLost})
		c.press("ben", card.Target(), "Approve")
		c.untilCard(card.TS, "Active")
		c.untilThread(card.TS, "now has")
	})
}

// TestTheChannelIsGone: cards for a channel that is not there stop nothing but themselves, and are told in the log.
func TestTheChannelIsGone(t *testing.T) {
	t.Parallel()
	c := found(t, "")
	file := filepath.Join(c.Dir, "usher.yaml")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, bytes.Replace(text, []byte(`"#access"`), []byte(`"#nowhere"`), 1), 0o600))
	stop := c.serve(nil)
	form := c.filled("ana", "drive-editors", "1h", "nowhere to go")
	c.submit("ana", form)
	asked := c.dm("ben", "nowhere to go", "waits for your decision")
	c.press("ben", asked.Target(), "Approve")
	c.dm("ana", "You have", "Drive editors")
	require.Contains(t, c.Target.Members("Editors"), "ana@acme.example")
	require.NotEmpty(t, c.log.errors())
	for _, line := range c.log.errors() {
		require.Contains(t, line, "purpose=card", "what belongs below the card is not told again")
	}

	stop()
	c.Workspace.AddChannel(slack.Channel{Name: "nowhere", Members: []string{c.person("dana").ID()}})
	require.NoError(t, c.Workspace.InviteApp(c.App.ID, "nowhere"))
	c.serve(nil)
	c.press("ana", c.answer("ana", "mine").Target(), "Give back")
	var card slack.Message
	c.until("the card is there, with all of its thread", func() bool {
		for _, message := range c.person("dana").Messages("nowhere") {
			card = message
		}
		var thread strings.Builder
		for _, message := range c.person("dana").Thread("nowhere", card.TS) {
			thread.WriteString(message.Shown())
		}
		return strings.Contains(card.Shown(), "Access has ended") && strings.Contains(thread.String(), "asked for") &&
			strings.Contains(thread.String(), "Access has ended")
	})
}

// TestSocketsComeAndGo: connections break and are renewed throughout; no click is lost.
func TestSocketsComeAndGo(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		c.reconnect(c.Workspace.Recycle)
		card := c.ask("ana", "Drive editors", "1h", "The storm")
		c.reconnect(c.Workspace.DropSockets)
		c.press("ben", card.Target(), "Approve")
		c.reconnect(c.Workspace.Recycle)
		c.untilCard(card.TS, "Active")
		require.Contains(c.t, c.answer("ana", "mine").Buttons(), "Extend")
		require.Len(c.t, c.grants(card), 1)
	})
}

// reconnect ends all sockets in a way of Slack's, and waits until as many new ones are open.
func (c *company) reconnect(end func(appID string)) {
	c.t.Helper()
	opened := func() int {
		n := 0
		for _, entry := range c.Workspace.Journal() {
			if entry.Method == "socket" && entry.Summary == "connected" {
				n++
			}
		}
		return n
	}
	c.sockets(2)
	before := opened()
	end(c.App.ID)
	c.until("the sockets are open again", func() bool { return opened() >= before+2 })
}
