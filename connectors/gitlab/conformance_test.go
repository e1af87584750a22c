package gitlab_test

import (
	"net/http/httptest"
	"testing"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/gitlab"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// TestConformance runs the suite for every pair of endpoints. A comment cannot be taken back: closing the issue stands
// in for that.
func TestConformance(t *testing.T) {
	t.Parallel()
	server := company()
	server.AddIssue(project, "ana", gitlabtest.Issue{Title: "A first issue"})
	server.AddToken("glpat-doras-secret", "dora", "api")
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	step := func(endpoint string, args map[string]any) connectortest.Step {
		return connectortest.Step{Endpoint: endpoint, Target: "acme/editors", Args: args}
	}
	first := func(more ...string) map[string]any {
		args := map[string]any{"issue": 1}
		for i := 0; i < len(more); i += 2 {
			args[more[i]] = more[i+1]
		}
		return args
	}
	fresh := map[string]any{"user": "carl@example.com"}
	connectortest.Run(t, connectortest.Suite{
		Connector: gitlab.Connector{}, Settings: settings(t, web.URL, map[string]any{"token": secretFile(t, adminToken)}), Secrets: []string{adminToken},
		Subject: connectors.Person{Email: "ben@example.com", Name: "Ben"},
		Pairs: []connectortest.Pair{
			{Name: "label", Do: step("issue_add_label", first("label", "access::open")), Undo: step("issue_remove_label", first("label", "access::open"))},
			{Name: "assignee", Do: step("issue_assign_user", first()), Undo: step("issue_unassign_user", first())},
			{Name: "assignee by name", Do: step("issue_assign_user", first("user", "Ana")), Undo: step("issue_unassign_user", first("user", "@ana"))},
			{Name: "issue", Do: step("issue_create", map[string]any{"title": "Give access"}), Undo: step("issue_close", map[string]any{"issue": "2"})},
			{Name: "comment", Do: step("issue_add_comment", first("text", "Done by hand")), Undo: step("issue_close", first())},
			{Name: "group member", Do: step("add_user_to_group", nil), Undo: step("remove_user_from_group", nil)},
			{
				Name: "project member", Do: step("add_user_to_entity", map[string]any{"entity": "acme/editors/site", "level": "maintainer"}),
				Undo: step("remove_user_from_entity", map[string]any{"entity": "acme/editors/site"}),
			},
			{Name: "account", Do: step("create_user", fresh), Undo: step("disable_user", fresh)},
			{Name: "account enabled", Do: step("enable_user", fresh), Undo: step("disable_user", fresh)},
			{Name: "account again", Do: step("create_user", fresh), Undo: step("delete_user", fresh)},
			{Name: "tokens", Do: step("revoke_tokens", map[string]any{"user": "dora"}), Undo: step("disable_user", map[string]any{"user": "dora"})},
			{Name: "group", Do: step("create_group", map[string]any{"group": "acme/new"}), Undo: step("delete_group", map[string]any{"group": "acme/new"})},
			{Name: "group restored", Do: step("create_group", map[string]any{"group": "acme/new"}), Undo: step("delete_group", map[string]any{"group": "acme/new"})},
			{Name: "group on top", Do: step("create_group", map[string]any{"group": "top", "name": "The Top"}), Undo: step("delete_group", map[string]any{"group": "top"})},
		},
	})
}
