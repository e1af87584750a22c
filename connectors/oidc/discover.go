package oidc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// discovered is what the issuer says about itself.
type discovered struct {
	*oidc.Provider
	config oauth2.Config
}

// Check reads the discovery document and says what is missing in it.
func (p *Provider) Check(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// discover reads the issuer's discovery document, once.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	// The keys are fetched later by the context of now: it must outlive this call.
	provider, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.http), p.settings.Issuer)
	if err != nil {
		return nil, fmt.Errorf("read what the issuer says about itself: %w", err)
	}
	var more struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
		Keys    string   `json:"jwks_uri"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, fmt.Errorf("read what the issuer says about itself: %w", err)
	}
	endpoint := provider.Endpoint()
	if err := p.trusted(endpoint.DeviceAuthURL, endpoint.TokenURL, more.Keys, provider.UserInfoEndpoint()); err != nil {
		return nil, err
	}
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	if p.settings.ClientSecret != "" && (len(more.Methods) == 0 || slices.Contains(more.Methods, "client_secret_basic")) {
		endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	p.known = &discovered{Provider: provider, config: oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, Endpoint: endpoint, Scopes: []string{oidc.ScopeOpenID, "email"},
	}}
	return p.known, nil
}

// trusted refuses an issuer that can't do what is needed, or that leads from https to what is not.
func (p *Provider) trusted(device string, others ...string) error {
	if device == "" {
		return errors.New("the issuer offers no device_authorization_endpoint: sign-ins from Slack need the device authorization grant")
	}
	for _, address := range append(others, device) {
		if strings.HasPrefix(p.settings.Issuer, "https:") && address != "" && !strings.HasPrefix(address, "https:") {
			return fmt.Errorf("the issuer names the address %s, which is not https", address)
		}
	}
	return nil
}
