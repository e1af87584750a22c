package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// byDepartment are rules: they give designers the drive's editors and everybody in sales its viewers.
const byDepartment = `  - {slug: by-design, name: Designers, when: "person.department == 'Design'", entitlements: [drive-editors], grace: 7d}
  - {slug: by-sales, name: Sales, when: "person.department == 'Sales'", entitlements: [drive-viewers], grace: 7d}
`

// TestMover: whoever moves is told once what he gets and loses, his manager too, and asks to keep what he needs.
func TestMover(t *testing.T) {
	t.Parallel()
	onOkta(t, observed, byDepartment, func(c *company, idp okta) {
		idp.makes("Ana Diaz", "Design", "Designer")
		idp.settled()
		note := c.dm("ana", "Your access changes", "You get *Drive editors*")
		require.NotContains(c.t, note.Shown(), "Welcome", "she was here before her directory was connected")
		c.until("Ana edits", func() bool { return len(c.Target.Members("Editors")) == 2 })
		require.Empty(c.t, c.messagesWith("Drive editors"), "no card about what nobody decides on")

		idp.patch("ana@acme.example", map[string]any{enterpriseUser + ":department": "Sales", "title": "Account manager"})
		note = c.dm("ana", "Your access changes", "You are *Account manager* in *Sales* now", "You get *Drive viewers*", "You lose *Drive editors* at Acme Drive")
		require.Equal(c.t, []string{"Keep…"}, note.Buttons())
		boss := c.dm("ben", c.mention("ana")+" gets *Drive viewers*", c.mention("ana")+" loses *Drive editors*")
		require.Equal(c.t, []string{"Keep…"}, boss.Buttons())
		require.Empty(c.t, c.dms("dana", "loses *Drive editors*"))

		c.press("ana", note.Target(), "Keep…")
		form := c.view("ana", "Keep access")
		c.fill("ana", form.Target(), "Reason", " ")
		require.Contains(c.t, c.refused("ana", form, "Reason"), "Write a reason")
		c.fill("ana", form.Target(), "Reason", "I finish the catalogue first")
		c.submit("ana", form)
		card := c.posted("I finish the catalogue first")
		c.dm("ana", "Somebody asked to keep it")
		c.press("ben", card.Target(), "Approve")
		c.dm("ana", "*Drive editors* at Acme Drive is kept until")
		require.Empty(c.t, c.dm("ben", c.mention("ana")+" gets *Drive viewers*").Buttons())
		c.Clock.Advance(time.Minute)
		require.Contains(c.t, c.Target.Members("Editors"), "ana@acme.example")
	})
}

// TestMoverWaits: what a rule gives only once somebody agrees is said to wait for him, and then what he decided.
func TestMoverWaits(t *testing.T) {
	t.Parallel()
	asking := strings.NewReplacer("'Sales'", "'Art'", "[drive-viewers]", "[drive-viewers], chain: okta-it").Replace(byDepartment)
	onOkta(t, observed, asking, func(c *company, idp okta) {
		idp.makes("Ana Diaz", "Support", "Agent")
		idp.settled()
		idp.patch("ana@acme.example", map[string]any{enterpriseUser + ":department": "Art", "title": "Art director"})
		waits := c.dm("ana", "*Drive viewers* waits for approval by "+c.mention("dana")+" or "+c.mention("eve"))
		require.NotContains(c.t, waits.Shown(), "You get")
		c.dm("ben", "*Drive viewers* waits for approval by "+c.mention("dana"))
		card := c.posted("Drive viewers")
		c.press("dana", card.Target(), "Approve")
		c.dm("ana", "You get *Drive viewers*")
		require.Empty(c.t, c.dms("ana", "waits for approval by"))
		c.dm("ben", c.mention("ana")+" gets *Drive viewers*")
	})
}

// TestMoverLoses: what nobody asks to keep ends when its grace is over.
func TestMoverLoses(t *testing.T) {
	t.Parallel()
	onOkta(t, observed, byDepartment, func(c *company, idp okta) {
		idp.makes("Ana Diaz", "Design", "Designer")
		idp.settled()
		c.until("Ana edits", func() bool { return len(c.Target.Members("Editors")) == 2 })
		idp.patch("ana@acme.example", map[string]any{enterpriseUser + ":department": "Sales"})
		c.dm("ana", "You lose *Drive editors* at Acme Drive")
		c.Clock.Advance(7*24*time.Hour + time.Minute)
		require.Empty(c.t, c.dm("ana", "*Drive editors* at Acme Drive has ended").Buttons())
		require.NotContains(c.t, c.Target.Members("Editors"), "ana@acme.example")
	})
}

// usherUser is the URN of Usher's own extension: first and last day.
const usherUser = "urn:ietf:params:scim:schemas:extension:usher:2.0:User"

// TestJoinerBeforeTheFirstDay: for who begins next week all is prepared, and given in the morning of that day.
func TestJoinerBeforeTheFirstDay(t *testing.T) {
	t.Parallel()
	onOkta(t, observed, byDepartment, func(c *company, idp okta) {
		first := c.Clock.Now().AddDate(0, 0, 7)
		idp.call(http.MethodPost, "Users", map[string]any{
			"schemas":  []string{"urn:ietf:params:scim:schemas:core:2.0:User", enterpriseUser, usherUser},
			"userName": "noor@acme.example", "displayName": "Noor Haddad", "active": true, "timezone": "Europe/Berlin",
			"emails":       []any{map[string]any{"value": "noor@acme.example", "primary": true}},
			enterpriseUser: map[string]any{"department": "Design", "manager": map[string]any{"value": "ben@acme.example"}},
			usherUser:      map[string]any{"startDate": first.Format(time.DateOnly)},
		})
		idp.settled()
		note := c.dm("ben", "Noor Haddad joins", "Noor Haddad gets *Drive editors*", "in the morning of the first day")
		require.Empty(c.t, note.Buttons())
		require.NotContains(c.t, c.Target.Members("Editors"), "noor@acme.example")
		c.Clock.Advance(6 * 24 * time.Hour)
		require.NotContains(c.t, c.Target.Members("Editors"), "noor@acme.example")
		c.Clock.Advance(2 * 24 * time.Hour)
		c.until("Noor edits", func() bool { return slices.Contains(c.Target.Members("Editors"), "noor@acme.example") })
		require.Empty(c.t, c.messagesWith("Drive editors"), "no card about what nobody decides on")
	})
}

// messagesWith are the messages of #access that show a text.
func (c *company) messagesWith(text string) []string {
	var found []string
	for _, message := range c.person("dana").Messages(c.access()) {
		if shown := message.Shown(); strings.Contains(shown, text) {
			found = append(found, shown)
		}
	}
	return found
}
