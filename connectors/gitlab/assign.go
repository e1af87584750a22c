package gitlab

import (
	"context"
	"fmt"
	"slices"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) assignEndpoints() []connectors.Endpoint {
	args := issueArgs(userArg)
	out := issueOutputs(
		connectors.Field{Name: "assigned", Type: connectors.TypeBool, Doc: "whether the person is an assignee"},
		connectors.Field{Name: "user_id", Type: connectors.TypeString, Doc: "GitLab's id of the account; empty if there is none"},
	)
	return []connectors.Endpoint{
		{
			Name: "issue_assign_user", Doc: "Assigns a person to an issue; on a plan with one assignee the former one is replaced", Effect: connectors.Grants,
			Undo: "issue_unassign_user", Args: args, Outputs: out, Read: p.readAssignee(true), Write: p.assign,
			Did: func(call connectors.Call) string {
				return fmt.Sprintf("Assigned %s to %s", userName(call), p.calledIssue(call))
			},
		},
		{
			Name: "issue_unassign_user", Doc: "Takes a person off an issue", Effect: connectors.Revokes,
			Undo: "issue_assign_user", Args: args, Outputs: out, Read: p.readAssignee(false), Write: p.unassign,
			Did: func(call connectors.Call) string {
				return fmt.Sprintf("Took %s off %s", userName(call), p.calledIssue(call))
			},
		},
	}
}

// readAssignee reads the issue and the account. Somebody without an account is assigned to nothing.
func (p *provider) readAssignee(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		issue, err := p.issue(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		find := p.find
		if wanted {
			find = p.mustFind
		}
		if issue.user, err = find(ctx, userName(call)); err != nil {
			return connectors.State{}, err
		}
		assigned := issue.user != nil && issue.assigned()
		summary := userName(call) + " is not assigned to " + issue.name()
		if assigned {
			summary = userName(call) + " is assigned to " + issue.name()
		}
		return connectors.State{
			Done: assigned == wanted, Seen: issue, Summary: summary,
			Output: issue.output(map[string]any{"assigned": assigned, "user_id": userID(issue.user)}),
		}, nil
	}
}

// assign adds a person to the assignees. GitLab's free plan keeps only one, the first: so the new one stands there.
// GitLab leaves out, without an error, who may not read the issue.
func (p *provider) assign(ctx context.Context, call connectors.Call, found connectors.State) error {
	issue := found.Seen.(openIssue)
	ids := append([]int64{issue.user.ID}, assigneeIDs(issue)...)
	changed, err := p.update(ctx, issue, &api.UpdateIssueOptions{AssigneeIDs: &ids})
	if err == nil && changed.Issue != nil && !changed.assigned() {
		return refuse(fmt.Sprintf("GitLab did not assign %s to %s: who is assigned needs to be able to read it", userName(call), issue.name()))
	}
	return err
}

// unassign takes a person off. A single 0 stands for nobody (https://docs.gitlab.com/api/issues/).
func (p *provider) unassign(ctx context.Context, _ connectors.Call, found connectors.State) error {
	issue := found.Seen.(openIssue)
	ids := slices.DeleteFunc(assigneeIDs(issue), func(id int64) bool { return id == issue.user.ID })
	if len(ids) == 0 {
		ids = []int64{0}
	}
	_, err := p.update(ctx, issue, &api.UpdateIssueOptions{AssigneeIDs: &ids})
	return err
}

func assigneeIDs(issue openIssue) []int64 {
	ids := make([]int64, len(issue.Assignees))
	for i, assignee := range issue.Assignees {
		ids[i] = assignee.ID
	}
	return ids
}
