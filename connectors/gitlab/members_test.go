package gitlab_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// TestLevels raises a level that is too low, leaves a higher one alone, and keeps the day on which it ends.
func TestLevels(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []struct{ add, remove, at string }{
		{"add_user_to_group", "remove_user_from_group", "acme/editors"},
		{"add_user_to_entity", "remove_user_from_entity", "acme/editors/site"},
	} {
		b := newBench(t, nil)
		call := func(level string) connectors.Call {
			return connectors.Call{Target: endpoint.at, Args: map[string]any{"level": level}}
		}
		b.server.SetMember(endpoint.at, "ana", gitlabtest.Member{Level: 20, Expires: "2031-01-31"})
		result := b.call(t, endpoint.add, call("Maintainer"))
		require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
		require.Equal(t, gitlabtest.Member{Level: 40, Expires: "2031-01-31"}, b.server.Members(endpoint.at)["ana"])
		require.Equal(t, 40, result.Output["level"])
		require.Equal(t, connectors.Already, b.call(t, endpoint.add, call("")).Outcome, "developer is less")
		refused := b.call(t, endpoint.add, call("chief"))
		require.Equal(t, connectors.Refused, refused.Outcome)
		require.Contains(t, refused.Summary, "known are guest, reporter")
		require.Equal(t, connectors.Applied, b.call(t, endpoint.remove, connectors.Call{Target: endpoint.at}).Outcome)
		require.Empty(t, b.server.Members(endpoint.at))
	}
}

// TestRemovalTakesOnlyWhatWasGiven: GitLab would end the memberships below a group, too.
func TestRemovalTakesOnlyWhatWasGiven(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, at := range []string{"acme/editors", "acme/editors/site"} {
		b.server.SetMember(at, "ana", gitlabtest.Member{Level: 30})
	}
	require.Equal(t, connectors.Applied, b.run(t, "remove_user_from_group", nil).Outcome)
	require.Empty(t, b.server.Members("acme/editors"))
	require.Contains(t, b.server.Members("acme/editors/site"), "ana", "another grant's")
}

// TestInheritedAccess counts for adding, is told, and is not taken for a direct membership.
func TestInheritedAccess(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.server.SetMember("acme", "ana", gitlabtest.Member{Level: 30})
	already := b.run(t, "add_user_to_group", map[string]any{"level": "reporter"})
	require.Equal(t, connectors.Already, already.Outcome)
	require.Contains(t, already.Summary, "has access as developer through another group")
	require.Equal(t, false, already.Output["member"])
	require.Equal(t, true, already.Output["inherited"])
	require.Equal(t, connectors.Applied, b.run(t, "add_user_to_group", map[string]any{"level": "owner"}).Outcome)
	removed := b.run(t, "remove_user_from_group", nil)
	require.Equal(t, connectors.Applied, removed.Outcome)
	require.Equal(t, 30, removed.Output["level"], "what is left is told")
}

func TestMembersThatCannotBe(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for name, tc := range map[string]struct {
		endpoint string
		args     map[string]any
		want     string
	}{
		"a hidden group":            {"remove_user_from_group", map[string]any{"group": "secret"}, "the token may not see it"},
		"no such project":           {"add_user_to_entity", map[string]any{"entity": "acme/none"}, "the token may not see it"},
		"no such person":            {"add_user_to_group", map[string]any{"user": "nobody"}, "let a create_user step come first"},
		"a hidden address":          {"add_user_to_group", map[string]any{"user": "ben@example.com"}, "may be hidden"},
		"a hidden address, leaving": {"remove_user_from_group", map[string]any{"user": "ben@example.com"}, "may be hidden"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := b.run(t, tc.endpoint, tc.args)
			require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, tc.want)
		})
	}
	require.Equal(t, connectors.Already, b.run(t, "remove_user_from_group", map[string]any{"user": "nobody"}).Outcome, "user names are public")
}

// TestNamesAreNoAddresses: everybody may call themselves ben@example.com, and gains nothing by it.
func TestNamesAreNoAddresses(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"token": secretFile(t, adminToken)})
	result := b.run(t, "add_user_to_group", map[string]any{"user": "ben@example.com"})
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Contains(t, b.server.Members("acme/editors"), "ben")
	require.NotContains(t, b.server.Members("acme/editors"), "mallory")
	require.Equal(t, connectors.Already, b.run(t, "remove_user_from_group", map[string]any{"user": "gone@example.com"}).Outcome)
}

// TestPeopleAreFoundAmongMany looks through more people than fit on a page.
func TestPeopleAreFoundAmongMany(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"token": secretFile(t, adminToken)})
	for range 230 {
		b.server.AddUser(gitlabtest.User{Username: "clone", Name: "ana@example.com"})
	}
	require.Equal(t, connectors.Applied, b.run(t, "add_user_to_group", nil).Outcome)
	require.Contains(t, b.server.Members("acme/editors"), "ana")
}

// TestForbiddenIsTold shows that GitLab's own no is passed on.
func TestForbiddenIsTold(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.server.SetMember("acme", "usher-bot", gitlabtest.Member{Level: 30})
	result := b.run(t, "add_user_to_group", nil)
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "check what the provider's token may do")
}

// TestAccounts of an administrator's token: created, blocked, woken, and those that are GitLab's business.
func TestAccounts(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"token": secretFile(t, adminToken)})
	call := connectors.Call{
		Subject: connectors.Person{Email: "zoë.de+la@example.com", Name: "Zoë de la Cruz"},
		Args:    map[string]any{"attributes": map[string]any{"external": true}},
	}
	result := b.call(t, "create_user", call)
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	user, found := b.server.User("zo-.de-la")
	require.True(t, found)
	require.Equal(t, "Zoë de la Cruz", user.Name)

	call.Args = map[string]any{"attributes": map[string]any{"extrenal": true}}
	call.Subject.Email = "other@example.com"
	refused := b.call(t, "create_user", call)
	require.Equal(t, connectors.Refused, refused.Outcome)
	require.Contains(t, refused.Summary, "extrenal")

	taken := b.call(t, "create_user", connectors.Call{Subject: connectors.Person{Email: "ana@elsewhere.example"}})
	require.Equal(t, connectors.Refused, taken.Outcome)
	require.Contains(t, taken.Summary, "Username has already been taken")

	for _, state := range []string{"blocked", "deactivated"} {
		b.server.AddUser(gitlabtest.User{Username: state, Email: state + "@example.com", State: state})
		woken := b.run(t, "create_user", map[string]any{"user": state + "@example.com"})
		require.Equal(t, connectors.Applied, woken.Outcome, woken.Summary)
	}
	b.server.AddUser(gitlabtest.User{Username: "ldap", Email: "ldap@example.com", State: "ldap_blocked"})
	require.Contains(t, b.run(t, "create_user", map[string]any{"user": "ldap"}).Summary, "is ldap_blocked")
	require.Equal(t, connectors.Already, b.run(t, "disable_user", map[string]any{"user": "ldap"}).Outcome)
	require.Equal(t, false, b.run(t, "get_user", map[string]any{"user": "ldap"}).Output["active"])
	got := b.run(t, "get_user", nil)
	require.Equal(t, b.address+"/ana", got.Output["url"])
	require.Equal(t, true, got.Output["active"])
	require.Contains(t, b.run(t, "create_user", map[string]any{"user": "newcomer"}).Summary, "needs an e-mail address")
}

// TestAccountsNeedAnAdministrator: another token may neither make nor block accounts.
func TestAccountsNeedAnAdministrator(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, endpoint := range []string{"disable_user", "delete_user"} {
		result := b.run(t, endpoint, nil)
		require.Equal(t, connectors.Refused, result.Outcome)
		require.Contains(t, result.Summary, "403 Forbidden")
	}
	require.Contains(t, b.run(t, "create_user", map[string]any{"user": "new@example.com"}).Summary, "may be hidden")
	require.Zero(t, b.server.Writes())
}

// TestGroups that cannot be made say so.
func TestGroups(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	taken := b.run(t, "create_group", map[string]any{"group": "secret"})
	require.Equal(t, connectors.Refused, taken.Outcome, "it is there, but hidden")
	require.Contains(t, taken.Summary, "has already been taken")
	above := b.run(t, "create_group", map[string]any{"group": "nothing/below"})
	require.Equal(t, connectors.Refused, above.Outcome)
	require.Contains(t, above.Summary, "the group above, nothing")
	made := b.run(t, "create_group", map[string]any{"group": "acme/new", "name": "The New"})
	require.Equal(t, connectors.Applied, made.Outcome)
	require.Equal(t, b.address+"/groups/acme/new", made.Output["url"])
}

// TestServerKnowsBearerTokens speaks as an OAuth token would.
func TestServerKnowsBearerTokens(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(company())
	t.Cleanup(web.Close)
	for header, want := range map[string]int{"Bearer " + botToken: http.StatusOK, "Bearer wrong": http.StatusUnauthorized, "": http.StatusUnauthorized} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+"/api/v4/user", nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", header)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, want, response.StatusCode)
	}
}
