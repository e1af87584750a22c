package gitlab

import (
	"context"
	"fmt"
	"strings"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) labelEndpoints() []connectors.Endpoint {
	args := issueArgs(connectors.Field{Name: "label", Type: connectors.TypeString, Required: true, Doc: "name of the label"})
	out := issueOutputs(connectors.Field{Name: "labelled", Type: connectors.TypeBool, Doc: "whether the issue has the label"})
	return []connectors.Endpoint{
		{
			Name: "issue_add_label", Doc: "Puts a label on an issue; GitLab makes a label that is not there", Effect: connectors.Grants,
			Undo: "issue_remove_label", Args: args, Outputs: out, Read: p.readLabel(true), Write: p.label(true),
			Did: func(call connectors.Call) string {
				return fmt.Sprintf("Put the label %s on %s", call.Text("label", ""), p.calledIssue(call))
			},
		},
		{
			Name: "issue_remove_label", Doc: "Takes a label off an issue", Effect: connectors.Revokes,
			Undo: "issue_add_label", Args: args, Outputs: out, Read: p.readLabel(false), Write: p.label(false),
			Did: func(call connectors.Call) string {
				return fmt.Sprintf("Took the label %s off %s", call.Text("label", ""), p.calledIssue(call))
			},
		},
	}
}

func (p *provider) readLabel(wanted bool) func(context.Context, connectors.Call) (connectors.State, error) {
	return func(ctx context.Context, call connectors.Call) (connectors.State, error) {
		label := call.Text("label", "")
		if label == "" || strings.Contains(label, ",") {
			return connectors.State{}, refuse(fmt.Sprintf("%q is no label: one name without a comma is needed", label))
		}
		issue, err := p.issue(ctx, call)
		if err != nil {
			return connectors.State{}, err
		}
		has := issue.labelled(label)
		summary := strings.ToUpper(issue.name()[:1]) + issue.name()[1:] + " has the label " + label
		if !has {
			summary = strings.Replace(summary, "has the label", "does not have the label", 1)
		}
		return connectors.State{Done: has == wanted, Seen: issue, Summary: summary, Output: issue.output(map[string]any{"labelled": has})}, nil
	}
}

// label changes one label and leaves the others alone, whoever else changes them meanwhile.
func (p *provider) label(wanted bool) func(context.Context, connectors.Call, connectors.State) error {
	return func(ctx context.Context, call connectors.Call, found connectors.State) error {
		labels := new(api.LabelOptions{call.Text("label", "")})
		change := &api.UpdateIssueOptions{AddLabels: labels}
		if !wanted {
			change = &api.UpdateIssueOptions{RemoveLabels: labels}
		}
		_, err := p.update(ctx, found.Seen.(openIssue), change)
		return err
	}
}

func (p *provider) closeEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "issue_close", Doc: "Closes an issue", Effect: connectors.Revokes, Args: issueArgs(), Outputs: issueOutputs(),
		Read: func(ctx context.Context, call connectors.Call) (connectors.State, error) {
			issue, err := p.issue(ctx, call)
			if err != nil {
				return connectors.State{}, err
			}
			return connectors.State{
				Done: issue.State == "closed", Seen: issue, Output: issue.output(nil),
				Summary: strings.ToUpper(issue.name()[:1]) + issue.name()[1:] + " is " + issue.State,
			}, nil
		},
		Write: func(ctx context.Context, _ connectors.Call, found connectors.State) error {
			_, err := p.update(ctx, found.Seen.(openIssue), &api.UpdateIssueOptions{StateEvent: new("close")})
			return err
		},
		Did: func(call connectors.Call) string { return "Closed " + p.calledIssue(call) },
	}}
}
