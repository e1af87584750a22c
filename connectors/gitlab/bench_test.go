package gitlab_test

import (
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/gitlab"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

const (
	botToken   = "glpat-bot-secret"
	adminToken = "glpat-admin-secret"
	project    = "acme/access.requests"
)

// bench is a GitLab with a bot that owns the group acme, an administrator, and a few people.
type bench struct {
	server   *gitlabtest.Server
	address  string
	provider connectors.Provider
	wire     *connectortest.Wire
}

// newBench opens a provider with the bot's token, or with what changed says.
func newBench(t *testing.T, changed map[string]any) *bench {
	t.Helper()
	b := &bench{server: company(), wire: &connectortest.Wire{}}
	web := httptest.NewServer(b.server)
	t.Cleanup(web.Close)
	b.address = web.URL
	b.provider = b.open(t, changed)
	return b
}

func (b *bench) open(t *testing.T, changed map[string]any) connectors.Provider {
	t.Helper()
	provider, err := gitlab.Connector{}.Open(settings(t, b.address, changed), b.wire.Deps())
	require.NoError(t, err)
	return provider
}

func settings(t *testing.T, address string, changed map[string]any) map[string]any {
	t.Helper()
	given := map[string]any{"base_url": address, "token": secretFile(t, botToken), "project": project, "consistency": "300ms"}
	maps.Copy(given, changed)
	return given
}

func secretFile(t *testing.T, secret string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(secret+"\n"), 0o600))
	return "file:" + file
}

// company is a GitLab with more people than fit on one page of 20.
func company() *gitlabtest.Server {
	s := gitlabtest.New()
	for _, u := range []gitlabtest.User{
		{Username: "usher-bot", Name: "Usher", Email: "usher@example.com"},
		{Username: "root", Name: "Administrator", Email: "root@example.com", Admin: true},
		{Username: "ana", Name: "Ana Silva", Email: "ana@example.com", PublicEmail: "ana@example.com"},
		{Username: "ben", Name: "Ben", Email: "ben@example.com"},
		{Username: "mallory", Name: "ben@example.com", Email: "mallory@example.com"},
		{Username: "dora", Name: "Dora", Email: "dora@example.com", PublicEmail: "dora@example.com"},
	} {
		s.AddUser(u)
	}
	s.AddToken(botToken, "usher-bot", "api")
	s.AddToken("glpat-reads", "usher-bot", "read_api")
	s.AddToken(adminToken, "root", "api")
	s.AddGroup("acme", map[string]int{"usher-bot": 50})
	s.AddGroup("acme/board", nil)
	s.AddGroup("acme/editors", nil)
	s.AddGroup("secret", map[string]int{"dora": 50})
	s.AddProject(project, map[string]int{"ana": 20, "ben": 20, "dora": 20})
	s.AddProject("acme/editors/site", nil)
	s.AddProject("acme/board/minutes", nil)
	s.AddProject("secret/plans", nil)
	return s
}

func (b *bench) run(t *testing.T, endpoint string, args map[string]any) connectors.Result {
	t.Helper()
	return b.call(t, endpoint, connectors.Call{Args: args, IdempotencyKey: "step-1"})
}

// call fills in what most calls have.
func (b *bench) call(t *testing.T, endpoint string, call connectors.Call) connectors.Result {
	t.Helper()
	if call.Subject.Email == "" {
		call.Subject = connectors.Person{Email: "ana@example.com", Name: "Ana Silva"}
	}
	if call.Target == "" {
		call.Target = "acme/editors"
	}
	result := connectors.Run(t.Context(), connectortest.Endpoint(t, b.provider, endpoint), call)
	connectortest.RequireNoSecret(t, result, []string{botToken, adminToken})
	return result
}

// opened opens an issue and answers its number.
func (b *bench) opened(t *testing.T) int64 {
	t.Helper()
	result := b.call(t, "issue_create", connectors.Call{Args: map[string]any{"title": "Access"}, IdempotencyKey: "opened"})
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	return result.Output["iid"].(int64)
}
