package gitlab

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) createEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "issue_create", Doc: "Opens an issue, once for each step", Effect: connectors.Grants, Undo: "issue_close",
		Args: []connectors.Field{
			projectArg,
			{Name: "title", Type: connectors.TypeString, Doc: "title of the issue; what is given to whom if absent"},
			{Name: "description", Type: connectors.TypeString, Doc: "text of the issue, below the template if there is one; it runs no quick actions and mentions nobody"},
			{Name: "template", Type: connectors.TypeString, Doc: "name of an issue template of the project, without .md"},
			{Name: "variables", Type: connectors.TypeMap, Doc: "what the template's placeholders %{name} stand for; subject_email, subject_name and target are always there"},
			{Name: "labels", Type: connectors.TypeAny, Doc: "labels, as a list or as text with commas"},
			{Name: "assignees", Type: connectors.TypeAny, Doc: "e-mail addresses or user names of the assignees, as a list or as text with commas"},
			{Name: "assignee", Type: connectors.TypeString, Doc: "e-mail address or user name of a single assignee"},
			{Name: "due_date", Type: connectors.TypeString, Doc: "when it is due, as 2006-01-02"},
			{Name: "confidential", Type: connectors.TypeBool, Doc: "whether only members of the project from Planner or Reporter up may read it; true if absent, since it tells who gets access to what"},
		},
		Outputs: issueOutputs(),
		Read:    p.readCreated, Write: p.create,
		Did: func(call connectors.Call) string {
			return fmt.Sprintf("Opened the issue %q in %s", issueTitle(call), call.Text("project", p.project))
		},
	}}
}

// readCreated looks for the issue that an earlier attempt at this step opened. If there is none it prepares one, so that
// a plan already says what is wrong with a template or an assignee.
func (p *provider) readCreated(ctx context.Context, call connectors.Call) (connectors.State, error) {
	project, err := p.projectOf(call)
	if err != nil {
		return connectors.State{}, err
	}
	found, err := p.marked(ctx, project, call)
	if err != nil {
		return connectors.State{}, fmt.Errorf("look for the issue in project %s: %w", project, err)
	}
	if found != nil {
		issue := openIssue{Issue: found, project: project}
		return connectors.State{Done: true, Summary: "There is " + issue.name(), Output: issue.output(nil)}, nil
	}
	draft, err := p.draft(ctx, project, call)
	if err != nil {
		return connectors.State{}, err
	}
	return connectors.State{
		Summary: "This step has opened no issue in " + project, Seen: draft,
		Output: map[string]any{"exists": false, "id": "", "iid": int64(0), "state": "", connectors.OutputURL: ""},
	}, nil
}

// marked finds the issue whose description holds this step's marker; nil means that there is none. A plan has no key.
func (p *provider) marked(ctx context.Context, project string, call connectors.Call) (*api.Issue, error) {
	var found *api.Issue
	if call.IdempotencyKey == "" {
		return found, nil
	}
	mark := marker(call)
	err := pages(ctx, p.client, func(options ...api.RequestOptionFunc) ([]*api.Issue, *api.Response, error) {
		return p.client.api.Issues.ListProjectIssues(project, &api.ListProjectIssuesOptions{
			Search: &mark, In: new("description"), Scope: new("all"), ListOptions: api.ListOptions{PerPage: perPage},
		}, options...)
	}, func(issue *api.Issue) bool {
		if strings.Contains(issue.Description, hide(mark)) {
			found = issue
		}
		return found != nil
	})
	return found, err
}

// issueTitle is the title that was written, else what is given to whom.
func issueTitle(call connectors.Call) string {
	fallback := ""
	if whom := cmp.Or(call.Subject.Name, call.Subject.Email); whom != "" && call.Target != "" {
		fallback = call.Target + " for " + whom
	}
	return titleOf(call.Text("title", fallback))
}

// draft prepares the issue.
func (p *provider) draft(ctx context.Context, project string, call connectors.Call) (*api.CreateIssueOptions, error) {
	description, err := p.description(ctx, project, call)
	if err != nil {
		return nil, err
	}
	assignees, err := p.assignees(ctx, call)
	if err != nil {
		return nil, err
	}
	draft := &api.CreateIssueOptions{
		Title: new(issueTitle(call)), Description: &description, Confidential: new(boolean(call, "confidential", true)),
	}
	if *draft.Title == "" {
		return nil, refuse("the issue has no title: set the argument title")
	}
	if labels := list(call.Args["labels"]); len(labels) > 0 {
		draft.Labels = new(api.LabelOptions(labels))
	}
	if len(assignees) > 0 {
		draft.AssigneeIDs = &assignees
	}
	if due := call.Text("due_date", ""); due != "" {
		date, err := api.ParseISOTime(due)
		if err != nil {
			return nil, refuse(fmt.Sprintf("argument due_date: %q is no date such as 2006-01-02", due))
		}
		draft.DueDate = &date
	}
	return draft, nil
}

// assignees finds the ids of all who are to be assigned.
func (p *provider) assignees(ctx context.Context, call connectors.Call) ([]int64, error) {
	var ids []int64
	for _, name := range append(list(call.Args["assignees"]), list(call.Args["assignee"])...) {
		user, err := p.mustFind(ctx, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, user.ID)
	}
	return ids, nil
}

// create opens the issue. GitLab cannot be asked for a second one without a key by which the first is found.
func (p *provider) create(ctx context.Context, call connectors.Call, found connectors.State) error {
	if call.IdempotencyKey == "" {
		return refuse("without an idempotency key an issue could be opened twice")
	}
	project, err := p.projectOf(call)
	if err != nil {
		return err
	}
	_, err = write(ctx, p.client, func(o api.RequestOptionFunc) (*api.Issue, *api.Response, error) {
		return p.client.api.Issues.CreateIssue(project, found.Seen.(*api.CreateIssueOptions), o)
	})
	if err != nil {
		return fmt.Errorf("open an issue in project %s: %w", project, err)
	}
	return nil
}
