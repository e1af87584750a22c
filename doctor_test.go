package main

import (
	"errors"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/mail/mailtest"
	"github.com/usherhq/usher/db"
)

// TestNotesStandUnderTheirProvider is what an operator reads about plans and scopes.
func TestNotesStandUnderTheirProvider(t *testing.T) {
	t.Parallel()
	findings := []bot.Finding{{Name: "provider slack", OK: true, Detail: "reached"}}
	findings = append(findings, noted([]string{"channels: yes", "user groups: need\na paid plan"}, nil)...)
	findings = append(findings, bot.Finding{Name: "provider drive", Detail: "401", Mend: "Check the token."})
	findings = append(findings, noted(nil, errors.New("no answer"))...)
	require.Equal(t, `ok   provider slack: reached
     channels: yes
     user groups: need a paid plan
BAD  provider drive: 401
     Check the token.
     what it may do is not known: no answer
`, told(findings))
}

// TestDoctorTriesTheMailServer logs in at a real one.
func TestDoctorTriesTheMailServer(t *testing.T) {
	t.Parallel()
	server := mailtest.Start(t)
	require.Empty(t, mailFindings(t.Context(), settings{}), "nobody wants mail")
	require.Equal(t, []bot.Finding{{Name: "mail", OK: true, Detail: "the server that SMTP_URL names takes mail"}},
		mailFindings(t.Context(), settings{SMTP: server.URL()}))

	closed, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for _, wrong := range []string{"smtp://usher:hunter2@" + closed.Addr().String() + "?from=usher@example.com", "smtp://usher:hunter2@mail.example.com"} {
		found := mailFindings(t.Context(), settings{SMTP: wrong})
		require.Len(t, found, 1)
		require.False(t, found[0].OK)
		require.Equal(t, mendMail, found[0].Mend)
		require.NotContains(t, found[0].Detail, "hunter2")
	}
}

// TestDoctorKnowsWhatPublishedChainsNeed compares settings with the chains that may run.
func TestDoctorKnowsWhatPublishedChainsNeed(t *testing.T) {
	t.Parallel()
	asks, tells := []db.Script{{Type: "email_approval"}}, []db.Script{{Type: "none"}, {Type: "email_notification"}}
	calls := []db.Script{{Type: "hr_webhook_notify"}, {Type: "hr_api_create_user"}}
	for name, tc := range map[string]struct {
		chains   map[string][]db.Script
		settings settings
		want     []string
	}{
		"no settings, nothing needed":    {chains: map[string][]db.Script{"quiet": {{Type: "slack_approval"}}}},
		"mail, but no server":            {chains: map[string][]db.Script{"b": tells}, want: []string{"BAD mail b"}},
		"questions by mail":              {chains: map[string][]db.Script{"a": asks, "b": tells}, want: []string{"BAD mail a, b", "BAD links a"}},
		"a webhook may do without":       {chains: map[string][]db.Script{"c": calls}, want: []string{"ok links c"}},
		"a webhook beside a question":    {chains: map[string][]db.Script{"c": append(calls, asks...)}, settings: settings{SMTP: "x"}, want: []string{"BAD links c"}},
		"all that is needed is set":      {chains: map[string][]db.Script{"a": asks, "c": calls}, settings: settings{SMTP: "x", Public: "x"}},
		"a server is no address for all": {chains: map[string][]db.Script{"a": asks}, settings: settings{SMTP: "x"}, want: []string{"BAD links a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var needs reach
			for _, slug := range slices.Sorted(maps.Keys(tc.chains)) {
				needs.add(slug, tc.chains[slug])
			}
			var found []string
			for _, finding := range needs.findings(tc.settings) {
				mark := map[bool]string{true: "ok", false: "BAD"}[finding.OK]
				found = append(found, mark+" "+finding.Name+finding.Detail[strings.LastIndex(finding.Detail, ":")+1:])
			}
			require.Equal(t, tc.want, found)
		})
	}
}

// TestEndpointsAreListedWithWhatFollows is the second line of an endpoint in the list of connectors.
func TestEndpointsAreListedWithWhatFollows(t *testing.T) {
	t.Parallel()
	answers := []connectors.Field{{Name: "exists"}, {Name: "url"}}
	require.Empty(t, moreOf(connectors.Endpoint{Effect: connectors.Grants}))
	require.Equal(t, "answers exists, url", moreOf(connectors.Endpoint{Effect: connectors.Reads, Outputs: answers}))
	require.Equal(t, "taken back by leave; answers exists, url", moreOf(connectors.Endpoint{Effect: connectors.Grants, Undo: "leave", Outputs: answers}))
	user, issue := connectors.Field{Name: "user"}, connectors.Field{Name: "issue"}
	require.Equal(t, "open sessions may go on", moreOf(connectors.Endpoint{Effect: connectors.Revokes, Args: []connectors.Field{user}}))
	require.Empty(t, moreOf(connectors.Endpoint{Effect: connectors.Revokes, Args: []connectors.Field{issue, user}}))
	require.Empty(t, moreOf(connectors.Endpoint{Effect: connectors.Revokes}))
	require.Equal(t, "taken back by join; ends open sessions", moreOf(connectors.Endpoint{Effect: connectors.Revokes, Undo: "join", EndsSessions: true}))
}
