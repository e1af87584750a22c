package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// inGroups is a secret as the form shows it.
var inGroups = regexp.MustCompile(`(?m)^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$`)

// code is what an authenticator app shows, some steps of 30 seconds from now.
func (c *company) code(secret string, steps int) string {
	c.t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	require.NoError(c.t, err)
	return code
}

// wrongCode is none that holds now or soon.
func (c *company) wrongCode(secret string) string {
	for n := range 100 {
		code, holds := fmt.Sprintf("%06d", n), false
		for step := -3; step <= 3; step++ {
			holds = holds || code == c.code(secret, step)
		}
		if !holds {
			return code
		}
	}
	panic("a hundred codes hold at once")
}

// TestSecondFactor: set up from Home with a first code, removed with another, locked behind too many wrong ones. The
// secret stands in the form and nowhere else.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	withFlows(t, func(c *company, _ *flows.Flows, _ func()) {
		c.press("ben", c.home("ben", "You have none set up").Target(), "Set up")
		form := c.view("ben", "Second factor")
		require.Contains(c.t, form.Shown(), "otpauth://totp/")
		secret := strings.ReplaceAll(inGroups.FindString(form.Shown()), " ", "")
		require.NotEmpty(c.t, secret)
		require.NoError(c.t, c.person("ben").CloseView(form))
		c.homeShows("ben", "You have none set up")

		c.press("ben", c.homeShows("ben", "Second factor").Target(), "Set up")
		form = c.view("ben", "Second factor")
		secret = strings.ReplaceAll(inGroups.FindString(form.Shown()), " ", "")
		c.fill("ben", form.Target(), "Code", c.wrongCode(secret))
		require.Contains(c.t, c.refused("ben", form, "Code"), "This code is wrong")
		c.fill("ben", form.Target(), "Code", c.code(secret, -1))
		c.submit("ben", form)
		home := c.homeShows("ben", "Your authenticator app was set up")
		require.NotContains(c.t, home.Buttons(), "Set up")

		c.press("ben", home.Target(), "Remove")
		form = c.view("ben", "Second factor")
		for n := range 5 {
			c.fill("ben", form.Target(), "Code", c.wrongCode(secret))
			said := c.refused("ben", form, "Code")
			require.Equal(c.t, n == 4, strings.Contains(said, "Try again in"), said)
		}
		c.homeShows("ben", "It is locked")
		c.fill("ben", form.Target(), "Code", c.code(secret, 0))
		require.Contains(c.t, c.refused("ben", form, "Code"), "Try again in", "a right code opens nothing while it is locked")
		c.nowhere(secret)
	})
}

// nowhere requires that no message, no log line and no row of the audit log holds a secret.
func (c *company) nowhere(secret string) {
	c.t.Helper()
	for _, message := range c.person("ben").DMs() {
		require.NotContains(c.t, message.Shown(), secret)
	}
	require.NotContains(c.t, c.log.String(), secret)
	events, err := db.AuditPage(c.ctx, c.store, db.AuditFilter{}, 1000)
	require.NoError(c.t, err)
	for _, event := range events {
		require.NotContains(c.t, event.Details, secret)
	}
	row, err := db.SecondFactorOf(c.ctx, c.store, c.row("ben").ID)
	require.NoError(c.t, err)
	require.NotContains(c.t, row.Sealed, secret)
}

func containsAny(text string, parts ...string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
