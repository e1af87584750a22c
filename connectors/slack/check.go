package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"github.com/usherhq/usher/connectors"
)

// granted is who a token is, and its scopes.
type granted struct {
	auth   *slackgo.AuthTestResponse
	scopes []string
}

// has reports whether the token has one of some scopes.
func (g granted) has(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(g.scopes, scope) })
}

// Check asks Slack who the tokens are. What they may do is in Notes: a provider need not be able to do everything.
func (p *provider) Check(ctx context.Context) error {
	who, err := p.who(ctx)
	switch {
	case err != nil:
		return err
	case !who.has("users:read") || !who.has("users:read.email"):
		return fmt.Errorf("the token cannot find people: add the scopes users:read and users:read.email, then install the app again")
	}
	_, err = p.whoAdmin(ctx)
	return err
}

// who asks about the token; its scopes are in a header.
func (p *provider) who(ctx context.Context) (granted, error) {
	var auth *slackgo.AuthTestResponse
	err := read(ctx, "auth.test", func(ctx context.Context) (err error) {
		auth, err = p.web.AuthTestContext(ctx)
		return err
	})
	if err != nil {
		return granted{}, fmt.Errorf("token: %w", err)
	}
	return granted{auth: auth, scopes: scopesOf(auth.Header)}, nil
}

// whoAdmin asks about the admin token; without one it answers no scopes.
func (p *provider) whoAdmin(ctx context.Context) (granted, error) {
	if p.admin == nil {
		return granted{}, nil
	}
	token := strings.TrimPrefix(p.admin.Header.Get("Authorization"), "Bearer ")
	admin := provider{web: slackgo.New(token, slackgo.OptionAPIURL(p.admin.Base+"/"), slackgo.OptionHTTPClient(p.admin.HTTP))}
	who, err := admin.who(ctx)
	if err != nil {
		return granted{}, fmt.Errorf("admin_%w", err)
	}
	return who, nil
}

func scopesOf(header http.Header) []string {
	var scopes []string
	for _, scope := range strings.Split(header.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// Notes says for each thing that this connector does whether tokens and plan allow it, by their scopes and by calls
// that change nothing.
func (p *provider) Notes(ctx context.Context) ([]string, error) {
	who, err := p.who(ctx)
	if err != nil {
		return nil, err
	}
	admin, err := p.whoAdmin(ctx)
	if err != nil {
		return nil, err
	}
	return []string{
		fmt.Sprintf("token: acts as @%s in %s (%s)", who.auth.User, who.auth.Team, who.auth.TeamID),
		"channels: " + channelsNote(who),
		"user groups: " + p.groupsNote(ctx, who),
		"accounts by SCIM: " + p.scimNote(ctx, admin),
		"workspace roles: " + p.rolesNote(ctx, admin),
		"sessions: " + p.sessionsNote(ctx, admin),
	}, nil
}

// channelsNote judges public and private channels by their scopes; "write" stands for what bots call manage.
func channelsNote(who granted) string {
	var lacks []string
	for _, kind := range []struct{ name, look, invite, kick string }{
		{"public", "channels:read", "channels:write.invites", "channels:manage"},
		{"private", "groups:read", "groups:write.invites", "groups:write"},
	} {
		change := who.has(kind.kick) || kind.name == "public" && who.has("channels:write")
		switch {
		case who.has(kind.look) && change:
		case who.has(kind.look) && who.has(kind.invite):
			lacks = append(lacks, kind.name+" ones need "+kind.kick+" to remove people")
		default:
			lacks = append(lacks, kind.name+" ones need "+kind.look+" and "+kind.kick)
		}
	}
	if len(lacks) == 0 {
		return "yes, where @" + who.auth.User + " is a member"
	}
	return strings.Join(lacks, ", ")
}

func (p *provider) groupsNote(ctx context.Context, who granted) string {
	var lacks []string
	for _, scope := range []string{"usergroups:read", "usergroups:write"} {
		if !who.has(scope) {
			lacks = append(lacks, scope)
		}
	}
	if len(lacks) > 0 {
		return "need " + strings.Join(lacks, " and ")
	}
	err := read(ctx, "usergroups.list", func(ctx context.Context) error {
		_, err := p.web.GetUserGroupsContext(ctx)
		return err
	})
	return outcome(err, "need a paid plan (Pro or higher)", "plan_upgrade_required", "paid_teams_only")
}

func (p *provider) scimNote(ctx context.Context, admin granted) string {
	switch {
	case p.scim == nil:
		return "need Business+ or Enterprise and admin_token with the scope admin"
	case !admin.has("admin"):
		return "need the scope admin on admin_token"
	}
	_, err := p.scim.Do(ctx, connectors.Request{Method: http.MethodGet, Path: "/Users", Query: url.Values{"count": {"1"}}})
	if noSCIM(err) {
		return "need Business+ or Enterprise, and an owner of admin_token who is an admin"
	}
	return outcome(err, "")
}

func (p *provider) rolesNote(ctx context.Context, admin granted) string {
	switch {
	case p.admin == nil:
		return "need an Enterprise organization and admin_token with admin.users:write"
	case !admin.has("admin.users:write"):
		return "need the scope admin.users:write on admin_token"
	case p.teamID == "":
		return "need the setting team_id (for example " + admin.auth.TeamID + ")"
	case !admin.has("admin.users:read"):
		return "allowed by the scope; whether this is an Enterprise organization shows with admin.users:read"
	}
	return p.probe(ctx, admin)
}

func (p *provider) sessionsNote(ctx context.Context, admin granted) string {
	note := p.rolesNote(ctx, admin)
	if p.teamID != "" && admin.has("admin.users:write") && !admin.has("admin.users:read") {
		return "need the scope admin.users:read on admin_token"
	}
	return note
}

// probe lists the sessions of the admin token's own owner.
func (p *provider) probe(ctx context.Context, admin granted) string {
	_, err := p.sessions(ctx, admin.auth.UserID)
	return outcome(err, "need an Enterprise organization", "feature_not_enabled")
}

// outcome puts what a probe came to into words: yes, a known lack, or the error.
func outcome(err error, lack string, codes ...string) string {
	var said *codeError
	switch {
	case err == nil:
		return "yes"
	case slices.Contains(codes, codeOf(err)):
		return lack
	case errors.As(err, &said):
		return said.Error()
	}
	return "not known: " + err.Error()
}
