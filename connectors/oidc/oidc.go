// Package oidc lets people sign in anew at the company's identity provider, from a chat and without an inbound port: by
// the device authorization grant of OAuth 2.0 (RFC 8628) with OpenID Connect on top. It asks for the scopes openid and
// email and nothing else, keeps no token, and calls only the issuer and what the issuer's discovery document names.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/usherhq/usher/connectors"
)

// anew is how many seconds old a sign-in may be: hardly any, so that an open browser proves nothing. With it auth_time
// has to be in the token (OpenID Connect Core 1.0 section 2). Some providers heed only it, others only the prompt, and
// oidc-provider takes 0 for a prompt, which it does not heed here.
const anew = "5"

// pollDefault is how long to wait between two questions when the provider does not say (RFC 8628 section 3.2).
const pollDefault = 5 * time.Second

// lifeDefault is how long a sign-in may take when the provider does not say, although it must.
const lifeDefault = 10 * time.Minute

// Settings name the identity provider and Usher's client there.
type Settings struct {
	Issuer       string // as in the provider's discovery document, such as https://login.example.com
	ClientID     string
	ClientSecret string // empty: a public client
}

// Provider is an identity provider. It is read from the issuer's discovery document when it is first needed.
type Provider struct {
	settings Settings
	http     *http.Client

	mu    sync.Mutex
	known *discovered
}

// New checks the settings. It calls nobody.
func New(settings Settings) (*Provider, error) {
	issuer, err := url.Parse(settings.Issuer)
	switch {
	case err != nil || issuer.Host == "" || issuer.User != nil || issuer.RawQuery != "" || issuer.Fragment != "":
		return nil, errors.New("the issuer must be an address such as https://login.example.com")
	case issuer.Scheme != "https" && (issuer.Scheme != "http" || !loopback(issuer.Hostname())):
		return nil, errors.New("the issuer must be an https address")
	case settings.ClientID == "":
		return nil, errors.New("the client id is missing")
	}
	return &Provider{settings: settings, http: connectors.NewHTTPClient()}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Begin asks for a sign-in on another device. Somebody who is signed in already has to do it anew, as far as the
// provider heeds that.
func (p *Provider) Begin(ctx context.Context) (connectors.DeviceCode, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return connectors.DeviceCode{}, err
	}
	options := []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", anew)}
	client := p.http
	if known.config.Endpoint.AuthStyle == oauth2.AuthStyleInHeader {
		client = p.withSecret()
	} else if p.settings.ClientSecret != "" {
		options = append(options, oauth2.SetAuthURLParam("client_secret", p.settings.ClientSecret))
	}
	answer, err := known.config.DeviceAuth(context.WithValue(ctx, oauth2.HTTPClient, client), options...)
	if err != nil {
		return connectors.DeviceCode{}, fmt.Errorf("ask for a sign-in: %w", plain(err))
	}
	return codeOf(answer), nil
}

// codeOf takes what the provider answered, with the defaults of RFC 8628.
func codeOf(answer *oauth2.DeviceAuthResponse) connectors.DeviceCode {
	code := connectors.DeviceCode{
		Code: answer.DeviceCode, UserCode: answer.UserCode, VerifyURL: answer.VerificationURIComplete, Ends: answer.Expiry,
		Poll: time.Duration(answer.Interval) * time.Second,
	}
	if code.VerifyURL == "" {
		code.VerifyURL = answer.VerificationURI
	}
	if code.Ends.IsZero() {
		code.Ends = time.Now().Add(lifeDefault)
	}
	if code.Poll <= 0 {
		code.Poll = pollDefault
	}
	return code
}

// withSecret is the client that shows our secret in the header, which oauth2 does for tokens only.
func (p *Provider) withSecret() *http.Client {
	client := *p.http
	client.Transport = withBasic{id: url.QueryEscape(p.settings.ClientID), secret: url.QueryEscape(p.settings.ClientSecret), next: p.http.Transport}
	return &client
}

type withBasic struct {
	id, secret string
	next       http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (b withBasic) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.SetBasicAuth(b.id, b.secret)
	return b.next.RoundTrip(request)
}
