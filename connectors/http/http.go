// Package http is the connector for systems that are called only by what the configuration declares: it has no
// endpoints of its own, and knows where the system is and how to sign in there. What can be declared is in
// docs/endpoints.md.
//
// The token needs what the declared calls need, and nothing is called besides them and health_path.
package http

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/usherhq/usher/connectors"
)

// Media is what is sent and accepted where a declared call does not say otherwise.
const Media = "application/json"

// Connector makes providers that speak JSON over HTTP. Its zero value is ready.
type Connector struct{}

// Info describes the settings.
func (Connector) Info() connectors.Info {
	return connectors.Info{
		Name: "http", Calls: true,
		Doc: "Any system with an HTTP API, by calls that the configuration declares",
		Settings: []connectors.Field{
			{Name: "base_url", Type: connectors.TypeString, Required: true, Doc: "address under which the declared paths lie, for example https://example.com/api/v1"},
			{Name: "token", Type: connectors.TypeString, Secret: true, Doc: "what signs in, as env:NAME or file:PATH; absent where nobody signs in"},
			{Name: "auth", Type: connectors.TypeString, Doc: "bearer (default), basic (the token is user:password) or header (the token is sent as it is)"},
			{Name: "header", Type: connectors.TypeString, Doc: "with auth: header, the name of the header, for example X-Api-Key"},
			{Name: "headers", Type: connectors.TypeMap, Doc: "further headers of every call; no secrets"},
			{Name: "health_path", Type: connectors.TypeString, Doc: "path that answers 2xx when all is well, for usher doctor; if absent, any answer but a refusal of the token or a failure is well"},
		},
	}
}

// Open checks the settings and makes a provider.
func (Connector) Open(settings map[string]any, deps connectors.Deps) (connectors.Provider, error) {
	base, err := connectors.BaseURL(text(settings["base_url"]))
	if err != nil {
		return nil, fmt.Errorf("setting %q: %w", "base_url", err)
	}
	header, secrets, err := signIn(settings, deps)
	if err != nil {
		return nil, err
	}
	if err := addFixed(header, settings["headers"]); err != nil {
		return nil, fmt.Errorf("setting %q: %w", "headers", err)
	}
	health := text(settings["health_path"])
	if health != "" && (!strings.HasPrefix(health, "/") || strings.ContainsAny(health, " \r\n#")) {
		return nil, fmt.Errorf("setting %q: a path such as /health is needed", "health_path")
	}
	return &provider{health: health, client: &connectors.JSONClient{
		HTTP: deps.HTTP(), Base: base, Media: Media, Header: header, Secrets: secrets, Detail: connectors.JSONDetail,
	}}, nil
}

// signIn makes the header that signs in.
func signIn(settings map[string]any, deps connectors.Deps) (http.Header, []string, error) {
	auth, name, ref := text(settings["auth"]), text(settings["header"]), text(settings["token"])
	if err := connectors.CheckAuth(auth, name, ref != ""); err != nil {
		return nil, nil, fmt.Errorf("setting %q: %w", "auth", err)
	}
	if ref == "" {
		return http.Header{}, nil, nil
	}
	token, err := deps.Secret(ref)
	if err != nil {
		return nil, nil, fmt.Errorf("setting %q: %w", "token", err)
	}
	header, secrets, err := connectors.Authorize(auth, name, token)
	if err != nil {
		return nil, nil, fmt.Errorf("setting %q: %w", "token", err)
	}
	return header, secrets, nil
}

// addFixed adds the configured headers.
func addFixed(header http.Header, setting any) error {
	values, _ := setting.(map[string]any)
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := connectors.CheckHeader(name); err != nil {
			return err
		}
		value := text(values[name])
		if strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			return fmt.Errorf("the header %s holds a line break or another control character", name)
		}
		if header.Get(name) == "" {
			header.Set(name, value)
		}
	}
	return nil
}

// provider is one opened system.
type provider struct {
	client *connectors.JSONClient
	health string
}

// Endpoints are none: all are declared.
func (*provider) Endpoints() []connectors.Endpoint { return nil }

// Caller answers the client for declared calls.
func (p *provider) Caller() *connectors.JSONClient { return p.client }

// Check calls health_path, or the base address.
func (p *provider) Check(ctx context.Context) error {
	_, err := p.client.Do(ctx, connectors.Request{Method: http.MethodGet, Path: p.health})
	switch status := connectors.StatusOf(err); {
	case err == nil:
		return nil
	case p.health == "" && status >= 300 && status < 500 && status != http.StatusUnauthorized && status != http.StatusForbidden:
		return nil // it answers, and nothing is known about what the bare address should say
	case p.health != "" && status == http.StatusNotFound:
		return errors.New("there is nothing at health_path: check it and base_url")
	}
	return fmt.Errorf("call %s: %w", orBase(p.health), err)
}

func orBase(health string) string {
	if health == "" {
		return "base_url"
	}
	return "health_path"
}

// text reads a setting that may be written as text or as a plain YAML value.
func text(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}
