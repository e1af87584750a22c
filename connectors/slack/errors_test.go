package slack_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	workspace "github.com/usherhq/usher/demo/slack"
)

func endpoint(t *testing.T, b *bench, name string) connectors.Endpoint {
	t.Helper()
	return connectortest.Endpoint(t, b.provider, name)
}

// TestCodes is what Slack's codes mean for a change, and what they say to do.
func TestCodes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method, code string
		want         connectors.Outcome
		says         string
	}{
		{"usergroups.users.update", "permission_denied", connectors.Refused, "workspace settings under Permissions"},
		{"usergroups.users.update", "plan_upgrade_required", connectors.Refused, "paid plan"},
		{"usergroups.users.update", "paid_teams_only", connectors.Refused, "paid plan"},
		{"usergroups.users.update", "invalid_users", connectors.Refused, "guests, bots and deactivated"},
		{"usergroups.users.update", "subteam_max_users_exceeded", connectors.Refused, "full"},
		{"usergroups.users.update", "a_code_of_tomorrow", connectors.Refused, "docs.slack.dev/reference/methods/usergroups.users.update"},
		{"usergroups.users.update", "ratelimited", connectors.Transient, "ratelimited"},
		{"usergroups.users.update", "service_unavailable", connectors.Transient, "service_unavailable"},
		{"usergroups.users.update", "fatal_error", connectors.Unknown, "fatal_error"},
		{"usergroups.users.update", "internal_error", connectors.Unknown, "internal_error"},
		{"usergroups.list", "internal_error", connectors.Transient, "internal_error"},
		{"usergroups.list", "missing_scope", connectors.Refused, "OAuth & Permissions"},
		{"usergroups.users.list", "internal_error", connectors.Applied, "Added"},
		{"users.lookupByEmail", "account_inactive", connectors.Refused, "install it again"},
		{"users.lookupByEmail", "token_revoked", connectors.Refused, "make a new one"},
		{"users.lookupByEmail", "enterprise_is_restricted", connectors.Refused, "organization's token"},
	} {
		t.Run(tc.method+" "+tc.code, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, plan{})
			b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ben.ID}})
			b.Fault(tc.method, workspace.Fault{Kind: workspace.FaultRefused, Code: tc.code})
			requireSays(t, b.expect(t, tc.want, "add_user_to_group", "editors"), tc.says)
			b.expectSoon(t, "add_user_to_group", "editors")
		})
	}
}

// expectSoon is the next try, when the fault is over.
func (b *bench) expectSoon(t *testing.T, endpoint, target string) {
	t.Helper()
	result := b.run(t, endpoint, target)
	require.Contains(t, []connectors.Outcome{connectors.Applied, connectors.Already}, result.Outcome, result.Summary)
}

// TestLostAnswers loses the answer to a write after it was made: the read-back finds the change, once.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ method, endpoint, target string }{
		{"conversations.invite", "add_user_to_entity", "#design"},
		{"usergroups.users.update", "add_user_to_group", "editors"},
		{"usergroups.create", "create_group", "owners"},
		{"admin.users.setAdmin", "add_user_to_role", "admin"},
		{"scim.Users.patch", "disable_user", ""},
		{"scim.Users.delete", "delete_user", ""},
	} {
		for name, fault := range map[string]workspace.Fault{
			"lost":     {Kind: workspace.FaultLost},
			"not done": {Kind: workspace.FaultStatus, Status: http.StatusBadGateway},
		} {
			t.Run(tc.endpoint+" "+name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, plan{opts: enterprise})
				b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ben.ID}})
				b.Fault(tc.method, fault)
				want := connectors.Applied
				if name == "not done" {
					want = connectors.Unknown
				}
				b.expect(t, want, tc.endpoint, tc.target)
				b.expectSoon(t, tc.endpoint, tc.target)
			})
		}
	}
}

// TestRateLimits hands on what Slack asks for, for each of the three ways in which we speak to it.
func TestRateLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ method, endpoint, target string }{
		{"conversations.invite", "add_user_to_entity", "#design"},
		{"users.lookupByEmail", "add_user_to_entity", "#design"},
		{"usergroups.users.update", "add_user_to_group", "editors"},
		{"admin.users.setAdmin", "add_user_to_role", "admin"},
		{"scim.Users.get", "disable_user", ""},
		{"scim.Users.patch", "disable_user", ""},
	} {
		t.Run(tc.method, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, plan{opts: enterprise})
			b.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{b.ben.ID}})
			b.Fault(tc.method, workspace.Fault{Kind: workspace.FaultLimited, Delay: 7 * time.Second})
			limited := b.expect(t, connectors.Transient, tc.endpoint, tc.target)
			require.Equal(t, 7*time.Second, limited.RetryAfter)
			b.expect(t, connectors.Applied, tc.endpoint, tc.target)
		})
	}
	strict := newBench(t, plan{opts: workspace.Options{Rates: 1}})
	strict.AddUsergroup(workspace.Usergroup{Handle: "editors", Users: []string{strict.ben.ID}})
	for range 12 {
		if result := strict.run(t, "remove_user_from_group", "editors"); result.Outcome == connectors.Transient {
			require.Positive(t, result.RetryAfter)
			return
		}
	}
	require.Fail(t, "Tier 2 was never reached")
}

// TestNotSlack points the connector at something else.
func TestNotSlack(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   connectors.Outcome
		says   string
	}{
		"a web page":  {200, "<html>", connectors.Refused, "api_url"},
		"empty":       {200, "", connectors.Refused, "api_url"},
		"not found":   {404, "no", connectors.Refused, "api_url"},
		"unavailable": {503, "", connectors.Transient, "503"},
		"limited":     {429, "", connectors.Transient, "429"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, plan{opts: enterprise})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(tc.body))
			}))
			t.Cleanup(server.Close)
			b.settings["api_url"], b.settings["scim_url"] = server.URL+"/api", server.URL+"/scim/v2"
			b.provider = b.open(t, nil)
			requireSays(t, b.expect(t, tc.want, "get_user", ""), tc.says)
			require.Error(t, b.provider.Check(t.Context()))
			scim := b.run(t, "disable_user", "")
			require.Equal(t, tc.want, scim.Outcome, scim.Summary)
		})
	}
	gone := newBench(t, plan{})
	gone.settings["api_url"] = "http://127.0.0.1:1/api/"
	gone.provider = gone.open(t, nil)
	gone.expect(t, connectors.Transient, "get_user", "")
}
