// Package scim changes users, groups, roles and licenses at any system that speaks SCIM 2.0 (RFC 7643, RFC 7644).
//
// The token needs to read and write Users and Groups and to read ServiceProviderConfig and Schemas; nothing else is
// called. An account is the user whose userName is the person's e-mail; a group is the one whose displayName is the target.
//
// Service providers differ from the RFC in many ways. So nothing is taken on trust: Location headers, counts and the
// answers to writes are not used, lists are filtered again on our side, and every change is read back (by
// connectors.Run). PATCH is used where the service provider advertises it, else GET and PUT of the whole resource.
package scim

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/usherhq/usher/connectors"
)

// Media is SCIM's content type (RFC 7644 section 8.1).
const Media = "application/scim+json"

// defaultConsistency is how long we look for a change of our own if the settings say nothing.
const defaultConsistency = 3 * time.Second

// Connector makes providers that speak SCIM. Its zero value is ready.
type Connector struct{}

// Info describes the settings and endpoints.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		Name: "scim", Calls: true,
		Doc: "Accounts, groups, roles and licenses at a system that speaks SCIM 2.0",
		Settings: []connectors.Field{
			{Name: "base_url", Type: connectors.TypeString, Required: true, Doc: "address of the SCIM service, for example https://example.com/scim/v2"},
			{Name: "token", Type: connectors.TypeString, Required: true, Secret: true, Doc: "bearer token, as env:NAME or file:PATH"},
			{Name: "patch", Type: connectors.TypeString, Doc: "auto (default: ask the service), on or off"},
			{Name: "consistency", Type: connectors.TypeString, Doc: "how long a change may take to show, for example 10s; 3s if absent"},
			{Name: "delete_disables", Type: connectors.TypeBool, Doc: "true where deleting an account only disables it, as at Slack"},
			{Name: "remove_by_value", Type: connectors.TypeBool, Doc: "true where a member is removed by path members and a value, as at AWS; other targets may empty the group"},
			{Name: "leave_out", Type: connectors.TypeString, Doc: "attributes that sync_user leaves alone since the service does not keep them as they are sent, for example nickName, name.formatted"},
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
	p := &provider{
		consistency: defaultConsistency, deleteDisables: text(settings["delete_disables"]) == "true",
		removeByValue: text(settings["remove_by_value"]) == "true",
		leaveOut:      names(text(settings["leave_out"])),
	}
	if value := text(settings["consistency"]); value != "" {
		if p.consistency, err = time.ParseDuration(value); err != nil || p.consistency < 0 {
			return nil, fmt.Errorf("setting %q: %q is not a duration such as 5s", "consistency", value)
		}
	}
	p.client = &client{http: &connectors.JSONClient{
		HTTP: deps.HTTP(), Base: base, Media: Media, Detail: errorDetail, Secrets: []string{token},
		Header: http.Header{"Authorization": {"Bearer " + token}},
	}}
	return p, p.client.setPatch(text(settings["patch"]))
}

// baseURL accepts an http or https address without user, query or fragment, and cuts a slash at its end.
func baseURL(value string) (string, error) {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return "", fmt.Errorf("an address such as https://example.com/scim/v2 is needed")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("only scheme, host and path may stand here")
	}
	return strings.TrimRight(value, "/"), nil
}

// names reads a list with commas.
func names(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}

// text reads a setting that may be written as text or as a plain YAML value.
func text(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
