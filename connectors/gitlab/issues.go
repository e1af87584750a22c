package gitlab

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

// issueArgs are the arguments of every endpoint about an issue that is there, and more.
func issueArgs(more ...connectors.Field) []connectors.Field {
	return append([]connectors.Field{
		projectArg,
		{Name: "issue", Type: connectors.TypeInt, Required: true, Doc: "number of the issue within its project (iid), for example {{ open.iid }}"},
	}, more...)
}

// issueOutputs is what every endpoint about issues tells, and more.
func issueOutputs(more ...connectors.Field) []connectors.Field {
	return append(outputs(
		connectors.Field{Name: "iid", Type: connectors.TypeInt, Doc: "number of the issue within its project; 0 if it is not there"},
		connectors.Field{Name: "state", Type: connectors.TypeString, Doc: "opened or closed; empty if it is not there"},
	), more...)
}

// openIssue is an issue as it was read just now. User is set for the endpoints about an assignee.
type openIssue struct {
	*api.Issue
	project string
	user    *api.User
}

// issue reads the issue that a call is about.
func (p *provider) issue(ctx context.Context, call connectors.Call) (openIssue, error) {
	project, err := p.projectOf(call)
	if err != nil {
		return openIssue{}, err
	}
	iid, err := issueNumber(call)
	if err != nil {
		return openIssue{}, err
	}
	found, _, err := read(ctx, p.client, func(o api.RequestOptionFunc) (*api.Issue, *api.Response, error) {
		return p.client.api.Issues.GetIssue(project, iid, nil, o)
	})
	if err != nil {
		return openIssue{}, fmt.Errorf("read issue %d in project %s: %w", iid, project, err)
	}
	return openIssue{Issue: found, project: project}, nil
}

// update changes an issue and answers it as GitLab holds it then.
func (p *provider) update(ctx context.Context, issue openIssue, change *api.UpdateIssueOptions) (openIssue, error) {
	changed, err := write(ctx, p.client, func(o api.RequestOptionFunc) (*api.Issue, *api.Response, error) {
		return p.client.api.Issues.UpdateIssue(issue.project, issue.IID, change, o)
	})
	if err != nil {
		return openIssue{}, fmt.Errorf("change issue %d in project %s: %w", issue.IID, issue.project, err)
	}
	return openIssue{Issue: changed, project: issue.project, user: issue.user}, nil
}

// name is how people call an issue.
func (i openIssue) name() string { return fmt.Sprintf("issue #%d in %s", i.IID, i.project) }

func (i openIssue) labelled(label string) bool { return slices.Contains(i.Labels, label) }

func (i openIssue) assigned() bool {
	return slices.ContainsFunc(i.Assignees, func(a *api.IssueAssignee) bool { return a.ID == i.user.ID })
}

// output is what later steps may use of an issue, and more.
func (i openIssue) output(more map[string]any) map[string]any {
	out := map[string]any{
		"exists": true, "id": strconv.FormatInt(i.ID, 10), "iid": i.IID, "state": i.State, connectors.OutputURL: i.WebURL,
	}
	for name, value := range more {
		out[name] = value
	}
	return out
}

// calledIssue is how people call the issue that a call is about, without reading it.
func (p *provider) calledIssue(call connectors.Call) string {
	return fmt.Sprintf("issue #%s in %s", call.Text("issue", "?"), call.Text("project", p.project))
}
