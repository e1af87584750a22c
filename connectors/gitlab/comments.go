package gitlab

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) commentEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "issue_add_comment", Doc: "Comments on an issue, once for each step", Effect: connectors.Grants,
		Args: issueArgs(connectors.Field{Name: "text", Type: connectors.TypeString, Required: true, Doc: "text of the comment; it runs no quick actions and mentions nobody"}),
		Outputs: issueOutputs(
			connectors.Field{Name: "comment_id", Type: connectors.TypeString, Doc: "GitLab's id of the comment; empty if it is not there"},
		),
		Read: p.readComment, Write: p.comment,
		Did: func(call connectors.Call) string { return "Commented on " + p.calledIssue(call) },
	}}
}

// readComment looks for the comment that an earlier attempt at this step wrote.
func (p *provider) readComment(ctx context.Context, call connectors.Call) (connectors.State, error) {
	issue, err := p.issue(ctx, call)
	if err != nil {
		return connectors.State{}, err
	}
	note, err := p.note(ctx, issue, call)
	if err != nil {
		return connectors.State{}, fmt.Errorf("read the comments of %s: %w", issue.name(), err)
	}
	state := connectors.State{Done: note != nil, Seen: issue, Summary: "This step has not commented on " + issue.name()}
	id := ""
	if note != nil {
		state.Summary, id = "The comment is there on "+issue.name(), strconv.FormatInt(note.ID, 10)
	}
	state.Output = issue.output(map[string]any{"comment_id": id})
	return state, nil
}

// note finds the comment that holds this step's marker, the newest first; nil means that there is none.
func (p *provider) note(ctx context.Context, issue openIssue, call connectors.Call) (*api.Note, error) {
	var found *api.Note
	if call.IdempotencyKey == "" {
		return found, nil
	}
	mark := hide(marker(call))
	err := pages(ctx, p.client, func(options ...api.RequestOptionFunc) ([]*api.Note, *api.Response, error) {
		return p.client.api.Notes.ListIssueNotes(issue.project, issue.IID, &api.ListIssueNotesOptions{
			OrderBy: new("created_at"), Sort: new("desc"), ListOptions: api.ListOptions{PerPage: perPage},
		}, options...)
	}, func(note *api.Note) bool {
		if !note.System && strings.Contains(note.Body, mark) {
			found = note
		}
		return found != nil
	})
	return found, err
}

// comment writes the comment, and refuses without a key by which it is found again.
func (p *provider) comment(ctx context.Context, call connectors.Call, found connectors.State) error {
	if call.IdempotencyKey == "" {
		return refuse("without an idempotency key a comment could be written twice")
	}
	issue, typed := found.Seen.(openIssue), call.Text("text", "")
	if typed == "" {
		return refuse("the comment is empty: set the argument text")
	}
	_, err := write(ctx, p.client, func(o api.RequestOptionFunc) (*api.Note, *api.Response, error) {
		return p.client.api.Notes.CreateIssueNote(issue.project, issue.IID, &api.CreateIssueNoteOptions{Body: new(comment(call, typed))}, o)
	})
	if err != nil {
		return fmt.Errorf("comment on %s: %w", issue.name(), err)
	}
	return nil
}
