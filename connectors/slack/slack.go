// Package slack changes Slack itself: channels, user groups, accounts, workspace roles and sessions.
//
// It uses two tokens (docs.slack.dev/authentication/tokens). The setting token is an app's bot token (xoxb) or a
// person's user token (xoxp); admin_token, which only some endpoints need, is the user token (xoxp) of an admin. The
// smallest scopes, where a slash separates those for public and for private channels:
//
//   - every endpoint: users:read and users:read.email (docs.slack.dev/reference/methods/users.lookupByEmail)
//   - channels: channels:read / groups:read to look; channels:manage / groups:write to invite and remove (a user token
//     has channels:write instead), or channels:write.invites / groups:write.invites to invite only. The app must be in
//     the channel. Every plan. (docs.slack.dev/reference/methods/conversations.invite, …/conversations.kick)
//   - user groups: usergroups:read and usergroups:write. Paid plans, and the workspace must let apps change them.
//     (docs.slack.dev/reference/methods/usergroups.users.update)
//   - accounts and groups of the identity provider: admin on admin_token. Business+ and Enterprise.
//     (docs.slack.dev/admins/scim-api)
//   - workspace roles: admin.users:write on admin_token and the setting team_id. Enterprise.
//     (docs.slack.dev/reference/methods/admin.users.setAdmin)
//   - end_sessions: the same and admin.users:read, which shows what is open.
//     (docs.slack.dev/reference/methods/admin.users.session.reset, …/admin.users.session.list)
package slack

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// Where Slack is reached unless the settings say otherwise.
const (
	defaultAPI  = "https://slack.com/api/"
	defaultSCIM = "https://api.slack.com/scim/v2/"
)

// defaultConsistency is how long we look for a change of our own if the settings say nothing.
const defaultConsistency = 3 * time.Second

// Connector makes providers that change a Slack workspace. Its zero value is ready.
type Connector struct{}

// Info describes the settings and endpoints.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		Name: "slack",
		Doc:  "Channels, user groups, accounts, roles and sessions of a Slack workspace",
		Settings: []connectors.Field{
			{Name: "token", Type: connectors.TypeString, Required: true, Secret: true, Doc: "bot token (xoxb) or user token (xoxp) for channels and user groups, as env:NAME or file:PATH"},
			{Name: "admin_token", Type: connectors.TypeString, Secret: true, Doc: "user token (xoxp) of an admin: scope admin for accounts by SCIM, admin.users:write for roles and sessions; as env:NAME or file:PATH"},
			{Name: "team_id", Type: connectors.TypeString, Doc: "the workspace's id (T…), for roles and sessions"},
			{Name: "api_url", Type: connectors.TypeString, Doc: "base of the Web API; " + defaultAPI + " if absent"},
			{Name: "scim_url", Type: connectors.TypeString, Doc: "base of the SCIM API, version 2; " + defaultSCIM + " if absent"},
			{Name: "consistency", Type: connectors.TypeString, Doc: "how long a change may take to show, for example 10s; 3s if absent"},
		},
		Endpoints: described(),
	}
}

// Open checks the settings and makes a provider.
func (Connector) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	p := &provider{teamID: text(settings["team_id"]), consistency: defaultConsistency, locks: map[string]chan struct{}{}}
	api, err := address(settings, "api_url", defaultAPI)
	if err != nil {
		return nil, err
	}
	scim, err := address(settings, "scim_url", defaultSCIM)
	if err != nil {
		return nil, err
	}
	if value := text(settings["consistency"]); value != "" {
		if p.consistency, err = time.ParseDuration(value); err != nil || p.consistency < 0 {
			return nil, fmt.Errorf("setting %q: %q is not a duration such as 5s", "consistency", value)
		}
	}
	token, err := secret(settings, "token", deps, "xapp-")
	if err != nil {
		return nil, err
	}
	p.web = slackgo.New(token, slackgo.OptionAPIURL(api+"/"), slackgo.OptionHTTPClient(deps.HTTP()))
	if text(settings["admin_token"]) == "" {
		return p, nil
	}
	admin, err := secret(settings, "admin_token", deps, "xapp-", "xoxb-")
	if err != nil {
		return nil, err
	}
	p.admin, p.scim = jsonClient(api, admin, deps), jsonClient(scim, admin, deps)
	p.scim.Detail = scimDetail
	return p, nil
}

func jsonClient(base, token string, deps connectors.Deps) *connectors.JSONClient {
	return &connectors.JSONClient{
		HTTP: deps.HTTP(), Base: base, Media: "application/json; charset=utf-8", Secrets: []string{token},
		Header: http.Header{"Authorization": {"Bearer " + token}},
	}
}

// secret looks up a token and refuses one of a kind that cannot work here.
func secret(settings map[string]any, name string, deps connectors.Deps, wrong ...string) (string, error) {
	token, err := deps.Secret(text(settings[name]))
	if err != nil {
		return "", fmt.Errorf("setting %q: %w", name, err)
	}
	for _, prefix := range wrong {
		if strings.HasPrefix(token, prefix) {
			return "", fmt.Errorf("setting %q: a token that begins with %s is of another kind than is needed here", name, prefix)
		}
	}
	return token, nil
}

// address accepts an http or https address without user, query or fragment, and cuts a slash at its end.
func address(settings map[string]any, name, absent string) (string, error) {
	value := text(settings[name])
	if value == "" {
		value = absent
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return "", fmt.Errorf("setting %q: an address such as %s is needed", name, absent)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("setting %q: only scheme, host and path may stand here", name)
	}
	return strings.TrimRight(value, "/"), nil
}

// text reads a setting that may be written as text or as a plain YAML value.
func text(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
