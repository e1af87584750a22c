package oidc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/usherhq/usher/connectors"
)

// deviceGrant is the grant type of RFC 8628 section 3.4.
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// Finish asks once whether a sign-in is done, and who it was. The signature, the issuer, the audience and the time of
// the token are checked here; whether it is the right person and recent is for the caller to say.
func (p *Provider) Finish(ctx context.Context, code string) (connectors.Identity, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return connectors.Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.http)
	// DeviceAccessToken would go on asking by itself: a press on a button asks once, as Exchange does.
	token, err := known.config.Exchange(ctx, "", oauth2.SetAuthURLParam("grant_type", deviceGrant), oauth2.SetAuthURLParam("device_code", code))
	if err != nil {
		return connectors.Identity{}, unfinished(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return connectors.Identity{}, &connectors.SignInRefusedError{Why: "The identity provider did not say who signed in (no ID token). Tell whoever runs Usher."}
	}
	verified, err := known.Verifier(&oidc.Config{ClientID: p.settings.ClientID}).Verify(ctx, raw)
	if err != nil {
		return connectors.Identity{}, fmt.Errorf("check the ID token: %w", err)
	}
	return p.identity(ctx, known, verified, raw, token)
}

// claims are what is read of an ID token or of the userinfo endpoint.
type claims struct {
	Email    string   `json:"email"`
	Verified any      `json:"email_verified"` // true, or "true" of providers that write it so
	AuthTime int64    `json:"auth_time"`
	Methods  []string `json:"amr"`
	Level    string   `json:"acr"`
}

// unverified says that the provider denies the address. One that says nothing about it vouches for its accounts.
func (c *claims) unverified() bool {
	verified, told := c.Verified.(bool)
	return (told && !verified) || c.Verified == "false"
}

func (p *Provider) identity(ctx context.Context, known *discovered, verified *oidc.IDToken, raw string, token *oauth2.Token) (connectors.Identity, error) {
	var said claims
	if err := verified.Claims(&said); err != nil {
		return connectors.Identity{}, fmt.Errorf("read the ID token: %w", err)
	}
	if said.Email == "" && known.UserInfoEndpoint() != "" {
		if err := said.ask(ctx, known, verified.Subject, token); err != nil {
			return connectors.Identity{}, err
		}
	}
	sum := sha256.Sum256([]byte(raw))
	who := connectors.Identity{
		Issuer: verified.Issuer, Subject: verified.Subject, Email: said.Email, Unverified: said.unverified(),
		Methods: said.Methods, Level: said.Level, TokenSHA256: hex.EncodeToString(sum[:]),
	}
	if said.AuthTime > 0 {
		who.SignedAt = time.Unix(said.AuthTime, 0)
	}
	return who, nil
}

// ask reads the address from the userinfo endpoint, where many providers keep it. An answer about another subject must
// not be used (OpenID Connect Core 1.0 section 5.3.2).
func (c *claims) ask(ctx context.Context, known *discovered, subject string, token *oauth2.Token) error {
	info, err := known.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("ask for the address: %w", err)
	}
	if info.Subject != subject {
		return errors.New("ask for the address: the answer is about somebody else")
	}
	var more claims
	if err := info.Claims(&more); err != nil {
		return fmt.Errorf("ask for the address: %w", err)
	}
	c.Email, c.Verified = more.Email, more.Verified
	return nil
}

// unfinished says what an answer without a token means (RFC 8628 section 3.5).
func unfinished(err error) error {
	var refused *oauth2.RetrieveError
	if !errors.As(err, &refused) {
		return fmt.Errorf("ask about a sign-in: %w", err)
	}
	switch refused.ErrorCode {
	case "authorization_pending":
		return connectors.ErrSignInWaiting
	case "slow_down":
		return connectors.ErrSignInSlower
	case "access_denied":
		return &connectors.SignInRefusedError{Why: "The sign-in was cancelled at the identity provider. Begin again."}
	case "expired_token", "invalid_grant":
		return &connectors.SignInRefusedError{Why: "You did not sign in in time. Begin again."}
	}
	return fmt.Errorf("ask about a sign-in: %w", plain(err))
}

// plain is an error of the provider without the body of its answer, in which there may be more than is to be logged.
func plain(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		return fmt.Errorf("status %d, error %q", refused.Response.StatusCode, refused.ErrorCode)
	}
	return err
}
