// Package gitlab opens and follows up issues at GitLab, and gives and takes access there: membership of groups and
// projects, accounts, groups. It speaks REST API v4 (https://docs.gitlab.com/api/rest/) through GitLab's own client.
//
// The token is a personal, project or group access token (https://docs.gitlab.com/security/tokens/) with the scope
// api: GitLab has no smaller one that writes issues. What it may do follows from its role. Issues need Reporter in
// the project (a project access token is enough), members of a project Maintainer, members of a group Owner; accounts
// need an administrator's token, and so does finding people by an e-mail address that they do not show.
//
// GitLab has no idempotency keys, so what was written for a step is found again by a mark in its text, see marker.
package gitlab

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/usherhq/usher/connectors"
)

const (
	// defaultBase is where providers without the setting base_url live.
	defaultBase = "https://gitlab.com"
	// defaultConsistency is how long we look for a change of our own if the settings say nothing. GitLab's reads may
	// come from a replica, and its search index is written just after the issue.
	defaultConsistency = 5 * time.Second
)

// Connector makes providers that are a GitLab. Its zero value is ready.
type Connector struct{}

// Info describes the settings and endpoints.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		Name: "gitlab", Calls: true,
		Doc: "Issues, members of groups and projects, accounts and groups at GitLab",
		Settings: []connectors.Field{
			{Name: "base_url", Type: connectors.TypeString, Doc: "address of the GitLab, for example https://gitlab.example.com; https://gitlab.com if absent"},
			{Name: "token", Type: connectors.TypeString, Required: true, Secret: true, Doc: "access token with the scope api, as env:NAME or file:PATH"},
			{Name: "project", Type: connectors.TypeString, Doc: "path or id of the project that issues are opened in unless a step names one"},
			{Name: "consistency", Type: connectors.TypeString, Doc: "how long a change may take to show, for example 10s; 5s if absent"},
		},
		Endpoints: described(),
	}
}

// Open checks the settings and makes a provider.
func (Connector) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	base, err := baseURL(text(settings["base_url"]))
	if err != nil {
		return nil, fmt.Errorf("setting %q: %w", "base_url", err)
	}
	token, err := deps.Secret(text(settings["token"]))
	if err != nil {
		return nil, fmt.Errorf("setting %q: %w", "token", err)
	}
	p := &provider{project: text(settings["project"]), consistency: defaultConsistency}
	if value := text(settings["consistency"]); value != "" {
		if p.consistency, err = time.ParseDuration(value); err != nil || p.consistency < 0 {
			return nil, fmt.Errorf("setting %q: %q is not a duration such as 5s", "consistency", value)
		}
	}
	if p.client, err = newClient(base, token, deps.HTTP()); err != nil {
		return nil, fmt.Errorf("setting %q: %w", "base_url", err)
	}
	return p, nil
}

// baseURL accepts an http or https address without user, query or fragment. One that ends with /api/v4 is as good.
func baseURL(value string) (string, error) {
	if value == "" {
		return defaultBase, nil
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return "", fmt.Errorf("an address such as https://gitlab.example.com is needed")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("only scheme, host and path may stand here")
	}
	return strings.TrimSuffix(strings.TrimRight(value, "/"), "/api/v4"), nil
}

// text reads a setting that may be written as text or as a plain YAML value.
func text(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
