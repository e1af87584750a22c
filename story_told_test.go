package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhoIsTold counts the direct messages of a whole life: each person learns what concerns him, once.
func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		form := c.choose("carl", c.form("carl"), "Access", "Drive administrators", "Drive admins")
		require.NoError(c.t, c.person("carl").Select(form.Target(), "For", "ana"))
		form = c.untilForm("carl", c.mention("ben"))
		c.fill("carl", form.Target(), "Duration", "1h")
		c.fill("carl", form.Target(), "Reason", "For the audit")
		c.submit("carl", form)
		card := c.posted("For the audit")
		require.Empty(c.t, c.dms("dana", "For the audit"), "whose turn has not come is not asked")

		for _, name := range []string{"ben", "dana", "eve"} {
			asked := c.dm(name, "For the audit", "waits for your decision")
			require.ElementsMatch(c.t, decisionButtons, asked.Buttons())
			c.press(name, asked.Target(), "Approve")
			c.untilCard(card.TS, "approved by "+c.mention(name))
		}
		c.untilCard(card.TS, "Active")
		c.dm("ana", "You have", "Drive administrators")
		c.dm("carl", c.mention("ana")+" has", "Drive administrators")
		c.Clock.Advance(time.Hour + time.Minute)
		c.untilCard(card.TS, "Access has ended")
		c.dm("ana", "Access has ended")
		c.dm("carl", "Access has ended")

		for name, want := range map[string]int{"ana": 2, "carl": 2, "ben": 1, "dana": 1, "eve": 1, "gil": 0} {
			c.until(name+" is not asked any more", func() bool {
				for _, message := range c.person(name).DMs() {
					if strings.Contains(strings.Join(message.Buttons(), " "), "Approve") {
						return false
					}
				}
				return true
			})
			require.Len(c.t, c.person(name).DMs(), want, name)
		}
	})
}

// TestWhatIsTypedStaysText: reasons can't mention, link or format, wherever they are shown.
func TestWhatIsTypedStaysText(t *testing.T) {
	t.Parallel()
	onSQLite(t, func(c *company) {
		hostile := "<!channel> *now* <https://evil.example|click> & `x`"
		card := c.ask("ana", "Drive editors", "1h", hostile)
		c.press("ben", card.Target(), "Deny")
		form := c.view("ben", "Deny request")
		c.fill("ben", form.Target(), "Reason", hostile)
		c.submit("ben", form)
		c.untilCard(card.TS, "Denied")
		c.dm("ana", "Denied")
		c.untilThread(card.TS, c.mention("ben")+" denied")
		for _, name := range []string{"ana", "ben"} {
			for _, message := range append(c.person(name).DMs(), c.person(name).Thread(c.access(), card.TS)...) {
				for _, raw := range []string{"<!channel>", "<https://evil", "*now*"} {
					require.NotContains(c.t, message.Text, raw)
					require.NotContains(c.t, marked(message.Blocks), raw)
				}
			}
		}
	})
}
