package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/usherhq/usher/bot"
	"github.com/usherhq/usher/connectors/oidc"
	"github.com/usherhq/usher/db"
	"github.com/usherhq/usher/flows"
)

// proofSettings are what second factors need.
type proofSettings struct {
	Key    string `env:"USHER_SECRET_KEY"`
	Wait   string `env:"USHER_FACTOR_WAIT, default=24h"`
	Issuer string `env:"USHER_OIDC_ISSUER"`
	Client string `env:"USHER_OIDC_CLIENT_ID"`
	Secret string `env:"USHER_OIDC_CLIENT_SECRET"`

	key  []byte
	wait db.Duration
}

// check reads the values. Its errors name the variable and never the value.
func (s *proofSettings) check() error {
	if s.Key != "" {
		key, err := base64.StdEncoding.DecodeString(s.Key)
		if err != nil || len(key) != 32 {
			return errors.New("USHER_SECRET_KEY must be 32 random bytes in base64, as `openssl rand -base64 32` prints them")
		}
		s.key = key
	}
	var err error
	if s.wait, err = db.ParseDuration(s.Wait); s.Wait != "0" && err != nil {
		return errors.New("USHER_FACTOR_WAIT must be a duration such as 24h, or 0")
	}
	if _, err := s.provider(); err != nil {
		return err
	}
	if s.Issuer != "" && s.key == nil {
		return errors.New("USHER_OIDC_ISSUER needs USHER_SECRET_KEY as well: `openssl rand -base64 32` makes one")
	}
	return nil
}

// provider is the company's identity provider, or nil when none is named. Nobody is called.
func (s *proofSettings) provider() (*oidc.Provider, error) {
	if s.Issuer == "" {
		return nil, nil //nolint:nilnil // no identity provider is an ordinary setting
	}
	provider, err := oidc.New(oidc.Settings{Issuer: s.Issuer, ClientID: s.Client, ClientSecret: s.Secret})
	if err != nil {
		return nil, fmt.Errorf("USHER_OIDC_ISSUER, USHER_OIDC_CLIENT_ID: %w", err)
	}
	return provider, nil
}

// with adds to options what proves who somebody is.
func (s *proofSettings) with(options flows.Options) (flows.Options, error) {
	options.SecretKey, options.FactorWait = s.key, time.Duration(s.wait)
	provider, err := s.provider()
	if provider != nil {
		options.Identity = provider
	}
	return options, err
}

// findings says whether approvers can prove who they are, where a chain asks for it.
func (s *proofSettings) findings(ctx context.Context, chains []db.ApprovalChain) []bot.Finding {
	if provider, err := s.provider(); provider != nil && err == nil {
		if err := provider.Check(ctx); err != nil {
			return []bot.Finding{{
				Name: "sign-ins", Detail: err.Error(),
				Mend: "Check USHER_OIDC_ISSUER, and that this machine reaches it; docs/approvals.md says what the identity provider has to offer.",
			}}
		}
		return []bot.Finding{{Name: "sign-ins", OK: true, Detail: "the identity provider offers sign-ins from Slack"}}
	}
	if asking := steppingUp(chains); s.key == nil && len(asking) > 0 {
		return []bot.Finding{{
			Name: "second factors", Detail: "USHER_SECRET_KEY is not set, and nobody can approve what these chains ask for a second factor: " + strings.Join(asking, ", "),
			Mend: "Set USHER_SECRET_KEY to what `openssl rand -base64 32` prints, the same for all processes, and keep it.",
		}}
	}
	return nil
}

// steppingUp are the slugs of the chains in which a step asks for a second factor.
func steppingUp(chains []db.ApprovalChain) []string {
	var slugs []string
	for _, chain := range chains {
		for _, step := range chain.Steps {
			if chain.Active && step.StepUp {
				slugs = append(slugs, chain.Slug)
				break
			}
		}
	}
	return slugs
}
