package gitlab_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// faults are what may happen to a write; 0 is nothing.
var faults = []gitlabtest.Fault{
	0, gitlabtest.BadGateway, gitlabtest.BadGatewayAfter, gitlabtest.LostAnswer, gitlabtest.LostRequest,
	gitlabtest.RateLimited, gitlabtest.Unprocessable, gitlabtest.ConflictAfter, gitlabtest.NotJSON,
}

// wanted says what must be true at the server after an endpoint was applied. The issue is the first of the project.
var wanted = map[string]func(*gitlabtest.Server) bool{
	"issue_create":            func(s *gitlabtest.Server) bool { return len(s.Issues(project)) == 2 },
	"issue_add_comment":       func(s *gitlabtest.Server) bool { return len(s.Issues(project)[0].Notes) == 1 },
	"issue_add_label":         func(s *gitlabtest.Server) bool { return slices.Contains(s.Issues(project)[0].Labels, "x") },
	"issue_remove_label":      func(s *gitlabtest.Server) bool { return !slices.Contains(s.Issues(project)[0].Labels, "x") },
	"issue_close":             func(s *gitlabtest.Server) bool { return s.Issues(project)[0].State == "closed" },
	"issue_assign_user":       func(s *gitlabtest.Server) bool { return len(s.Issues(project)[0].Assignees) == 1 },
	"issue_unassign_user":     func(s *gitlabtest.Server) bool { return len(s.Issues(project)[0].Assignees) == 0 },
	"add_user_to_group":       func(s *gitlabtest.Server) bool { return len(s.Members("acme/editors")) == 1 },
	"remove_user_from_group":  func(s *gitlabtest.Server) bool { return len(s.Members("acme/editors")) == 0 },
	"add_user_to_entity":      func(s *gitlabtest.Server) bool { return len(s.Members("acme/board/minutes")) == 1 },
	"remove_user_from_entity": func(s *gitlabtest.Server) bool { return len(s.Members("acme/board/minutes")) == 0 },
}

// argsOf are the arguments of each endpoint above.
func argsOf(endpoint string) map[string]any {
	issue := map[string]any{"issue": 1}
	switch endpoint {
	case "issue_create":
		return map[string]any{"title": "Access"}
	case "issue_add_comment":
		return map[string]any{"issue": 1, "text": "Done"}
	case "issue_add_label", "issue_remove_label":
		return map[string]any{"issue": 1, "label": "x"}
	case "add_user_to_group", "remove_user_from_group":
		return nil
	case "add_user_to_entity", "remove_user_from_entity":
		return map[string]any{"entity": "acme/board/minutes"}
	}
	return issue
}

// TestOutcomesAreTrue runs endpoints in any order against a server that fails in any way, and compares each outcome with
// what the server really holds: Applied and Already mean that it is so, Refused and Transient that this run changed
// nothing, and settling an Unknown tells the truth. Nothing ever is there twice.
func TestOutcomesAreTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t, map[string]any{"consistency": "0s"})
		b.server.AddIssue(project, "ana", gitlabtest.Issue{Title: "First"})
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			endpoint := rapid.SampledFrom(slices.Sorted(maps.Keys(wanted))).Draw(rt, "endpoint")
			if fault := rapid.SampledFrom(faults).Draw(rt, "fault"); fault != 0 {
				for _, method := range []string{"POST", "PUT", "DELETE"} {
					b.server.Inject(fault, method, "")
				}
			}
			call := connectors.Call{
				Subject: connectors.Person{Email: "ana@example.com"}, Target: "acme/editors", Args: argsOf(endpoint), IdempotencyKey: "k",
			}
			before := b.server.Writes()
			result := connectors.Run(t.Context(), connectortest.Endpoint(t, b.provider, endpoint), call)
			b.requireTrue(rt, endpoint, result, before)
			b.server.Mend()
			if result.Outcome == connectors.Unknown {
				call.Settle, before = true, b.server.Writes()
				settled := connectors.Run(t.Context(), connectortest.Endpoint(t, b.provider, endpoint), call)
				require.NotEqual(rt, connectors.Unknown, settled.Outcome, settled.Summary)
				b.requireTrue(rt, endpoint, settled, before)
			}
			require.LessOrEqual(rt, len(b.server.Issues(project)), 2)
			require.LessOrEqual(rt, len(b.server.Issues(project)[0].Notes), 1)
		}
	})
}

// requireTrue compares an outcome with what the server holds. Before counts the changes until this run.
func (b *bench) requireTrue(t require.TestingT, endpoint string, result connectors.Result, before int) {
	switch result.Outcome {
	case connectors.Applied, connectors.Already:
		require.True(t, wanted[endpoint](b.server), "%s says %s: %s", endpoint, result.Outcome, result.Summary)
	case connectors.Refused, connectors.Transient:
		require.Equal(t, before, b.server.Writes(), "%s says %s: %s", endpoint, result.Outcome, result.Summary)
	}
	require.LessOrEqual(t, b.server.Writes(), before+1, "one run makes at most one change")
}
