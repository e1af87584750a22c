package gitlab_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// TestIssueFromTemplate fills a template's placeholders and keeps its quick actions and mentions, which are its
// author's, while what was typed only ever is text.
func TestIssueFromTemplate(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.server.AddTemplate(project, "Access request", "For %{subject_name} (%{ subject_email }) at %{target}\n\nWhy:\n%{reason}\n\nTools: %{tools}\n\n"+
		"cc @dora\n/label ~access ~\"needs hands\"\n")
	result := b.run(t, "issue_create", map[string]any{
		"title": "Give @ana\n  access", "template": "Access request.md", "description": "More: @all\n/reopen", "confidential": "false", "due_date": "2031-02-03",
		"labels": []any{"urgent", "team::it"}, "assignees": "ben, ana@example.com", "assignee": "@dora",
		"variables": map[string]any{"reason": "/close\n@root please &commat;root", "tools": []any{"git", "wiki"}},
	})
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Equal(t, map[string]any{
		"exists": true, "id": result.Output["id"], "iid": int64(1), "state": "opened", "url": b.address + "/" + project + "/-/issues/1",
	}, result.Output)

	issues := b.server.Issues(project)
	require.Len(t, issues, 1)
	issue := issues[0]
	require.Equal(t, "Give @\u2060ana access", issue.Title)
	require.Contains(t, issue.Description, "For Ana Silva (ana@example.com) at acme/editors\n\nWhy:\n\\/close\n@\u2060root please &\u2060commat;root\n\nTools: git, wiki\n")
	require.Contains(t, issue.Description, "More: @\u2060all\n\\/reopen")
	require.Equal(t, []string{"/label ~access ~\"needs hands\""}, issue.Commands, "the template's, and no other")
	require.Equal(t, []string{"dora"}, issue.Mentions, "the template's, and no other")
	require.Equal(t, "opened", issue.State)
	require.False(t, issue.Confidential)
	require.Equal(t, "2031-02-03", issue.DueDate)
	require.ElementsMatch(t, []string{"urgent", "team::it", "access", "needs hands"}, issue.Labels)
	require.Len(t, issue.Assignees, 3)
}

func TestIssueIsConfidentialUnlessSaidOtherwise(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.opened(t)
	require.True(t, b.server.Issues(project)[0].Confidential)
}

// TestIssuesThatCannotBe are refused before anything is written, and the sentence says what to do.
func TestIssuesThatCannotBe(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.server.AddTemplate(project, "Access", "%{who} wants %{what}, %{who}")
	b.server.AddTemplate(project, "Other", "x")
	for name, tc := range map[string]struct {
		args map[string]any
		want string
	}{
		"placeholders without a value": {map[string]any{"title": "x", "template": "Access"}, "wants %{who}, %{what}, which has no value"},
		"no such template":             {map[string]any{"title": "x", "template": "Acess"}, "known are Access, Other"},
		"a path as a template":         {map[string]any{"title": "x", "template": "../issues/Access"}, "has no issue template ../issues/Access"},
		"no date":                      {map[string]any{"title": "x", "due_date": "tomorrow"}, `"tomorrow" is no date`},
		"no such assignee":             {map[string]any{"title": "x", "assignees": "nobody"}, "nobody has no account"},
		"an address that is hidden":    {map[string]any{"title": "x", "assignees": []any{"ben@example.com"}}, "name the GitLab user name"},
		"no such project":              {map[string]any{"title": "x", "project": "acme/nothing"}, "the token may not see it"},
		"a project that is hidden":     {map[string]any{"title": "x", "project": "secret/plans"}, "the token may not see it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := b.run(t, "issue_create", tc.args)
			require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, tc.want)
		})
	}
	untitled := connectors.Call{Args: map[string]any{"title": "  "}, IdempotencyKey: "k"}
	require.Contains(t, connectors.Run(t.Context(), connectortest.Endpoint(t, b.provider, "issue_create"), untitled).Summary, "set the argument title")
	none := b.open(t, map[string]any{"project": ""})
	result := connectors.Run(t.Context(), connectortest.Endpoint(t, none, "issue_create"), connectors.Call{Args: map[string]any{"title": "x"}, IdempotencyKey: "k"})
	require.Contains(t, result.Summary, "no project is named")
	require.Zero(t, b.wire.Writes())
}

// TestPlanNeedsNoKey is the test of a workflow: it reads, and says what is wrong with a template.
func TestPlanNeedsNoKey(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	create := connectortest.Endpoint(t, b.provider, "issue_create")
	state, err := connectors.Plan(t.Context(), create, connectors.Call{Args: map[string]any{"title": "x"}})
	require.NoError(t, err)
	require.False(t, state.Done)
	result := b.call(t, "issue_create", connectors.Call{Args: map[string]any{"title": "x"}})
	require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
	require.Contains(t, result.Summary, "could be opened twice")
	require.Zero(t, b.server.Writes())
}

// TestLostAnswersOpenOneIssue loses answers in every way and settles: the project holds one issue at the end, never two.
func TestLostAnswersOpenOneIssue(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault   gitlabtest.Fault
		lag     int
		outcome connectors.Outcome
		issues  int
	}{
		"answer lost":                        {gitlabtest.LostAnswer, 0, connectors.Applied, 1},
		"502 after the work":                 {gitlabtest.BadGatewayAfter, 0, connectors.Applied, 1},
		"409 after the work":                 {gitlabtest.ConflictAfter, 0, connectors.Already, 1},
		"answer lost and the search behind":  {gitlabtest.LostAnswer, 50, connectors.Unknown, 1},
		"request lost":                       {gitlabtest.LostRequest, 0, connectors.Unknown, 0},
		"502 before the work":                {gitlabtest.BadGateway, 0, connectors.Unknown, 0},
		"throttled":                          {gitlabtest.RateLimitedRetryAfter, 0, connectors.Transient, 0},
		"accepted by something in between":   {gitlabtest.NotJSON, 0, connectors.Unknown, 0},
		"said no to, by a validation of its": {gitlabtest.Unprocessable, 0, connectors.Refused, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, map[string]any{"consistency": "100ms"})
			b.server.AddIssue(project, "ana", gitlabtest.Issue{Title: "Another", Description: "usher"})
			b.server.Inject(tc.fault, "POST", "/issues")
			call := connectors.Call{Args: map[string]any{"title": "Access"}, IdempotencyKey: "k"}
			b.server.Lag(tc.lag)
			result := b.call(t, "issue_create", call)
			require.Equal(t, tc.outcome, result.Outcome, result.Summary)
			require.Len(t, b.server.Issues(project), 1+tc.issues)
			b.server.Lag(0)
			call.Settle = result.Outcome == connectors.Unknown
			again := b.call(t, "issue_create", call)
			require.Contains(t, []connectors.Outcome{connectors.Applied, connectors.Already}, again.Outcome, again.Summary)
			require.Equal(t, int64(2), again.Output["iid"])
			require.Len(t, b.server.Issues(project), 2, "one issue and no second one")
		})
	}
}

// TestMarkersAreFoundAmongMany searches with more hits than fit on a page, and takes no issue that only looks alike.
func TestMarkersAreFoundAmongMany(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.opened(t)
	marked := b.server.Issues(project)[0].Description
	for range 230 {
		b.server.AddIssue(project, "ana", gitlabtest.Issue{Title: "About it", Description: "see " + strings.NewReplacer("[//]: # (", "", ")", "").Replace(marked)})
	}
	result := b.call(t, "issue_create", connectors.Call{Args: map[string]any{"title": "Access"}, IdempotencyKey: "opened"})
	require.Equal(t, connectors.Already, result.Outcome, result.Summary)
	require.Equal(t, int64(1), result.Output["iid"])
	require.Contains(t, strings.Join(b.server.Requests(), "\n"), "page=3")
}

func TestStepsDoNotShareIssues(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for _, key := range []string{"a", "b", "a"} {
		b.call(t, "issue_create", connectors.Call{Args: map[string]any{"title": "Access"}, IdempotencyKey: key})
	}
	require.Len(t, b.server.Issues(project), 2)
}

func TestLongTitlesAreCut(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	result := b.run(t, "issue_create", map[string]any{"title": strings.Repeat("é", 300)})
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Equal(t, strings.Repeat("é", 254)+"…", b.server.Issues(project)[0].Title)
}

// TestATitleOfItsOwn is for a chain that names only a template: the issue says what is given to whom.
func TestATitleOfItsOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	call := connectors.Call{Target: "Editors", Subject: connectors.Person{Email: "ana@example.com", Name: "Ana"}, IdempotencyKey: "k"}
	result := connectors.Run(t.Context(), connectortest.Endpoint(t, b.provider, "issue_create"), call)
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Contains(t, result.Summary, `"Editors for Ana"`)
}
