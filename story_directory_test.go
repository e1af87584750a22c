package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
)

// okta is an identity provider in a story, which writes to the bot's SCIM server as a real one does.
type okta struct {
	c     *company
	token string
	ids   map[string]string // of the users that it made, by user name
}

// onOkta runs a story on SQLite and on Postgres in which an identity provider called Okta writes to the bot. The policy is
// what the configuration says of the directory, and rules are its birthrights, both as they stand in the file.
func onOkta(t *testing.T, policy, rules string, story func(c *company, idp okta)) {
	t.Helper()
	foundOnBoth(t, func(c *company) {
		idp := c.withOkta(policy, rules)
		story(c, idp)
	})
}

// withOkta serves the bot with an identity provider.
func (c *company) withOkta(policy, rules string) okta {
	c.t.Helper()
	c.listed("directories", "  - {slug: okta, name: Okta, kind: scim, owner: ben@acme.example, "+policy+"}\n")
	if rules != "" {
		c.listed("birthrights", rules)
	}
	c.configure("approval_chains:\n", `approval_chains:
  - slug: okta-it
    steps:
      - {name: IT, approvers: [dana@acme.example, eve@acme.example]}
`)
	c.serve(nil)
	token, err := c.flows.NewDirectoryToken(c.ctx, "okta", 0)
	require.NoError(c.t, err)
	c.until("HTTP is served", func() bool { return c.log.httpAddress() != "" })
	c.until("everybody in Slack is known", func() bool {
		known, err := everybodyOf(c.Workspace)(c.ctx, c.store)
		return err == nil && known
	})
	return okta{c: c, token: token, ids: map[string]string{}}
}

// listed adds entries to a section of the configuration, which may not be there yet.
func (c *company) listed(section, entries string) {
	c.t.Helper()
	path := filepath.Join(c.Dir, "usher.yaml")
	content, err := os.ReadFile(path)
	require.NoError(c.t, err)
	before, behind, there := strings.Cut(string(content), "\n"+section+":")
	if !there {
		before, behind = string(content), "\n"
	}
	comment, others, _ := strings.Cut(behind, "\n")
	require.NoError(c.t, os.WriteFile(path, []byte(before+"\n"+section+":"+comment+"\n"+entries+others), 0o600))
}

// call sends one request and returns what it was answered.
func (o okta) call(method, path string, body any) map[string]any {
	o.c.t.Helper()
	content, err := json.Marshal(body)
	require.NoError(o.c.t, err)
	request, err := http.NewRequestWithContext(o.c.ctx, method, "http://"+o.c.log.httpAddress()+"/scim/v2/okta/"+path, bytes.NewReader(content))
	require.NoError(o.c.t, err)
	request.Header.Set("Authorization", "Bearer "+o.token)
	request.Header.Set("Content-Type", "application/scim+json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(o.c.t, err)
	defer func() { require.NoError(o.c.t, answer.Body.Close()) }()
	var read map[string]any
	if answer.StatusCode != http.StatusNoContent {
		require.NoError(o.c.t, json.NewDecoder(answer.Body).Decode(&read))
	}
	require.Less(o.c.t, answer.StatusCode, 300, "%s %s: %v", method, path, read)
	return read
}

// makes makes a user who is called after his address.
func (o okta) makes(name, department, title string) {
	o.c.t.Helper()
	first, last, _ := strings.Cut(name, " ")
	address := strings.ToLower(first) + "@acme.example"
	made := o.call(http.MethodPost, "Users", map[string]any{
		"schemas":  []string{"urn:ietf:params:scim:schemas:core:2.0:User", enterpriseUser},
		"userName": address, "externalId": "00u" + first, "displayName": name, "active": true, "title": title,
		"name":         map[string]any{"givenName": first, "familyName": last},
		"emails":       []any{map[string]any{"value": address, "primary": true, "type": "work"}},
		enterpriseUser: map[string]any{"department": department},
	})
	o.ids[address] = fmt.Sprint(made["id"])
}

// enterpriseUser is the URN of SCIM's extension for people at work.
const enterpriseUser = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// patch changes attributes of a user.
func (o okta) patch(address string, values map[string]any) {
	o.c.t.Helper()
	o.call(http.MethodPatch, "Users/"+o.ids[address], map[string]any{
		"schemas":    []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"},
		"Operations": []any{map[string]any{"op": "replace", "value": values}},
	})
}

func (o okta) suspends(address string) {
	o.c.t.Helper()
	o.patch(address, map[string]any{"active": false})
}

// settled waits until all that was written has taken effect.
func (o okta) settled() {
	o.c.t.Helper()
	o.c.until("all that was written has taken effect", func() bool {
		directory, err := db.DirectoryBySlug(o.c.ctx, o.c.store, "okta")
		if err != nil || directory.Waking {
			return false
		}
		left, err := db.RecordedChanges(o.c.ctx, o.c.store, directory.ID, 1)
		return err == nil && len(left) == 0
	})
}

// drifts are what the directory says and what is not so.
func (o okta) drifts() []string {
	o.c.t.Helper()
	directory, err := db.DirectoryBySlug(o.c.ctx, o.c.store, "okta")
	require.NoError(o.c.t, err)
	rows, _, err := db.ListDrifts(o.c.ctx, o.c.store, directory.ID, 100, 0)
	require.NoError(o.c.t, err)
	var words []string
	for _, row := range rows {
		words = append(words, row.Words)
	}
	return words
}

// held is a policy under which what Okta writes waits in #access and is then written to the drive.
const held = `gather: 1s, mode: hold, downstream: [drive], routes: [{chain: okta-it}], changes: {user_suspended: hold}`

// TestHeldChangeIsWritten: a change waits, is approved on its card, and stands at the target afterwards.
func TestHeldChangeIsWritten(t *testing.T) {
	t.Parallel()
	onOkta(t, held, "", func(c *company, idp okta) {
		idp.makes("Noor Haddad", "Design", "Illustrator")
		card := c.posted("Okta wants to create noor@acme.example")
		require.Subset(c.t, card.Buttons(), []string{"Approve", "Deny"})
		require.NotContains(c.t, card.Buttons(), "Change…")
		require.Contains(c.t, card.Shown(), "Illustrator")
		require.Contains(c.t, card.Shown(), "What will be written")
		c.dm("eve", "Okta wants to create noor@acme.example")
		_, there := c.Target.User("noor@acme.example")
		require.False(c.t, there, "nothing is written before somebody approved")

		require.Contains(c.t, c.told("ana", card.Target(), "Approve"), "not one of the people who may decide")
		c.press("dana", card.Target(), "Approve")
		shown := c.untilCard(card.TS, "Done")
		require.Empty(c.t, shown.Buttons())
		user, there := c.Target.User("noor@acme.example")
		require.True(c.t, there)
		require.True(c.t, user.Active)
		require.Equal(c.t, "Noor Haddad", c.rowOf("noor@acme.example").Name)
		require.Equal(c.t, "Design", c.rowOf("noor@acme.example").Department)
		c.untilThread(card.TS, "approved *Create noor@acme.example*", "Done: *Create noor@acme.example*")
		require.NotContains(c.t, c.replies(card.TS), "Change of the directory")
		require.Empty(c.t, c.dm("eve", "Create noor@acme.example", "approved by").Buttons())
	})
}

// rowOf is the person with an address.
func (c *company) rowOf(email string) db.Person {
	c.t.Helper()
	row, err := db.PersonByEmail(c.ctx, c.store, email)
	require.NoError(c.t, err)
	return row
}

// TestHeldChangeIsDenied: what is denied is not so, and differs until the directory takes it back.
func TestHeldChangeIsDenied(t *testing.T) {
	t.Parallel()
	onOkta(t, held, "", func(c *company, idp okta) {
		idp.makes("Noor Haddad", "Design", "Illustrator")
		card := c.posted("Okta wants to create noor@acme.example")
		c.press("dana", card.Target(), "Deny")
		form := c.view("dana", "Deny request")
		c.fill("dana", form.Target(), "Reason", "She starts at <!channel> *another* company")
		c.submit("dana", form)
		shown := c.untilCard(card.TS, "Denied")
		require.Contains(c.t, shown.Shown(), "listed among the differences")
		require.Empty(c.t, shown.Buttons())
		_, there := c.Target.User("noor@acme.example")
		require.False(c.t, there)
		require.Len(c.t, idp.drifts(), 1)
		require.Contains(c.t, idp.drifts()[0], "it was denied")
	})
}

// TestHeldBatch: one card asks about many changes, of which somebody approves some and denies the others.
func TestHeldBatch(t *testing.T) {
	t.Parallel()
	onOkta(t, strings.Replace(held, "1s", "1m", 1), "", func(c *company, idp okta) {
		names := []string{"Ada One", "Bea Two", "Cid Three", "Dov Four", "Eda Five", "Fay Six", "Gus Seven", "Hal Eight", "Ida Nine", "Jan Ten", "Kim Eleven", "Lou Twelve"}
		for _, name := range names {
			idp.makes(name, "Sales", "Trainee")
		}
		idp.settled()
		c.Clock.Advance(2 * time.Minute)
		card := c.posted("Okta wants to create 12 people")
		require.ElementsMatch(c.t, []string{"Approve all", "Deny all…", "Choose…", "Show all"}, card.Buttons())
		require.Contains(c.t, card.Shown(), "and 2 more")
		c.dm("eve", "Okta wants to create 12 people")
		require.Len(c.t, c.dms("eve", "Okta wants to create"), 1, "one message for all")

		c.press("carl", card.Target(), "Show all")
		require.Contains(c.t, c.view("carl", "All changes").Shown(), "lou@acme.example")
		require.NoError(c.t, c.person("carl").CloseAll())
		require.Contains(c.t, c.told("carl", card.Target(), "Approve all"), "not one of the people who may decide")

		c.press("dana", card.Target(), "Choose…")
		form := c.view("dana", "Choose changes")
		require.NoError(c.t, c.person("dana").Select(form.Target(), "Approve", "Create ada@acme.example", "Create bea@acme.example"))
		require.NoError(c.t, c.person("dana").Select(form.Target(), "Approve, from 11"))
		require.NoError(c.t, c.person("dana").Select(form.Target(), "The others", "Deny them"))
		c.fill("dana", form.Target(), "Reason", "Only two start on Monday")
		c.submit("dana", form)
		shown := c.untilCard(card.TS, "2 done")
		require.Contains(c.t, shown.Shown(), "10 denied")
		require.Equal(c.t, []string{"Show all"}, shown.Buttons())
		_, there := c.Target.User("ada@acme.example")
		require.True(c.t, there)
		_, there = c.Target.User("lou@acme.example")
		require.False(c.t, there)
		require.Len(c.t, idp.drifts(), 10)
		c.press("eve", card.Target(), "Show all")
		require.Contains(c.t, c.view("eve", "All changes").Shown(), "denied")
	})
}

// TestHeldChangeIsReplaced: what the directory writes anew takes the place of what people look at, and an old button does nothing.
func TestHeldChangeIsReplaced(t *testing.T) {
	t.Parallel()
	onOkta(t, held, "", func(c *company, idp okta) {
		idp.makes("Noor Haddad", "Design", "Illustrator")
		card := c.posted("Okta wants to create noor@acme.example")
		c.press("dana", card.Target(), "Deny")
		form := c.view("dana", "Deny request")
		idp.patch("noor@acme.example", map[string]any{"title": "Art director"})
		require.Empty(c.t, c.untilCard(card.TS, "Replaced").Buttons())
		c.fill("dana", form.Target(), "Reason", "She starts later")
		require.Contains(c.t, c.refused("dana", form, "Reason"), "Nothing was changed")
		require.NoError(c.t, c.person("dana").CloseAll())
		again := c.posted("Art director")
		require.NotEqual(c.t, card.TS, again.TS)
		require.Contains(c.t, again.Shown(), "Okta wants to create noor@acme.example")
		c.press("eve", again.Target(), "Approve")
		c.untilCard(again.TS, "Done")
		require.Equal(c.t, "Art director", c.rowOf("noor@acme.example").Title)
	})
}
