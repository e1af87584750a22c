package scripts

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
	"github.com/usherhq/usher/db"
)

// connectorGitLab is the connector whose providers the issue types of GitLab work at, and the slug of the one that they
// mean where several could be meant.
const connectorGitLab = "gitlab"

// IssueTypes lists the script types about issues of GitLab. Each is the endpoint of the same name, without gitlab_, of a
// provider with the connector gitlab: the one that the argument provider names, the one called gitlab, or the only one.
func IssueTypes() []string {
	return []string{
		"gitlab_issue_create", "gitlab_issue_add_comment", "gitlab_issue_add_label", "gitlab_issue_remove_label",
		"gitlab_issue_close", "gitlab_issue_assign_user", "gitlab_issue_unassign_user",
	}
}

// issueType finds the provider and the endpoint of an issue type.
func (c *Catalogue) issueType(name string, args map[string]any) (Type, error) {
	provider, err := c.issueProvider(name, args)
	if err != nil {
		return Type{}, err
	}
	endpoint, found := provider.Info.Endpoint(strings.TrimPrefix(name, connectorGitLab+"_"))
	if !found {
		return Type{}, fmt.Errorf("provider %q cannot do %s", provider.Slug, name)
	}
	t := endpointType(provider, endpoint)
	t.Name = name
	if undo, known := strings.CutPrefix(t.Undo, connectors.ScriptType(provider.Slug, "")); known && undo != "" {
		t.Undo = connectorGitLab + "_" + undo
	}
	t.Args = append([]Arg{{
		Field:  connectors.Field{Name: "provider", Type: connectors.TypeString, Doc: "slug of the provider with the connector gitlab, where there are several"},
		Format: Slug,
	}}, t.Args...)
	return t, nil
}

func (c *Catalogue) issueProvider(name string, args map[string]any) (Provider, error) {
	var all []Provider
	for _, p := range c.providers {
		if p.Connector == connectorGitLab {
			all = append(all, p)
		}
	}
	wanted, _ := args["provider"].(string)
	if wanted == "" {
		wanted = connectorGitLab
		if len(all) == 1 {
			return all[0], nil
		}
	}
	if n := slices.IndexFunc(all, func(p Provider) bool { return p.Slug == wanted }); n >= 0 {
		return all[n], nil
	}
	if len(all) == 0 {
		return Provider{}, fmt.Errorf("%s needs a provider with the connector gitlab, and there is none", name)
	}
	var slugs []string
	for _, p := range all {
		slugs = append(slugs, p.Slug)
	}
	return Provider{}, errors.New("argument \"provider\" must name the GitLab that is meant: " + strings.Join(slugs, " or "))
}

// ProviderOf is the slug of the provider that a script works at, as its type or its arguments name it, or nothing. An
// issue type that names none is taken for the provider called gitlab; see [Catalogue.Provider] for the only one.
func ProviderOf(script db.Script) string {
	name := script.Type
	if name == WaitUntil {
		name, _ = script.Args["read"].(string)
	}
	for _, separator := range Separators() {
		if slug, _, is := strings.Cut(name, separator); is {
			return slug
		}
	}
	if !IsIssue(name) {
		return ""
	}
	if named, _ := script.Args["provider"].(string); named != "" {
		return named
	}
	return connectorGitLab
}

// Provider is the slug of the provider that a script works at, or nothing.
func (c *Catalogue) Provider(script db.Script) string {
	if IsIssue(script.Type) {
		if provider, err := c.issueProvider(script.Type, script.Args); err == nil {
			return provider.Slug
		}
	}
	return ProviderOf(script)
}

// IsIssue says whether a type is about issues of GitLab.
func IsIssue(name string) bool { return slices.Contains(IssueTypes(), name) }

// EndpointOf is the name of the endpoint or webhook that a type stands for, or nothing for Usher's own types.
func EndpointOf(name string) (endpoint string, hook bool) {
	if _, endpoint, is := strings.Cut(name, separatorAPI); is {
		return endpoint, false
	}
	if _, endpoint, is := strings.Cut(name, separatorWebhook); is {
		return endpoint, true
	}
	if IsIssue(name) {
		return strings.TrimPrefix(name, connectorGitLab+"_"), false
	}
	return "", false
}
