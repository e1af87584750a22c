package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/demo/slack"
)

// offer is what a story adds to the company's configuration: an entitlement called Flow access, which is given at once,
// by the story's own scripts. Each is a list as it stands in the file.
type offer struct {
	providers, provision, deprovision string
	entitlements, chains              string // more of these
}

// offers writes the offer into the configuration; the bot must not have been started yet.
func (c *company) offers(o offer) {
	c.t.Helper()
	path := filepath.Join(c.Dir, "usher.yaml")
	content, err := os.ReadFile(path)
	require.NoError(c.t, err)
	text := string(content)
	for at, added := range map[string]string{
		"providers:\n": o.providers,
		"entitlements:\n": `  - slug: flow-access
    provider: drive
    kind: group
    target: Editors
    name: Flow access
    owner: dana@acme.example
    risk: low
    durations: {default: 8h, max: 30d, choices: [8h, 30d]}
    approval: [{chain: auto}]
    provision: flow-in
    deprovision: flow-out
` + o.entitlements,
		"action_chains:\n": o.chains + "  - slug: flow-in\n    kind: provision\n    scripts:\n" + o.provision +
			"  - slug: flow-out\n    kind: deprovision\n    scripts:\n" + firstOf(o.deprovision, "      - {name: nothing, type: none}\n"),
	} {
		require.Equal(c.t, 1, strings.Count(text, "\n"+at), at)
		text = strings.Replace(text, "\n"+at, "\n"+at+added, 1)
	}
	require.NoError(c.t, os.WriteFile(path, []byte(text), 0o600))
}

// offering runs a story about an offer, on SQLite.
func offering(t *testing.T, o offer, story func(c *company)) {
	t.Helper()
	c := found(t, "")
	c.offers(o)
	c.serve(nil)
	story(c)
	c.unremarkable()
}

// offeringOnBoth runs a story about an offer on SQLite and on Postgres.
func offeringOnBoth(t *testing.T, o offer, story func(c *company)) {
	t.Helper()
	foundOnBoth(t, func(c *company) {
		c.offers(o)
		c.serve(nil)
		story(c)
	})
}

// wants lets a person ask for something in one line, and returns the card.
func (c *company) wants(name, entitlement, duration, reason string) slack.Message {
	c.t.Helper()
	form := c.filled(name, entitlement, duration, reason)
	c.submit(name, form)
	return c.posted(reason)
}

// flow asks for what the story offers.
func (c *company) flow(reason string) slack.Message {
	c.t.Helper()
	return c.wants("ana", "flow-access", "8h", reason)
}

// logged are the audit log's entries of a request about one script, in order, without the
// clicks that did not count.
func (c *company) logged(request, script string) []db.AuditEvent {
	c.t.Helper()
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{Request: request}, 1000)
	require.NoError(c.t, err)
	var found []db.AuditEvent
	for _, event := range events {
		if event.Script == script && event.Action != "click.refused" {
			found = append(found, event)
		}
	}
	return found
}

// actionsOf are the actions of entries, in order.
func actionsOf(events []db.AuditEvent) []string {
	var actions []string
	for _, event := range events {
		actions = append(actions, event.Action)
	}
	return actions
}

// entry is the one entry with an action.
func (c *company) entry(events []db.AuditEvent, action string) (db.AuditEvent, db.Details) {
	c.t.Helper()
	var found []db.AuditEvent
	for _, event := range events {
		if event.Action == action {
			found = append(found, event)
		}
	}
	require.Len(c.t, found, 1, action)
	facts, err := found[0].Facts()
	require.NoError(c.t, err)
	return found[0], facts
}

// progress is the one message of a card's thread that shows how an action flow goes.
func (c *company) progress(ts, title string) slack.Message {
	c.t.Helper()
	var found []slack.Message
	for _, message := range c.person("dana").Thread(c.access(), ts) {
		if message.TS != ts && strings.HasPrefix(message.Shown(), "*"+title+"*") {
			found = append(found, message)
		}
	}
	require.Len(c.t, found, 1, "one message in the thread begins with %q:\n%s", title, c.thread(ts))
	return found[0]
}

// untilProgress waits until the one message about an action flow shows all of the texts.
func (c *company) untilProgress(ts, title string, texts ...string) {
	c.t.Helper()
	c.until(title+" shows "+strings.Join(texts, " … "), func() bool {
		for _, message := range c.person("dana").Thread(c.access(), ts) {
			if message.TS == ts || !strings.HasPrefix(message.Shown(), "*"+title+"*") {
				continue
			}
			return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(message.Shown(), text) })
		}
		return false
	})
}

// asked waits for a direct message that shows all of the texts and has exactly the buttons.
func (c *company) asked(name string, buttons []string, texts ...string) slack.Message {
	c.t.Helper()
	var found slack.Message
	c.until(name+" is asked "+strings.Join(texts, " … "), func() bool {
		for _, message := range c.dms(name, texts...) {
			if strings.Join(message.Buttons(), "|") == strings.Join(buttons, "|") {
				found = message
			}
		}
		return found.TS != ""
	})
	return found
}

// settled waits until no direct message with the texts has a button any more.
func (c *company) settled(name string, texts ...string) {
	c.t.Helper()
	c.until("nothing is left to press for "+name, func() bool {
		for _, message := range c.dms(name, texts...) {
			if len(message.Buttons()) > 0 {
				return false
			}
		}
		return true
	})
}

// quiet waits until a person is told something privately where a message stands, and returns what was said last.
func (c *company) quiet(name string, where slack.Message) string {
	c.t.Helper()
	var said string
	c.until(name+" is told privately", func() bool {
		for _, message := range c.person(name).Ephemerals(where.Channel) {
			said = message.Shown()
		}
		return said != ""
	})
	return said
}

// byHand says with evidence that a step was done.
func (c *company) byHand(name string, on slack.Message, evidence string) {
	c.t.Helper()
	c.press(name, on.Target(), "Done by hand")
	form := c.view(name, "Done by hand")
	c.fill(name, form.Target(), "Evidence", evidence)
	c.submit(name, form)
}
