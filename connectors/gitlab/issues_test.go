package gitlab_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/connectors/connectortest"
	"github.com/usherhq/usher/connectors/gitlab/gitlabtest"
)

// TestComments are written once for each step, and run and mention nothing.
func TestComments(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	iid := b.opened(t)
	args := map[string]any{"issue": iid, "text": "Done.\n/close\n  /label ~x\ncc @all <b>@</b>root, mail ana@example.com"}
	result := b.run(t, "issue_add_comment", args)
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.NotEmpty(t, result.Output["comment_id"])
	require.Equal(t, connectors.Already, b.run(t, "issue_add_comment", args).Outcome)
	other := b.call(t, "issue_add_comment", connectors.Call{Args: args, IdempotencyKey: "step-2"})
	require.Equal(t, connectors.Applied, other.Outcome, "another step comments, too")

	issue := b.server.Issues(project)[0]
	require.Len(t, issue.Notes, 2)
	require.Contains(t, issue.Notes[0].Body, "Done.\n\\/close\n  \\/label ~x\ncc @\u2060all")
	require.Contains(t, issue.Notes[0].Body, "mail ana@example.com")
	require.Empty(t, issue.Commands)
	require.Empty(t, issue.Mentions)
	require.Equal(t, "opened", issue.State)
	require.Empty(t, issue.Labels)
}

// TestLostCommentAmongMany loses the answer, while people write more than two pages of comments.
func TestLostCommentAmongMany(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"consistency": "0s"})
	iid := b.opened(t)
	args := map[string]any{"issue": iid, "text": "Done."}
	b.server.Inject(gitlabtest.LostAnswer, "POST", "/notes")
	b.server.Inject(gitlabtest.BadGateway, "GET", "/issues/1")
	first := b.run(t, "issue_add_comment", args)
	require.Equal(t, connectors.Transient, first.Outcome, "the read before failed: %s", first.Summary)
	lost := b.run(t, "issue_add_comment", args)
	require.Equal(t, connectors.Applied, lost.Outcome, "the read-back finds it: %s", lost.Summary)
	for n := range 230 {
		b.server.AddNotes(project, iid, "ana", fmt.Sprintf("me too %d", n))
	}
	call := connectors.Call{Args: args, IdempotencyKey: "step-1", Settle: true}
	require.Equal(t, connectors.Applied, b.call(t, "issue_add_comment", call).Outcome)
	require.Len(t, b.server.Issues(project)[0].Notes, 231)
}

// TestCommentUnknownThenSettled reads back nothing, and settles without a second comment.
func TestCommentUnknownThenSettled(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[string]any{"consistency": "0s"})
	iid := b.opened(t)
	call := connectors.Call{Args: map[string]any{"issue": iid, "text": "Done."}, IdempotencyKey: "k"}
	comment := connectortest.Endpoint(t, b.provider, "issue_add_comment")
	found, err := comment.Read(t.Context(), call)
	require.NoError(t, err)
	b.server.Inject(gitlabtest.LostAnswer, "POST", "/notes")
	var unknown *connectors.UnknownError
	require.ErrorAs(t, comment.Write(t.Context(), call, found), &unknown)
	call.Settle = true
	require.Equal(t, connectors.Applied, b.call(t, "issue_add_comment", call).Outcome)
	require.Len(t, b.server.Issues(project)[0].Notes, 1)
}

func TestIssuesThatAreNotThere(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.opened(t)
	before := b.server.Writes()
	for name, tc := range map[string]struct {
		endpoint string
		args     map[string]any
		want     string
	}{
		"no such issue":     {"issue_close", map[string]any{"issue": 99}, "the token may not see it"},
		"no number":         {"issue_close", map[string]any{"issue": "{{ open.iid }}"}, "the number within its project is needed"},
		"below one":         {"issue_close", map[string]any{"issue": 0}, "the number within its project is needed"},
		"left out":          {"issue_close", map[string]any{}, `argument "issue" is missing`},
		"no such project":   {"issue_add_comment", map[string]any{"issue": 1, "text": "x", "project": "a/b"}, "issue 1 in project a/b"},
		"a list of labels":  {"issue_add_label", map[string]any{"issue": 1, "label": "a,b"}, "one name without a comma"},
		"a blank label":     {"issue_remove_label", map[string]any{"issue": 1, "label": " "}, "one name without a comma"},
		"an empty comment":  {"issue_add_comment", map[string]any{"issue": 1, "text": " \n"}, "set the argument text"},
		"an unknown person": {"issue_assign_user", map[string]any{"issue": 1, "user": "nobody"}, "nobody has no account"},
		"a hidden person":   {"issue_unassign_user", map[string]any{"issue": 1, "user": "ben@example.com"}, "name the GitLab user name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := b.run(t, tc.endpoint, tc.args)
			require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
			require.Contains(t, result.Summary, tc.want)
		})
	}
	t.Cleanup(func() { require.Equal(t, before, b.server.Writes()) })
}

// TestAssignees keeps the others where the plan allows it, and replaces the one where it does not.
func TestAssignees(t *testing.T) {
	t.Parallel()
	for _, one := range []bool{false, true} {
		b := newBench(t, nil)
		if one {
			b.server.OneAssignee()
		}
		iid := float64(b.opened(t))
		for _, user := range []string{"ben", "ana@example.com"} {
			result := b.run(t, "issue_assign_user", map[string]any{"issue": iid, "user": user})
			require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
			require.Equal(t, true, result.Output["assigned"])
		}
		left := map[bool]int{false: 2, true: 1}[one]
		require.Len(t, b.server.Issues(project)[0].Assignees, left)
		result := b.run(t, "issue_unassign_user", map[string]any{"issue": iid})
		require.Equal(t, connectors.Applied, result.Outcome, "the subject by default: %s", result.Summary)
		require.Len(t, b.server.Issues(project)[0].Assignees, left-1)
		require.Equal(t, connectors.Already, b.run(t, "issue_unassign_user", map[string]any{"issue": iid, "user": "nobody"}).Outcome)
	}
}

// TestAssigneesWhoCannotRead are left out by GitLab without an error: that is no success.
func TestAssigneesWhoCannotRead(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	iid := b.opened(t)
	result := b.run(t, "issue_assign_user", map[string]any{"issue": iid, "user": "mallory"})
	require.Equal(t, connectors.Refused, result.Outcome, result.Summary)
	require.Contains(t, result.Summary, "needs to be able to read it")
}

// TestLabelsLeaveOthersAlone changes one label while others are there.
func TestLabelsLeaveOthersAlone(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	iid := b.server.AddIssue(project, "ana", gitlabtest.Issue{Title: "x", Labels: []string{"one", "two"}})
	b.server.Inject(gitlabtest.LostAnswer, "PUT", "")
	result := b.run(t, "issue_add_label", map[string]any{"issue": iid, "label": "three"})
	require.Equal(t, connectors.Applied, result.Outcome, result.Summary)
	require.Equal(t, true, result.Output["labelled"])
	require.Equal(t, connectors.Applied, b.run(t, "issue_remove_label", map[string]any{"issue": iid, "label": "one"}).Outcome)
	require.Equal(t, []string{"two", "three"}, b.server.Issues(project)[0].Labels)
}
