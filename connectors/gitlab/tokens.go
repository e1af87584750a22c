package gitlab

import (
	"context"
	"fmt"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"github.com/usherhq/usher/connectors"
)

func (p *provider) tokenEndpoints() []connectors.Endpoint {
	return []connectors.Endpoint{{
		Name: "revoke_tokens", Effect: connectors.Revokes, Args: []connectors.Field{userArg},
		Doc:     "Revokes a person's personal access tokens for good, which a blocked account would keep; needs an administrator's token",
		Outputs: outputs(connectors.Field{Name: "left", Type: connectors.TypeInt, Doc: "how many of them still work"}),
		Read:    p.readTokens, Write: p.revokeTokens,
		Did: func(call connectors.Call) string { return "Revoked the personal access tokens of " + userName(call) },
	}}
}

func (p *provider) readTokens(ctx context.Context, call connectors.Call) (connectors.State, error) {
	user, err := p.find(ctx, userName(call))
	if err != nil {
		return connectors.State{}, err
	}
	tokens, summary := []*api.PersonalAccessToken{}, userName(call)+" has no account"
	if user != nil {
		if tokens, err = p.tokens(ctx, user); err != nil {
			return connectors.State{}, err
		}
		summary = fmt.Sprintf("%s has %d personal access tokens", userName(call), len(tokens))
	}
	return connectors.State{Done: len(tokens) == 0, Summary: summary, Seen: tokens, Output: map[string]any{
		"exists": user != nil, "id": userID(user), connectors.OutputURL: userURL(user), "left": len(tokens),
	}}, nil
}

// tokens lists those that work (https://docs.gitlab.com/api/personal_access_tokens/). Impersonation tokens, which
// administrators make, are none of the person's.
func (p *provider) tokens(ctx context.Context, user *api.User) ([]*api.PersonalAccessToken, error) {
	self, err := p.client.self(ctx)
	switch {
	case err != nil:
		return nil, err
	case !self.IsAdmin:
		return nil, refuse("the provider's token is not an administrator's, so it may not see the tokens of others")
	case self.ID == user.ID:
		return nil, refuse("the provider's own token belongs to " + user.Username + ": give the provider another one first")
	}
	found := []*api.PersonalAccessToken{}
	by := &api.ListPersonalAccessTokensOptions{UserID: &user.ID, State: new("active")}
	by.PerPage = perPage
	err = pages(ctx, p.client, func(options ...api.RequestOptionFunc) ([]*api.PersonalAccessToken, *api.Response, error) {
		return p.client.api.PersonalAccessTokens.ListPersonalAccessTokens(by, options...)
	}, func(token *api.PersonalAccessToken) bool {
		found = append(found, token)
		return false
	})
	if err != nil {
		return nil, fmt.Errorf("list the tokens: %w", err)
	}
	return found, nil
}

// revokeTokens revokes one by one. Once the first is gone, nobody may take an error for "nothing was changed".
func (p *provider) revokeTokens(ctx context.Context, _ connectors.Call, found connectors.State) error {
	tokens := found.Seen.([]*api.PersonalAccessToken)
	for i, token := range tokens {
		err := send(ctx, p.client, func(o api.RequestOptionFunc) (*api.Response, error) {
			return p.client.api.PersonalAccessTokens.RevokePersonalAccessTokenByID(token.ID, o)
		})
		switch {
		case err == nil || absent(err):
		case i > 0:
			return connectors.Unsure(fmt.Errorf("%d of %d tokens are revoked, but: %w", i, len(tokens), err))
		default:
			return fmt.Errorf("revoke a token: %w", err)
		}
	}
	return nil
}
