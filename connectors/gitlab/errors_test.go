package gitlab_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/gitlab"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// TestWritesThatGoWrong shows the outcome of every fault for an endpoint whose change shows at once.
func TestWritesThatGoWrong(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault   gitlabtest.Fault
		outcome connectors.Outcome
		summary string
		after   time.Duration
	}{
		"502 before":     {gitlabtest.BadGateway, connectors.Unknown, "502 Bad Gateway", 0},
		"502 after":      {gitlabtest.BadGatewayAfter, connectors.Applied, "Added", 0},
		"answer lost":    {gitlabtest.LostAnswer, connectors.Applied, "Added", 0},
		"request lost":   {gitlabtest.LostRequest, connectors.Unknown, "no answer from the target", 0},
		"throttled":      {gitlabtest.RateLimited, connectors.Transient, "429 Too Many Requests", time.Minute},
		"asked to wait":  {gitlabtest.RateLimitedRetryAfter, connectors.Transient, "Try again later", 7 * time.Second},
		"does not hold":  {gitlabtest.Unprocessable, connectors.Refused, "cannot be saved, title is odd, is long", 0},
		"somebody did":   {gitlabtest.ConflictAfter, connectors.Already, "is in group", 0},
		"a sign-in page": {gitlabtest.NotJSON, connectors.Unknown, "accepted but does not show", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]any{"consistency": "0s"})
			b.server.Inject(tc.fault, "POST", "/members")
			result := b.run(t, "add_user_to_group", nil)
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, tc.summary)
			require.InDelta(t, tc.after.Seconds(), result.RetryAfter.Seconds(), 2)
			require.Equal(t, 1, b.wire.Writes(), "nothing is sent twice")
		})
	}
}

// TestReadsThatGoWrong never write, and only what is final is refused.
func TestReadsThatGoWrong(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault   gitlabtest.Fault
		outcome connectors.Outcome
		summary string
	}{
		"502":            {gitlabtest.BadGateway, connectors.Transient, "502 Bad Gateway"},
		"throttled":      {gitlabtest.RateLimited, connectors.Transient, "429 Too Many Requests"},
		"answer lost":    {gitlabtest.LostAnswer, connectors.Transient, "reach the target"},
		"a sign-in page": {gitlabtest.NotJSON, connectors.Refused, "check the provider's base_url"},
		"422":            {gitlabtest.Unprocessable, connectors.Refused, "title is odd"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			b.server.Inject(tc.fault, "GET", "/acme/editors")
			result := b.run(t, "add_user_to_group", nil)
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, tc.summary)
			require.Zero(t, b.wire.Writes())
			require.Equal(t, 1, b.wire.Reads(), "nothing is tried twice")
		})
	}
}

// TestTokens that are wrong, too weak or cancelled.
func TestTokens(t *testing.T) {
	t.Parallel()
	wrong := newBench(t, map[string]any{"token": secretFile(t, "glpat-wrong")})
	result := wrong.run(t, "add_user_to_group", nil)
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "check the provider's token")

	weak := newBench(t, map[string]any{"token": secretFile(t, "glpat-reads")})
	result = weak.run(t, "add_user_to_group", nil)
	require.Equal(t, connectors.Refused, result.Outcome)
	require.Contains(t, result.Summary, "insufficient_scope")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := connectortest.Endpoint(t, weak.provider, "get_user").Read(ctx, connectors.Call{Subject: connectors.Person{Email: "ana@example.com"}})
	require.ErrorIs(t, err, context.Canceled)
}

// TestCheckSaysHowToMend is for `usher doctor`.
func TestCheckSaysHowToMend(t *testing.T) {
	t.Parallel()
	nothing := httptest.NewServer(nil)
	t.Cleanup(nothing.Close)
	for name, tc := range map[string]struct {
		changed map[string]any
		want    string
	}{
		"wrong token":     {map[string]any{"token": secretFile(t, "glpat-wrong")}, "check the provider's token"},
		"weak token":      {map[string]any{"token": secretFile(t, "glpat-reads")}, "the token has the scopes read_api; one with the scope api is needed"},
		"hidden project":  {map[string]any{"project": "secret/plans"}, "there is no project secret/plans, or the token may not see it"},
		"no GitLab":       {map[string]any{"base_url": nothing.URL}, "there is no GitLab at base_url"},
		"issues are off":  {map[string]any{"project": "acme/editors/site"}, "issues are switched off"},
		"nobody is there": {map[string]any{"base_url": "http://127.0.0.1:1"}, "reach the target"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, tc.changed)
			b.server.SwitchOffIssues("acme/editors/site")
			if address, ok := tc.changed["base_url"]; ok {
				b.provider = b.open(t, map[string]any{"base_url": address})
			}
			err := b.provider.Check(t.Context())
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "glpat-")
		})
	}
	for _, project := range []string{project, ""} {
		require.NoError(t, newBench(t, map[string]any{"project": project}).provider.Check(t.Context()))
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		setting, value, want string
	}{
		"no address":       {"base_url", "gitlab", "an address such as https://"},
		"other scheme":     {"base_url", "ftp://gitlab.example.com", "an address such as https://"},
		"token in address": {"base_url", "https://user:pass@gitlab.example.com", "only scheme, host and path"},
		"query in address": {"base_url", "https://gitlab.example.com?key=1", "only scheme, host and path"},
		"no duration":      {"consistency", "soon", `"soon" is not a duration`},
		"past":             {"consistency", "-1s", `"-1s" is not a duration`},
		"no secret":        {"token", "file:/does/not/exist", "read secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := gitlab.Connector{}.Open(settings(t, "https://gitlab.example.com", map[string]any{tc.setting: tc.value}), (&connectortest.Wire{}).Deps())
			require.ErrorContains(t, err, tc.setting)
			require.ErrorContains(t, err, tc.want)
			require.NotContains(t, err.Error(), "pass@")
		})
	}
	for _, address := range []string{"", "https://gitlab.example.com/", "https://gitlab.example.com/api/v4/", "https://example.com/gitlab"} {
		_, err := gitlab.Connector{}.Open(settings(t, address, nil), (&connectortest.Wire{}).Deps())
		require.NoError(t, err)
	}
}

// TestPathsAreEscaped shows that a path with slashes and dots arrives as one part of the address.
func TestPathsAreEscaped(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.opened(t)
	asked := strings.Join(b.server.Requests(), "\n")
	require.Contains(t, asked, "/api/v4/projects/acme%2Faccess%2Erequests/issues?")
	require.Contains(t, asked, "in=description")
}

// TestDeclaredCalls lets a configuration call what the connector has no endpoint for, with the same token.
func TestDeclaredCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	caller, ok := b.provider.(connectors.Caller)
	require.True(t, ok)
	require.True(t, gitlab.Connector{}.Info().Calls)
	body, err := caller.Caller().Do(t.Context(), connectors.Request{Method: "GET", Path: "/user"})
	require.NoError(t, err)
	require.Contains(t, string(body), `"username":"usher-bot"`)
	_, err = caller.Caller().Do(t.Context(), connectors.Request{Method: "POST", Path: "/users", Body: map[string]any{}})
	require.ErrorContains(t, err, "403 Forbidden")
}
