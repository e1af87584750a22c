package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors/oidc/oidctest"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// TestApproveWithAComment: where the step asks for it, Approve opens a form, and a comment has to be written.
func TestApproveWithAComment(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager], comment: true}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Say why")
		require.Contains(c.t, card.Shown(), "Approving needs a comment.")
		c.press("ben", card.Target(), "Approve")
		form := c.view("ben", "Approve request")
		require.Contains(c.t, form.Shown(), "Say why")
		c.fill("ben", form.Target(), "Comment", "  ")
		require.Contains(c.t, c.refused("ben", form, "Comment"), "Say why you approve")
		require.NotContains(c.t, c.actions(c.id(card)), "decision.approved")
		c.fill("ben", form.Target(), "Comment", "It is her *project*")
		c.submit("ben", form)
		card = c.untilCard(card.TS, "Active")
		require.Contains(c.t, card.Shown(), "It is her ∗project∗")
		c.untilThread(card.TS, c.mention("ben")+" approved *Chain access* for step *Manager*. “It is her ∗project∗”")
	})
}

// enrol sets up an authenticator app for a person and returns its secret.
func (c *company) enrol(f *flows.Flows, name string) string {
	c.t.Helper()
	secret, _, err := f.BeginFactor(c.ctx, c.row(name).ID)
	require.NoError(c.t, err)
	require.NoError(c.t, f.ConfirmFactor(c.ctx, c.row(name).ID, c.code(secret, 0)))
	return secret
}

// TestApproveWithACode: without an app there is a way to go; with one a wrong code does not count, and the right one
// stands behind the decision.
func TestApproveWithACode(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager], step_up: true}
`, func(c *company, f *flows.Flows) {
		card := c.wish("ana", "8h", "Prove it")
		require.Contains(c.t, card.Shown(), "Approving needs a second factor.")
		require.Contains(c.t, c.told("ben", card.Target(), "Approve"), "Set up an authenticator app")

		secret := c.enrol(f, "ben")
		c.press("ben", card.Target(), "Approve")
		form := c.view("ben", "Approve request")
		c.fill("ben", form.Target(), "Code", c.wrongCode(secret))
		require.NotEmpty(c.t, c.refused("ben", form, "Code"))
		require.NotContains(c.t, c.actions(c.id(card)), "decision.approved")
		c.fill("ben", form.Target(), "Code", c.code(secret, 1)) // no code counts twice
		c.submit("ben", form)
		card = c.untilCard(card.TS, "Active")
		require.Contains(c.t, card.Shown(), "with a code")
		c.untilThread(card.TS, "with a code")
		sheet, err := db.ReadSheet(c.ctx, c.store, c.id(card))
		require.NoError(c.t, err)
		require.Equal(c.t, "totp", sheet.Items[0].Steps[0].Decisions[0].Proof.Kind)
	})
}

// TestDenyNeedsNoSecondFactor: who can't prove who he is can still say no.
func TestDenyNeedsNoSecondFactor(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager], step_up: true, comment: true}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "Say no")
		c.press("ben", card.Target(), "Deny")
		form := c.view("ben", "Deny request")
		c.fill("ben", form.Target(), "Reason", "Not now")
		c.submit("ben", form)
		c.untilCard(card.TS, "Denied")
	})
}

// TestApproveWithASignIn: the company's own identity provider vouches, on a page of its own.
func TestApproveWithASignIn(t *testing.T) {
	t.Parallel()
	issuer := oidctest.Start(t)
	c := found(t, "")
	c.chained("      - {name: Manager, approvers: [manager], step_up: true, comment: true}\n")
	c.serve(map[string]string{"USHER_OIDC_ISSUER": issuer, "USHER_OIDC_CLIENT_ID": oidctest.Public})
	card := c.wish("ana", "8h", "Sign in")
	c.press("ben", card.Target(), "Approve")
	c.until("the form shows where to sign in", func() bool {
		top, open := c.person("ben").Top()
		return open && strings.Contains(top.Shown(), "the sign-in page")
	})
	form := c.view("ben", "Approve request")
	c.fill("ben", form.Target(), "Comment", "It is me")
	require.Contains(c.t, c.refused("ben", form, "Comment"), "You have not signed in yet")

	var row db.SignIn
	require.NoError(c.t, c.store.NewSelect().Model(&row).Where("purpose = ?", c.step(card)).Scan(c.ctx))
	require.Contains(c.t, form.Shown(), row.UserCode)
	oidctest.NewBrowser(t).SignIn(row.VerifyURL, "ben@acme.example")
	c.until("the provider may be asked again", func() bool {
		result, err := c.person("ben").Submit(form)
		require.NoError(c.t, err)
		return result.OK()
	})
	card = c.untilCard(card.TS, "Active")
	require.Contains(c.t, card.Shown(), "with a sign-in at "+strings.TrimPrefix(issuer, "https://"))
	c.unremarkable()
}

// TestApproveForLess: a shorter time and the approval go in one, and a longer time can't.
func TestApproveForLess(t *testing.T) {
	t.Parallel()
	onChain(t, `      - {name: Manager, approvers: [manager], comment: true}
`, func(c *company, _ *flows.Flows) {
		card := c.wish("ana", "8h", "As long as I can")
		c.press("ben", card.Target(), "Change…")
		form := c.view("ben", "Change request")
		require.NoError(c.t, c.person("ben").Select(form.Target(), "And then", "Approve with this"))
		c.fill("ben", form.Target(), "Duration", "30d")
		c.fill("ben", form.Target(), "Comment", "Not for long")
		require.NotEmpty(c.t, c.refused("ben", form, "Duration"))
		c.fill("ben", form.Target(), "Duration", "1h")
		c.fill("ben", form.Target(), "Comment", " ")
		require.Contains(c.t, c.refused("ben", form, "Comment"), "Say why")
		require.NotContains(c.t, c.actions(c.id(card)), "duration.changed", "both or neither")
		c.fill("ben", form.Target(), "Comment", "Not for long")
		c.submit("ben", form)
		c.untilCard(card.TS, "Active")
		grant := c.grants(card)[0]
		require.Equal(c.t, time.Hour, grant.ExpiresAt.Sub(grant.ActiveAt))
		c.untilThread(card.TS, "changed the duration", "Not for long")
	})
}
